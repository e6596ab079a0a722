"""How the values of a plane lens become display values: levels that follow the view are measured before any tile."""

from dataclasses import dataclass, replace

from weightscape.engine.question import Engine, Question, work
from weightscape.lens.lens import Level, PlaneLens
from weightscape.scene.contrast import contrast
from weightscape.scene.scene import Scene
from weightscape.scene.shading import Shading, stretched

# Where levels follow the view: points on the picture's short side that tell them, fewer where a network costs more.
OVERVIEW, COARSE, OVERVIEW_WORK = 128, 32, 2e10


@dataclass(frozen=True)
class Displayed:
    """Hold how a lens's values become display values in 0..1: `level` of arrays, `shading` (or None) on the GPU."""

    level: Level
    shading: Shading | None


def displayed(lens: PlaneLens, scene: Scene, whole: Question, engine: Engine) -> Displayed:
    """Tell how the values of a scene's lens become display values in 0..1; `whole` asks for the whole picture."""
    level = lens.level(scene, whole)
    if scene.levels == "plain":
        return Displayed(level, lens.shading(scene, whole) if lens.shading else None)
    if whole.answer != "values":
        leveled = contrast(level(engine.pick(whole).field(_overview(whole))))
        return Displayed(lambda field: leveled(level(field)), None)
    relative = contrast(engine.pick(whole).field(_overview(whole)).relative)
    return Displayed(lambda field: relative(field.relative), stretched(relative) if lens.shading else None)


def _overview(whole: Question) -> Question:
    """Ask for the same picture on few points, OVERVIEW a side or, of a network that costs much, COARSE."""
    grid, short = whole.grid, min(whole.grid.columns, whole.grid.rows)
    dear = OVERVIEW**2 * work(whole.network) > OVERVIEW_WORK
    stride = max(1, short // (COARSE if dear else OVERVIEW))
    inside = grid.tile(0, 0, grid.columns // stride * stride, grid.rows // stride * stride)
    return replace(whole, grid=inside.coarser(stride))
