"""A picture that is made in one piece: all that its lens wants is evaluated, more samples on demand, and drawn.

The same for files and for the window; how a lens's values become display values stands here as well.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.draw.plate import GRID
from weightscape.engine.question import Engine, Field, Question, Values, work
from weightscape.engine.tile import Pace, answer
from weightscape.lens.catalogue import lens, wants
from weightscape.lens.lens import Answered, ComposedLens, DrawnLens, Level, Part, PlaneLens
from weightscape.network.view import Size
from weightscape.picture.questions import PrecisionName, methods, network, questions
from weightscape.scene.contrast import contrast
from weightscape.scene.sample import sample
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import shade

# Where levels follow the view: points on the picture's short side that tell them.
OVERVIEW, COARSE, OVERVIEW_WORK = 128, 32, 2e10
# Drawings are made in one piece, at several times their size.
MAX_DRAWN = 1 << 25


class Drawing:
    """Evaluate a scene, a point for every `stride` x `stride` pixels, and draw it; `count` is told of the points.

    Raises SceneError for a picture that is too large to be drawn.
    """

    def __init__(
        self,
        engine: Engine,
        scene: Scene,
        size: Size,
        precision: PrecisionName,
        stride: int,
        pace: Pace,
        count: Callable[[int], object] = int,
        cancelled: Callable[[], bool] = bool,
    ) -> None:
        shown = lens(scene)
        assert not isinstance(shown, ComposedLens), "its parts are drawn"
        if size[0] * size[1] > MAX_DRAWN:
            raise SceneError(
                "lens", f"{scene.lens} draws pictures of at most {MAX_DRAWN} pixels, not {size[0]} x {size[1]}"
            )
        self._scene, self._size, self._lens = scene, size, shown
        self._field: Callable[[Question], Field] = lambda asked: answer(engine, asked, pace, count, cancelled)
        self._answers = []
        asked = questions(scene, size, precision, methods(engine))
        for each, want in zip(asked, wants(scene, network(scene), size), strict=True):
            step = stride if want.dense else 1
            part = replace(each, grid=each.grid.coarser(step))
            self._answers.append(Answered(part, self._field(part), step))
        self._level = displayed(scene, asked[0], engine) if isinstance(shown, PlaneLens) else None
        self._total = self._coloured(self._answers[0]) if is_sampled(scene) else None
        if self._total is not None:
            # Charts' samples that are alike have a mean, in float64, that is no other; planes add as their files do.
            as_file = isinstance(shown, PlaneLens) and asked[0].precision == "single"
            self._total = self._total.astype(np.float32 if as_file else np.float64)
        self._pixels: Values | None = None
        self.samples = 1

    def add(self) -> None:
        """Take one more sample of each pixel, the next of the one sequence (scene/sample.py)."""
        assert self._total is not None, "it is smooth by itself"
        first, (x, y) = self._answers[0].question, sample(self.samples)
        moved = replace(first, grid=replace(first.grid, x=first.grid.x + x, y=first.grid.y + y))
        self._total += self._coloured(Answered(moved, self._field(moved)))
        self._pixels = None
        self.samples += 1

    def pixels(self) -> Values:
        """Give its display colours, averaged over its samples: float32 (height, width, 3) in 0..1."""
        if self._pixels is None:
            answers, scene = self._answers, self._scene
            if self._total is not None:
                answers = [replace(answers[0], colours=self._total / self.samples), *answers[1:]]
            if isinstance(self._lens, DrawnLens):
                self._pixels = self._lens.draw(scene, network(scene), self._size, answers)
            else:
                assert answers[0].colours is not None
                large = answers[0].colours.repeat(answers[0].stride, 0).repeat(answers[0].stride, 1)
                self._pixels = large[: self._size[1], : self._size[0]].astype(np.float32)
        return self._pixels

    def _coloured(self, answered: Answered) -> Values:
        if isinstance(self._lens, DrawnLens):
            assert self._lens.colours, "only what has points is sampled"
            return self._lens.colours(answered.field)
        assert self._level
        return shade(self._level(answered.field), self._scene.palette)


def is_sampled(scene: Scene) -> bool:
    """Tell whether more samples of a pixel make a scene's picture smoother: charts are smooth by themselves."""
    shown = lens(scene)
    return not isinstance(shown, DrawnLens) or shown.colours is not None


def is_made_of_points(scene: Scene, size: Size) -> bool:
    """Tell whether a picture can be made coarser to be there sooner."""
    shown = lens(scene)
    return not isinstance(shown, DrawnLens) or any(want.dense for want in wants(scene, network(scene), size))


def drawn(
    engine: Engine,
    scene: Scene,
    size: Size,
    precision: PrecisionName,
    stride: int,
    pace: Pace,
    progress: Callable[[float], object] = float,
    cancelled: Callable[[], bool] = bool,
    samples: int = 1,
) -> Values:
    """Render a picture as a whole, a point for every `stride` x `stride` pixels; `progress` takes 0..1.

    Returns display colours in 0..1, (height, width, 3), averaged over `samples` where that makes them smoother.
    Raises SceneError for one that is too large to be drawn.
    """
    samples = samples if is_sampled(scene) else 1
    points = [want.size[0] * want.size[1] for want in wants(scene, network(scene), size)]
    whole = sum(points) + (samples - 1) * sum(points[:1])
    drawing = Drawing(engine, scene, size, precision, stride, pace, fraction(progress, whole or 1), cancelled)
    for _ in range(1, samples):
        drawing.add()
    return drawing.pixels()


def displayed(scene: Scene, whole: Question, engine: Engine) -> Level:
    """Tell how the values of a scene's lens become display values in 0..1.

    Levels that follow the view are measured here, over the whole picture, before any tile.
    """
    shown = lens(scene)
    assert isinstance(shown, PlaneLens), "the other lenses are drawn"
    level = shown.level(scene, whole)
    if scene.levels == "plain":
        return level
    if whole.answer != "values":
        leveled = contrast(level(engine.pick(whole).field(_overview(whole))))
        return lambda field: leveled(level(field))
    stretched = contrast(engine.pick(whole).field(_overview(whole)).relative)
    return lambda field: stretched(field.relative)


def _overview(whole: Question) -> Question:
    """Ask for the same picture on few points, OVERVIEW a side or, of a network that costs much, COARSE."""
    grid, short = whole.grid, min(whole.grid.columns, whole.grid.rows)
    dear = OVERVIEW**2 * work(whole.network) > OVERVIEW_WORK
    stride = max(1, short // (COARSE if dear else OVERVIEW))
    inside = grid.tile(0, 0, grid.columns // stride * stride, grid.rows // stride * stride)
    return replace(whole, grid=inside.coarser(stride))


def lined(size: Size) -> npt.NDArray[np.float32]:
    """Make the ground that parts are laid on: float32 (height, width, 3), of which lines between them are seen."""
    return np.full((size[1], size[0], 3), GRID, np.float32)


def part_of(canvas: npt.NDArray[Any], part: Part) -> npt.NDArray[Any]:
    """Cut out the place of a part."""
    return canvas[part.top : part.top + part.size[1], part.left : part.left + part.size[0]]


def fraction(progress: Callable[[float], object], points: int) -> Callable[[int], object]:
    """Count points and tell `progress` the fraction of `points` that is done."""
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress(done / points)

    return count
