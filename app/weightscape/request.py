"""What the window asks of the painter, and what comes back: requests, painted tiles, and how true they are."""

from dataclasses import dataclass

from weightscape.lens.kind import DrawnLens
from weightscape.lens.table import lens
from weightscape.model.accuracy import Accuracy, Method
from weightscape.model.scene import Scene
from weightscape.model.view import Size
from weightscape.reuse import Values


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
    colours, averaged.
    """

    request: Request
    values: Values
    place: tuple[float, float]
    stride: int
    done: float
    limit: tuple[int, int]
    samples: int = 1


def drawn_size(scene: Scene, size: Size, below: int) -> Size:
    """Tell the size that a scene is drawn at in a window of `size`, of which `below` rows are covered."""
    shown = lens(scene)
    is_chart = isinstance(shown, DrawnLens) and shown.is_chart
    return (size[0], max(size[1] - below, 1)) if is_chart else size
