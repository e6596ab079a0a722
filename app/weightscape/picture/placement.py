"""Where in a picture which scene stands: one, or a split view's halves, and what is between and below them."""

from collections.abc import Sequence
from itertools import pairwise

from weightscape.draw.plate import GRID, PAPER, Colour
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import ComposedLens, DrawnLens, Part
from weightscape.network.view import Point2, Size
from weightscape.picture.reuse import Box
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError


def drawn_size(scene: Scene, size: Size, below: int) -> Size:
    """Tell the size that a scene is drawn at in a window of `size`, of which `below` rows are covered.

    Charts leave those rows free, and so does a split view with a chart in it, for both of its halves. Raises
    SceneError for a right half that cannot be.
    """
    shown = lens(scene)
    scenes = [part.scene for part in shown.parts(scene, size)] if isinstance(shown, ComposedLens) else [scene]
    return (size[0], max(size[1] - below, 1)) if any(map(_is_chart, scenes)) else size


def placed(scene: Scene, size: Size, below: int = 0) -> tuple[Part, ...]:
    """Tell which pictures stand where in such a window: one, or a split view's halves. Raises SceneError as well."""
    shown, inside = lens(scene), drawn_size(scene, size, below)
    return shown.parts(scene, inside) if isinstance(shown, ComposedLens) else (Part(scene, inside),)


def under(scene: Scene, size: Size, below: int, point: Point2) -> tuple[Part, Point2]:
    """Tell the picture under a point of the window (pixels, y down), and the point in this picture's own pixels.

    Of a split view that cannot be it is the whole window's.
    """
    try:
        parts = placed(scene, size, below)
    except SceneError:
        parts = (Part(scene, size),)
    part = next((part for part in reversed(parts) if part.left <= point[0]), parts[0])
    return part, (point[0] - part.left, point[1] - part.top)


def bare(parts: Sequence[Part], size: Size) -> list[tuple[Box, Colour]]:
    """Tell the boxes of a picture that no part covers, and their colours: lines between halves, paper below them."""
    bottom = max(part.top + part.size[1] for part in parts)
    found = [((0, bottom, size[0], size[1] - bottom), PAPER)]
    for one, other in pairwise(sorted(parts, key=lambda part: part.left)):
        right = one.left + one.size[0]
        found.append(((right, 0, other.left - right, bottom), GRID))
    return [(box, colour) for box, colour in found if box[2] > 0 and box[3] > 0]


def _is_chart(scene: Scene) -> bool:
    shown = lens(scene)
    return isinstance(shown, DrawnLens) and shown.is_chart
