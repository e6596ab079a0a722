"""Differences f(z + d) - f(z) of the piecewise linear activations, and what all differences have in common.

Each overwrites d (units, points); they work on scaled numbers, too: z, d and the result in units of one power of two.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.model.network import Matrix

Array = npt.NDArray[np.floating[Any]]
Floats = tuple[Array, Array, Array, Array]
"""Four reference floats a unit: arrays (units, 1) or repeated (units, points), as z may stand in rows, d in columns."""

LARGEST = 2.0**122  # scaled numbers end here, a period at four times that: sums of four stay float32


def moved(d: Array, floats: Floats) -> Array:
    """Return b = z + d."""
    return np.asarray((floats[0] + d) + floats[1])


def relu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """max(d, -h) for z >= 0, max((d + h) + r, 0) for z < 0, as one text with columns for both kinds of unit."""
    h, r = floats[0][:, :1], floats[1][:, :1]
    off = h < 0
    d += np.where(off, h, 0)
    if r.any():
        d += np.where(off, r, 0)
    np.maximum(d, np.where(off, 0, -h), out=d)
    return d


def leaky_relu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    np.copyto(scratch, d)
    relu(d, floats, scratch, largest)
    d *= d.dtype.type(0.99)
    scratch *= d.dtype.type(0.01)
    d += scratch
    return d


def absolute_floats(h: Matrix, r: Matrix) -> tuple[Array, ...]:
    s = np.where(h < 0, -1.0, 1.0)
    return s, 2.0 * s * h, 2.0 * s * r


def absolute(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """max(u, -(u + 2 |z|)), u = d towards the outside."""
    s, h, r, _ = floats
    d *= s
    np.add(d, h, out=scratch)
    scratch += r
    np.negative(scratch, out=scratch)
    return np.maximum(d, scratch, out=d)


def triangle(d: Array, floats: Floats, scratch: Array, largest: float, period: float = 4.0) -> Array:
    """The triangle wave's, in units of 4 / period: the branch u before the next kink on either side, or past it."""
    s, h, r, sign = floats
    p = d.dtype.type(min(period, 4 * LARGEST))
    d *= s
    if largest >= 1 or period != 4:
        np.divide(d, p, out=scratch)
        scratch += d.dtype.type(0.5)
        np.floor(scratch, out=scratch)
        scratch *= p
        d -= scratch
    w = p - d
    w -= h
    w -= r
    np.add(d, h, out=scratch)
    scratch += r
    np.negative(scratch, out=scratch)
    np.minimum(d, w, out=d)
    np.maximum(d, scratch, out=d)
    d *= sign
    return d


def triangle_slope(d: Array, floats: Floats) -> Array:
    s, h, r, sign = floats
    u = s * (d - 4 * np.floor(d / 4 + d.dtype.type(0.5)))
    outside = (u > -((u + h) + r)) & (u < ((4 - u) - h) - r)
    return np.asarray(np.where(outside, 1, -1) * sign * s, d.dtype)
