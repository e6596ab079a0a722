"""What the window asks of the painter, and what comes back: requests, painted tiles, and how true they are.

And where in the window which picture stands: the painter paints there, and the hand points there.
"""

from dataclasses import dataclass

from weightscape.deep.accuracy import Accuracy, Method
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import ComposedLens, DrawnLens, Part
from weightscape.network.view import Point2, Size
from weightscape.picture.reuse import Values
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError


@dataclass(frozen=True)
class Request:
    """Ask for a scene at a size; tiles nearest to `focus` (pixels, y down) come first.

    `number` grows from request to request; `asked_s` is the clock at which the user wanted it; `below` so many rows
    from the bottom something stands over the picture, which a chart leaves free.
    """

    scene: Scene
    size: tuple[int, int]
    focus: tuple[float, float]
    number: int
    asked_s: float = 0.0
    below: int = 0


@dataclass(frozen=True)
class Truth:
    """Tell how far the picture of a request is from the truth, computed by `method`."""

    number: int
    method: Method
    accuracy: Accuracy


@dataclass(frozen=True)
class Painted:
    """Hold a painted tile: values (rows, columns, channels), left upper corner in pixels, pixels a point.

    No rows: the picture is only moved. `limit`: nothing is painted right of or below this pixel. `done`: the
    fraction of the request that is finished, 1 for the last tile. More than one of `samples`: the values are display
    colours, averaged. `fault`: why there is no picture, and there are no rows.
    """

    request: Request
    values: Values
    place: tuple[float, float]
    stride: int
    done: float
    limit: tuple[int, int]
    samples: int = 1
    fault: str = ""


def drawn_size(scene: Scene, size: Size, below: int) -> Size:
    """Tell the size that a scene is drawn at in a window of `size`, of which `below` rows are covered.

    Charts leave those rows free, and so does a split view with a chart in it, for both of its halves. Raises
    SceneError for a right half that cannot be.
    """
    shown = lens(scene)
    scenes = [part.scene for part in shown.parts(scene, size)] if isinstance(shown, ComposedLens) else [scene]
    return (size[0], max(size[1] - below, 1)) if any(map(_is_chart, scenes)) else size


def placed(scene: Scene, size: Size, below: int) -> tuple[Part, ...]:
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


def _is_chart(scene: Scene) -> bool:
    shown = lens(scene)
    return isinstance(shown, DrawnLens) and shown.is_chart
