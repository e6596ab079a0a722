"""Differences f(z + d) - f(z) of every activation, exact however small d is: the truth for difference.glsl.

Each needs at most four reference floats a unit, made of z in float64 or better, and d; the same text works in float32
and float64. Formulas: docs/perturbation.md, section 3; their errors: section 4. The functions of `KINKED`
are piecewise linear, so that they work on scaled numbers, too: with z, d and the result all in units of 2^exponent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.deep import difference_curved as curved
from weightscape.deep import difference_kinked as kinked
from weightscape.deep.difference_kinked import LARGEST as LARGEST
from weightscape.deep.difference_kinked import Array as Array
from weightscape.deep.difference_kinked import Floats, moved
from weightscape.deep.difference_kinked import triangle as triangle
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Matrix

# Rates of the activations height x sigma(rate z); the last of their floats is a factor of the result.
LOGISTIC = {"tanh": 2.0, "sigmoid": 1.0}
KINKED = ("identity", "relu", "leaky_relu", "abs", "triangle")
# e^88 is still a float32, e^350 times itself a float64.
TOP = {"f": 88.0, "d": 350.0}
# Beyond this exponent e^-x runs out of float32 before its counterpart has come back; from there on the reference
# counts from SHIFT instead of 0.
FAR, SHIFT = 70.0, 30.0
_calm = np.errstate(under="ignore", over="ignore", divide="ignore")


@dataclass(frozen=True)
class Difference:
    """Hold one activation's difference.

    `floats(h, r)` makes the reference floats of z = h + r, a pair in the precision to come; of triangle, z is the
    distance from the nearest kink and `rising` (z's side where the kink is a minimum) comes from `sign`.
    `inplace(d, floats, scratch, largest)` overwrites d (units, points) with f(z + d) - f(z); scratch has d's shape,
    `largest` is a bound of |d|, infinite where there is none.
    `slope(d, floats)` returns f'(z + d) as a new array.
    """

    name: str
    floats: Callable[..., tuple[Array, ...]]
    inplace: Callable[[Array, Floats, Array, float], Array]
    slope: Callable[[Array, Floats], Array]


@_calm
def reference_floats(
    name: str, z: tuple[Matrix, Matrix], kink: Matrix, dtype: npt.DTypeLike, exponent: int = 0, largest: float = np.inf
) -> Matrix:
    """Make the reference floats of a layer for differences up to `largest`: (4, units), float64.

    They are to be rounded to `dtype`, in which z's high and low part are split anew.

    `z`: high and low part; `kink`: z to full relative precision, of triangle the distance from its nearest kink.
    `exponent` other than 0 is for KINKED alone: numbers in units of 2^exponent.
    """
    high, low = (kink, np.zeros_like(kink)) if name == "triangle" else z
    if name in KINKED:
        high = np.clip(np.ldexp(np.where(high == 0, kink, high), -exponent), -LARGEST, LARGEST)
        low = np.where(np.abs(high) < LARGEST, np.ldexp(low, -exponent), 0.0)
    h = high.astype(dtype).astype(np.float64)
    make = DIFFERENCES[name].floats
    if name in LOGISTIC:
        make = partial(make, most=LOGISTIC[name] * largest)
    made = list(make(h, (high - h) + low))
    if name == "triangle":
        made[3] = np.where(np.rint(z[0] - kink) % 4 == 1, -1.0, 1.0)
    full = [np.broadcast_to(each, high.shape) for each in (*made, *[np.zeros(1)] * (4 - len(made)))]
    return np.stack(full).astype(np.float64)


def columns(floats: Matrix, dtype: npt.DTypeLike, points: int = 1) -> Floats:
    """Stand reference floats (4, units) in columns (units, points) of `dtype`: NumPy is twice as fast on full ones."""
    return Floats(
        np.repeat(each[:, None].astype(dtype), points if i < 2 or each.any() else 1, axis=1)
        for i, each in enumerate(floats)
    )


def _logistic(rate: float, height: float) -> tuple[Any, Any, Any]:
    """Make floats, difference and slope of height x sigma(rate z): tanh and sigmoid.

    With s = sign z, P = sigma(-rate |z|), G = s height P (1 - P), u = -s rate d and m = e^u - 1:
    D = -G m / (1 + P m) = -G / (1 / m + P), an identity without cancellation. Units far out count u from -shift, so
    that P e^shift stays a float32; not where |u| <= `most` never leaves it, so that G may be scaled instead.
    """

    def floats(h: Matrix, r: Matrix, most: float = np.inf) -> tuple[Matrix, ...]:
        a = np.abs(rate * (h + r))
        far = (a > FAR) & (most > TOP["f"])
        s, shift = np.where(h < 0, -1.0, 1.0), np.where(far, np.minimum(a - SHIFT, most - 2 * SHIFT), 0.0)
        P = np.where(far, np.exp(-np.maximum(SHIFT, a - shift)), np.exp(-a) / (1.0 + np.exp(-a)))
        return -s * rate, shift, P, -s * height * P * np.where(far, 1.0, 1.0 - P)

    def inplace(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
        rate, shift, P, G = floats
        (far,) = floats.once(_is_shifted)
        d *= rate
        if far:
            d -= shift
        top = TOP[d.dtype.char]
        if far or abs(rate.flat[0]) * largest > top:
            np.clip(d, -8 * top, top, out=d)  # a third of np.minimum's time
        if far:  # m e^-shift: where u moves little, too, what z itself has must come off
            d[...] = np.where(shift > 0, np.exp(d) - np.exp(-shift), np.expm1(d))
        else:
            np.expm1(d, out=d)
        np.divide(1, d, out=d)  # of d = 0 infinity, which leads back to 0
        d += P
        return np.divide(G, d, out=d)

    def slope(d: Array, floats: Floats) -> Array:
        rate, shift, P, G = floats
        y = np.exp(np.minimum(d * rate - shift, d.dtype.type(TOP[d.dtype.char])))
        n = 1 / ((1 - P) + P * y)
        return np.asarray(G * rate * (y * n) * n)

    return floats, inplace, slope


def _is_shifted(rate: Array, shift: Array, *_: Array) -> tuple[Any, ...]:
    return (bool(shift.any()),)


def _pair(h: Matrix, r: Matrix) -> tuple[Matrix, ...]:
    return h, r


def _slope_of_sum(name: str) -> Callable[[Array, Floats], Array]:
    return lambda d, floats: ACTIVATIONS[name].derivative(moved(d, floats))


def _identity(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    return d


_TABLE: tuple[tuple[str, Any, Any, Any], ...] = (
    ("identity", _pair, _identity, _slope_of_sum("identity")),
    ("tanh", *_logistic(2.0, 2.0)),
    ("sigmoid", *_logistic(1.0, 1.0)),
    ("relu", _pair, kinked.relu, _slope_of_sum("relu")),
    ("leaky_relu", _pair, kinked.leaky_relu, _slope_of_sum("leaky_relu")),
    ("elu", lambda h, r: (h, r, np.exp(np.minimum(h + r, 0))), curved.elu, _slope_of_sum("elu")),
    ("softplus", curved.softplus_floats, curved.softplus, _slope_of_sum("softplus")),
    ("gelu", curved.gelu_floats, curved.gelu, _slope_of_sum("gelu")),
    ("silu", curved.silu_floats, curved.silu, _slope_of_sum("silu")),
    ("softsign", curved.softsign_floats, curved.softsign, _slope_of_sum("softsign")),
    ("sin", lambda h, r: curved.sine_floats(np.sin(h + r), np.cos(h + r)), curved.sine, curved.sine_slope),
    ("cos", lambda h, r: curved.sine_floats(np.cos(h + r), -np.sin(h + r)), curved.sine, curved.sine_slope),
    ("gaussian", curved.gaussian_floats, curved.gaussian, _slope_of_sum("gaussian")),
    ("abs", kinked.absolute_floats, kinked.absolute, lambda d, f: np.sign(((d * f[0] + f[1] / 2) + f[2] / 2) * f[0])),
    ("triangle", lambda h, r: (*kinked.absolute_floats(h, r), np.ones_like(h)), triangle, kinked.triangle_slope),
)

DIFFERENCES: dict[str, Difference] = {
    name: Difference(name, floats, _calm(inplace), _calm(slope)) for name, floats, inplace, slope in _TABLE
}
