"""The activation functions in float64 or float32: the truth for shaders/lib/activation.glsl.

Every function is finite for |z| <= PREACTIVATION_LIMIT and relatively accurate in its tails, because networks
in their ordered phase live on small differences. Knows nothing of layers, weights or pixels.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Function = Callable[[Array], Array]

PREACTIVATION_LIMIT = 1e24

# Underflow to 0 is right everywhere here, and an overflowing exp only ever stands under a fraction bar.
_calm = np.errstate(under="ignore", over="ignore")


@dataclass(frozen=True)
class Activation:
    """Hold one activation: how to compute it and how to write it down.

    `inplace` overwrites a float32 or float64 array z with f(z) and returns it. `derivative` returns a new
    array; at a kink it takes the left side (relu 0, leaky_relu 0.01), or 0 where the sides are opposite (abs,
    triangle). `bound` is the supremum of |f|, None without one. `formula` is algebra for people, `numpy` the
    same as a Python expression of `z` (with `np`, in gelu also `math`).
    """

    name: str
    inplace: Function
    derivative: Function
    bound: float | None
    formula: str
    numpy: str

    def function(self, z: Array) -> Array:
        """Return f(z) as a new array of z's dtype, float32 or float64."""
        return self.inplace(np.array(z))


def clamp_preactivation(z: Array) -> Array:
    """Clamp z to ±PREACTIVATION_LIMIT in place and return it."""
    return np.clip(z, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT, out=z)


@_calm
def erf(x: Array) -> Array:
    """Return the error function, to 1e-15 in float64, and relatively so near 0 (Taylor series to 1/2)."""
    a = np.minimum(np.abs(x), 40)
    square, series = np.minimum(a, 0.5) ** 2, np.zeros_like(a)
    for n in range(14, -1, -1):
        series = series * square + (-1) ** n / (math.factorial(n) * (2 * n + 1))
    outer = 1 - erfcx(a) * exp_minus_square(a, 1)
    return np.copysign(np.where(a < 0.5, 2 / math.sqrt(math.pi) * a * series, outer), x)


@cache
def chebyshev(terms: int) -> list[float]:
    """Return Chebyshev coefficients in t = (x - 3.75) / (x + 3.75) of (1 + 2x) e^(x²) erfc(x).

    The substitution is Shepherd & Laframboise's (1981); 23 terms reach 1e-16, 12 terms 1e-8.
    """
    node = 2 * np.arange(32) + 1
    x = 3.75 / np.tan(node * np.pi / 128) ** 2
    fraction = x.copy()
    for n in range(500, 0, -1):  # erfc's continued fraction: e^(x²) would round too coarsely for x > 1
        fraction = x + n / 2 / fraction
    near = [math.exp(v * v) * math.erfc(v) if v < 1 else 0.0 for v in x]
    values = (1 + 2 * x) * np.where(x < 1, near, 1 / (fraction * math.sqrt(math.pi)))
    # % 128 keeps the angles small, and with them the cosines' errors.
    waves = [np.cos(node * j % 128 * np.pi / 64) for j in range(terms)]
    return [math.fsum(values * wave) / (16 if j else 32) for j, wave in enumerate(waves)]


def erfcx(x: Array) -> Array:
    """Return e^(x²) erfc(x) for x >= 0, relatively accurate."""
    first, *rest = chebyshev(23 if x.dtype == np.float64 else 12)
    t, twice, b, b1, b2 = np.array(x), np.array(x), np.empty_like(x), np.zeros_like(x), np.zeros_like(x)
    t -= 3.75
    twice += 3.75
    t /= twice
    np.multiply(t, 2, out=twice)
    for c in reversed(rest):  # Clenshaw's recurrence, three arrays in rotation
        np.multiply(twice, b1, out=b)
        b -= b2
        b += c
        b, b1, b2 = b2, b, b1
    t *= b1
    t -= b2
    t += first
    np.multiply(x, 2, out=twice)
    twice += 1
    t /= twice
    return t


def exp_minus_square(a: Array, k: float) -> Array:
    """Return e^(-k a²) for 0 <= a <= 40 in two factors: rounding a² itself would cost the tail a² ulp."""
    near, rest, total = np.array(a), np.array(a), np.array(a)  # all in place: new memory costs more than exp
    near *= 64
    np.rint(near, out=near)
    near /= 64
    rest -= near
    total += near
    rest *= total  # a² - near²
    near *= near  # exact
    for square in (near, rest):
        square *= -k
        np.exp(square, out=square)
    near *= rest
    return near


def _relu(z: Array) -> Array:
    return np.maximum(z, 0, out=z)


def _leaky_relu(z: Array) -> Array:
    np.maximum(z, 0.01 * z, out=z)
    return z


def _leaky_relu_slope(z: Array) -> Array:
    return np.where(z > 0, 1, 0.01).astype(z.dtype)


def _sigmoid(z: Array) -> Array:
    # Four passes, relatively accurate on both sides; (1 + tanh(z / 2)) / 2 has nothing left of the left tail.
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    np.divide(1, z, out=z)
    return z


def _sigmoid_slope(z: Array) -> Array:
    e: Array = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def _elu(z: Array) -> Array:
    negative = np.minimum(z, 0)
    np.maximum(z, 0, out=z)
    z += np.expm1(negative)
    return z


def _softplus(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    np.maximum(z, 0, out=z)
    z += np.log1p(e)
    return z


def _gelu(z: Array) -> Array:
    # max(0, z) - |z| Q(|z|) with the normal upper tail Q(a) = erfc(a / √2) / 2: neither side cancels.
    a = np.minimum(np.abs(z), 40)
    np.maximum(z, 0, out=z)
    z -= 0.5 * a * erfcx(a * math.sqrt(0.5)) * exp_minus_square(a, 0.5)
    return z


def _gelu_slope(z: Array) -> Array:
    a = np.minimum(np.abs(z), 40)
    left = (0.5 * erfcx(a * math.sqrt(0.5)) - a / math.sqrt(2 * math.pi)) * exp_minus_square(a, 0.5)
    return np.where(z > 0, 1 - left, left)


def _silu(z: Array) -> Array:
    z *= _sigmoid(z.copy())
    return z


def _silu_slope(z: Array) -> Array:
    return _sigmoid(z.copy()) + z * _sigmoid_slope(z)


def _softsign(z: Array) -> Array:
    z /= 1 + np.abs(z)
    return z


def _softsign_slope(z: Array) -> Array:
    return (1 / (1 + np.abs(z))) ** 2  # in this order 1e24 does not overflow float32


def _gaussian(z: Array) -> Array:
    z[...] = exp_minus_square(np.minimum(np.abs(z), 40), 1)
    return z


def _gaussian_slope(z: Array) -> Array:
    return -2 * z * exp_minus_square(np.minimum(np.abs(z), 40), 1)


def _triangle(z: Array) -> Array:
    z -= 4 * np.rint(0.25 * z)  # exact, like all that follows: now -2 <= z <= 2
    rising = np.minimum(z, 2 - z)
    np.subtract(-2, z, out=z)
    np.maximum(z, rising, out=z)
    return z


def _triangle_slope(z: Array) -> Array:
    slope: Array = np.sign(1 - np.abs(z - 4 * np.rint(0.25 * z)))
    return slope


_ELU = "np.where(z > 0, z, np.expm1(np.minimum(z, 0)))"
_GELU = "0.5 * z * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))"
_TRIANGLE = "np.abs((z % 4 + 3) % 4 - 2) - 1"

_Row = tuple[str, Function, Function, float | None, str, str]
_TABLE: tuple[_Row, ...] = (
    ("identity", lambda z: z, np.ones_like, None, "z", "z"),
    ("tanh", lambda z: np.tanh(z, out=z), lambda z: 4 * _sigmoid_slope(2 * z), 1.0, "tanh z", "np.tanh(z)"),
    ("sigmoid", _sigmoid, _sigmoid_slope, 1.0, "1 / (1 + e⁻ᶻ)", "0.5 + 0.5 * np.tanh(0.5 * z)"),
    ("relu", _relu, lambda z: (z > 0).astype(z.dtype), None, "max(0, z)", "np.maximum(0, z)"),
    ("leaky_relu", _leaky_relu, _leaky_relu_slope, None, "max(0.01 z, z)", "np.maximum(0.01 * z, z)"),
    ("elu", _elu, lambda z: np.exp(np.minimum(z, 0)), None, "z if z > 0, else eᶻ − 1", _ELU),
    ("softplus", _softplus, lambda z: _sigmoid(z.copy()), None, "log(1 + eᶻ)", "np.logaddexp(0, z)"),
    ("gelu", _gelu, _gelu_slope, None, "z/2 (1 + erf(z / √2))", _GELU),
    ("silu", _silu, _silu_slope, None, "z / (1 + e⁻ᶻ)", "0.5 * z * (1 + np.tanh(0.5 * z))"),
    ("softsign", _softsign, _softsign_slope, 1.0, "z / (1 + |z|)", "z / (1 + np.abs(z))"),
    ("sin", lambda z: np.sin(z, out=z), np.cos, 1.0, "sin z", "np.sin(z)"),
    ("cos", lambda z: np.cos(z, out=z), lambda z: -np.sin(z), 1.0, "cos z", "np.cos(z)"),
    ("gaussian", _gaussian, _gaussian_slope, 1.0, "exp(−z²)", "np.exp(-z * z)"),
    ("abs", lambda z: np.abs(z, out=z), np.sign, None, "|z|", "np.abs(z)"),
    ("triangle", _triangle, _triangle_slope, 1.0, "(2/π) asin(sin(π z / 2))", _TRIANGLE),
)

ACTIVATIONS: dict[str, Activation] = {
    name: Activation(name, _calm(inplace), _calm(derivative), bound, formula, numpy)
    for name, inplace, derivative, bound, formula, numpy in _TABLE
}
