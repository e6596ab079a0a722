"""Derivatives of a network by forward mode: the truth for the engines' answer "derivatives".

A tangent goes through a layer as a point does, without the bias: dz = dh W, and dh = f'(z) dz. In deep networks its
size leaves float32, so engines multiply by `shrink` once a layer and the field's scale takes that back. Beside the
differences of a deep view (perturbation.py) each layer's tangents are in a unit that is found by following a few.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from weightscape.deep.perturbation import Perturbation
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.input import Radial, radial_input
from weightscape.network.network import OUTPUTS, Matrix, Network, Tap, Values
from weightscape.network.remembered import remembered
from weightscape.network.softmax import SOFTMAX, jacobian, softmax

# Points of the picture, a side, that tell how fast tangents grow.
PROBES = 4
# A shrink is counted in so many parts of a doubling.
STEPS = 1024
# Of a plan's probe points (planner.py) every so many tell: of a square of 25, its diagonal.
EACH_PROBE = 6
# What the exponent of a factor may be, so that it and its products are float32.
LARGEST_FACTOR = 100
# Scales beyond 2^500 are held there, and engines hold tangents below 2^500: no product is infinite.
LARGEST_SCALE = 500


def fed(radial: Radial | None, px: Matrix, py: Matrix) -> tuple[Matrix, Matrix]:
    """Make the inputs of a network of pixel coordinates: points (..., n) and their tangents (..., n, 2)."""
    zero, one = np.zeros_like(px), np.ones_like(px)
    if radial is None:
        return np.stack([px, py], -1), np.stack([np.stack([one, zero], -1), np.stack([zero, one], -1)], -2)
    gx, gy = radial_slope(radial, px, py)
    points = np.stack([px, py, radial_input(radial, px, py)], -1)
    rows = np.stack([one, zero], -1), np.stack([zero, one], -1), np.stack([gx, gy], -1)
    return points, np.stack(rows, -2)


def radial_slope(radial: Radial, px: Values, py: Values) -> tuple[Values, Values]:
    """Evaluate the radial input's derivatives by px and py: the unit vector from the plane's origin; 0 there."""
    dtype = px.dtype.type
    ax = dtype(radial.origin[0]) + px / dtype(radial.length)
    ay = dtype(radial.origin[1]) + py / dtype(radial.length)
    distance = np.maximum(np.hypot(ax, ay), np.finfo(dtype).tiny)
    return ax / distance, ay / distance


def tangents(
    network: Network, points: Matrix, directions: Matrix, taps: Sequence[Tap] = OUTPUTS
) -> list[tuple[Values, Values]]:
    """Evaluate tapped values and their derivatives in float64.

    points: (..., n), directions: (..., n, d) -> for each tap values (..., units) and derivatives (..., units, d).
    Beyond the clamp of pre-activations derivatives are 0.
    """
    h: Values = points
    dh: Values = directions
    kept: dict[tuple[int, bool], tuple[Values, Values]] = {}
    for k, (W, b, name) in enumerate(zip(network.weights, network.biases, network.activations, strict=True)):
        z, dz = h @ W + b, np.einsum("...id,io->...od", dh, W)
        dz = np.where(np.abs(z)[..., None] < PREACTIVATION_LIMIT, dz, 0.0)
        z = np.clip(z, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT)
        if name == SOFTMAX:
            h = softmax(z)
            dh = jacobian(h) @ dz
        else:
            h, dh = ACTIVATIONS[name].function(z), ACTIVATIONS[name].derivative(z)[..., None] * dz
        kept[k, True], kept[k, False] = (z, dz), (h, dh)
    found = []
    for tap in taps:
        values, slopes = kept[tap.layer % network.layers, tap.before]
        units = slice(None) if tap.units is None else list(tap.units)
        found.append((values[..., units], slopes[..., units, :]))
    return found


def shrink(network: Network, radial: Radial | None, columns: int, rows: int) -> float:
    """Find by what to multiply the tangents of a picture once a layer, so that their size stays in float32's range.

    It is found by float64 tangents at a few points of the picture of `columns` x `rows` pixels.
    """
    x, y = (np.linspace(-0.5, 0.5, PROBES) * side for side in (columns, rows))
    h: Values
    dh: Values
    h, dh = fed(radial, *map(np.ravel, np.meshgrid(x, y)))
    sizes = []
    for W, b, name in zip(network.weights, network.biases, network.logits.activations, strict=True):
        z = np.clip(h @ W + b, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT)
        h = ACTIVATIONS[name].function(z)
        dh = ACTIVATIONS[name].derivative(z)[..., None] * np.einsum("...id,io->...od", dh, W)
        size = float(np.median(np.abs(dh).max((-2, -1))))
        if not size > 0.0:
            break  # flat: nothing is left to be kept in range
        sizes.append(math.log2(size))
        dh = dh / size
    mean = sum(sizes) / len(sizes) if sizes else 0.0
    return float(2.0 ** (-min(max(mean, -60.0), 60.0)))


@dataclass(frozen=True)
class Units:
    """Hold powers of two that keep tangents in range, one exponent a layer.

    `factors`: by what an engine multiplies tangents there, beside the slope (of a plan: that of
    Step.advance_with_slope, in its own unit). `before` and `after`: what those handed out before and after the
    activation count in. A plain layer shrinks what is handed out before its activation, too, so that both are in one
    unit.
    """

    factors: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]


def units(network: Network, radial: Radial | None, shrink: float, plan: Perturbation | None = None) -> Units:
    """Tell the units of a question's tangents; where there is a plan `shrink` means nothing.

    A `shrink` that is no power of two is one on the average: k layers multiply by the power of two next to shrink^k.
    """
    if plan:
        return _followed(network, radial, plan)
    steps = shrink_steps(shrink)
    totals = [(k * steps + STEPS // 2) // STEPS for k in range(network.layers + 1)]
    after = tuple(-total for total in totals[1:])
    return Units(tuple(b - a for a, b in pairwise(totals)), after, after)


def shrink_steps(shrink: float) -> int:
    """Count the whole 1/STEPS of a doubling that `shrink` is: with them shaders make the same powers of two."""
    return round(STEPS * math.log2(shrink))


def exponents(
    network: Network, radial: Radial | None, taps: Sequence[Tap], shrink: float, plan: Perturbation | None = None
) -> npt.NDArray[np.int64]:
    """Tell for each tapped unit the n of derivative = data 2^n, whole numbers, the same for both directions.

    2^n itself may be far from any float64, ln |derivative| = ln |data| + n ln 2 never is; scale() is what is left.
    """
    known = units(network, radial, shrink, plan)
    found: list[int] = []
    for tap in taps:
        layer = tap.layer % network.layers
        count = network.widths[1 + layer] if tap.units is None else len(tap.units)
        found += [(known.before if tap.before else known.after)[layer]] * count
    return np.array(found, np.int64)


def scale(powers: npt.NDArray[np.int64]) -> Matrix:
    """Raise two to whole numbers: 0 below float64, and 2^500 at the most."""
    return np.array([math.ldexp(1.0, min(int(power), LARGEST_SCALE)) for power in powers])


@remembered(4)
def _followed(network: Network, radial: Radial | None, plan: Perturbation) -> Units:
    """Follow tangents through a plan at its probe points, float64: each layer's factor brings their size back to 1."""
    middle = np.zeros(1)
    dh: Values = fed(radial, middle, middle)[1]
    now, factors, after = plan.steps[0].entering, [], []
    for W, step, seen in zip(network.weights, plan.steps, plan.seen, strict=False):
        delta = seen[:, ::EACH_PROBE].copy()
        slope = np.empty_like(delta)
        step.advance_with_slope(np.float64)(delta, slope, np.empty_like(delta))
        dh = slope.T[..., None] * np.einsum("...id,io->...od", dh, W)
        size = float(np.median(np.abs(dh).max((-2, -1))))
        factor = -math.frexp(size)[1] if size > 0.0 else step.slope_unit
        factor = min(max(factor, -LARGEST_FACTOR), LARGEST_FACTOR)
        dh = np.ldexp(dh, factor)
        now += step.slope_unit - factor
        factors.append(factor)
        after.append(now)
    return Units(tuple(factors), (plan.steps[0].entering, *after[:-1]), tuple(after))
