"""The picture of a drawn lens too large to be held: some rows at a time, of what is answered for these alone."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from weightscape.engine.question import Grid, Question, Values
from weightscape.engine.tile import answer
from weightscape.lens.lens import Answered, Drawing, DrawnLens, Part, Streamed
from weightscape.picture.drawn_exposure import is_too_large
from weightscape.picture.exposure import Evaluator, Exposure, Laid, Order
from weightscape.picture.questions import PrecisionName
from weightscape.picture.span import band_rows, spans
from weightscape.scene.sample import sample


class StreamedExposure(Exposure):
    """Hold what is the same for all rows of a picture, which nobody watches."""

    def __init__(self, evaluator: Evaluator, part: Part, lens: DrawnLens, streamed: Streamed, precision: PrecisionName):
        super().__init__(evaluator, part, precision)
        self._lens, self._streamed = lens, streamed
        self._drawing: Drawing | None = None

    def points(self, stride: int) -> int:
        """Count the points of a pass, band after band."""
        step = band_rows(self.evaluator.engine, self.asked[0], self.part.size)
        rows = sum(count for band in spans(self.part.size[1], step) for _, count in self._spans(*band))
        return rows * self.asked[0].grid.columns

    def more_points(self) -> int:
        """Count the points of one more sample."""
        return self.points(1) if self._lens.colours else 0

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Refuse to be watched."""
        raise NotImplementedError

    def rows(self, top: int, count: int, samples: int) -> Values:
        """Make some rows: display colours, (count, width, 3) in 0..1, averaged where samples make them smoother."""
        asked, part, streamed = self.asked[0], self.part, self._streamed
        if self._drawing is None:
            few = replace(asked, grid=streamed.few(asked.grid))
            answered = Answered(few, answer(self.evaluator.engine, few, self.evaluator.pace))
            self._drawing = streamed.drawing(part.scene, self.network, part.size, answered)
        return self._drawing((top, count), [self._answered(span, samples) for span in self._spans(top, count)])

    def _spans(self, top: int, count: int) -> list[tuple[int, int]]:
        part = self.part
        return self._streamed.spans(part.scene, self.network, part.size, (top, count))

    def _answered(self, span: tuple[int, int], samples: int) -> Answered:
        """Answer some rows of what is wanted, each sample of them where points are coloured by themselves."""
        asked = self._within(self.asked[0].grid, span)
        first = Answered(asked, self.evaluator.whole(asked))
        if self._lens.colours is None:
            return first
        total = self._lens.colours(first.field).astype(np.float64)
        for n in range(1, samples):
            x, y = sample(n)
            grid = self.asked[0].grid
            moved = self._within(replace(grid, x=grid.x + x, y=grid.y + y), span)
            total += self._lens.colours(self.evaluator.whole(moved))
        return replace(first, colours=total / samples)

    def _within(self, grid: Grid, span: tuple[int, int]) -> Question:
        return replace(self.asked[0], grid=grid.tile(0, span[0], grid.columns, span[1]))


def streamed_exposure(
    evaluator: Evaluator, part: Part, lens: DrawnLens, precision: PrecisionName
) -> StreamedExposure | None:
    """Expose a picture that is too large to be drawn as a whole, if it can be made some rows at a time."""
    if lens.streamed is None or not is_too_large(part.size):
        return None
    return StreamedExposure(evaluator, part, lens, lens.streamed, precision)
