"""Differences f(z + d) - f(z) of the smooth activations, but for tanh and sigmoid.

Each overwrites d (units, points).
"""

import math
from typing import Any

import numpy as np

from weightscape.deep.difference_kinked import Array, Floats, moved, relu
from weightscape.network.activation import ACTIVATIONS, erfcx, exp_minus_square
from weightscape.network.network import Matrix

# How far Taylor's series goes, |d| max(1, |z|) at most, and its terms: 1e-7 in float32, 1e-16 in float64.
GELU_REACH, GELU_TERMS = {"f": 1.0, "d": 0.5}, {"f": 12, "d": 20}
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
    """Return e^a - 1 - a for |a| <= 0.8 by its series; terms to a^9 / 9! reach float32, to a^16 float64."""
    last = 9 if a.dtype == np.float32 else 16
    total = np.full_like(a, 1.0 / math.factorial(last))
    for n in range(last - 1, 1, -1):
        total *= a
        total += 1.0 / math.factorial(n)
    total *= a
    total *= a
    return total


def silu(d: Array, floats: Floats, scratch: Array, largest: float) -> Array:
    """(d (S + [z < 0] P m) - |z| sigma'(z) m) / (1 + P m) with S = sigma(z), P = sigma(-|z|), m = e^(+-d) - 1.

    Its two terms cancel where f' = 0 and, for z < 0, where d is large: those go other ways, each point for itself,
    since a point's value should not depend on the block it stands in.
    """
    reach, turning, side, S, P, up, pull = floats.once(_silu_columns)
    far = turning[:0]
    if max(d.max(), -d.min()) > reach.min():
        far = np.flatnonzero(np.maximum(d.max(axis=1), -d.min(axis=1)) > reach)
    large = d[far]
    is_large = np.abs(large) > reach[far, None]
    d[far] = np.where(is_large, 0, large)
    small = d[turning]
    m = np.multiply(d, side, out=scratch)
    np.expm1(m, out=m)
    part = m * up
    part += S
    d *= part
    d += np.multiply(m, pull, out=part)
    m *= P
    m += 1
    d /= m
    if len(turning):
        d[turning] = _silu_turning(small, d[turning], *(each[turning, :1] for each in (P, pull, floats[3])))
    if len(far):
        d[far] = np.where(is_large, _silu_anywhere(large.copy(), Floats(each[far] for each in floats)), d[far])
    return d


def _silu_columns(h: Array, r: Array, E: Array, first: Array) -> tuple[Any, ...]:
    """Make what silu() needs: how large |d| may be, the units near the zero of f', and factors."""
    P, on, turning = E / (1 + E), h >= 0, np.flatnonzero((h > -3) & (h < -0.4))
    reach = np.where(on, CLOSE, 6)[:, 0] * (np.abs(h[:, 0]) < CLOSE)
    side, up = np.where(on, -1, 1).astype(h.dtype), np.where(on, 0, P)
    return reach, turning, side, np.where(on, 1 / (1 + E), P), P, up, -np.abs(h) * P / (1 + E)


def _silu_turning(d: Array, far: Array, P: Array, pull: Array, first: Array) -> Array:
    """(f'(z) d + P d m - |z| sigma'(z) (m - d)) / (1 + P m) where |d| <= 0.8, else `far`; z < 0."""
    m = np.expm1(d)
    m *= P
    near = _expm1_rest(d)
    near *= pull
    near += d * (m + first)
    m += 1
    near /= m
    np.putmask(near, np.abs(d) > 0.8, far)  # half of np.copyto's time
    return near


def _silu_anywhere(d: Array, floats: Floats) -> Array:
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
    x, kind = np.clip(z, -40, 40), d.dtype.char
    reach = d.dtype.type(GELU_REACH[kind]) / np.maximum(1, np.abs(z))
    is_near = np.abs(d) <= reach
    a = np.clip(d, -reach, reach)
    before, now, power = np.zeros_like(a), np.ones_like(a), a
    total = np.zeros_like(a)
    for n in range(1, GELU_TERMS[kind] + 1):
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
    """(d + [b and z of opposite sign] 2 b |z|) / ((1 + |z|) (1 + |b|)).

    With s = sign z, s b - |b| is 0 or, where they are, 2 s b.
    """
    h, r, i, _ = floats
    s, across = floats.once(_softsign_columns)
    b = np.add(d, h, out=scratch)
    b += r
    size = np.abs(b)
    b *= s
    b -= size
    b *= across
    d *= i
    d += b
    size += 1
    d /= size
    return d


def _softsign_columns(h: Array, r: Array, i: Array, _: Array) -> tuple[Any, ...]:
    s = np.where(h < 0, -1, 1).astype(h.dtype)
    return s, s * (np.abs(h) * i)


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
    G = floats[2]
    twice_h, twice_r = floats.once(_gaussian_columns)
    if largest > 2e15:
        np.clip(d, -2e15, 2e15, out=d)
    np.add(d, twice_h, out=scratch)
    scratch += twice_r
    scratch *= d
    np.negative(scratch, out=scratch)
    uphill = scratch > 1
    if not uphill.any():
        np.expm1(scratch, out=d)
        d *= G
        return d
    top = _bell(d, floats)
    top -= G
    np.clip(scratch, -1000, 1, out=scratch)
    np.expm1(scratch, out=d)
    d *= G
    np.putmask(d, uphill, top)
    return d


def _gaussian_columns(h: Array, r: Array, *_: Array) -> tuple[Any, ...]:
    return 2 * h, 2 * r


def _bell(d: Array, floats: Floats) -> Array:
    """Return e^(-b^2), b = z + d as s + e."""
    h, r = floats[:2]
    s = h + d
    part = s - h
    e = d - part
    np.subtract(s, part, out=part)
    np.subtract(h, part, out=part)
    e += part
    e += r
    e *= s
    e *= -2
    e += 1
    np.clip(s, -40, 40, out=s)  # e^-1600 is 0
    top = exp_minus_square(s, 1)
    top *= e
    return top
