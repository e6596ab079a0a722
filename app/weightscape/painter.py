"""The painter: a thread that turns the scene on the screen into tiles, coarse first, then finer.

It owns the engine, so weights, shaders and pixels are made without the window ever waiting. A new request stops
the old one, but only once that has shown a first picture: however fast requests come, something new is seen.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from weightscape.engine.choice import Choice, opened
from weightscape.engine.question import Cancelled, Engine, Question, pixel_grid
from weightscape.engine.tile import Pace, tiles
from weightscape.model.scene import Scene
from weightscape.picture import displayed, network, question

# A first picture should be there within this, and no tile should take longer.
FIRST_S, TILE_S = 0.03, 0.04
# A first picture has at least this many points on its short side, whatever the network costs.
FEWEST_POINTS = 6
REFINEMENT = 4
# NumPy's threads let the window's thread go first.
NICENESS = 5


@dataclass(frozen=True)
class Request:
    """Ask for a scene at a size; tiles nearest to `focus` (pixels, y down) come first.

    `number` grows from request to request; `asked_s` is the clock at which the user wanted it.
    """

    scene: Scene
    size: tuple[int, int]
    focus: tuple[float, float]
    number: int
    asked_s: float = 0.0


@dataclass(frozen=True)
class Painted:
    """Hold a painted tile: values (rows, columns, channels), left upper corner in pixels, pixels a point.

    `done`: the fraction of the request that is finished, 1 for the last tile.
    """

    request: Request
    values: npt.NDArray[np.float32]
    place: tuple[float, float]
    stride: int
    done: float


class Painter:
    """Paint the latest request; `wake` is called, from the painter's thread, when there is something to fetch."""

    def __init__(self, engine: str, wake: Callable[[], None]) -> None:
        self._name, self._wake = engine, wake
        self._news = threading.Condition()
        self._request: Request | None = None
        self._stop = False
        self._painted: deque[Painted] = deque()
        self._shown = 0  # number of the last request that has a whole first picture
        self.choice: Choice | None = None
        self.fault = ""
        self._thread = threading.Thread(target=self._run, name="painter", daemon=True)
        self._thread.start()

    def ask(self, request: Request) -> None:
        """Replace the request."""
        with self._news:
            self._request = request
            self._news.notify()

    def fetch(self) -> list[Painted]:
        """Take the tiles painted since the last time, oldest first."""
        tiles = []
        while self._painted:
            tiles.append(self._painted.popleft())
        return tiles

    def close(self) -> None:
        """Stop the thread, which releases its engine."""
        with self._news:
            self._stop = True
            self._news.notify()
        self._thread.join(timeout=10.0)

    def _run(self) -> None:
        try:
            with opened(self._name, "single", NICENESS) as choice:
                self._work(choice)
        except Exception as error:  # no engine: the window lives on, and says why
            self.fault = str(error) or type(error).__name__
            self._wake()

    def _work(self, choice: Choice) -> None:
        self.choice = choice
        pace = Pace()
        _warm_up(choice.engine, pace)
        last = 0
        while True:
            with self._news:
                while not self._stop and (self._request is None or self._request.number == last):
                    self._news.wait()
                if self._stop:
                    return
                request = self._request
                assert request
                last = request.number
            try:
                self._paint(choice.engine, request, pace)
                self.fault = ""
            except Cancelled:
                continue
            except Exception as error:  # whatever it is, the next request is served
                self.fault = str(error) or type(error).__name__
            self._wake()

    def _paint(self, engine: Engine, request: Request, pace: Pace) -> None:
        """Paint all passes of one request: a coarse one in one go, then finer ones tile by tile."""
        network(request.scene)  # drawn first: the passes' sizes follow from what it costs
        ask, level = question(request.scene, request.size), displayed(request.scene)
        stride = first_stride(request.size, pace.points(engine, ask, FIRST_S))
        strides = [stride]
        while strides[-1] > 1:
            strides.append(max(1, strides[-1] // REFINEMENT))
        whole = sum(_lattice(request.size, s)[0] * _lattice(request.size, s)[1] for s in strides)
        done = 0
        for stride in strides:
            columns, rows = _lattice(request.size, stride)
            part = replace(ask, grid=replace(ask.grid, columns=columns, rows=rows, stride=float(stride),
                           x=ask.grid.x + (stride - 1) / 2, y=ask.grid.y - (stride - 1) / 2))  # fmt: skip
            focus = request.focus[0] / stride, request.focus[1] / stride
            seen = np.empty((rows, columns, part.channels), np.float32)
            for tile in tiles(engine, part, pace, TILE_S, focus, lambda: self._unwanted(request)):
                values = np.asarray(level(tile.field.values), np.float32)
                high, wide = values.shape[:2]
                seen[tile.row : tile.row + high, tile.column : tile.column + wide] = values
                done += high * wide
                place = float(tile.column * stride), float(tile.row * stride)
                self._tell(Painted(request, values, place, stride, done / whole))
            if stride > 1:
                # Once more in one piece: between coarse tiles the steps are not smooth.
                self._tell(Painted(request, seen, (0.0, 0.0), stride, done / whole))
            self._shown = request.number

    def _tell(self, painted: Painted) -> None:
        self._painted.append(painted)
        self._wake()

    def _unwanted(self, request: Request) -> bool:
        latest = self._request
        newer = latest is not None and latest.number != request.number
        return self._stop or (newer and self._shown == request.number)


def first_stride(size: tuple[int, int], points: int) -> int:
    """Choose the step of the first pass: as fine as `points` allow, and never hopelessly coarse."""
    fair = math.ceil(math.sqrt(size[0] * size[1] / max(points, 1)))
    return max(1, min(fair, min(size) // FEWEST_POINTS))


def _lattice(size: tuple[int, int], stride: int) -> tuple[int, int]:
    return -(-size[0] // stride), -(-size[1] // stride)


def _warm_up(engine: Engine, pace: Pace) -> None:
    """Learn the engine's speed on a small piece of the default scene, before the first picture is sized by it."""
    scene = Scene()
    ask: Question = replace(question(scene, (64, 64)), grid=pixel_grid(64, 64))
    until = time.perf_counter() + 0.03
    for _ in range(4):
        engine.field(ask)
        pace.learn(engine, ask)
        if time.perf_counter() > until:
            return


