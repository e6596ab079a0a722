"""Differences of activations against ball arithmetic: small, large, across kinks, saturated."""

import math
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from weightscape.deep.difference import DIFFERENCES, Array, columns, reference_floats
from weightscape.deep.orbit import BALLS, nearest_kink
from weightscape.network.activation import ACTIVATIONS

# The largest error in float32, as a part of the variation of f between z and z + d (docs/perturbation.md, section 4).
TOLERANCE = {
    "identity": 0,
    "tanh": 4e-6,
    "sigmoid": 4e-7,
    "relu": 1.2e-7,
    "leaky_relu": 2.5e-7,
    "elu": 2.5e-7,
    "softplus": 1.2e-6,
    "softsign": 4e-7,
    "silu": 1.2e-6,
    "gelu": 9e-6,
    "sin": 8e-7,
    "cos": 8e-7,
    "gaussian": 6e-7,
    "abs": 1.2e-7,
    "triangle": 2.5e-7,
}
EACH = pytest.mark.parametrize("name", DIFFERENCES)
BITS = 1200


def references() -> Array:
    rng = np.random.default_rng(5)
    near = rng.uniform(-4, 4, 20)
    return np.concatenate(
        [
            rng.uniform(-50, 50, 12),
            near,
            10 ** rng.uniform(-8, 0, 6),
            [0, 1e-20, -1e-20, 1, -1, 3, -5, 1 + 1e-12],
            np.pi / 2 * np.arange(-3, 4),
            [-1.27846454, -1.27846464, -0.75179152, 36, -36, 44.4, -44.4, 13, -13],
        ]
    )


def deltas(z: float) -> Array:
    rng = np.random.default_rng(6)
    size = 10 ** rng.uniform(-30, 2, 24)
    return np.concatenate(
        [size, -size, [-z, -2 * z, -z * (1 + 1e-6), -2 * z * (1 - 1e-6), 0.5, -0.5, 80.5, -80.5, 1e3, -1e3, 0]]
    ).astype(np.float32)


def variation(name: str, z: arb, b: arb, difference: arb) -> float:
    """Bound the total variation of f between z and b from below: |D|, and the way over extrema in between."""
    low, high = sorted((float(z), float(b)))
    turns = {"sin": (math.pi / 2, math.pi), "cos": (0, math.pi), "triangle": (1, 2)}.get(name)
    stops = {"abs": [0.0], "gaussian": [0.0], "silu": [-1.278464543], "gelu": [-0.751791524]}.get(name, [])
    if turns:
        first = math.ceil((low - turns[0]) / turns[1])
        last = math.floor((high - turns[0]) / turns[1])
        stops = [turns[0] + turns[1] * k for k in range(first, min(first + 4, last + 1))]
    inner = [arb(s) for s in stops if low < s < high]
    way = [z, *(inner if z < b else inner[::-1]), b]
    steps = [abs(BALLS[name](q) - BALLS[name](p)) for p, q in pairwise(way)]
    return float(sum(steps, arb(0)))


def floats_of(name: str, z: Array, dtype: Any) -> Any:
    kink = z - nearest_kink(z) if name == "triangle" else z
    return columns(reference_floats(name, (z, np.zeros_like(z)), kink, dtype), dtype)


def difference(name: str, z: Array, d: Array) -> Array:
    return DIFFERENCES[name].inplace(d, floats_of(name, z, d.dtype), np.empty_like(d), np.inf)


@cache
def exactly(name: str) -> list[tuple[int, float, float, arb, float]]:
    """Each of the references' deltas: place in their array, z, d, the difference and f's variation on the way."""
    found = []
    with ctx.workprec(BITS):
        ways = [(z, d) for z in references().tolist() for d in deltas(z).tolist()]
        for n, (z, d) in enumerate(ways):
            exact = BALLS[name](arb(z) + arb(d)) - BALLS[name](arb(z))
            V = variation(name, arb(z), arb(z) + arb(d), exact)
            if V > 1e-30:
                found.append((n, z, d, exact, V))
    return found


def worst_of(name: str, got: Array) -> tuple[float, float, float]:
    """The largest error of differences (references, deltas), as a part of f's variation; where: z and d."""
    assert np.isfinite(got).all()
    values = got.ravel().tolist()
    with ctx.workprec(BITS):
        return max((float(abs(arb(values[n]) - exact)) / V, z, d) for n, z, d, exact, V in exactly(name))


def part_of_float32(name: str, dtype: Any) -> float:
    """What of TOLERANCE is for numbers of another precision."""
    # In float64 f' itself, with which silu and gelu begin, is only absolutely exact near their minima.
    return 1.0 if dtype == np.float32 else 2e-7 / TOLERANCE[name] if name in ("silu", "gelu") else 2.0**-28


@EACH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_difference_is_exact_however_small(name: str, dtype: Any) -> None:
    z = references()
    got = difference(name, z, np.stack([deltas(each) for each in z]).astype(dtype))
    worst = worst_of(name, got)
    assert worst[0] <= TOLERANCE[name] * part_of_float32(name, dtype), worst


HUGE = np.array([0, 1e-300, 1e-38, 1e-20, 1, 88, 1e3, 1e9, 1e17, 1e20, 1e24])


@EACH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_difference_and_no_slope_is_ever_nan_or_infinite(name: str, dtype: Any) -> None:
    z = np.concatenate([references(), HUGE, -HUGE])
    d = np.tile(np.concatenate([HUGE, -HUGE]), (len(z), 1)).astype(dtype)
    got = difference(name, z, d.copy())
    assert np.isfinite(got).all()
    assert np.isfinite(DIFFERENCES[name].slope(d, floats_of(name, z, dtype))).all()
    bound = ACTIVATIONS[name].bound
    assert np.abs(got).max() <= (2.1e24 if bound is None else 2.001 * bound)


@EACH
def test_the_slope_is_that_of_the_activation_at_the_moved_point(name: str) -> None:
    z = np.linspace(-6.03, 6.05, 301)
    d = np.linspace(-3.01, 3.02, 40)[None].repeat(len(z), 0).astype(np.float32)
    got = DIFFERENCES[name].slope(d, floats_of(name, z, np.float32))
    np.testing.assert_allclose(got, ACTIVATIONS[name].derivative(z[:, None] + d), rtol=0, atol=3e-6)
