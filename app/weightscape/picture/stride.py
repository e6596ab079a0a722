"""Coarse to fine: in which steps a picture is painted."""

import math
from collections.abc import Callable, Hashable

from weightscape.picture.reuse import Box

# A first picture has at least this many points on its short side, whatever the network costs.
FEWEST_POINTS = 6
REFINEMENT = 4
# Pictures that follow each other keep their step until so many in succession take more than so many times their time,
# or until the quickest of so many had time to spare for a finer one. Where a speed is measured 30 % wrong no step comes
# and goes: 0.7 x 1.3 / 0.7 is below 1.5. Most errors are one-sided: other programs make a tile late, nothing early.
LATE, LATE_PICTURES = 1.5, 3
ROOM, ROOM_PICTURES, MOST_PATIENCE = 0.7, 10, 1000


def first_stride(size: tuple[int, int], points: int, area: int = 0) -> int:
    """Choose the step of the first pass over `area` pixels (0: all): as fine as `points` allow, never hopeless."""
    area = area or size[0] * size[1]
    largest = max(1, (min(size) - 1) // (FEWEST_POINTS - 1))
    stride = min(math.ceil(math.sqrt(area / max(points, 1))), largest)
    # Points at the edges come on top; one block too many would cost a wide network a second round.
    while stride < largest and area >= size[0] * size[1] and points_of((0, 0, *size), stride) > points:
        stride += 1
    return max(1, stride)


def strides_from(first: int) -> list[int]:
    """Tell the steps of all passes, the last of one pixel."""
    strides = [first]
    while strides[-1] > 1:
        strides.append(max(1, strides[-1] // REFINEMENT))
    return strides


def points_of(box: Box, stride: int) -> int:
    """Count the points of a box at a stride; those at the edges come on top."""
    return -(-box[2] // stride) * -(-box[3] // stride)


class SteadyStride:
    """Choose the step of pictures that follow each other quickly: the same for all, though measured speeds stray."""

    def __init__(self) -> None:
        self._stride = 0
        self._late: list[int] = []  # steps that would have been in time, of the last pictures, all of them late
        self._room: list[int] = []  # steps that there was room for
        self._patience = ROOM_PICTURES  # pictures until the next finer step: twice as many each time one was too fine
        self._cost: Hashable = None

    def choose(self, fits: Callable[[float], int], cost: Hashable) -> int:
        """Tell the next picture's step. `fits(share)` is the finest that takes that share of the time there is.

        `cost` is what a point costs: where it is another, the step changes at once.
        """
        self._stride = self._stride or fits(1.0)
        is_other, self._cost = cost != self._cost, cost
        if is_other:
            self._late, self._room, self._patience = [], [], ROOM_PICTURES
        self._late = [*self._late, fits(1.0)] if fits(LATE) > self._stride else []
        self._room.append(fits(ROOM))
        if self._late and (is_other or len(self._late) == LATE_PICTURES):
            self._stride, self._late, self._room = min(self._late), [], []
            self._patience = min(2 * self._patience, MOST_PATIENCE)
        elif is_other or len(self._room) >= self._patience:
            self._stride, self._room = min(self._stride, *self._room), []
        return self._stride
