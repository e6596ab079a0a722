"""Cells on their way to whoever sees them: a tile's numbers, of which each channel has a place of its own."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.engine.question import Held
from weightscape.scene.colour import Colour


@dataclass(frozen=True)
class CellPatch:
    """Hold a tile's numbers (rows, columns, channels) of all cells, and the paper that these stand on.

    `cells`: (channels, 4), float32: left and top of the tile's first point in pixels, y down, gain and bias; display
    value = curve(gain * number + bias), which `colour` makes colours of. `room`: so many pixels of a cell are painted
    at the most, `stride` from point to point. `paper`: uint8 (rows, columns, 3), its left upper corner at the pixel
    `place`; it need not be painted where the very same array is there.
    """

    values: npt.NDArray[np.float32] | Held
    cells: npt.NDArray[np.float32]
    room: tuple[int, int]
    stride: int
    curve: str
    colour: Colour
    paper: npt.NDArray[np.uint8]
    place: tuple[int, int]
