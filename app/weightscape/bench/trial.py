"""One of our engines on one case: a whole picture, and what a first draw, new weights and a first picture take."""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

from weightscape.bench.case import SEED, Case
from weightscape.bench.measure import timed
from weightscape.engine.choice import opened
from weightscape.engine.question import Engine, Question, Values, work
from weightscape.engine.tile import Pace, answer, tiles
from weightscape.explore.paint.painter import FIRST_S, TILE_S
from weightscape.network.view import Size
from weightscape.picture.stride import first_stride
from weightscape.settings import gpu

# Few points, so that next to nothing but what is done once shows.
SMALL = 16, 16
WINDOW = 1280, 720
REPEATS = 5
# Otherwise a driver takes a shader from the disk that it compiled last week. Mesa looks once a process.
UNCACHED = {"MESA_SHADER_CACHE_DISABLE": "true", "__GL_SHADER_DISK_CACHE": "0"}


class Trial:
    """Put an engine through one case. `busy_s`: how long each picture so far kept processor or GPU at work."""

    def __init__(self, engine: Engine, case: Case) -> None:
        self.engine, self.case, self.pace = engine, case, Pace()
        self.busy_s: list[float] = []
        self._question = case.question()

    def picture(self) -> Values:
        """Compute the whole picture, as a file gets it."""
        busy = 0.0

        def count(_: int) -> None:
            nonlocal busy
            busy += self.engine.busy_s

        with current(self.engine):
            values = answer(self.engine, self._question, self.pace, count).values
        self.busy_s.append(busy)
        return values

    def times(self) -> dict[str, Any]:
        """Measure in seconds what is done once, and a first picture with its size. Comes before any picture."""
        with current(self.engine):
            compile_s, upload_s = self._first_draw(), self._upload()
            self.engine.longest_s = 0.0
            first_s, size = self._first_picture()
        return {
            "compile_s": compile_s,
            "upload_s": upload_s,
            "first_picture_s": first_s,
            "first_picture_size": list(size),
            "longest_s": self.engine.longest_s,
        }

    def expected_s(self) -> float:
        """Foretell how long the whole picture will take, from what times() taught."""
        return work(self._question.network) * self.case.points / self.pace.rate(self.engine)

    def _first_draw(self) -> float:
        """Time the first answer on a new shape, less a later one."""
        small = self.case.question(SMALL)
        first = self._seconds(small)
        return max(first - self._seconds(small), 0.0)

    def _upload(self) -> float:
        """Time an answer with new weights of a known shape, less one with the same; the weights are drawn before."""
        extra = []
        for seed in range(SEED + 1, SEED + 1 + REPEATS):
            small = self.case.question(SMALL, seed)
            fresh = self._seconds(small)
            extra.append(fresh - self._seconds(small))
        return max(median(extra), 0.0)

    def _first_picture(self) -> tuple[float, Size]:
        """Time what a window shows first of a network that it knows: as many points as its clock allows."""
        ask, seconds, size = self.case.question(WINDOW), 0.0, SMALL
        for _ in range(REPEATS):
            # Each time the engine's pace is known better, as in a window that was just opened.
            stride = first_stride(WINDOW, self.pace.points(self.engine, ask, FIRST_S))
            size = -(-WINDOW[0] // stride), -(-WINDOW[1] // stride)
            coarse = tiles(self.engine, _coarse(ask, size, stride), self.pace, TILE_S)
            seconds = timed(partial(deque, coarse, maxlen=0))[1]
        return seconds, size

    def _seconds(self, question: Question) -> float:
        return timed(partial(self.engine.field, question))[1]


def _coarse(ask: Question, size: Size, stride: int) -> Question:
    """Thin a picture's points out to every `stride`-th, in the middle of what each stands for."""
    half = (stride - 1) / 2
    grid = replace(
        ask.grid, columns=size[0], rows=size[1], stride=float(stride), x=ask.grid.x + half, y=ask.grid.y - half
    )
    return replace(ask, grid=grid)


def current(engine: Engine) -> AbstractContextManager[Any]:
    """Make an engine's OpenGL context, if it has one, the one that is spoken to."""
    return getattr(engine, "ctx", None) or nullcontext()


@contextmanager
def trial(name: str, case: Case) -> Iterator[Trial]:
    """Open an engine for a case; several may be open at once. Raises EngineError when it cannot work here."""
    with opened(name, gpu=gpu()) as choice:
        try:
            yield Trial(choice.engine, case)
        finally:
            # What is freed next is freed in the context that is current, which by now may be another engine's.
            current(choice.engine).__enter__()


@contextmanager
def uncached() -> Iterator[None]:
    """Keep drivers from taking compiled shaders from their cache on the disk, for contexts made in the block."""
    before = {name: os.environ.get(name) for name in UNCACHED}
    os.environ.update(UNCACHED)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
