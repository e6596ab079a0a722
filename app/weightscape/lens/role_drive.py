"""What drives a unit: how far each of its inputs alone moves its sum, over what is seen.

A unit's sum is z = b + sum_j w_j h_j. Where h_j has the standard deviation s_j over the view, the term w_j h_j has
|w_j| s_j: an input with a large weight that is the same everywhere moves nothing.
"""

from dataclasses import dataclass

import numpy as np

from weightscape.engine.question import Field
from weightscape.network.network import Matrix
from weightscape.network.view import Size, turn
from weightscape.scene.scene import Scene

# It is measured on so many points of the short side, whatever size the picture has.
MEASURED = 48
# Of more inputs of the network, which are affine on a plane, only so many are looked at.
MOST_INPUTS = 64
# Inputs whose drives differ by less than this part of the largest are in the order of their weights, then of their
# numbers, so that all engines have one order.
ALIKE = 1e-3


@dataclass(frozen=True, eq=False)
class Drive:
    """Hold, of a unit's inputs, weights and standard deviations, (inputs,) each, and their order, strongest first."""

    weights: Matrix
    deviations: Matrix
    order: tuple[int, ...]

    @property
    def moves(self) -> Matrix:
        """Tell |w| s of each input."""
        return np.abs(self.weights) * self.deviations


def drive(weights: Matrix, field: Field) -> Drive:
    """Order a unit's inputs by |w| s: weights (inputs,), and the inputs' values over the view."""
    deviations = deviation(field)
    moves = np.abs(weights) * deviations
    rank = np.round(moves / (ALIKE * (moves.max(initial=0.0) or 1.0)))
    order = np.lexsort((np.arange(len(weights)), -np.abs(weights), -rank))
    return Drive(weights, deviations, tuple(order.tolist()))


def deviation(field: Field) -> Matrix:
    """Tell each channel's standard deviation over all points: (channels,), exact also where values are tiny."""
    data = np.asarray(field.data, np.float64).reshape(-1, field.data.shape[-1])
    away = data - data[0]  # of what is the same everywhere exactly 0
    away -= away.mean(0)
    largest = np.abs(away).max(0)
    unit = np.where(largest > 0.0, largest, 1.0)  # squares of a deep zoom's differences are none
    return np.asarray(np.sqrt(np.square(away / unit).mean(0)) * largest * np.abs(field.scale), np.float64)


def measured_size(size: Size) -> Size:
    """Tell the size of the grid that is measured, in the aspect of a picture of `size`."""
    part = min(MEASURED / min(size), 1.0)
    return max(round(part * size[0]), 1), max(round(part * size[1]), 1)


def candidates(scene: Scene, weights: Matrix, size: Size) -> tuple[int, ...]:
    """Choose the network's inputs that may drive a unit of its first layer: all, or of very many the strongest."""
    if len(weights) <= MOST_INPUTS:
        return tuple(range(len(weights)))
    (c, s), u, v = turn(scene.view), np.array(scene.u), np.array(scene.v)
    # Over a rectangle an affine function's variance is that along its sides.
    moves = np.abs(weights) * np.hypot((c * u + s * v) * size[0], (c * v - s * u) * size[1])
    return tuple(sorted(np.argsort(-moves, kind="stable")[:MOST_INPUTS].tolist()))
