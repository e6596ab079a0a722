"""What wheel and drag do to the view: on the flat picture, or on a landscape's ground."""

from weightscape.lens import height
from weightscape.lens.lens import Part
from weightscape.network.view import View, pan, zoom

Point2 = tuple[float, float]


def zoomed(part: Part, point: Point2, factor: float) -> View:
    """Zoom so that what is seen at a point of a picture (pixels, y down) stays there."""
    if part.scene.lens == "height":
        return height.zoomed(part.scene, part.size, point, factor)
    return zoom(part.scene.view, part.size, point, factor)


def panned(part: Part, start: Point2, dx: float, dy: float) -> View:
    """Drag a picture by (dx, dy) pixels, y down, from where it was taken hold of."""
    if part.scene.lens == "height":
        return height.panned(part.scene, part.size, start, dx, dy)
    return pan(part.scene.view, part.size, dx, dy)
