"""Where to look closer: the point near the cursor at which the picture is steepest."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.ask import question
from weightscape.engine.numpy import NumpyEngine
from weightscape.engine.question import Grid, pixel_grid
from weightscape.model.scene import Scene
from weightscape.model.view import Size, View, pixel_to_plane, trimmed

# It is looked for in a square about so large a part of the picture's short side, at POINTS a side.
REACH, POINTS = 0.25, 33
CLOSER = 0.25


def dived(scene: Scene, size: Size, cursor: tuple[float, float]) -> Scene:
    """Zoom in at the steepest point near `cursor` (pixels, y down)."""
    stride = 2.0 ** math.floor(math.log2(REACH * min(size) / (POINTS - 1)))  # a power of two: exact in float32
    left, top = (math.floor(at - stride * (POINTS - 1) / 2.0) for at in cursor)
    whole = pixel_grid(*size)
    grid = Grid(POINTS, POINTS, whole.x + left, whole.y - top, stride)
    engine = NumpyEngine()
    try:
        row, column = steepest(engine.field(replace(question(scene, size, "wide"), grid=grid)).relative)
    finally:
        engine.release()
    point = pixel_to_plane(scene.view, size, (left + 0.5 + stride * column, top + 0.5 + stride * row))
    radius = scene.radius * CLOSER
    return scene.looking(View(trimmed(point, radius), radius, scene.angle))


def steepest(values: npt.NDArray[np.floating]) -> tuple[int, int]:
    """Find the (row, column) inside of values (rows, columns, channels) with the largest gradient."""
    largest = float(np.abs(values).max())
    unit = values / largest if largest > 0.0 else values  # squares of a deep zoom would be 0
    across, down = unit[1:-1, 2:] - unit[1:-1, :-2], unit[2:, 1:-1] - unit[:-2, 1:-1]
    row, column = np.unravel_index(np.argmax((across**2 + down**2).sum(axis=-1)), across.shape[:2])
    return int(row) + 1, int(column) + 1
