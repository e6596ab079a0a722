"""What lies over the window's picture, as textures: points and contours move with the view, axes stay at the edges."""

import moderngl

from weightscape.draw.axes import edges
from weightscape.draw.mark import common
from weightscape.draw.sprite import Piece, Sprite, pieces
from weightscape.explore.paint.request import Painted
from weightscape.gpu.canvas import Affine
from weightscape.gpu.tops import MOVING, STILL, Tops
from weightscape.lens.catalogue import lens, parts
from weightscape.lens.lens import PlaneLens
from weightscape.network.view import Size, View, carried
from weightscape.picture.over import Overlaid, is_plane
from weightscape.picture.placement import ANY, placed
from weightscape.picture.reuse import Box
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError


class Ceiling:
    """Hold the layers, and know of which view they are."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._tops = Tops(ctx)
        self._view, self._size = View(), (1, 1)  # of the moving layer
        self._axes: tuple[object, ...] = ()  # what those that are there were drawn for

    def take(self, painted: Painted) -> bool:
        """Take in what lies over a request's picture, or that nothing does; tell whether that was all of it."""
        scene, patch = painted.request.scene, painted.patch
        if isinstance(patch, Overlaid):
            self._view, self._size = scene.view, painted.request.size
            self._tops.lay(MOVING, patch.pixels)
            return True
        if not _has_layer(scene):
            self._tops.lay(MOVING, None)
        return False

    def uniforms(self, scene: Scene, view: View, size: Size, below: int, free: Box) -> dict[str, object]:
        """Tell a shader what lies over a scene's picture, seen from a `view`, in a window; {} where nothing does."""
        self._draw_axes(scene, view, size, below, free)
        if not (self._tops.has(MOVING) or self._tops.has(STILL)):
            return {}
        moves = isinstance(lens(scene), PlaneLens) or self._size != tuple(size)
        affine = Affine(*carried(view, size, self._view if moves else view, self._size))
        return self._tops.uniforms(affine.turn, affine.shift)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Tell where on the screen numbers along edges are."""
        return self._tops.boxes

    def release(self) -> None:
        """Free the GPU's memory."""
        self._tops.release()

    def _draw_axes(self, scene: Scene, view: View, size: Size, below: int, free: Box) -> None:
        key = (type(scene), scene.axes, scene.lens, scene.beside, view, size, below, free) if _has_axes(scene) else ()
        if key != self._axes:
            self._axes = key
            found = _axes(scene, view, size, below, free) if key else []
            if found:
                self._tops.lay_pieces(size, ((each.left, each.top, each.pixels) for each in found))
            else:
                self._tops.lay(STILL, None)


def _axes(scene: Scene, view: View, size: Size, below: int, free: Box) -> list[Piece]:
    """Draw numbers along the edges of a window's pictures, of what nothing covers of them."""
    left, top, width, height = free
    found: list[list[Sprite]] = []
    try:
        halves = placed(scene.looking(view), size, below, free)
    except SceneError:
        return []
    for part in halves:
        inside = common((0, 0, *part.size), _moved((left, top, left + width, top + height), -part.left, -part.top))
        if part.scene.axes and is_plane(part.scene) and inside:
            both = edges(part.scene.view, part.size, inside)
            found += [[each.moved(part.left, part.top) for each in edge] for edge in both]
    return pieces(found, size)


def _moved(box: Box, right: int, down: int) -> Box:
    return box[0] + right, box[1] + down, box[2] + right, box[3] + down


def _has_layer(scene: Scene) -> bool:
    """Tell whether a scene, or a half of it, has points or a contour over its picture."""
    try:
        return any((each.scene.points or each.scene.contour) and is_plane(each.scene) for each in parts(scene, ANY))
    except SceneError:
        return False


def _has_axes(scene: Scene) -> bool:
    return scene.axes or '"axes"' in scene.beside
