"""Matrices as pictures: cells of whole pixels, or means of the numbers where there are more numbers than pixels."""

import math

import numpy as np
import numpy.typing as npt

from weightscape.draw.plate import PAPER, signed

Floats = npt.NDArray[np.float64]

# Cells from this many pixels on have gaps between them.
GAPPED = 6


def resampled(matrix: Floats, height: int, width: int) -> Floats:
    """Bring a matrix to (height, width): numbers repeated, or the means of blocks of them."""
    return _rows(_rows(matrix, height).T, width).T


def _rows(matrix: Floats, count: int) -> Floats:
    have = len(matrix)
    if have <= count:
        return matrix[np.arange(count) * have // count]
    starts = np.arange(count) * have // count
    sizes = np.diff(np.append(starts, have))
    return np.asarray(np.add.reduceat(matrix, starts, axis=0) / sizes[:, None], np.float64)


def coloured(matrix: Floats, height: int, width: int, largest: float = 0.0) -> npt.NDArray[np.float32]:
    """Colour a matrix blue and orange on (height, width) pixels, 0 dark; `largest` 0 takes its own largest number."""
    largest = largest or float(np.abs(matrix).max(initial=0.0))
    picture = np.asarray(signed(resampled(matrix, height, width), largest), np.float32)
    return gapped(picture, *matrix.shape)


def gapped(picture: npt.NDArray[np.float32], rows: int, columns: int) -> npt.NDArray[np.float32]:
    """Draw gaps between the cells of a picture of rows x columns cells, where cells are large enough."""
    for axis, count in ((0, rows), (1, columns)):
        cell = picture.shape[axis] / count
        if cell >= GAPPED:
            gap = max(round(cell / 24), 1)
            ends = (np.arange(1, count) * picture.shape[axis]) // count
            for shift in range(gap):
                np.moveaxis(picture, axis, 0)[ends - 1 - shift] = PAPER
    return picture


def side_of_image(inputs: int) -> int:
    """Tell the side of the square image that a network is fed, 0 where it is none."""
    side = math.isqrt(inputs)
    return side if side * side == inputs and side >= 8 else 0
