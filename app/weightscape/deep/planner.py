"""Planning a deep view: how precise a reference orbit, and for each layer which step and which exponent.

Probe points all over the picture are followed in float64; what they see decides (docs/perturbation.md, section 6).
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from weightscape.deep.curvature import curvature
from weightscape.deep.difference import KINKED, LARGEST, LOGISTIC, TOP, reference_floats
from weightscape.deep.orbit import Orbit, OrbitError, double_orbit, orbit
from weightscape.deep.perturbation import Perturbation, Step
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.input import Radial, fold, radial_input
from weightscape.network.interrupt import check
from weightscape.network.network import Matrix, Network
from weightscape.network.remembered import remembered
from weightscape.network.view import Point, Size, View

# Below 2^-SMALL the third order of a smooth activation is lost in rounding: of float32, of float64. Near a zero of
# f' it is so later for silu and gelu, and for gaussian in its tails.
SMALL, SMALL_WIDE, TAME_SMALL = 20, 30, 14
TAME = ("tanh", "sigmoid", "softplus", "sin", "cos")
# k follows the differences only when they have drifted by so many powers of two.
DRIFT = 16
# Exponents of the largest numbers that a plan's floats take, with room for sums.
HIGHEST, HIGHEST_WIDE = 120, 1000
# Probe points a side of the picture: what they see chooses the exponents.
PROBES = 5
# Tolerances go by so many bits, so that the views of a zoom share an orbit.
BITS_STEP = 64
# Above so many multiplications an orbit in balls is too slow for a hand on the wheel.
SLOW = 300_000
# No pixel differs from the centre by so much more than the probes do.
MARGIN = 8.0
# A z in float64 serves if it is off by no more.
DOUBLE_ERROR = 1e-10


def perturb(
    network: Network, inputs: Sequence[str], time: float, view: View, size: Size, wide: bool = False
) -> tuple[Network, Radial | None, Perturbation]:
    """Plan a view of a network of a scene's `inputs` (not folded): the network of differences, and the plan.

    The new network takes pixels from the centre, as fold() has it; its first matrix is in units of 2^-k0, its biases
    mean nothing. Of a softmax at the network's end the plan knows nothing. Raises ValueError as fold() does, OrbitError
    where no number of bits suffices.
    """
    activations, network = network.activations, network.logits
    mantissa, first = math.frexp(view.radius)
    radial = fold(network, inputs, time, view, size)[1]
    unit = View((Decimal(0), Decimal(0)), mantissa, view.angle)
    network_of_differences, _ = fold(network, inputs, time, unit, size)
    probes = _probes(size, radial)
    bits = _first_bits(network, first, wide)
    while True:
        found = _orbit(network, tuple(inputs), time, view.center, -(-bits // BITS_STEP) * BITS_STEP)
        plan = Planner(network_of_differences, found, wide).plan(probes, first, _reaches(size, radial))
        missing = _missing_bits(plan)
        if missing <= 0:
            if activations != network.activations:
                network_of_differences = replace(network_of_differences, activations=activations)
            return network_of_differences, radial, plan
        if bits > 30_000:
            raise OrbitError(f"kinks lie {missing} bits closer than the orbit tells")
        bits = max(bits, 64) + missing + 8


def _first_bits(network: Network, first: int, wide: bool) -> int:
    """Choose the orbit's first tolerance: kinks have to stand where they are to 2^-24 of the picture."""
    kinked = any(name in KINKED and name != "identity" for name in network.activations)
    return max(64 + 32 * wide, 48 + 32 * wide - first if kinked else 0)


@remembered(4)
def _orbit(network: Network, inputs: tuple[str, ...], time: float, center: Point, bits: int) -> Orbit:
    """Compute the orbit: float64 for a large network whose estimated error allows it, else in balls.

    The last few are remembered: a film that zooms at one point needs few, whatever its length.
    """
    if sum(W.size for W in network.weights) > SLOW and bits == BITS_STEP:
        made = double_orbit(network, inputs, time, center)
        if max(float(error.max()) for error in made.error) < DOUBLE_ERROR:
            return made
    return orbit(network, inputs, time, center, bits)


def _missing_bits(plan: Perturbation) -> int:
    """Tell how many bits a kinked layer lacks to place its kinks within 2^-30 of the differences there."""
    worst = 0.0
    for step, seen, kink, error in zip(plan.steps, plan.seen, plan.orbit.kink, plan.orbit.error, strict=False):
        if step.activation not in KINKED or step.activation == "identity":
            continue
        size = max(float(np.abs(seen).max()), 2.0**-100)
        allowed = np.maximum(np.ldexp(np.abs(kink), -40), np.ldexp(size, max(step.entering - 30, -1040)))
        worst = max(worst, float((np.log2(np.maximum(error, 5e-324)) - np.log2(np.maximum(allowed, 5e-324))).max()))
    return math.ceil(worst)


def _probes(size: Size, radial: Radial | None) -> Matrix:
    """Lay probe points over a picture, corners included: pixel coordinates (2 or 3, points), float64."""
    x, y = np.meshgrid(*(np.linspace(-side / 2.0, side / 2.0, PROBES) for side in size))
    rows = [x.ravel(), y.ravel()]
    if radial:
        rows.append(radial_input(radial, rows[0], rows[1]).astype(np.float64))
    return np.stack(rows)


def _reaches(size: Size, radial: Radial | None) -> Matrix:
    """Bound the inputs: pixels from the centre, a pixel more for the points of samples."""
    across, up = (side / 2.0 + 1.0 for side in size)
    return np.array([across, up] + [across + up] * (radial is not None))


class Planner:
    """Walk through the layers with the probe points' differences, and choose each layer's step and exponent."""

    def __init__(self, network: Network, found: Orbit, wide: bool) -> None:
        self._network, self._orbit, self._wide = network, found, wide
        self._dtype = np.float64 if wide else np.float32

    def plan(self, delta: Matrix, exponent: int, reaches: Matrix) -> Perturbation:
        """Plan all layers for probes `delta` (inputs, points), the first matrix's products being in 2^exponent.

        `reaches` bounds the size of each input over the whole picture.
        """
        steps, seen = [], []
        reach, unit = reaches, math.ldexp(1.0, exponent)
        with np.errstate(under="ignore", over="ignore"):
            for layer, W in enumerate(self._network.weights):
                check()
                delta = W.T @ delta
                seen.append(delta.copy())
                largest = float((np.abs(W).T @ reach).max()) * unit * (1 + 1e-6) + 1e-300
                step = self._step(layer, delta, exponent, largest)
                bound = ACTIVATIONS[step.activation].bound
                # No activation is steeper than 1.13.
                reach = np.full(W.shape[1], min(1.2 * largest, 1e30 if bound is None else 2 * bound))
                unit = 1.0
                delta = step.advance(np.float64)(delta, np.empty_like(delta)).astype(np.float64)
                step, delta = self._followed(step, delta, self._likely(seen[-1], exponent, largest))
                step = replace(step, floats=self._rounded(step.floats))
                exponent = step.leaving
                steps.append(step)
        return Perturbation(tuple(steps), self._orbit, self._wide, (*seen, delta))

    def _step(self, layer: int, delta: Matrix, k: int, bound: float) -> Step:
        """Choose the kind of step; it leaves k as it stands (near, kinked) or at 0 (exact)."""
        name, kinked = self._network.activations[layer], self._network.activations[layer] in KINKED
        largest = float(np.abs(delta).max(initial=0.0))
        small = SMALL_WIDE if self._wide else TAME_SMALL if name in TAME else SMALL
        if not kinked and (largest == 0.0 or math.frexp(largest)[1] + k < -small):
            return Step(name, False, self._near(name, layer, k), k, k)
        z = self._orbit.high[layer], self._orbit.low[layer]
        scaled = k if kinked else 0
        likely = self._likely(delta, k, bound)
        floats = reference_floats(name, z, self._orbit.kink[layer], self._dtype, scaled, likely)
        before, period = 1.0 if kinked else math.ldexp(1.0, k), math.ldexp(1.0, min(2 - scaled, 1000))
        clamp = self._clamp(layer, bound, scaled)
        return Step(name, True, floats, k, scaled, before, period=period, clamp=clamp, largest=bound)

    def _likely(self, delta: Matrix, k: int, bound: float) -> float:
        """Tell what no pixel's difference exceeds, judged by the probes."""
        return min(bound, math.ldexp(MARGIN * float(np.abs(delta).max(initial=0.0)), k))

    def _near(self, name: str, layer: int, k: int) -> Matrix:
        """Make A = f'(z) and B = 2^k f''(z) / 2 of each unit; clamped units do not move."""
        z = self._orbit.high[layer]
        second = curvature(name, z)
        A = ACTIVATIONS[name].derivative(z) + second * self._orbit.low[layer]
        moves = self._orbit.over[layer] == 0.0
        B = np.ldexp(0.5 * second, k)
        return np.stack([A * moves, B * moves, np.zeros_like(A), np.zeros_like(A)]).astype(np.float64)

    def _rounded(self, floats: Matrix) -> Matrix:
        """Round to the plan's precision, numbers below the normal ones to 0, as GPUs do."""
        rounded = floats.astype(self._dtype).astype(np.float64)
        return np.where(np.abs(rounded) < np.finfo(self._dtype).tiny, 0.0, rounded)

    def _clamp(self, layer: int, largest: float, scaled: int) -> Matrix | None:
        """Make the rows over, low and high of the clamp where any unit may come to it."""
        z, over = self._orbit.high[layer], self._orbit.over[layer]
        if largest + float(np.abs(z).max()) < PREACTIVATION_LIMIT and not over.any():
            return None
        rows = np.stack([over, -PREACTIVATION_LIMIT - z, PREACTIVATION_LIMIT - z])
        return np.clip(np.ldexp(rows, -scaled), -LARGEST, LARGEST).astype(self._dtype).astype(np.float64)

    def _followed(self, step: Step, delta: Matrix, likely: float) -> tuple[Step, Matrix]:
        """Move a step's leaving exponent to where the differences are, if they have drifted; |dz| is at most `likely`.

        What leads there stays in the range of the plan's floats: differences that are farther away vanish in rounding.
        """
        largest = float(np.abs(delta).max(initial=0.0))
        drift = math.frexp(largest)[1] if largest else 0
        if step.activation in LOGISTIC and step.exact:
            drift = max(drift, _highest(step, likely) - HIGHEST)
        elif step.exact:  # `after` has to be a float32
            drift = min(max(drift, -100), 100)
        else:
            highest = HIGHEST_WIDE if self._wide else HIGHEST
            drift = max(drift, math.frexp(float(np.abs(step.floats).max(initial=0.0)))[1] - highest)
        if abs(drift) <= DRIFT:
            return step, delta
        moved = np.ldexp(delta, -drift)
        if step.activation in LOGISTIC and step.exact:  # saturated layers leave the range of float32 inside
            floats = np.concatenate([step.floats[:3], np.ldexp(step.floats[3:], -drift)])
            held = _held(step, likely) if _highest(step, step.largest) - drift > HIGHEST else step.clamp
            return replace(step, leaving=step.leaving + drift, floats=floats, clamp=held), moved
        if step.exact:
            return replace(step, leaving=step.leaving + drift, after=math.ldexp(1.0, -drift)), moved
        return replace(step, leaving=step.leaving + drift, floats=np.ldexp(step.floats, -drift)), moved


def _held(step: Step, likely: float) -> Matrix:
    """Hold differences within what is likely, so that scaled floats cannot run over."""
    rows = np.zeros((3, step.floats.shape[1]))
    over, low, high = (rows[0], rows[1] - 1e30, rows[2] + 1e30) if step.clamp is None else step.clamp
    return np.stack([over, np.maximum(low, -likely), np.minimum(high, likely)]).astype(np.float32).astype(np.float64)


def _highest(step: Step, likely: float) -> int:
    """Bound the exponent of a logistic step's result: G e^(rate |d|)."""
    steepest = min(LOGISTIC[step.activation] * likely, TOP["f"]) / math.log(2.0)
    return math.ceil(math.log2(max(float(np.abs(step.floats[3]).max()), 1e-320)) + steepest)
