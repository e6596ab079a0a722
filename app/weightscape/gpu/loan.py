"""A texture on loan from one context to another. No OpenGL is loaded here: engines' questions know of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Loan:
    """Hold a float32 texture of another context: its number, size and components (1 to 4), row 0 on top.

    `shape`: rows, columns and channels of what stands in its left upper corner; more channels than four are folded
    (shelf.py): point after point, or, with `column` numbers for each, of which the points are the first, channel after
    channel. Whoever reads it waits for the fence `ready` before, and gives `read` one behind what he did. Dropped,
    the texture goes back.
    """

    texture: int
    size: tuple[int, int]
    components: int
    shape: tuple[int, int, int]
    ready: int
    read: Callable[[int], object]
    column: int = 0
