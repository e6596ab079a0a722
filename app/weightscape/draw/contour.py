"""Lines between pixels of different kinds: light, with a dark edge, so that they are seen on any picture."""

import math

import numpy as np
import numpy.typing as npt

from weightscape.draw.chart import unit
from weightscape.network.view import Size

# Half the width of the line on a picture of 720 pixels, in pixels beside its middle one, and the edge beyond it.
HALF, EDGE = 0.4, 1
EDGE_ALPHA = 0.65
LIGHT, DARK = (1.0, 1.0, 1.0), (0.04, 0.04, 0.06)


def half_width(size: Size) -> int:
    """Tell how many pixels the line has on each side of its middle one."""
    return math.floor(HALF * unit(size))


def margin(size: Size) -> int:
    """Tell how many rows and columns around it a piece of the picture depends on."""
    return half_width(size) + EDGE + 1


def lines(kinds: npt.NDArray[np.int64], size: Size) -> npt.NDArray[np.float32]:
    """Draw the lines of `kinds`, a whole number for each pixel of a box and of the margin around it.

    A pixel is in the middle of a line where the one on its right, or the one below, is of another kind. Gives display
    colours multiplied by their alpha, (rows, columns, 4), of the box alone.
    """
    middle = np.zeros(kinds.shape, bool)
    middle[:, :-1] |= kinds[:, :-1] != kinds[:, 1:]
    middle[:-1] |= kinds[:-1] != kinds[1:]
    around, half = margin(size), half_width(size)
    inside = (slice(around, -around),) * 2
    core, edge = _grown(middle, half)[inside], _grown(middle, half + EDGE)[inside]
    found = np.zeros((*core.shape, 4), np.float32)
    found[edge] = (*(EDGE_ALPHA * tone for tone in DARK), EDGE_ALPHA)
    found[core] = (*LIGHT, 1.0)
    return found


def _grown(mask: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    """Let a mask grow to all sides."""
    for axis in (0, 1):
        grown = mask.copy()
        for step in range(1, by + 1):
            grown |= np.roll(mask, step, axis) | np.roll(mask, -step, axis)
        mask = grown
    return mask
