"""Classes' names over the points of the lens winner, which would hide them, as the table of points calls them."""

from dataclasses import replace

from weightscape.draw.sprite import Sprite
from weightscape.lens.lens import Answered, Part
from weightscape.lens.winner import few, names
from weightscape.network.interrupt import ignore
from weightscape.picture.exposure import Evaluator
from weightscape.picture.fault import EXPECTED
from weightscape.picture.points_memory import is_read, points, standing_of
from weightscape.picture.questions import PrecisionName, question
from weightscape.scene.scene import Scene


def names_over(evaluator: Evaluator, part: Part, precision: PrecisionName) -> tuple[Sprite, ...]:
    """Write classes' names over a part's picture, if points are to lie over it."""
    scene = part.scene
    if scene.lens != "winner" or not scene.points:
        return ()
    asked = question(replace(scene, beside=""), part.size, precision, evaluator.engine.methods)
    asked = replace(asked, grid=few(asked.grid))
    answered = Answered(asked, replace(evaluator, count=ignore).whole(asked), clear=part.clear)
    return tuple(names(scene, part.size, answered, _words(scene)))


def _words(scene: Scene) -> dict[int, str]:
    """Tell the names of outputs that stand for a class; none where points are not read, or cannot be."""
    try:
        stand_for = standing_of(scene).outputs if is_read(scene) else None
        return {} if stand_for is None else dict(zip(stand_for, map(str, points(scene).classes), strict=True))
    except EXPECTED:
        return {}
