"""Differences f(z + d) - f(z) of the piecewise linear activations, and what all differences have in common.

Each overwrites d (units, points); they work on scaled numbers, too: z, d and the result in units of one power of two.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.network.network import Matrix

Array = npt.NDArray[np.floating[Any]]


class Floats(tuple[Array, Array, Array, Array]):
    """Four reference floats a unit: arrays (units, 1) or repeated (units, points), as z stands in rows, d in columns.

    What a difference makes of them, block after block the same, it makes here `once`.
    """

    _made: dict[Any, tuple[Any, ...]]

    def once(self, make: Callable[[Array, Array, Array, Array], tuple[Any, ...]]) -> tuple[Any, ...]:
        """Return make(four columns), from the second time on what it was; float columns repeated as the floats are."""
        if not hasattr(self, "_made"):
            self._made = {}
        if make not in self._made:  # threads that meet here make the same
            a, b, c, d = (each[:, :1] for each in self)
            points = self[0].shape[1]
            self._made[make] = tuple(
                np.repeat(each, points, axis=1) if getattr(each, "shape", ()) == a.shape else each
                for each in make(a, b, c, d)
            )
        return self._made[make]


LARGEST = 2.0**122  # scaled numbers end here, a period at four times that: sums of four stay float32


def moved(d: Array, floats: Floats) -> Array:
    """Return b = z + d."""
    return np.asarray((floats[0] + d) + floats[1])


def relu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """max(d, -h) for z >= 0, max((d + h) + r, 0) for z < 0, as one text for both kinds of unit."""
    h, r, end = floats.once(_relu_columns)
    d += h
    if r is not None:
        d += r
    np.maximum(d, end, out=d)
    return d


def _relu_columns(h: Array, r: Array, *_: Array) -> tuple[Any, ...]:
    off = h < 0
    return np.where(off, h, 0), np.where(off, r, 0) if r.any() else None, np.where(off, 0, -h)


def leaky_relu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    np.multiply(d, d.dtype.type(0.01), out=scratch)
    relu(d, floats, scratch, largest)
    d *= d.dtype.type(0.99)
    d += scratch
    return d


def absolute_floats(h: Matrix, r: Matrix) -> tuple[Array, ...]:
    s = np.where(h < 0, -1.0, 1.0)
    return s, 2.0 * s * h, 2.0 * s * r


def absolute(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """max(u, -(u + 2 |z|)), u = d towards the outside."""
    s, minus_h, r = floats.once(_absolute_columns)
    d *= s
    np.subtract(minus_h, d, out=scratch)
    scratch -= r
    return np.maximum(d, scratch, out=d)


def _absolute_columns(s: Array, h: Array, r: Array, _: Array) -> tuple[Any, ...]:
    return s, -h, r


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
