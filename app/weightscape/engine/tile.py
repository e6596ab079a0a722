"""Tiles and the time budget: how much of a grid an engine gets at once, the same for all engines.

A pace is measured, never assumed: it starts small, grows at most fourfold a tile and shrinks at once, so that no
submission holds a processor or GPU longer than the budget, whatever the network.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import numpy as np

from weightscape.engine.question import Engine, Field, Held, Question, work
from weightscape.network.interrupt import ignore, never

FILE_BUDGET_S = 0.2
# Before anything is measured: slower than any processor that has ever run this.
FIRST_RATE = 5e8
# Points: a processor is busy enough with the first; a GPU waits for what it is asked, once a tile.
LARGEST_TILE, LARGEST_GPU_TILE = 1 << 19, 1 << 21
# A large tile has not more numbers than so many points of a network with four outputs.
LARGEST_NUMBERS = 4 * LARGEST_GPU_TILE
MAX_SIDE = 2048


@dataclass(frozen=True)
class Spent:
    """Hold seconds of work: GPUs' by their own clocks, and those of whoever has none, which is the processor."""

    gpu_s: float = 0.0
    cpu_s: float = 0.0

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.gpu_s - other.gpu_s, self.cpu_s - other.cpu_s)


@dataclass
class Pace:
    """Remember how fast each engine is, in floating-point operations a second; `first` is taken for unknown ones.

    Floats and doubles are remembered apart: a GPU may be as fast with both, or have a 64th. `spent` is on all answers
    that it has learned from.
    """

    first: float = FIRST_RATE
    rates: dict[tuple[str, bool], float] = field(default_factory=dict)
    spent: Spent = Spent()

    def rate(self, engine: Engine, is_double: bool = False) -> float:
        """Tell how fast an engine was last."""
        return self.rates.get((engine.name, is_double), self.first)

    def affordable(self, engine: Engine, question: Question, budget: float) -> float:
        """Tell how many points of a question are answered in `budget` seconds."""
        fair = budget * self.rate(engine, question.is_double) / _work(question)
        return max(fair, engine.smallest(question.network))

    def points(self, engine: Engine, question: Question, budget: float) -> int:
        """Tell how many points of a question go at once: those of a tile, within `budget` seconds."""
        most = min(engine.largest, max(LARGEST_TILE, LARGEST_NUMBERS // question.channels))
        return int(min(self.affordable(engine, question, budget), most))

    def learn(self, engine: Engine, question: Question) -> None:
        """Take the last answer's time into account: up by at most a factor of four, down at once."""
        seen = question.grid.points * _work(question) / max(engine.busy_s, 1e-6)
        known = self.rate(engine, question.is_double)
        self.rates[engine.name, question.is_double] = min(seen, 4.0 * known)
        gpu_s, cpu_s = (0.0, engine.busy_s) if engine.gpu_s is None else (engine.gpu_s, 0.0)
        self.spent = Spent(self.spent.gpu_s + gpu_s, self.spent.cpu_s + cpu_s)


Answer = TypeVar("Answer", bound=Field | Held)


@dataclass(frozen=True)
class Tile(Generic[Answer]):
    """Place an answered part in its grid: `column` and `row` of its first point."""

    column: int
    row: int
    field: Answer


def tiles(
    engine: Engine,
    question: Question,
    pace: Pace,
    budget: float = FILE_BUDGET_S,
    focus: tuple[float, float] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Iterator[Tile[Field]]:
    """Answer a question tile after tile, top to bottom, or from `focus` (column, row) outwards.

    The grid is cut once the pace is known from a first small tile's answer; raises what the engine raises.
    """
    return _cut(lambda part: engine.field(part, cancelled), engine, question, pace, budget, focus)


def held_tiles(
    engine: Engine,
    question: Question,
    pace: Pace,
    budget: float = FILE_BUDGET_S,
    focus: tuple[float, float] | None = None,
    cancelled: Callable[[], bool] = never,
    has_neighbours: bool = False,
) -> Iterator[Tile[Held | Field]]:
    """Answer as tiles() does; what can stay on the GPU does.

    `has_neighbours`: before a tile's own points it has the column on its left and the row above, where there are any.
    """

    def ask(part: Question) -> Held | Field:
        return engine.held(_with_neighbours(part, question) if has_neighbours else part, cancelled)

    return _cut(ask, engine, question, pace, budget, focus)


def _with_neighbours(part: Question, whole: Question) -> Question:
    grid = part.grid
    left, above = int(grid.x > whole.grid.x), int(grid.y < whole.grid.y)
    return replace(part, grid=grid.tile(-left, -above, grid.columns + left, grid.rows + above))


def _cut(
    ask: Callable[[Question], Answer],
    engine: Engine,
    question: Question,
    pace: Pace,
    budget: float,
    focus: tuple[float, float] | None,
) -> Iterator[Tile[Answer]]:
    remaining = [(0, 0, question.grid.columns, question.grid.rows)]
    while remaining:
        if focus:
            remaining.sort(key=lambda box: -_distance(box, focus))
        column, row, columns, rows = remaining.pop()
        now = engine.pick(question)
        if columns * rows > pace.points(now, question, budget) or max(columns, rows) > MAX_SIDE:
            remaining += _halves(column, row, columns, rows)
            continue
        part = replace(question, grid=question.grid.tile(column, row, columns, rows))
        answered = ask(part)
        pace.learn(engine, part)  # whichever has answered: one that fails has another in its place
        yield Tile(column, row, answered)
        del answered  # what is held on a GPU goes back as soon as it has been seen


def answer(
    engine: Engine,
    question: Question,
    pace: Pace,
    progress: Callable[[int], object] = ignore,
    cancelled: Callable[[], bool] = never,
) -> Field:
    """Answer a whole question, tile after tile; `progress` is told the points of each.

    Only where a watchdog waits does the clock decide where to cut.
    """
    whole: Field | None = None
    budget = FILE_BUDGET_S if engine.pick(question).has_watchdog else math.inf
    for tile in tiles(engine, question, pace, budget, cancelled=cancelled):
        rows, columns, channels = tile.field.data.shape
        if rows == question.grid.rows and columns == question.grid.columns:
            whole = tile.field
        else:
            if whole is None:
                empty = np.empty((question.grid.rows, question.grid.columns, channels), tile.field.data.dtype)
                whole = replace(tile.field, data=empty)
            whole.data[tile.row : tile.row + rows, tile.column : tile.column + columns] = tile.field.data
        progress(rows * columns)
    assert whole is not None
    return whole


def _work(question: Question) -> float:
    """Count the floating-point operations of one point: a value's two derivatives go through the layers as it does."""
    return work(question.network) * (3.0 if question.answer == "derivatives" else 1.0)


def _halves(column: int, row: int, columns: int, rows: int) -> list[tuple[int, int, int, int]]:
    """Cut the longer side in two, at a multiple of 8 where possible; the upper left half comes last, to be next."""
    if columns >= rows:
        left = columns // 2
        left = left // 8 * 8 or left
        return [(column + left, row, columns - left, rows), (column, row, left, rows)]
    top = rows // 2
    return [(column, row + top, columns, rows - top), (column, row, columns, top)]


def _distance(box: tuple[int, int, int, int], focus: tuple[float, float]) -> float:
    column, row, columns, rows = box
    return math.hypot(
        max(column - focus[0], focus[0] - column - columns, 0.0), max(row - focus[1], focus[1] - row - rows, 0.0)
    )
