"""How the values of a plane lens become display values: levels that follow the view are measured before any tile."""

from dataclasses import replace

from weightscape.engine.question import Engine, Question, work
from weightscape.lens.lens import Level, PlaneLens
from weightscape.scene.contrast import contrast
from weightscape.scene.scene import Scene

# Where levels follow the view: points on the picture's short side that tell them, fewer where a network costs more.
OVERVIEW, COARSE, OVERVIEW_WORK = 128, 32, 2e10


def displayed(lens: PlaneLens, scene: Scene, whole: Question, engine: Engine) -> Level:
    """Tell how the values of a scene's lens become display values in 0..1; `whole` asks for the whole picture."""
    level = lens.level(scene, whole)
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
