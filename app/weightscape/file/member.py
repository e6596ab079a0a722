"""One named array of a weights file: what the file says of it, and how its numbers or words are read once wanted.

Every format with names hands its arrays on as these; names, shapes and limits are judged in one place (layer_form.py).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Shape = tuple[int, ...]

MAX_NUMBERS = 4096 * 512


@dataclass(frozen=True)
class Member:
    """Hold an array's name and shape; `numbers` reads it as float64 in C order, `words` as text.

    Both raise ValueError for what is none; no memory is set aside before.
    """

    name: str
    shape: Shape
    numbers: Callable[[], Floats]
    words: Callable[[], list[str]]

    @property
    def size(self) -> int:
        """Count its numbers or words."""
        return math.prod(self.shape)


def quoted(name: str) -> str:
    """Write a member's name as it is, or, where it is long or odd, in quotes and cut off."""
    return name if name.isprintable() and len(name) <= 40 else repr(name[:40])


def check_size(name: str, shape: Shape) -> None:
    """Raise ValueError for an array of more numbers than a layer can have."""
    if math.prod(shape) > MAX_NUMBERS:
        raise ValueError(f"member {name} has shape {shape}; at most {MAX_NUMBERS} numbers are read")


def told(name: str, words: list[str]) -> Member:
    """Make a member of words that a file tells as plain text."""
    return Member(name, (len(words),), lambda: _no_numbers(name), lambda: words)


def no_words(name: str, kind: str) -> list[str]:
    """Refuse to read names of activations from numbers. Raises ValueError."""
    raise ValueError(f"member {name} holds {kind}, not names such as 'tanh'")


def _no_numbers(name: str) -> Floats:
    raise ValueError(f"member {name} holds words, not real numbers")
