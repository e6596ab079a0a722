"""Differences of the piecewise linear activations as formulas of vectors, twins of deep/difference_kinked.py.

They work on scaled numbers, too: z, d and the result in units of one power of two.
"""

from collections.abc import Sequence

import numpy as np

from weightscape.deep.difference import LARGEST
from weightscape.engine.jit.activation import sign
from weightscape.engine.jit.vector import Vector, larger, rounded, smaller, where
from weightscape.network.network import Matrix

Unit = Sequence[Vector]
"""A unit's constants, each in all lanes."""


def moved(d: Vector, h: Vector, r: Vector) -> Vector:
    """Compute b = z + d."""
    return (h + d) + r


def relu_constants(h: Matrix, r: Matrix) -> list[Matrix]:
    """Make z's parts where it is below 0, and where relu's difference ends."""
    off = h < 0
    return [np.where(off, h, 0.0), np.where(off, r, 0.0), np.where(off, 0.0, -h)]


def relu(d: Vector, unit: Unit) -> Vector:
    """Compute max(d, -h) for z >= 0, max((d + h) + r, 0) for z < 0."""
    h, r, end = unit
    return larger((d + h) + r, end)


def leaky_relu(d: Vector, unit: Unit) -> Vector:
    return 0.99 * relu(d, unit) + 0.01 * d


def absolute(d: Vector, unit: Unit) -> Vector:
    """Compute max(u, -(u + 2 |z|)), u = d towards the outside."""
    s, h, r = unit
    u = s * d
    return larger(u, -((u + h) + r))


def absolute_slope(d: Vector, unit: Unit) -> Vector:
    s, h, r = unit
    return sign((s * d + 0.5 * h) + 0.5 * r) * s


def triangle_constants(floats: Matrix, period: float) -> list[Matrix]:
    """Add the period, and what is divided by it: a power of two."""
    p = np.full(floats.shape[1], min(period, 4 * LARGEST))
    return [*floats, p, 1.0 / p]


def triangle(d: Vector, unit: Unit) -> Vector:
    """Compute the triangle wave's in units of 4 / period: the branch between the kinks on either side, or past one."""
    up = unit[3]
    u, low, high = _branches(d, unit)
    return up * larger(smaller(u, high), low)


def triangle_slope(d: Vector, unit: Unit) -> Vector:
    """Compute 1 or -1, whatever the unit."""
    u, low, high = _branches(d, unit)
    return where((u > low) & (u < high), 1.0, d.like(-1.0)) * (unit[3] * unit[0])


def _branches(d: Vector, unit: Unit) -> tuple[Vector, Vector, Vector]:
    s, h, r, _, p, per_p = unit
    u = s * d
    u = u - p * rounded(u * per_p)
    return u, -((u + h) + r), ((p - u) - h) - r
