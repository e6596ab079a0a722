"""The reference orbit: every pre-activation at one point, to any number of digits, with a known error.

Ball arithmetic (Arb, by python-flint): a number is a midpoint and a radius that surely holds the truth, so the error
is proved, not hoped; where the balls get too wide the orbit starts again with more bits. The matrices are converted
once a network. How many bits are asked for: docs/perturbation.md, section 7.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from weakref import ref

import numpy as np
from flint import arb, arb_mat, ctx

from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT, Array
from weightscape.network.interrupt import check
from weightscape.network.lock import Lock
from weightscape.network.network import Matrix, Network
from weightscape.network.view import Point

# What hand-over to two floats keeps, beside the absolute error that is asked for.
RELATIVE_BITS = 70
GUARD_BITS = 24
RUNS = 8
MAX_BITS = 40_000
# Converted matrices that are kept while theirs live, in weights of about 50 bytes each: two of 512 x 512 units, 30 MB.
KEPT_WEIGHTS = 600_000

_precision_lock = Lock()  # the number of bits belongs to the whole process
_converted: "OrderedDict[int, tuple[ref[Matrix], int, arb_mat]]" = OrderedDict()


class OrbitError(Exception):
    """An orbit that no affordable number of bits can tell."""


@dataclass(frozen=True, eq=False)
class Orbit:
    """Hold pre-activations at one point, one array (units,) a layer: z = high + low, float64, clamped to +-1e24.

    `kink` is z, or in triangle layers its distance from the nearest of its kinks (the odd numbers), to full relative
    precision however small. `over`: what the clamp took off. `error`: a bound of the error of each z, before its
    rounding to two floats. `bits`: what the orbit was computed with, 53 for float64, whose error is an estimate.
    """

    high: tuple[Matrix, ...]
    low: tuple[Matrix, ...]
    kink: tuple[Matrix, ...]
    over: tuple[Matrix, ...]
    error: tuple[Matrix, ...]
    bits: int


def orbit(network: Network, inputs: Sequence[str], time: float, center: Point, tolerance_bits: int = 64) -> Orbit:
    """Compute the orbit of `center` through a network of a scene's `inputs` (not folded), time in turns.

    Each error is at most 2^-tolerance_bits, or 2^-70 |kink| where that is more. Raises OrbitError beyond 40,000 bits.
    """
    bits = tolerance_bits + GUARD_BITS + _widening(network, tolerance_bits)
    while bits <= MAX_BITS:
        with _precision_lock, ctx.workprec(bits):
            missing, made = _attempt(network, inputs, time, center, tolerance_bits, bits)
        if made:
            return made
        bits += missing + GUARD_BITS
    raise OrbitError(f"the reference orbit needs more than {MAX_BITS} bits")


def double_orbit(network: Network, inputs: Sequence[str], time: float, center: Point) -> Orbit:
    """Compute the orbit in float64, and its error from eight runs more in which every rounding falls at random.

    The error is an estimate, four times the largest deviation (stochastic arithmetic: Vignes 1993), not a proof.
    """
    with _precision_lock, ctx.workprec(128):
        fed = np.array([float(v) for v in _fed(inputs, time, center)])
    raw, rng = [], np.random.default_rng(1)
    h: Array = np.tile(fed, (1 + RUNS, 1))
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        check()
        h[1:] *= 1.0 + 2.0**-53 * rng.choice([-1.0, 1.0], (RUNS, h.shape[1]))
        z = h.astype(np.float64) @ W + b
        z[1:] *= 1.0 + 2.0**-53 * rng.choice([-1.0, 1.0], (RUNS, z.shape[1]))
        raw.append(z)
        h = ACTIVATIONS[name].function(np.clip(z, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT))
    high = tuple(np.clip(z[0], -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT) for z in raw)
    kink = tuple(
        z - nearest_kink(z) if name == "triangle" else z for z, name in zip(high, network.activations, strict=True)
    )
    over = tuple(np.clip(z[0] - c, -1e30, 1e30) for z, c in zip(raw, high, strict=True))
    error = tuple(4.0 * np.abs(z[1:] - z[0]).max(axis=0) + 2.0**-53 * np.abs(z[0]) for z in raw)
    return Orbit(high, tuple(np.zeros_like(z) for z in high), kink, over, error, 53)


def nearest_kink(z: Matrix) -> Matrix:
    """Tell the odd number nearest to z, float64; the triangle wave turns there."""
    return 2.0 * np.floor(0.5 * z) + 1.0


def _widening(network: Network, tolerance_bits: int) -> int:
    """Guess by how many bits balls widen: the geometric mean of |W|'s row sums times a typical slope, a layer.

    Too small a guess costs a second attempt, too large a one some per cent of time.
    """
    sums = [float(np.abs(W).sum(axis=0).mean()) for W in {id(W): W for W in network.weights[1:]}.values()]
    if not sums:
        return 8
    mean = math.exp(sum(math.log(max(s, 1e-6)) for s in sums) / len(sums))
    slope = 0.3 if network.activations[0] in ("tanh", "sigmoid", "softsign") else 0.7
    return max(8, math.ceil((network.layers - 1) * math.log2(max(mean * slope, 1.0))))


def _attempt(
    network: Network, inputs: Sequence[str], time: float, center: Point, tolerance_bits: int, bits: int
) -> tuple[int, Orbit | None]:
    """Run through all layers with `bits`; tell how many more are needed, or the orbit where they sufficed."""
    fed = _fed(inputs, time, center)
    h = arb_mat(len(fed), 1, fed)
    limit = arb(PREACTIVATION_LIMIT)
    rows: list[tuple[Matrix, Matrix, Matrix, Matrix]] = []
    errors = []
    for k, (W, b, name) in enumerate(zip(network.weights, network.biases, network.activations, strict=True)):
        check()
        raw = (_matrix(W) * h + arb_mat(len(b), 1, b.tolist())).entries()
        z = [limit if v > limit else -limit if v < -limit else v for v in raw]
        radius = np.array([float(v.rad()) for v in z])
        high = np.array([float(v) for v in z])
        row = _floats(z, raw, high, name)
        lacking = _lacking(radius, row[2], tolerance_bits)
        if lacking > 0:
            return lacking + network.layers - k, None
        rows.append(row)
        errors.append(radius)
        function = BALLS[name]
        h = arb_mat(len(z), 1, [function(v) for v in z])
    high_, low, kink, over = (tuple(each) for each in zip(*rows, strict=True))
    return 0, Orbit(high_, low, kink, over, tuple(errors), bits)


def _lacking(radius: Matrix, kink: Matrix, tolerance_bits: int) -> int:
    """Tell how many bits the worst of these balls lacks."""
    if not (np.isfinite(radius) & np.isfinite(kink)).all():
        return 64
    allowed = np.maximum(np.ldexp(1.0, -min(tolerance_bits, 1070)), np.ldexp(np.abs(kink), -RELATIVE_BITS))
    return math.ceil(max(float((np.log2(np.maximum(radius, 5e-324)) - np.log2(allowed)).max()), 0.0))


def _floats(z: list[arb], raw: list[arb], high: Matrix, name: str) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Hand balls over as floats: high, low, distance from the kink, excess over the clamp."""
    low = np.array([float(v - arb(h)) for v, h in zip(z, high.tolist(), strict=True)])
    kink = high
    if name == "triangle":
        kink = np.array([float(v - arb(c)) for v, c in zip(z, nearest_kink(high).tolist(), strict=True)])
    over = np.array([0.0 if v is c else min(max(float(v - c), -1e30), 1e30) for v, c in zip(raw, z, strict=True)])
    return high, low, kink, over


def _fed(inputs: Sequence[str], time: float, center: Point) -> list[arb]:
    """Compute the inputs at the centre. Time's circle is taken in float64, as everywhere (input.py)."""
    x, y = (_decimal(c) for c in center)
    turn = 2.0 * math.pi * time
    named = {"x": x, "y": y, "cos_t": arb(math.cos(turn)), "sin_t": arb(math.sin(turn))}
    if "r" in inputs:
        named["r"] = (x * x + y * y).sqrt()
    return [named[name] if name in named else arb(float(name)) for name in inputs]


def _decimal(value: Decimal) -> arb:
    return arb(str(value))


def _matrix(W: Matrix) -> arb_mat:
    """Convert a matrix (n_in, n_out), transposed, or find it again; it is forgotten with the array, whose id it has."""
    key = id(W)
    if key in _converted:
        _converted.move_to_end(key)
        return _converted[key][2]
    made = arb_mat(W.shape[1], W.shape[0], W.T.ravel().tolist())
    _converted[key] = ref(W, lambda _: _converted.pop(key, None)), W.size, made
    total = sum(size for _, size, _ in list(_converted.values()))
    while total > KEPT_WEIGHTS and len(_converted) > 1:
        total -= _converted.popitem(last=False)[1][1]
    return made


def _leaky(z: arb) -> arb:
    return z.max(arb(0.01) * z)


def _elu(z: arb) -> arb:
    return z.max(arb(0)) + z.min(arb(0)).expm1()


def _softplus(z: arb) -> arb:
    return z.max(arb(0)) + (-abs(z)).exp().log1p()


def _gelu(z: arb) -> arb:
    return z * (-z / arb(2).sqrt()).erfc() / 2


def _sigmoid(z: arb) -> arb:
    return 1 / (1 + (-z).exp())


def _triangle(z: arb) -> arb:
    """Fold z into a period, exactly, then reflect: a ball over a kink stays a ball."""
    center = 4 * round(float(z) / 4) if math.isfinite(float(z)) else 0
    u = z - center
    return (-2 - u).max(u.min(2 - u))


BALLS: dict[str, Callable[[arb], arb]] = {
    "identity": lambda z: z,
    "tanh": lambda z: z.tanh(),
    "sigmoid": _sigmoid,
    "relu": lambda z: z.max(arb(0)),
    "leaky_relu": _leaky,
    "elu": _elu,
    "softplus": _softplus,
    "gelu": _gelu,
    "silu": lambda z: z * _sigmoid(z),
    "softsign": lambda z: z / (1 + abs(z)),
    "sin": lambda z: z.sin(),
    "cos": lambda z: z.cos(),
    "gaussian": lambda z: (-z * z).exp(),
    "abs": lambda z: abs(z),
    "triangle": _triangle,
}
