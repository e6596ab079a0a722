"""Differences f(z + d) - f(z) of the smooth activations, but for tanh and sigmoid.

Each overwrites d (units, points).
"""

import math

import numpy as np

from weightscape.model.activation import ACTIVATIONS, erfcx, exp_minus_square
from weightscape.model.difference_kinked import Array, Floats, moved, relu
from weightscape.model.network import Matrix

GELU_TERMS = 12
# References within this of 0 never leave float32's range, which saves a case.
CLOSE = 40.0


def elu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """Relu's difference and that of e^min(z, 0) - 1: e^z (e^d - 1), past the kink its end, far away e^b - e^z."""
    h, r, e, _ = (each[:, :1] for each in floats)
    if np.abs(h).max() < CLOSE:
        on = h >= 0
        np.add(d, np.where(on, h, 0), out=scratch)
        scratch += np.where(on, r, 0)
        np.minimum(scratch, np.where(on, 0, d.dtype.type(60)), out=scratch)
        np.expm1(scratch, out=scratch)
        scratch *= e
        np.minimum(scratch, -np.expm1(np.minimum(h, 0)), out=scratch)  # the kink's other side
        relu(d, floats, scratch, largest)
        d += scratch
        return d
    b = np.minimum(moved(d, floats), 0)
    near = e * np.expm1(np.clip(d, -60, 60))
    left = np.where(np.abs(d) < 60, near, np.exp(b) - e)
    rest = np.where(h < 0, np.where(b < 0, left, -np.expm1(np.minimum(h, 0))), np.expm1(b))
    relu(d, floats, scratch, largest)
    d += rest
    return d


def softplus_floats(h: Matrix, r: Matrix) -> tuple[Array, ...]:
    E = np.exp(-np.abs(h + r))
    more, less = 1.0 / (1.0 + E), E / (1.0 + E)
    return h, r, np.where(h < 0, less, more), np.where(h < 0, more, less)


def softplus(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """log(1 + sigma(z) (e^d - 1)), the roles of z and b exchanged for d < 0; beyond |d| = 60 term by term."""
    h, _, up, down = (each[:, :1] for each in floats)
    if np.abs(h).max() < CLOSE:
        return _softplus_close(d, h, np.minimum(up, down), scratch)
    x = np.exp(-np.minimum(np.abs(d), 60))
    q = -np.expm1(-np.minimum(np.abs(d), 60))
    near = np.copysign(np.log1p(up * q / np.where(d < 0, down + up * x, x)), d)
    tail = np.log1p(np.minimum(up, down) / np.maximum(up, down))
    beyond = relu(d.copy(), floats, scratch, largest) + (np.log1p(np.exp(-np.abs(moved(d, floats)))) - tail)
    d[...] = np.where(np.abs(d) <= 60, near, beyond)
    return d


def _softplus_close(d: Array, h: Array, P: Array, scratch: Array) -> Array:
    """[z < 0] u - v + log(1 + P (e^v - 1)): u = d or, for z >= 0, -d; P = sigma(-|z|); v = min(u, |z| + tail).

    With P <= 1/2 nothing cancels; beyond v the tail is below half an ulp, and what is left is linear.
    """
    off = h < 0
    d *= np.where(off, 1, -1).astype(d.dtype)
    np.minimum(d, np.abs(h) + d.dtype.type(16 if d.dtype == np.float32 else 36), out=scratch)
    d *= off
    d -= scratch
    np.expm1(scratch, out=scratch)
    scratch *= P
    np.log1p(scratch, out=scratch)
    d += scratch
    return d


def silu_floats(h: Matrix, r: Matrix) -> tuple[Array, ...]:
    return h, r, np.exp(-np.abs(h + r)), ACTIVATIONS["silu"].derivative(h + r)


def _expm1_rest(a: Array) -> Array:
    """Return e^a - 1 - a for |a| <= 0.6 by its series; terms to a^9 / 9! reach float32, to a^16 float64."""
    last = 9 if a.dtype == np.float32 else 16
    total = np.full_like(a, 1.0 / math.factorial(last))
    for n in range(last - 1, 1, -1):
        total *= a
        total += 1.0 / math.factorial(n)
    total *= a
    total *= a
    return total


def silu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """f'(z) d + z rho + d (sigma(b) - sigma(z)) near; d sigma(min) + max (sigma(b) - sigma(z)) far."""
    z, _, E, first = (each[:, :1] for each in floats)
    low = E / (1 + E)
    S, slope = np.where(z < 0, low, 1 / (1 + E)), low / (1 + E)
    a = np.clip(d, -0.6, 0.6)
    m = np.expm1(a)
    n = 1 + S * m
    near = first * a + z * (slope * (_expm1_rest(a) - S * m * a) / n) + a * slope * m / n
    if np.abs(d).max(initial=0) <= 0.6:
        d[...] = near
        return d
    b = moved(d, floats)
    at_b = ACTIVATIONS["sigmoid"].function(b)
    x, q = np.exp(-np.abs(d)), -np.expm1(-np.abs(d))
    rise = np.copysign(low * q / np.where(d * z >= 0, 1 + E * x, E + x + np.finfo(d.dtype).tiny), d)
    rise = np.where(np.abs(d) < 60, rise, at_b - S)
    far = d * np.where(d > 0, S, at_b) + np.where(d > 0, b, z) * rise
    d[...] = np.where(np.abs(d) <= 0.6, near, far)
    return d


def gelu_floats(h: Matrix, r: Matrix) -> tuple[Array, ...]:
    return h, r, ACTIVATIONS["gelu"].derivative(h + r), _tail(np.abs(h + r))


def _tail(a: Array) -> Array:
    """Return the normal distribution's upper tail Q(a), a >= 0."""
    a = np.minimum(a, 40)
    return np.asarray(0.5 * erfcx(a * a.dtype.type(0.5**0.5)) * exp_minus_square(a, 0.5))


def gelu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """Taylor's series of phi near, with f'(z) d split off; else as silu, with the smaller of the tails."""
    z, _, first, tail = floats
    x = np.clip(z, -40, 40)
    wide = np.maximum(1, np.abs(z))
    is_near = np.abs(d) * wide <= 1
    a = np.clip(d, -1 / wide, 1 / wide)
    before, now, power = np.zeros_like(a), np.ones_like(a), a
    total = np.zeros_like(a)
    for n in range(1, GELU_TERMS + 1):
        before, now = now, -(x * now + before) / n
        power = power * a
        total += now * power / (n + 1)
    density = exp_minus_square(np.abs(x), 0.5) * z.dtype.type((2 * np.pi) ** -0.5)
    near = first * a + density * (x * total + a * (a + total))
    if is_near.all():
        d[...] = near
        return d
    b = moved(d, floats)
    tail_b = _tail(np.abs(b))
    P, P_b = np.where(z > 0, 1 - tail, tail), np.where(b > 0, 1 - tail_b, tail_b)
    right = np.where(z > 0, tail, 1 - tail) - np.where(b > 0, tail_b, 1 - tail_b)
    rise = np.where((z > 0) & (z + b > 0), right, P_b - P)
    far = d * np.where(d > 0, P, P_b) + np.where(d > 0, b, z) * rise
    d[...] = np.where(is_near, near, far)
    return d


def softsign_floats(h: Matrix, r: Matrix) -> tuple[Array, ...]:
    return h, r, 1.0 / (1.0 + np.abs(h + r))


def softsign(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """(d + [b and z of opposite sign] 2 b |z|) / ((1 + |z|) (1 + |b|))."""
    z, _, i, _ = floats
    b = moved(d, floats)
    d *= i
    d += np.where((b < 0) == (z < 0), 0, b * (2 * (np.abs(z) * i)))
    np.abs(b, out=b)
    b += 1
    d /= b
    return d


def sine_floats(S: Array, C: Array) -> tuple[Array, ...]:
    return S, C, -2.0 * S, 2.0 * C


def sine(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """2 sin(d/2) (C cos(d/2) - S sin(d/2)) with floats S, C, -2S, 2C; cos is the same a quarter turn on."""
    minus, plus = floats[2:]
    d *= 0.5
    np.cos(d, out=scratch)
    scratch *= plus
    np.sin(d, out=d)
    scratch += d * minus
    d *= scratch
    return d


def sine_slope(d: Array, floats: Floats) -> Array:
    return np.asarray(floats[1] * np.cos(d) - floats[0] * np.sin(d))


def gaussian_floats(h: Matrix, r: Matrix) -> tuple[Array, ...]:
    top = np.exp(-np.square(np.minimum(np.abs(h + r), 40)))
    return np.clip(h, -1e15, 1e15), np.where(np.abs(h) < 1e15, r, 0.0), top


def gaussian(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """G (e^tau - 1) with tau = -d (d + 2 z) <= 1; uphill e^(-b^2) - G with b = s + e in two floats."""
    h, r, G, _ = floats
    np.clip(d, -2e15, 2e15, out=d)
    tau = -d * ((d + 2 * h) + 2 * r)
    s = h + d
    part = s - h
    e = (h - (s - part)) + (d - part)
    top = exp_minus_square(np.minimum(np.abs(s), 40), 1)
    top *= 1 - np.where(np.abs(s) < 40, 2 * s * (e + r), 0)
    d[...] = np.where(tau <= 1, G * np.expm1(np.minimum(tau, 1)), top - G)
    return d
