"""Numbers written into the cells of a matrix's picture, where they fit."""

import numpy as np

from weightscape.draw.block import Floats
from weightscape.draw.chart import signs
from weightscape.draw.plate import INK, ZERO, Plate, signed, text_width

LUMA = np.array([0.3, 0.6, 0.1])
# Letters in cells, in the picture's letters; numbers need letters of at least so many pixels.
LARGEST, LEGIBLE = 1.15, 7.5


def write(
    plate: Plate, matrix: Floats, left: int, top: int, cell: tuple[int, int], letter: float, largest: float
) -> None:
    """Write a matrix's numbers into its cells, which are coloured up to `largest`."""
    texts, size = written(matrix, cell, letter)
    for i, row in enumerate(texts):
        for j, text in enumerate(row):
            is_bright = float(signed(matrix[i, j], largest) @ LUMA) > 0.5
            x, y = left + (j + 0.5) * cell[0], top + (i + 0.5) * cell[1]
            plate.text(x, y, text, size, ZERO if is_bright else INK, "mm")


def written(matrix: Floats, cell: tuple[int, int], letter: float) -> tuple[list[list[str]], float]:
    """Write a matrix's numbers as they fit into cells of (width, height): texts and letter size; none that do not."""
    size = min(LARGEST * letter, 0.56 * cell[1], 0.3 * cell[0])
    if size < LEGIBLE or text_width("0.0", size) > cell[0]:
        return [], size
    for digits in (2, 1):
        texts = [[short(float(value), digits) for value in row] for row in matrix]
        if max(text_width(text, size) for row in texts for text in row) <= cell[0] - 0.3 * size:
            return texts, size
    return [], size


def short(value: float, digits: int = 2) -> str:
    """Write a number briefly: 0.91, −12.3, 4e7."""
    size = abs(value)
    places = digits if size < 10.0 else digits - 1 if size < 100.0 else 0
    return signs(f"{value:.{places}f}" if size < 9999.5 else f"{value:.0e}").replace("+", "")
