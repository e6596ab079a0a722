"""Coarse to fine: in which steps a picture is painted."""

import math

from weightscape.picture.reuse import Box

# A first picture has at least this many points on its short side, whatever the network costs.
FEWEST_POINTS = 6
REFINEMENT = 4


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
