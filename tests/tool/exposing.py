"""Pictures as an exposure makes them, and painted patches laid where they belong."""

from collections import deque
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from weightscape.engine.question import Engine
from weightscape.engine.tile import Pace
from weightscape.explore.paint.request import Painted
from weightscape.lens.lens import Part, Values
from weightscape.network.activation import ACTIVATIONS
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.exposing import exposure_of
from weightscape.picture.exposure import Evaluator, Order
from weightscape.picture.questions import PrecisionName
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade


def drawn(
    engine: Engine,
    scene: Scene,
    size: tuple[int, int],
    precision: PrecisionName = "single",
    stride: int = 1,
    samples: int = 1,
) -> Values:
    """Give display colours, (height, width, 3), of a picture with a point for every `stride` x `stride` pixels."""
    exposure = exposure_of(Evaluator(engine, Pace()), Part(scene, size), precision)
    for _ in exposure.expose(stride, Order()):
        pass
    for n in range(1, samples):
        deque(exposure.take_sample(n, Order()), maxlen=0)
    return exposure.colours()


def displayed(values: object) -> Values:
    """Give what a patch or a box of a plate holds, 8 bits or not, as display values."""
    found = np.asarray(values)
    return np.divide(found, np.float32(255), dtype=np.float32) if found.dtype == np.uint8 else found


def laid(tiles: Iterable[Painted], size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Lay patches one over the other, as a canvas does: display colours, not a number where nothing is."""
    canvas = np.full((size[1], size[0], 3), np.nan, np.float32)
    for tile in tiles:
        patch = tile.patch
        if isinstance(patch, CellPatch):
            _lay_cells(patch, canvas)
            continue
        if patch.is_empty:
            continue
        (left, top), (right, bottom) = patch.place, patch.limit
        colours = shade(displayed(patch.values), patch.colour).repeat(patch.stride, 0).repeat(patch.stride, 1)
        place = canvas[top:bottom, left:right]
        rows, columns = place.shape[:2]
        place[: len(colours), : colours.shape[1]] = colours[:rows, :columns]
    return canvas


def _lay_cells(patch: CellPatch, canvas: npt.NDArray[np.float32]) -> None:
    """Lay paper, and over it the points of every cell."""
    (left, top), (rows, columns) = patch.place, patch.paper.shape[:2]
    canvas[top : top + rows, left : left + columns] = patch.paper / np.float32(255)
    wide, high = patch.room
    for (x, y, gain, bias), values in zip(patch.cells, np.moveaxis(patch.values, 2, 0), strict=True):
        level = ACTIVATIONS[patch.curve].function(gain * values + bias)
        colours = shade(level[..., None], patch.colour).repeat(patch.stride, 0).repeat(patch.stride, 1)[:high, :wide]
        canvas[int(y) : int(y) + len(colours), int(x) : int(x) + colours.shape[1]] = colours
