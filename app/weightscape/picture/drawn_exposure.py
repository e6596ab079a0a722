"""The picture of a drawn lens on its way: all that the lens wants is evaluated, and drawn as a whole."""

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np

from weightscape.lens.lens import Answered, DrawnLens, Part, Values
from weightscape.picture.exposure import Evaluator, Exposure, Laid, Order
from weightscape.picture.questions import PrecisionName
from weightscape.picture.stride import first_stride
from weightscape.scene.sample import sample
from weightscape.scene.scene_error import SceneError

# Drawings are made in one piece, at several times their size.
MAX_DRAWN = 1 << 25
# The first picture has a point for so many pixels a side at the most: however quick the engine, drawing takes its time.
DRAWN_STRIDE = 4


class DrawnExposure(Exposure):
    """Hold what a lens wants, answered, and what is drawn of it. Raises SceneError for what is too large to be drawn.

    Only of a lens that colours points are more samples taken: other drawings are smooth by themselves.
    """

    def __init__(self, evaluator: Evaluator, part: Part, lens: DrawnLens, precision: PrecisionName) -> None:
        width, height = part.size
        if width * height > MAX_DRAWN:
            told = f"{part.scene.lens} draws pictures of at most {MAX_DRAWN} pixels, not {width} x {height}"
            raise SceneError("lens", told)
        super().__init__(evaluator, part, precision)
        self._lens = lens
        self._answers: list[Answered] = []
        self._sum: Values | None = None
        self._pixels: Values | None = None

    @property
    def _is_dense(self) -> bool:
        """Tell whether a coarser grid makes the picture sooner."""
        return any(want.dense for want in self.wants)

    def first_stride(self, seconds: float) -> int:
        """Tell how coarse the first pass has to be, to be there within so many seconds."""
        if not self._is_dense:
            return 1
        asked = self.asked[0]
        points = self.evaluator.points(asked, seconds)
        return max(first_stride(self.part.size, points, asked.grid.points), DRAWN_STRIDE)

    def points(self, stride: int) -> int:
        """Count the points of a pass; what is not made of points is drawn but once."""
        if stride > 1 and not self._is_dense:
            return 0
        steps = (stride if want.dense else 1 for want in self.wants)
        return sum(asked.grid.coarser(step).points for asked, step in zip(self.asked, steps, strict=True))

    def more_points(self) -> int:
        """Count the points of one more sample."""
        return self.asked[0].grid.points if self._lens.colours else 0

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Evaluate and draw, a point for every `stride` x `stride` pixels; what is not made of points but once."""
        if self._pixels is not None and not self._is_dense:
            return
        self._pixels, self._sum, self.samples = None, None, 1
        self._answers = []  # before the next fields are made: they are large
        self.evaluator.check()
        for asked, want in zip(self.asked, self.wants, strict=True):
            step = stride if want.dense else 1
            part = replace(asked, grid=asked.grid.coarser(step))
            self._answers.append(Answered(part, self.evaluator.whole(part), step))
        if self._lens.colours:
            # Charts' samples that are alike have a mean, in float64, that is no other.
            self._sum = self._lens.colours(self._answers[0].field).astype(np.float64)
        if order.is_watched:
            yield self.averaged()

    def foretell(self) -> bool:
        """Foretell how true the picture is; choose better methods where the first want's own is not enough."""
        is_worse = super().foretell()
        if is_worse:
            self._pixels = None
        return is_worse

    def take_sample(self, n: int, order: Order) -> Generator[Laid, None, bool]:
        """Take sample `n` of each pixel, if it makes the picture smoother and has not been taken."""
        self.evaluator.check()
        if self._lens.colours and self._sum is not None and self.samples <= n:
            first, (x, y) = self._answers[0], sample(n)
            grid = first.question.grid
            moved = replace(first.question, grid=replace(grid, x=grid.x + x, y=grid.y + y))
            self._sum += self._lens.colours(self.evaluator.whole(moved))
            self.samples, self._pixels = n + 1, None
        yield from ()  # it is seen with the others, averaged
        return self._lens.colours is not None

    def colours(self) -> Values:
        """Give display colours, averaged over the samples so far: float32 (height, width, 3) in 0..1."""
        if self._pixels is None:
            answers, scene = self._answers, self.part.scene
            if self._sum is not None:
                answers = [replace(answers[0], colours=self._sum / self.samples), *answers[1:]]
            self._pixels = self._lens.draw(scene, self.network, self.part.size, answers)
        return self._pixels
