"""A deep view: one reference orbit, and what is done with differences from it, layer by layer (planner.py makes it).

A difference d is carried as delta = d 2^-k, with one whole k a layer for all pixels and units: a product with weights
keeps k, and every change of k is an exact multiplication. Where differences are small, a smooth activation is
delta (A + B delta); elsewhere the exact difference (difference.py) stands. See docs/perturbation.md, section 5.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.deep.difference import DIFFERENCES, LARGEST, LOGISTIC, Array, columns, triangle
from weightscape.deep.difference_kinked import Floats
from weightscape.deep.orbit import Orbit
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Matrix, Tap

Advance = Callable[[Array, Array], Array]
Differentiate = Callable[[Array, Array, Array], None]
# No activation is steeper.
SLOPE = 1.13


@dataclass(frozen=True, eq=False)
class Step:
    """Say what stands in place of one layer's activation: dz 2^-entering -> dh 2^-leaving, for each unit and pixel.

    exact:  delta *= before; delta = clip(delta + clamp[0], clamp[1], clamp[2]) if there is a clamp;
            delta = difference(activation)(delta, floats) with the triangle's period `period`; delta *= after.
    near:   delta *= floats[0] + floats[1] delta.
    `floats`: (4, units), `clamp`: (3, units) or None, float64 but representable in the plan's precision. `before`
    and `after` are exact powers of two. `largest`: a bound of |dz|, unscaled, over the picture and a pixel more.
    """

    activation: str
    exact: bool
    floats: Matrix
    entering: int
    leaving: int
    before: float = 1.0
    after: float = 1.0
    period: float = 4.0
    clamp: Matrix | None = None
    largest: float = math.inf

    def advance(self, dtype: npt.DTypeLike, points: int = 1) -> Advance:
        """Make the function that overwrites delta (..., units, points) of `dtype`, given scratch of its shape.

        `points` other than 1 must be delta's own; it is quicker then.
        """
        floats = columns(self.floats, dtype, points)
        A, B = floats[:2]
        if not self.exact:
            return _near(A, B) if B.any() else lambda delta, _: np.multiply(delta, A, out=delta)
        enter, inner, after = self._enter(dtype), self._inner(floats), self.after

        def exact(delta: Array, scratch: Array) -> Array:
            enter(delta)
            inner(delta, scratch)
            if after != 1:
                delta *= after
            return delta

        return exact

    def advance_with_slope(self, dtype: npt.DTypeLike, points: int = 1) -> Differentiate:
        """Make the function that advances delta and overwrites slope, f'(z + dz) in units of 2^slope_unit.

        It takes delta, slope and scratch, of one shape all.
        """
        floats = columns(self.floats, dtype, points)
        if not self.exact:
            return _near_with_slope(*floats[:2])
        enter, inner, slope_of, after = self._enter(dtype), self._inner(floats), self._slope(), self.after

        def exact(delta: Array, slope: Array, scratch: Array) -> None:
            enter(delta)
            for d, s in zip(delta, slope, strict=True) if delta.ndim == 3 else [(delta, slope)]:
                s[...] = slope_of(d, floats)
            inner(delta, scratch)
            if after != 1:
                delta *= after

        return exact

    @property
    def slope_unit(self) -> int:
        """Tell the power of two that slopes are in: not 0 where reference floats are scaled, as in saturated layers."""
        if self.exact and self.activation not in LOGISTIC:
            return 0
        return self.leaving - (0 if self.exact else self.entering)

    @property
    def steepest(self) -> float:
        """Bound slopes, in their unit."""
        if self.exact:
            return math.ldexp(SLOPE, min(-self.slope_unit, 1000))
        A, B = np.abs(self.floats[:2])  # |delta B| is at most what it is where dz is 1
        return float((A + np.ldexp(B, 1 - self.entering)).max(initial=0.0))

    def outside(self, dtype: npt.DTypeLike) -> Callable[[Array], npt.NDArray[np.bool_]] | None:
        """Make the function that tells where delta is beyond the clamp of pre-activations; None where it cannot be."""
        if self.clamp is None or not self.exact:
            return None
        over, low, high = (each[:, None].astype(dtype) for each in self.clamp)

        def is_outside(delta: Array) -> npt.NDArray[np.bool_]:
            moved = delta * self.before + over
            return np.asarray((moved <= low) | (moved >= high))

        return is_outside

    @property
    def threshold(self) -> Matrix:
        """Tell beyond which difference each unit of a layer of two straight pieces (pattern.py) is on: delta > it."""
        h, r = self.floats[:2]
        if self.activation == "abs":
            h, r = self.floats[0] * self.floats[1] / 2, self.floats[0] * self.floats[2] / 2
        return np.asarray(-(h + r) - (0.0 if self.clamp is None else self.clamp[0]))

    def _enter(self, dtype: npt.DTypeLike) -> Callable[[Array], None]:
        before, clamp = self.before, self.clamp
        over = None if clamp is None else [each[:, None].astype(dtype) for each in clamp]

        def enter(delta: Array) -> None:
            if before != 1:
                delta *= before
            if over:
                delta += over[0]
                np.clip(delta, over[1], over[2], out=delta)

        return enter

    def _inner(self, floats: Floats) -> Callable[[Array, Array], None]:
        inner = DIFFERENCES[self.activation].inplace
        if self.activation == "triangle":
            inner = partial(triangle, period=self.period)
        largest, is_swift = self.largest, self.activation in SWIFT

        def each(delta: Array, scratch: Array) -> None:
            if delta.ndim == 3 and not is_swift:
                for block, part in zip(delta, scratch, strict=True):
                    inner(block, floats, part, largest)
            else:
                inner(delta, floats, scratch, largest)

        return each

    def _slope(self) -> Callable[[Array, Floats], Array]:
        if self.activation == "triangle":
            return partial(_triangle_slope, period=self.period)
        return DIFFERENCES[self.activation].slope


@dataclass(frozen=True, eq=False)
class Perturbation:
    """Hold the plan of a view: a step a layer, the orbit, and what the probe points saw.

    `wide`: differences are to be carried in float64. `seen`: of each layer the probes' dz (units, probes) in units of
    2^entering, float64; last the outputs' in units of the last 2^leaving.
    """

    steps: tuple[Step, ...]
    orbit: Orbit
    wide: bool
    seen: tuple[Matrix, ...]

    def offset(self, taps: Sequence[Tap]) -> Matrix:
        """Tell the tapped values at the centre, float64, one a channel."""
        return np.concatenate([self._reference(tap)[_units(tap)] for tap in taps])

    def scale(self, taps: Sequence[Tap]) -> Matrix:
        """Tell by what a tapped difference is to be multiplied: a power of two for each channel."""
        powers = []
        for tap in taps:
            step, count = self.steps[tap.layer], len(self._reference(tap)[_units(tap)])
            powers += [math.ldexp(1.0, step.entering if tap.before else step.leaving)] * count
        return np.array(powers)

    def _reference(self, tap: Tap) -> Matrix:
        z = self.orbit.high[tap.layer]
        return z if tap.before else ACTIVATIONS[self.steps[tap.layer].activation].function(z).astype(np.float64)


# Those that need no memory of their own; the others take a stack's blocks one by one, to stay in cache.
SWIFT = ("identity", "tanh", "sigmoid", "relu", "leaky_relu", "sin", "cos", "abs")


def _units(tap: Tap) -> Any:
    return slice(None) if tap.units is None else list(tap.units)


def _near(A: Array, B: Array) -> Advance:
    def near(delta: Array, scratch: Array) -> Array:
        np.multiply(delta, B, out=scratch)
        scratch += A
        delta *= scratch
        return delta

    return near


def _near_with_slope(A: Array, B: Array) -> Differentiate:
    def near(delta: Array, slope: Array, scratch: Array) -> None:
        np.multiply(delta, B, out=scratch)
        np.add(scratch, A, out=slope)
        delta *= slope
        slope += scratch

    return near


def _triangle_slope(d: Array, floats: Floats, period: float) -> Array:
    """The triangle wave's slope, in units of 4 / period as its difference is: 1 or -1, whatever the unit."""
    s, h, r, sign = floats
    p = d.dtype.type(min(period, 4 * LARGEST))
    u = s * d
    u -= p * np.floor(u / p + d.dtype.type(0.5))
    is_outside = (u > -((u + h) + r)) & (u < ((p - u) - h) - r)
    return np.asarray(np.where(is_outside, 1, -1) * sign * s, d.dtype)
