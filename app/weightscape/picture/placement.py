"""Where in a picture which scene stands: one, a split view's halves, a litter's nine, and what is between them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from weightscape.draw.lettering import letters_of, sized
from weightscape.draw.mark import Box as MarkBox
from weightscape.draw.mark import common
from weightscape.draw.plate import GRID, PAPER, Colour
from weightscape.lens.catalogue import lens, parts
from weightscape.lens.lens import ComposedLens, DrawnLens, Lens, Part
from weightscape.lens.litter import Litter
from weightscape.network.view import Point2, Size
from weightscape.picture.reuse import Box
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

ANY: Size = (64, 64)


def drawn_size(scene: Scene, size: Size, below: int, free: Box | None = None) -> Size:
    """Tell the size that a scene is drawn at in a window of `size`, of which `below` rows are covered.

    Charts leave those rows free, and so does a split view with a chart in it, for both of its halves. A chart that lays
    itself out has all of it in `free` (left, top, width, height), what nothing covers, and so have nine pictures. A
    split view of other pictures has the width of `free`. Raises SceneError for a right half that cannot be.
    """
    return _box(scene, size, below, free)[2:]


def placed(scene: Scene, size: Size, below: int = 0, free: Box | None = None) -> tuple[Part, ...]:
    """Tell which pictures stand where in such a window: one, or a split view's halves. Raises SceneError as well."""
    left, top, wide, high = _box(scene, size, below, free)
    made = parts(scene, sized((wide, high), letters_of(size)), is_stacked(scene, size, below, free))
    found = (replace(part, left=part.left + left, top=part.top + top) for part in made)
    if free is None or free == (0, 0, size[0], size[1] - below):  # as in a file
        return tuple(found)
    return tuple(replace(part, clear=_clear(part, free)) if _has_words(part.scene) else part for part in found)


def follows(scene: Scene, size: Size, below: int, old: Box | None, new: Box) -> bool:
    """Tell whether a scene's picture, or its words, are others where other room is free."""
    try:
        return placed(scene, size, below, old) != placed(scene, size, below, new)
    except SceneError:
        return False


def is_lettered(scene: Scene) -> bool:
    """Tell whether letters stand in a scene's picture, or in a half's, or dots that grow with them."""
    try:
        return is_fitted(scene) or any(_has_words(part.scene) or part.scene.points for part in parts(scene, ANY))
    except SceneError:
        return False


def is_stacked(scene: Scene, size: Size, below: int, free: Box | None) -> bool:
    """Tell whether a split view's halves stand above each other: beside a panel that leaves more height than width.

    Raises SceneError for a right half that cannot be.
    """
    if not isinstance(lens(scene), ComposedLens) or isinstance(scene, Litter):
        return False
    _, _, wide, high = _box(scene, size, below, free)
    return wide < size[0] and wide < high


def is_fitted(scene: Scene) -> bool:
    """Tell whether a scene, or half of it, lays itself out in what is free, as nine pictures do."""
    if isinstance(scene, Litter):
        return True
    try:
        found = _lenses(scene)
    except SceneError:
        return False
    return any(isinstance(each, DrawnLens) and each.is_chart and each.points is None for each in found)


def under(scene: Scene, size: Size, below: int, point: Point2, free: Box | None = None) -> tuple[Part, Point2]:
    """Tell the picture under a point of the window (pixels, y down), and the point in this picture's own pixels.

    Of a split view that cannot be it is the whole window's.
    """
    try:
        found = placed(scene, size, below, free)
    except SceneError:
        found = (Part(scene, size),)
    part = next((part for part in reversed(found) if part.left <= point[0] and part.top <= point[1]), found[0])
    return part, (point[0] - part.left, point[1] - part.top)


def bare(placed: Sequence[Part], size: Size) -> list[tuple[Box, Colour]]:
    """Tell the boxes of a picture that no part covers, and their colours: lines between halves, paper around them."""
    ordered = sorted(placed, key=lambda part: (part.left, part.top))
    (left, top), last = (ordered[0].left, ordered[0].top), ordered[-1]
    right, bottom = last.left + last.size[0], last.top + last.size[1]
    found = [
        ((0, bottom, size[0], size[1] - bottom), PAPER),
        ((0, 0, size[0], top), PAPER),
        ((0, top, left, bottom - top), PAPER),
        ((right, top, size[0] - right, bottom - top), PAPER),
    ]
    for one, other in pairwise(ordered):
        end, floor = one.left + one.size[0], one.top + one.size[1]
        beside, below = (end, top, other.left - end, bottom - top), (left, floor, right - left, other.top - floor)
        found.append((below if other.left == one.left else beside, GRID))
    return [(box, colour) for box, colour in dict.fromkeys(found) if box[2] > 0 and box[3] > 0]


def _box(scene: Scene, size: Size, below: int, free: Box | None) -> Box:
    """Tell where the picture is, in pixels: left, top, width, height."""
    if free is not None and is_fitted(scene):
        return free
    left, wide = (free[0], free[2]) if free is not None and isinstance(lens(scene), ComposedLens) else (0, size[0])
    is_chart = any(isinstance(each, DrawnLens) and each.is_chart for each in _lenses(scene))
    return left, 0, wide, max(size[1] - below, 1) if is_chart else size[1]


def _has_words(scene: Scene) -> bool:
    """Tell whether words lie over a picture of the plane, which stays where it is."""
    shown = lens(scene)
    return isinstance(shown, DrawnLens) and shown.points is not None


def _clear(part: Part, free: Box) -> MarkBox | None:
    """Tell what of a part is free, in its own pixels; None where all of it is, or nothing."""
    whole, left, top = (0, 0, *part.size), free[0] - part.left, free[1] - part.top
    found = common(whole, (left, top, left + free[2], top + free[3]))
    return None if found == whole else found


def _lenses(scene: Scene) -> list[Lens]:
    return [lens(part.scene) for part in parts(scene, ANY)]
