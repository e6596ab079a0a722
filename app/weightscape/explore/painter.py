"""The painter: a thread that turns the scene on the screen into tiles, coarse first, then finer, then smoother.

A view that is only moved keeps the pixels it has. The painter owns the engine, so weights, shaders and pixels are
made without the window ever waiting. A new request stops the old one, but only once that has shown a first picture:
however fast requests come, something new is seen.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from weightscape.deep.orbit import OrbitError
from weightscape.engine.choice import Choice, opened
from weightscape.engine.question import Cancelled, Engine, Question, pixel_grid, plain, until
from weightscape.engine.question import work as flops
from weightscape.engine.tile import Pace, tiles
from weightscape.explore import heap
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import Level, PlaneLens
from weightscape.picture.coarse import first_stride, points_of, strides_from
from weightscape.picture.drawing import displayed
from weightscape.picture.easel import FORETOLD_AT_REST, FORETOLD_WORK, TOLD_SAMPLES, first_method, pictures
from weightscape.picture.fault import sentence
from weightscape.picture.questions import PrecisionName, foretold, methods, network, question
from weightscape.picture.request import Painted, Request, Truth
from weightscape.picture.reuse import Box, Values, carried_over, kept, shift, strips
from weightscape.scene.sample import sample
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade
from weightscape.settings import gpu

# A first picture should be computed within this: the one before it may just have begun, and it has to be drawn.
FIRST_S = 0.015
# No other tile should take longer.
TILE_S = 0.04
# NumPy's threads let the window's thread go first.
NICENESS = 5


class Painter:
    """Paint the latest request, and once it is whole go on to `samples` points a pixel.

    `wake` is called, from the painter's thread, when there is something to fetch.
    """

    def __init__(self, engine: str, wake: Callable[[], None], samples: int = 1) -> None:
        self._name, self._wake, self._samples = engine, wake, samples
        self._news = threading.Condition()
        self._request: Request | None = None
        self._stop = False
        self._painted: deque[Painted] = deque()
        self._shown = 0  # number of the last request that has a whole first picture
        self._told = 0  # number of the last request that was told of
        self._whole: tuple[Request, Values] | None = None  # the last picture that was finished
        self.truth: Truth | None = None
        self.choice: Choice | None = None
        self.fault = ""  # why there is no picture of the last request
        self.broken = ""  # why there will be none at all
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
            with opened(self._name, niceness=NICENESS, waits=False, gpu=gpu()) as choice:
                self._work(choice)
        except Exception as error:  # no engine: the window lives on, and says why
            self.broken = sentence(error)
            self._wake()

    def _work(self, choice: Choice) -> None:
        self.choice = choice
        pace = Pace()
        _warm_up(choice.engine, pace)
        last = 0
        while True:
            heap.give_back()
            with self._news:
                while not self._stop and (self._request is None or self._request.number == last):
                    self._news.wait()
                if self._stop:
                    return
                request = self._request
                assert request
                last = request.number
            try:
                with until(partial(self._unwanted, request)):
                    self._paint(choice.engine, request, pace)
                self.fault = ""
            except Cancelled:
                continue
            except Exception as error:  # whatever it is, the next request is served
                self.fault = sentence(error)
                self._refuse(request)
            self._wake()

    def _paint(self, engine: Engine, request: Request, pace: Pace) -> None:
        """Paint what the last whole picture has not: a coarse pass in one go, then finer ones tile by tile."""
        if not isinstance(lens(request.scene), PlaneLens):
            self._draw(engine, request, pace)
            return
        network(request.scene)  # drawn first: the passes' sizes follow from what it costs
        work = self._asked(engine, request, first_method(request.scene))
        values, boxes = self._begun(work)
        points = pace.points(engine.pick(work.ask), work.ask, FIRST_S)
        strides = strides_from(first_stride(request.size, points, sum(box[2] * box[3] for box in boxes)))
        whole = sum(points_of(box, stride) for box in boxes for stride in strides)
        done = 0
        for stride in strides:
            for box in boxes:
                seen = self._pass(engine, work, pace, box, stride, done, whole)
                done += points_of(box, stride)
                if stride == 1:
                    values[box[1] : box[1] + box[3], box[0] : box[0] + box[2]] = seen
            self._shown = request.number
        self._shown = request.number
        cost = flops(work.ask.network)
        if cost <= FORETOLD_WORK:
            work, values = self._bettered(engine, work, pace, values)
        self._finish(engine, work, pace, values)
        if FORETOLD_WORK < cost <= FORETOLD_AT_REST:
            better, values = self._bettered(engine, work, pace, values)
            if better is not work:
                self._finish(engine, better, pace, values)

    def _draw(self, engine: Engine, request: Request, pace: Pace) -> None:
        """Paint a picture that is made in one piece, better each time."""
        self._whole = None
        unwanted = lambda: self._unwanted(request)  # noqa: E731
        for painted, truth in pictures(engine, request, pace, FIRST_S, self._samples, unwanted):
            self.truth = truth
            self._tell(painted)
            self._shown = request.number

    def _refuse(self, request: Request) -> None:
        """Tell why there is no picture: the old one must not pass for it."""
        self.truth = None
        none = np.empty((0, 0, 3), np.float32)
        self._tell(Painted(request, none, (0, 0), 1, 1.0, request.size, self._samples, self.fault))
        self._shown = request.number

    def _finish(self, engine: Engine, work: "_Work", pace: Pace, values: Values) -> None:
        self._whole = work.request, values
        self._accumulate(engine, work, pace, values)

    def _asked(self, engine: Engine, request: Request, precision: PrecisionName) -> "_Work":
        try:
            ask = question(request.scene, request.size, precision, can=methods(engine))
        except OrbitError:  # no reference: what is left is plain
            ask = question(request.scene, request.size, "single")
        return _Work(request, ask, displayed(request.scene, ask, engine))

    def _bettered(self, engine: Engine, work: "_Work", pace: Pace, values: Values) -> "tuple[_Work, Values]":
        """Foretell how true the picture is, and paint a better one where its method is not enough."""
        better = self._asked(engine, work.request, "auto")
        enough = better.ask.method in ("single", work.ask.method)
        self._tell_truth(work if enough else better)
        if enough:
            return work, values
        box = 0, 0, *work.request.size
        return better, self._pass(engine, better, pace, box, 1, 0, points_of(box, 1))

    def _begun(self, work: "_Work") -> tuple[Values, list[Box]]:
        """Begin a picture with what the last one has of it; tell what is missing."""
        request, size = work.request, work.request.size
        # Levels that follow the view change every value.
        if self._whole and self._whole[0].size == size and request.scene.levels == "plain":
            old, values = self._whole
            moved = shift(request.scene, old.scene, size)
            if moved:
                values = carried_over(values, moved)
                left, top, wide, high = kept(size, moved)
                part = values[top : top + high, left : left + wide]
                missing = strips(size, moved)
                if self._told == old.number:
                    part = part[:0]  # the canvas has just this picture, and moves it itself
                self._tell(Painted(request, part, (left, top), 1, 0.0 if missing else 1.0, (left + wide, top + high)))
                return values, missing
        return np.empty((size[1], size[0], work.channels), np.float32), [(0, 0, *size)]

    def _pass(self, engine: Engine, work: "_Work", pace: Pace, box: Box, stride: int, done: int, whole: int) -> Values:
        """Paint one box at one stride, nearest to the focus first; return its values."""
        request, (left, top, wide, high) = work.request, box
        columns, rows = -(-wide // stride), -(-high // stride)
        part = replace(work.ask, grid=work.ask.grid.tile(left, top, wide, high).coarser(stride))
        focus = (request.focus[0] - left) / stride, (request.focus[1] - top) / stride
        seen = np.empty((rows, columns, work.channels), np.float32)
        limit = left + wide, top + high
        for tile in tiles(engine, part, pace, TILE_S, focus, lambda: self._unwanted(request)):
            values = np.asarray(work.level(tile.field), np.float32)
            rows, columns = values.shape[:2]
            seen[tile.row : tile.row + rows, tile.column : tile.column + columns] = values
            done += rows * columns
            place = left + tile.column * stride, top + tile.row * stride
            self._tell(Painted(request, values, place, stride, done / whole, limit))
        if stride > 1 and (rows, columns) != seen.shape[:2]:
            # Once more in one piece: between coarse tiles the steps are not smooth.
            self._tell(Painted(request, seen, (left, top), stride, done / whole, limit))
        return seen

    def _accumulate(self, engine: Engine, work: "_Work", pace: Pace, first: Values) -> None:
        """Average more samples of each pixel, as a file of so many samples has them; then rest."""
        request, palette = work.request, work.request.scene.palette
        # Sums and their rounding are the file's.
        kind = np.dtype("float32" if work.ask.precision == "single" else "float64")
        colours = shade(first, palette).astype(kind)
        for n in range(1, self._samples):
            part = replace(work.ask, grid=pixel_grid(*request.size, sample(n)))
            for tile in tiles(engine, part, pace, TILE_S, request.focus, lambda: self._unwanted(request)):
                values = shade(work.level(tile.field), palette)
                rows, columns = values.shape[:2]
                colours[tile.row : tile.row + rows, tile.column : tile.column + columns] += values
            if n + 1 in (*TOLD_SAMPLES, self._samples):
                mean = np.asarray(colours / (n + 1), np.float32)
                self._tell(Painted(request, mean, (0, 0), 1, 1.0, request.size, n + 1))

    def _tell_truth(self, work: "_Work") -> None:
        request, accuracy = work.request, foretold(work.request.scene, work.request.size)
        self.truth = Truth(request.number, work.ask.method, accuracy) if accuracy else None

    def _tell(self, painted: Painted) -> None:
        self._told = painted.request.number
        self._painted.append(painted)
        self._wake()

    def _unwanted(self, request: Request) -> bool:
        latest = self._request
        newer = latest is not None and latest.number != request.number
        return self._stop or (newer and self._shown == request.number)


@dataclass(frozen=True)
class _Work:
    """Hold what is asked for a request: the question at its pixels' middles, and how values become display values."""

    request: Request
    ask: Question
    level: Level

    @property
    def channels(self) -> int:
        """Count the display values of a pixel: 3, or 1 for the palette."""
        return int(self.level(plain(np.zeros((1, 1, self.ask.channels), np.float32))).shape[-1])


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
