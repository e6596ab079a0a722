"""Colour tables as short text, to the byte: how their steps change from colour to colour.

A table is smooth: its second differences are hardly ever beyond -1..1. Twin of page/script/palette.js.
"""

import numpy as np
import numpy.typing as npt

# Of red, green and blue, as digits 0..2 of a number: what is added to the step before, less 1.
DIGITS = 9, 3, 1
FIRST = "A"


def bends(table: npt.NDArray[np.uint8]) -> str:
    """Write colours (n, 3): a letter for each whose step differs by at most 1 from the step before, else "r,g,b;".

    The first step is the first colour itself.
    """
    given = np.vstack([np.zeros((2, 3), np.int64), table])
    return "".join(_bend(*map(int, row)) for row in np.diff(given, 2, axis=0))


def _bend(*bend: int) -> str:
    if max(map(abs, bend)) > 1:
        return f"{','.join(map(str, bend))};"
    return chr(ord(FIRST) + sum(digit * (part + 1) for digit, part in zip(DIGITS, bend, strict=True)))
