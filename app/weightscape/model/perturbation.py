"""A deep view: one reference orbit, and what is done with differences from it, layer by layer (plan.py makes it).

A difference d is carried as delta = d 2^-k, with one whole k a layer for all pixels and units: a product with weights
keeps k, and every change of k is an exact multiplication. Where differences are small, a smooth activation is
delta (A + B delta); elsewhere the exact difference (difference.py) stands. Notes on perturbation, section 5.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.model.activation import ACTIVATIONS
from weightscape.model.difference import (
    DIFFERENCES,
    Array,
    columns,
    triangle,
)
from weightscape.model.network import Matrix, Tap
from weightscape.model.reference import Orbit

Advance = Callable[[Array, Array], Array]


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
        inner = DIFFERENCES[self.activation].inplace
        if self.activation == "triangle":
            inner = partial(triangle, period=self.period)
        before, after, largest, clamp = self.before, self.after, self.largest, self.clamp
        over = None if clamp is None else [each[:, None].astype(dtype) for each in clamp]

        def exact(delta: Array, scratch: Array) -> Array:
            if before != 1:
                delta *= before
            if over:
                delta += over[0]
                np.clip(delta, over[1], over[2], out=delta)
            if delta.ndim == 3 and self.activation not in SWIFT:
                for block, part in zip(delta, scratch, strict=True):
                    inner(block, floats, part, largest)
            else:
                inner(delta, floats, scratch, largest)
            if after != 1:
                delta *= after
            return delta

        return exact


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
