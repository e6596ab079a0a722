"""Differences of the smooth activations as formulas of vectors, twins of deep/difference_curved.py.

Where a formula holds for some d alone, another one stands beside it, for the lanes that are far.
"""

import math

import numpy as np

from weightscape.deep.difference_curved import GELU_REACH, GELU_TERMS
from weightscape.engine.jit.activation import FURTHEST, REACH, sigmoid
from weightscape.engine.jit.code import Real
from weightscape.engine.jit.difference_kinked import Unit, moved, relu, relu_constants
from weightscape.engine.jit.formula import (
    erfcx,
    exp,
    exp_minus,
    exp_minus_square,
    expm1,
    expm1_rest,
    log1p,
    log1p_above,
    sine,
    sine_far,
    two_sum,
)
from weightscape.engine.jit.vector import Mask, Vector, larger, multiply_add, smaller, where, with_sign
from weightscape.network.network import Matrix

# Beyond this difference softplus and silu take their terms one by one; e^60 is a float.
APART = 60.0
# |d| up to which silu's series holds, and e^-|z| that is too small for a quotient.
SILU_NEAR, TINY = 0.6, 1e-30
# Differences of gaussian end here, so that their square is a float; it is 0 long before.
GAUSSIAN_END = 2e15


def elu_constants(h: Matrix, r: Matrix, e: Matrix) -> list[Matrix]:
    on = h >= 0
    right = [np.where(on, h, 0.0), np.where(on, r, 0.0), np.where(on, 0.0, APART)]
    return [h, r, e, *right, -np.expm1(np.minimum(h + r, 0.0)), *relu_constants(h, r)]


def elu(d: Vector, unit: Unit) -> Vector:
    """Compute relu's difference and that of e^min(z, 0) - 1: e^z (e^d - 1), past the kink its end, far e^b - e^z."""
    h, r, e, right_h, right_r, most, end, *of_relu = unit
    is_far = d > APART
    x = where(is_far, smaller(moved(d, h, r), 0.0), smaller((d + right_h) + right_r, most))
    m, _ = exp_minus(x, where(is_far, e, 1.0))
    return relu(d, of_relu) + smaller(where(is_far, 1.0, e) * m, end)


def softplus_constants(h: Matrix, r: Matrix, up: Matrix, down: Matrix) -> list[Matrix]:
    return [h, r, up, down, np.log1p(np.exp(-np.abs(h + r))), *relu_constants(h, r)]


def softplus(d: Vector, unit: Unit) -> Vector:
    """Compute log(1 + sigma(z) (e^d - 1)), the roles of z and b exchanged for d < 0."""
    up, down = unit[2:4]
    m, x = exp_minus(-smaller(abs(d), APART), 1.0)
    return with_sign(log1p_above(-m * up / where(d < 0.0, down + up * x, x)), d)


def softplus_far(d: Vector, unit: Unit) -> Vector:
    h, r, _, _, tail, *of_relu = unit
    return relu(d, of_relu) + (log1p(exp(-abs(moved(d, h, r)))) - tail)


def is_apart(d: Vector, unit: Unit) -> Mask:
    """Tell where |d| is too large for softplus()."""
    return abs(d) > APART


def silu_constants(h: Matrix, r: Matrix, E: Matrix, first: Matrix) -> list[Matrix]:
    low, high = E / (1.0 + E), 1.0 / (1.0 + E)
    S, side = np.where(h < 0, low, high), np.where(h < 0, -1.0, 1.0)
    return [h, r, E, first, low, S, low * high, side, np.where(E > TINY, APART, 0.0)]


def silu(d: Vector, unit: Unit) -> Vector:
    """Compute f'(z) d + z rho + d (sigma(b) - sigma(z)) for |d| <= SILU_NEAR."""
    h, _, _, first, _, S, slope, *_ = unit
    a = smaller(larger(d, -SILU_NEAR), SILU_NEAR)
    rest = expm1_rest(a)
    m = a + rest
    return first * a + (h * (slope * (rest - S * m * a)) + a * (slope * m)) / (1.0 + S * m)


def silu_far(d: Vector, unit: Unit) -> Vector:
    """Compute d sigma(min) + max (sigma(b) - sigma(z)), min and max being those of z and b."""
    h, r, E, _, low, S, _, side, known = unit
    b = moved(d, h, r)
    at_b = sigmoid(b)
    m, x = exp_minus(-smaller(abs(d), APART), 1.0)
    rise = with_sign(low * m / where(side * d < 0.0, E + x, 1.0 + E * x), d)
    rise = where(abs(d) < known, rise, at_b - S)
    is_up = d > 0.0
    return d * where(is_up, S, at_b) + where(is_up, b, h) * rise


def is_silu_far(d: Vector, unit: Unit) -> Mask:
    """Tell where |d| is too large for silu()."""
    return abs(d) > SILU_NEAR


def gelu_constants(floats: Matrix, real: Real) -> list[Matrix]:
    """Make Phi(z), Phi(-z), how far Taylor's series goes, and its coefficients, from f'(z) on.

    With phi(z + t) = phi(z) (a0 + a1 t + ...), an = -(z an-1 + an-2) / n, that of d^n is
    phi(z) (z an-1 / n + an-2 / (n - 1)).
    """
    h, r, first, tail = floats
    z, kind = h + r, real[0]
    inner = np.clip(z, -FURTHEST, FURTHEST)
    density = np.exp(-0.5 * inner * inner) / math.sqrt(2.0 * math.pi)
    a = [np.zeros_like(z), np.ones_like(z)]  # a_-1, a_0
    powers = range(2, GELU_TERMS[kind] + 4)
    for n in powers:
        a.append(-(inner * a[-1] + a[-2]) / (n - 1))
    series = [density * (inner * a[n] / n + a[n - 1] / (n - 1)) for n in powers]
    on = h > 0
    P, Q = np.where(on, 1.0 - tail, tail), np.where(on, tail, 1.0 - tail)
    return [h, r, P, Q, GELU_REACH[kind] / np.maximum(1.0, np.abs(h)), first, *series]


def gelu(d: Vector, unit: Unit) -> Vector:
    """Compute Taylor's series in d of gelu."""
    reach, *series = unit[4:]
    a = smaller(larger(d, -reach), reach)
    total = series[-1]
    for each in reversed(series[:-1]):
        total = multiply_add(total, a, each)
    return a * total


def gelu_far(d: Vector, unit: Unit) -> Vector:
    """Compute d Phi(min) + max (Phi(b) - Phi(z)), the latter between the two small tails."""
    h, r, P, Q = unit[:4]
    b = moved(d, h, r)
    tail = normal_tail(smaller(abs(b), FURTHEST))
    is_right = b > 0.0
    P_b, Q_b = where(is_right, 1.0 - tail, tail), where(is_right, tail, 1.0 - tail)
    rise = where((h > 0.0) & (h + b > 0.0), Q - Q_b, P_b - P)
    is_up = d > 0.0
    return d * where(is_up, P, P_b) + where(is_up, b, h) * rise


def is_gelu_far(d: Vector, unit: Unit) -> Mask:
    """Tell where |d| is too large for gelu()."""
    return abs(d) > unit[4]


def normal_tail(a: Vector) -> Vector:
    """Compute the normal distribution's upper tail Q(a), 0 <= a <= FURTHEST."""
    return 0.5 * erfcx(a * math.sqrt(0.5)) * exp_minus_square(a, 0.5)


def softsign_constants(h: Matrix, r: Matrix, i: Matrix) -> list[Matrix]:
    s = np.where(h < 0, -1.0, 1.0)
    return [h, r, i, s, s * (np.abs(h) * i)]


def softsign(d: Vector, unit: Unit) -> Vector:
    """Compute (d + [b and z of opposite sign] 2 b |z|) / ((1 + |z|) (1 + |b|)): s b - |b| is 0 or 2 s b, s = sign z."""
    h, r, i, s, across = unit
    b = moved(d, h, r)
    size = abs(b)
    return (d * i + (b * s - size) * across) / (1.0 + size)


def sine_difference(d: Vector, unit: Unit) -> Vector:
    """Compute 2 sin(d/2) (C cos(d/2) - S sin(d/2)) with S, C, -2 S, 2 C; cos is the same a quarter turn on."""
    return _sine_difference(*_half_way(d), unit)


def sine_difference_far(d: Vector, unit: Unit) -> Vector:
    return _sine_difference(*_half_way_far(d), unit)


def sine_slope(d: Vector, unit: Unit) -> Vector:
    """Compute C cos d - S sin d of sin(d/2) and cos(d/2), too."""
    return _sine_slope(*_half_way(d), unit)


def sine_slope_far(d: Vector, unit: Unit) -> Vector:
    return _sine_slope(*_half_way_far(d), unit)


def is_sine_far(d: Vector, unit: Unit) -> Mask:
    """Tell where |d| is too large for sine()."""
    return abs(d) > REACH[d.code.shape.real]


def _half_way(d: Vector) -> tuple[Vector, Vector]:
    """Compute sin(d/2) and cos(d/2)."""
    return sine(0.5 * d), sine(0.5 * d, 1)


def _half_way_far(d: Vector) -> tuple[Vector, Vector]:
    half = (0.5 * d).doubled()
    return sine_far(half).within(d.code), sine_far(half, 1).within(d.code)


def _sine_difference(s: Vector, c: Vector, unit: Unit) -> Vector:
    _, _, minus, plus = unit
    return s * (plus * c + minus * s)


def _sine_slope(s: Vector, c: Vector, unit: Unit) -> Vector:
    S, C, *_ = unit
    return C * (1.0 - 2.0 * s * s) - S * (2.0 * s * c)


def gaussian_constants(h: Matrix, r: Matrix, top: Matrix) -> list[Matrix]:
    return [h, r, top, 2.0 * h, 2.0 * r]


def gaussian(d: Vector, unit: Unit) -> Vector:
    """Compute G (e^tau - 1) with tau = -d (d + 2 z) <= 1."""
    return unit[2] * expm1(smaller(_tau(d, unit), 1.0))


def gaussian_uphill(d: Vector, unit: Unit) -> Vector:
    """Compute e^(-b^2) - G with b = s + e."""
    h, r, top = unit[:3]
    s, e = two_sum(h, _within_end(d))
    return exp_minus_square(smaller(abs(s), FURTHEST), 1.0) * (1.0 - 2.0 * s * (e + r)) - top


def is_uphill(d: Vector, unit: Unit) -> Mask:
    """Tell where gaussian() does not hold."""
    return _tau(d, unit) > 1.0


def _within_end(d: Vector) -> Vector:
    return smaller(larger(d, -GAUSSIAN_END), GAUSSIAN_END)


def _tau(d: Vector, unit: Unit) -> Vector:
    d = _within_end(d)
    return -d * ((d + unit[3]) + unit[4])
