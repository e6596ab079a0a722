"""The picture of a drawn lens on its way: all that the lens wants is evaluated, and drawn as a whole."""

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np

from weightscape.draw.relief import Ground
from weightscape.lens.lens import Answered, DrawnLens, Part, Surface, Values
from weightscape.network.lock import Lock
from weightscape.network.view import Size
from weightscape.picture.exposure import Evaluator, Exposure, Laid, Order
from weightscape.picture.questions import PrecisionName
from weightscape.picture.relief import KeptGround, Relief
from weightscape.picture.reuse import Kept
from weightscape.picture.stride import first_stride
from weightscape.scene.sample import sample
from weightscape.scene.scene_error import SceneError

# Drawings are made in one piece, at several times their size.
MAX_DRAWN = 1 << 25
# The first picture has a point for so many pixels a side at the most: however quick the engine, drawing takes its time.
DRAWN_STRIDE = 4
# A landscape takes many times the memory of its picture, and a window and the file that it saves are drawn by two
# threads.
ONE_AT_A_TIME = Lock()
NO_VALUES = np.empty((0, 0, 3), np.float32)


class DrawnExposure(Exposure):
    """Hold what a lens wants, answered, and what is drawn of it. Raises SceneError for what is too large to be drawn.

    Only of a lens that colours points are more samples taken: other drawings are smooth by themselves.
    """

    def __init__(
        self, evaluator: Evaluator, part: Part, lens: DrawnLens, precision: PrecisionName, old: Kept | None = None
    ) -> None:
        check_drawn(part)
        super().__init__(evaluator, part, precision)
        self._lens = lens
        self._answers: list[Answered] = []
        self._sum: Values | None = None
        self._pixels: Values | None = None
        self._ground: Ground | None = None  # of the fine picture
        if isinstance(old, KeptGround) and old.moved_to(part) and old.method == self.method:
            self._ground = old.relief.ground

    @property
    def _is_dense(self) -> bool:
        """Tell whether a coarser grid makes the picture sooner."""
        return any(want.dense for want in self.wants)

    @property
    def _is_handed_on(self) -> bool:
        """Tell whether nothing is drawn here: whoever sees the picture does it."""
        return self._lens.surface is not None and self.evaluator.hands_on

    @property
    def is_moved(self) -> bool:
        """Tell whether it begins with the last picture's ground, and has no more to do than to hand it on."""
        return self._ground is not None and self.evaluator.hands_on

    def first_stride(self, seconds: float) -> int:
        """Tell how coarse the first pass has to be, to be there within so many seconds."""
        if not self._is_dense or self.is_moved:
            return 1
        asked = self.asked[0]
        points = self.evaluator.points(asked, seconds)
        return max(first_stride(self.part.size, points, asked.grid.points), 1 if self._is_handed_on else DRAWN_STRIDE)

    def points(self, stride: int) -> int:
        """Count the points of a pass; what is not made of points is drawn but once."""
        if (stride > 1 and not self._is_dense) or (stride == 1 and self._ground):
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
        if not (stride == 1 and self._ground):
            self._answer(stride)
        if self._lens.colours:
            # Charts' samples that are alike have a mean, in float64, that is no other.
            self._sum = self._lens.colours(self._answers[0].field).astype(np.float64)
        if order.is_watched and self._lens.surface and self.evaluator.hands_on:
            with ONE_AT_A_TIME:
                ground = self._raised(self._lens.surface)
            yield Relief(self.part.scene, self.part.size, self._lens.surface, ground)
        elif order.is_watched:
            yield self.averaged()

    def foretell(self) -> bool:
        """Foretell how true the picture is; choose better methods where the first want's own is not enough."""
        is_worse = super().foretell()
        if is_worse:
            self._pixels = self._ground = None
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
            if self._lens.surface:
                self._pixels = self._seen(self._lens.surface)
            else:
                self._pixels = self._lens.draw(scene, self.network, self.part.size, answers)
        return self._pixels

    def kept(self) -> Kept | None:
        """Hold the ground of a landscape, however it is seen next."""
        surface, part = self._lens.surface, self.part
        if surface is None or self._ground is None:
            return None
        relief = Relief(part.scene, part.size, surface, self._ground)
        return KeptGround(part.scene, part.size, self.method, NO_VALUES, relief)

    def _answer(self, stride: int) -> None:
        """Evaluate all that is wanted."""
        for asked, want in zip(self.asked, self.wants, strict=True):
            step = stride if want.dense else 1
            part = replace(asked, grid=asked.grid.coarser(step))
            self._answers.append(Answered(part, self.evaluator.whole(part), step, clear=self.part.clear))

    def _raised(self, surface: Surface) -> Ground:
        """Make the ground of what has been answered last, or find the one that is kept; keep a fine one."""
        if not self._answers:
            assert self._ground
            return self._ground
        answered = self._answers[0]
        ground = surface.ground(self.part.scene, self.network, self.part.size, answered)
        if answered.stride == 1:
            self._ground, self._answers = ground, []
        return ground

    def _seen(self, surface: Surface) -> Values:
        """Have a landscape drawn by the engine that answers its question."""
        scene, size, is_rough = self.part.scene, self.part.size, any(each.stride > 1 for each in self._answers)
        with ONE_AT_A_TIME:
            ground = self._raised(surface)
            return self.evaluator.engine.seen(self.asked[0], ground, surface.sight(scene, size), size, is_rough)


def is_too_large(size: Size) -> bool:
    """Tell whether a picture cannot be drawn as a whole."""
    return size[0] * size[1] > MAX_DRAWN


def check_drawn(part: Part) -> None:
    """Raise SceneError for a picture that is too large to be drawn."""
    if is_too_large(part.size):
        width, height = part.size
        told = f"{part.scene.lens} draws pictures of at most {MAX_DRAWN:,} pixels, not {width} x {height}"
        raise SceneError("lens", told)
