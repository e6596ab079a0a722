"""The painter: a thread that turns the scene on the screen into tiles, coarse first, then finer, then smoother.

A view that is only moved keeps the pixels it has. The painter owns the engine, so weights, shaders and pixels are
made without the window ever waiting. A new request stops the old one, but only once that has shown a first picture:
however fast requests come, something new is seen. One that flows is a single pass, with the picture before underneath
until all of it is there.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from weightscape.draw.lettering import sized
from weightscape.engine.choice import Choice, opened
from weightscape.engine.question import Cancelled, Engine, EngineError, Question, pixel_grid, until
from weightscape.engine.tile import Pace, Spent
from weightscape.explore.paint import heap
from weightscape.explore.paint.overlaying import Overlaying
from weightscape.explore.paint.request import Painted, Request, nothing
from weightscape.explore.paint.shown import Shown
from weightscape.gpu.context import Source
from weightscape.gpu.shader_file import FILES
from weightscape.lens.lens import Part
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.exposing import window_exposures
from weightscape.picture.exposure import Evaluator, Exposure, Mean, Order, Patch, Sample, Stamp
from weightscape.picture.fault import sentence
from weightscape.picture.over import Overlaid
from weightscape.picture.placement import bare, placed
from weightscape.picture.questions import question
from weightscape.picture.refinement import Again, Pass, Truth, flowing_stride, refined, strides_of
from weightscape.picture.relief import Relief
from weightscape.picture.stride import SteadyStride, strides_from
from weightscape.picture.tally import Tally
from weightscape.scene.colour import AS_THEY_ARE
from weightscape.scene.scene import Scene
from weightscape.settings import gpu

# A first picture should be computed within this: the one before it may just have begun, and it has to be drawn.
FIRST_S = 0.015
# No other tile should take longer.
TILE_S = 0.04
# So many patches may wait for the window before more samples are taken, which look so often whether they are wanted.
MOST_WAITING, WAIT_S = 4, 0.05
# NumPy's threads let the window's thread go first.
NICENESS = 5


class Painter:
    """Paint the latest request, and once it is whole go on to `samples` points a pixel.

    `wake` is called, from the painter's thread, when there is something to fetch. `source`: a context that shares its
    textures with the window's, if there is one. `hands_on`: whether a landscape that is alone in its picture is handed
    on undrawn.
    """

    def __init__(
        self,
        engine: str,
        wake: Callable[[], None],
        samples: int = 1,
        source: Source | None = None,
        *,
        hands_on: Callable[[], bool] = bool,
    ) -> None:
        self._name, self._wake, self._samples, self._source = engine, wake, samples, source
        self._hands_on = hands_on
        self._news = threading.Condition()
        self._request: Request | None = None
        self._stop = False
        self._painted: deque[Painted] = deque()
        self._together: list[Painted] | None = None  # of a first pass that is shown at once
        self._steady = SteadyStride()  # of requests that flow
        self._flowed = (0, 0)  # number and step of the last one
        self._seen = 0  # number of the last request that has a whole first picture
        self._shown = Shown()
        self._done = self._points = 0  # of the request's passes, so far and in all
        self.truth: tuple[int, Truth] | None = None  # of the request with this number
        self._overlaying = Overlaying()
        self.tally: Tally | None = None  # of the last picture's points
        self.spent = Spent()  # on the last picture that became whole, without further samples
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
        with self._news:
            self._news.notify()
        return tiles

    def close(self) -> None:
        """Stop the thread, which releases its engine."""
        with self._news:
            self._stop = True
            self._news.notify()
        self._thread.join(timeout=10.0)
        self._painted.clear()  # what is on the GPU is so no more

    def _run(self) -> None:
        try:
            with opened(
                self._name, niceness=NICENESS, waits=FILES.is_watched, gpu=gpu(), source=self._source
            ) as choice:
                self._work(choice)
        except Exception as error:  # no engine: the window lives on, and says why
            self.broken = sentence(error)
            self._wake()

    def _work(self, choice: Choice) -> None:
        self.choice = choice
        pace = Pace()
        with contextlib.suppress(EngineError):  # which is told of each request, until the shader is mended
            _warm_up(choice.engine, pace)
        last: Request | None = None
        while True:
            heap.give_back()
            with self._news:
                while not self._stop and self._request is last:
                    self._news.wait()
                if self._stop:
                    return
                last = request = self._request
                assert request
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
        """Paint what the last picture has not: a coarse pass in one go, then finer ones tile by tile, then samples."""
        parts = placed(request.scene, sized(request.size, request.letters), request.below, request.free)
        self._done = 0
        evaluator = Evaluator(engine, pace, partial(self._unwanted, request), self._count, TILE_S)
        evaluator.hands_on = len(parts) == 1 and self._hands_on()
        found = window_exposures(evaluator, parts, self._shown.kept_for(request))
        if any(exposure.is_moved for exposure in found):
            request = replace(request, frame_s=0.0)  # it has its pixels, and flows as it is
        passes = self._strides(request, found)
        # Two halves are shown together at first, so that none is seen beside the other's last picture.
        self._together = [] if self._seen != request.number and (request.frame_s or len(found) > 1) else None
        self._points = sum(exposure.points(stride) for exposure in found for stride in passes)
        try:
            self._refine(request, found, passes, parts, evaluator)
        except Cancelled:
            self._shown.keep_unfinished([each.kept() for each in found], request)
            raise

    def _refine(
        self,
        request: Request,
        found: Sequence[Exposure],
        passes: Sequence[int],
        parts: Sequence[Part],
        asker: Evaluator,
    ) -> None:
        pace, check = asker.pace, asker.check
        before = pace.spent
        self._lay_over(request, self._overlaying.soon(found, request.size, is_flowing=request.frame_s > 0.0))
        for step in refined(found, Order(self._samples, request.focus, is_watched=True), passes):
            match step:
                case Patch():
                    self._tell(Painted(request, self._moved(step, request), self._share, step.samples))
                    if not step.is_kept:
                        self._shown.disturb()
                case Sample():
                    self._wait_for_window(check)
                    self._tell(Painted(request, step, self._share))
                case Mean() | Relief() | CellPatch() | Stamp():
                    self._tell(Painted(request, step, self._share))
                case Pass():
                    if step.stride == step.samples == 1:
                        self.spent = pace.spent - before
                    before = pace.spent
                    self._pass(request, step, found, parts)
                    if request.frame_s:
                        return
                    if step.stride == step.samples == 1:
                        self._lay_over(request, self._overlaying.rest(asker, found, request.size), is_all=True)
                case Again():
                    self._done, self._points = 0, step.points
                case _:
                    self.truth = (request.number, step) if step else None

    def _strides(self, request: Request, found: Sequence[Exposure]) -> list[int]:
        """Tell the steps of a request's passes; what has been seen while it flowed is not gone over again."""
        if request.frame_s:
            stride = flowing_stride(found, self._steady, request.frame_s, FIRST_S)
            self._flowed = request.number, stride
            return [stride]
        self._steady = SteadyStride()
        number, stride = self._flowed
        is_seen = number == request.number == self._seen
        return strides_from(stride)[1:] or [1] if is_seen else strides_of(found, FIRST_S)

    def _pass(self, request: Request, step: Pass, found: Sequence[Exposure], parts: Sequence[Part]) -> None:
        """Take in that the whole picture has been gone over; after the first time paint what no part covers."""
        if self._seen != request.number:
            self._seen = request.number
            for (left, top, wide, high), colour in bare(parts, request.size):
                values = np.full((high, wide, 3), colour, np.float32)
                patch = Patch(values, (left, top), 1, (left + wide, top + high), AS_THEY_ARE)
                self._tell(Painted(request, patch, self._share))
            self._let_go()
        if step.stride == 1:
            self._shown.keep([each.kept() for each in found], request)
            is_bare = self._overlaying.is_bare
            self._tell(Painted(request, nothing(request), 1.0, step.samples, ends=True, is_covered=is_bare))

    def _lay_over(self, request: Request, laid: Overlaid | None, is_all: bool = False) -> None:
        """Tell what lies over the picture, if there is news of it."""
        self.tally = self._overlaying.tally
        if laid:
            self._tell(Painted(request, laid, self._share, is_covered=is_all))

    def _wait_for_window(self, check: Callable[[], None]) -> None:
        """Wait until the window has taken in most of what it was told: samples are many, and textures on loan few."""
        while len(self._painted) > MOST_WAITING:
            check()
            with self._news:
                self._news.wait(WAIT_S)

    def _moved(self, patch: Patch, request: Request) -> Patch:
        """Leave out pixels that the canvas has and moves itself."""
        return nothing(request) if patch.is_kept and self._shown.is_movable else patch

    @property
    def _share(self) -> float:
        return min(self._done / self._points, 1.0) if self._points else 1.0

    def _count(self, points: int) -> None:
        self._done += points

    def _refuse(self, request: Request) -> None:
        """Tell why there is no picture: the old one must not pass for it."""
        self._together = None
        self.truth = None
        self._tell(Painted(request, nothing(request), 1.0, self._samples, ends=True, fault=self.fault))
        self._seen = request.number

    def _tell(self, painted: Painted) -> None:
        if not isinstance(painted.patch, Overlaid):
            self._shown.tell(painted)
        if self._together is None:
            self._painted.append(painted)
            self._wake()
        else:
            self._together.append(painted)

    def _let_go(self) -> None:
        """Tell what is held, all at once."""
        held, self._together = self._together, None
        if held:
            self._painted.extend(held)
            self._wake()

    def _unwanted(self, request: Request) -> bool:
        latest = self._request
        return self._stop or (latest is not request and self._seen == request.number)


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
