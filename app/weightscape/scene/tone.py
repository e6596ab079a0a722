"""From display values to the numbers of a file: 8 or 16 bits, dithered or not, or floats. Linear light, too."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from weightscape.scene.shade import Values, quantise

Depth = Literal[8, 16, 32]
DEPTHS: tuple[int, ...] = get_args(Depth)
TYPES: dict[int, npt.DTypeLike] = {8: np.uint8, 16: np.uint16, 32: np.float32}

# Steps of the R2 sequence, 1/g and 1/g^2 of a turn in 32 bits, g^3 = g + 1: M. Roberts, "The unreasonable effectiveness
# of quasirandom sequences", 2018, https://extremelearning.com.au/unreasonable-effectiveness-of-quasirandom-sequences/
STEP_X, STEP_Y = 0xC13FA9A9, 0x91E10DA6


@dataclass(frozen=True)
class Tone:
    """Say which numbers a picture's file has: `depth` 8 or 16 bits, or 32 for floats; `dither` hides the steps."""

    depth: Depth = 8
    dither: bool = False

    @property
    def kind(self) -> np.dtype[Any]:
        """Tell the type of the numbers."""
        return np.dtype(TYPES[self.depth])

    def apply(self, colours: Values, how: str, left: int = 0, top: int = 0) -> npt.NDArray[Any]:
        """Turn display values (rows, columns, 3) in 0..1 into uint8, uint16 or float32 of the same shape.

        `how` rounds as quantise() does. `left`, `top`: the place in the whole picture, in pixels, of which alone the
        dither depends. It takes the place of rounding, so that the mean stays. Floats stay display values.
        """
        if self.depth == 32:
            return np.asarray(colours, np.float32)
        if self.dither:
            return self._dithered(colours, left, top)
        if self.depth == 8:
            return quantise(colours, how)
        return np.asarray(np.floor(65535.0 * colours + (0.5 if how == "round" else 0.0)), np.uint16)

    def _dithered(self, colours: Values, left: int, top: int) -> npt.NDArray[Any]:
        rows, columns = colours.shape[:2]
        steps = float(2**self.depth - 1)
        # In float64: 65535 plus a threshold near 1 would be 65536 in single precision.
        return np.asarray(
            np.floor(steps * colours.astype(np.float64) + thresholds(left, top, columns, rows)[..., None]), self.kind
        )


PLAIN = Tone()


def thresholds(left: int, top: int, columns: int, rows: int) -> npt.NDArray[np.float64]:
    """Give the dither's thresholds (rows, columns) in 0..1, evenly spread, for the pixels from (left, top) on.

    The R2 sequence by place, folded to a triangle so that it has no jumps. Whole numbers alone: the same everywhere.
    """
    x = np.arange(left, left + columns, dtype=np.uint64) * STEP_X
    y = np.arange(top, top + rows, dtype=np.uint64) * STEP_Y
    turn = (x[None, :] + y[:, None]) & 0xFFFFFFFF
    folded = np.where(turn < 1 << 31, 2 * turn, 2 * ((1 << 32) - 1 - turn) + 1)
    return (folded + 0.5) / 2.0**32


def linear(display: Values) -> npt.NDArray[np.float32]:
    """Decode display (sRGB) values in 0..1 to linear light: IEC 61966-2-1."""
    low, high = display / 12.92, ((display + 0.055) / 1.055) ** 2.4
    return np.asarray(np.where(display <= 0.04045, low, high), np.float32)
