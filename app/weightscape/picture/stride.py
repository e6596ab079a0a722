"""Coarse to fine: in which steps a picture is painted."""

import math
from collections.abc import Callable, Hashable

from weightscape.picture.reuse import Box

# A first picture has at least this many points on its short side, whatever the network costs.
FEWEST_POINTS = 6
REFINEMENT = 4
# Pictures that follow each other keep their step while each takes at most so many times its time; they get a finer one
# that takes only so much of it. Once is an accident: so many pictures in succession have to be late, or to have room.
LATE, ROOM = 1.5, 0.5
LATE_PICTURES, ROOMY_PICTURES = 3, 15


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
        self._stride = self._late = self._roomy = 0
        self._cost: Hashable = None

    def choose(self, fits: Callable[[float], int], cost: Hashable) -> int:
        """Tell the next picture's step. `fits(share)` is the finest that takes that share of the time there is.

        `cost` is what a point costs: where it is another, nothing is an accident.
        """
        if not self._stride:
            self._stride = fits(1.0)
        is_other, self._cost = cost != self._cost, cost
        self._late = self._late + 1 if fits(LATE) > self._stride else 0
        self._roomy = self._roomy + 1 if fits(ROOM) < self._stride else 0
        if self._late >= (1 if is_other else LATE_PICTURES):
            self._stride, self._late = fits(1.0), 0
        elif self._roomy >= (1 if is_other else ROOMY_PICTURES):
            self._stride, self._roomy = fits(ROOM), 0
        return self._stride
