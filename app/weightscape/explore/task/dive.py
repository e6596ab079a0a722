"""Where to look closer: the point near the cursor at which the picture of the plane is steepest.

Whatever the lens shows, it is the outputs' picture that is looked into: lenses differ in where in it the cursor is.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Grid, pixel_grid, work
from weightscape.lens import height
from weightscape.lens.atlas import cells_of
from weightscape.lens.lens import Part
from weightscape.network.interrupt import never
from weightscape.network.view import Point2, Size, View, pixel_to_plane, screen_to_pixel, trimmed
from weightscape.picture.exposure import QUICK_RADIUS
from weightscape.picture.network_memory import network
from weightscape.picture.questions import PrecisionName, question
from weightscape.picture.refinement import FORETOLD_WORK
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

# It is looked for in a square about so large a part of the picture's short side, at POINTS a side, or, of a network
# that costs much, at so many as MOST_WORK operations evaluate, but not fewer than FEWEST.
REACH, POINTS, FEWEST, MOST_WORK = 0.25, 33, 9, 1e10
CLOSER = 0.25
# The network's threads let those go first that draw.
NICENESS = 5
CELLS, CHARTS = ("units", "atlas"), ("weights", "norms")


def aimed(part: Part, point: Point2) -> Point2:
    """Tell which point of the plane's picture, of the same size, lies under a point of a part (pixels, y down).

    Raises SceneError where there is none: outside of an atlas's cells, above a landscape's horizon, in a chart.
    """
    scene, size = part.scene, part.size
    if scene.lens == "height":
        ground = height.grabbed(scene, size, point)
        if ground is None:
            raise SceneError("lens", "Z wants ground under the cursor")
        return screen_to_pixel(size, ground)
    if scene.lens in CELLS:
        found = cells_of(scene, network(scene), size).within(point)
        if found is None:
            raise SceneError("lens", "Z wants the cursor in one of the pictures")
        return found[0] * size[0], found[1] * size[1]
    if scene.lens in CHARTS:
        raise SceneError("lens", f"Z wants a picture of the plane, and {scene.lens} shows none: Esc leads back to it")
    return point


def dived(scene: Scene, size: Size, cursor: Point2, cancelled: Callable[[], bool] = never) -> Scene:
    """Zoom in at the outputs' steepest point near `cursor` (pixels of the plane's picture, y down).

    Raises engine.question.Cancelled and what picture.questions.question() raises.
    """
    plain = replace(scene, lens="outputs", beside="", levels="plain")
    cost = work(network(plain))
    points = int(min(max(math.sqrt(MOST_WORK / cost), FEWEST), POINTS))
    stride = 2.0 ** math.floor(math.log2(REACH * min(size) / (points - 1)))  # a power of two: exact in float32
    left, top = (math.floor(at - stride * (points - 1) / 2.0) for at in cursor)
    whole = pixel_grid(*size)
    grid = Grid(points, points, whole.x + left, whole.y - top, stride)
    engine = NumpyEngine(niceness=NICENESS)
    try:
        asked = replace(question(plain, size, _precision(scene, cost)), grid=grid)
        row, column = steepest(engine.field(asked, cancelled).relative)
    finally:
        engine.release()
    point = pixel_to_plane(scene.view, size, (left + 0.5 + stride * column, top + 0.5 + stride * row))
    radius = scene.radius * CLOSER
    return scene.looking(View(trimmed(point, radius), radius, scene.angle))


def _precision(scene: Scene, cost: float) -> PrecisionName:
    """Choose differences from the centre, which are right at any depth; they take long to plan for a dear network."""
    return "double" if cost > FORETOLD_WORK and scene.radius >= QUICK_RADIUS else "wide"


def steepest(values: npt.NDArray[np.floating]) -> tuple[int, int]:
    """Find the (row, column) inside of values (rows, columns, channels) with the largest gradient."""
    largest = float(np.abs(values).max())
    unit = values / largest if largest > 0.0 else values  # squares of a deep zoom would be 0
    across, down = unit[1:-1, 2:] - unit[1:-1, :-2], unit[2:, 1:-1] - unit[:-2, 1:-1]
    row, column = np.unravel_index(np.argmax((across**2 + down**2).sum(axis=-1)), across.shape[:2])
    return int(row) + 1, int(column) + 1
