"""Values and their derivatives with NumPy: tangents stand beside the points, and share their matrix products.

Of each buffer (3, blocks, units, points) the first third are values, the second and third the derivatives by x and y.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from weightscape.deep.perturbation import SLOPE, Differentiate
from weightscape.deep.tangent import exponents, scale, units
from weightscape.engine.processor.numpy_block import Lattice, Three, Walk, block_size, hand_out, places
from weightscape.engine.processor.numpy_layer import Layer, Ready, full_points, layers
from weightscape.engine.question import Field, Question, Values
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT, Array, clamp_preactivation

Outside = Callable[[Values], np.ndarray[Any, np.dtype[np.bool_]]]
# Tangents are held below these, and slopes of deep views below STEEPEST, so that nothing is ever infinite: at a pixel
# they may be far above what the probe points saw.
LARGEST = {"f": 2.0**126, "d": 2.0**500}
STEEPEST = 2.0**60


@dataclass(frozen=True)
class Slope:
    """Hold how a layer activates: `differentiate(z, slope, scratch)` overwrites z, and slope, which lacks `factor`.

    With it slopes are at most `steepest`; `outside(z)` tells what is beyond the clamp, None where nothing can be. By
    `early` tangents are multiplied that are handed out before the activation.
    """

    differentiate: Differentiate
    factor: float
    steepest: float
    outside: Outside | None
    early: float = 1.0


@dataclass(frozen=True)
class TangentLayer:
    """Hold one step: multiply, silence what is beyond the clamp, hold tangents, activate, multiply by the slope."""

    matrix: Values
    slope: Slope
    hold: float


def differentiation(question: Question, matrices: list[Ready]) -> Walk:
    """Make the function that evaluates tapped values and their derivatives."""
    made, taps, n_values = tangent_layers(question, matrices), places(question), question.channels // 3

    def walk(lattice: Lattice, first: int, out: Values, three: Three, cancelled: Callable[[], bool]) -> None:
        h, z, scratch = three
        n = lattice.write(h[0], first)
        lattice.write_tangents(h)
        parts = [out[:, n_values * part :] for part in range(3)]
        for k, layer in enumerate(made):
            if cancelled():
                return
            h[0, :, n], h[1:, :, n] = 1.0, 0.0
            n_out, columns = layer.matrix.shape
            active, slope = z[:, :, :n_out], scratch[1, :, :n_out]
            np.matmul(layer.matrix, h[:, :, :columns], out=active)
            _bound(active, layer)
            _hand_out(active, taps.get((k, True), ()), parts, layer.slope.early)
            _differentiate(layer.slope, active[0], slope, scratch[0, :, :n_out])
            active[1:] *= slope
            _hand_out(active, taps.get((k, False), ()), parts, 1.0)
            h, z, n = z, h, n_out

    return walk


def differentiated(question: Question, data: Values) -> Field:
    """Wrap values and derivatives: each tangent's scale is that of deep/tangent.py."""
    plan, count = question.perturbation, question.channels // 3
    offset = plan.offset(question.taps) if plan else np.zeros(count)
    of_values = plan.scale(question.taps) if plan else np.ones(count)
    of_tangents = scale(exponents(question.network, question.radial, question.taps, question.shrink, plan))
    return Field(data, np.append(offset, np.zeros(2 * count)), np.concatenate([of_values, of_tangents, of_tangents]))


def tangent_layers(question: Question, matrices: list[Ready]) -> list[TangentLayer]:
    """Make a question's layers of its matrices."""
    made, reach, largest = [], 1.0, LARGEST[matrices[0].matrix.dtype.char]
    spreads = [*(max(now.slope, 1.0) for now in matrices[1:]), 1.0]
    for now, spread, slope in zip(matrices, spreads, _slopes(question, matrices), strict=True):
        # Neither what the slope makes of a tangent may overflow, nor what the next matrix makes of that.
        most, reach = largest / (max(min(slope.steepest, STEEPEST), 1.0) * spread), reach * now.slope
        made.append(TangentLayer(now.matrix, slope, most if reach > most else np.inf))
        reach = min(reach, most) * min(slope.steepest, STEEPEST)
    return made


def _slopes(question: Question, matrices: list[Ready]) -> list[Slope]:
    """Make each layer's way to activate."""
    network, plan = question.network, question.perturbation
    dtype, points = matrices[0].matrix.dtype, block_size(network)
    factors = [2.0**n for n in units(network, question.radial, question.shrink, plan).factors]
    if plan is None:
        made = zip(network.activations, layers(question, matrices, points), factors, strict=True)
        return [_plain(name, layer, factor) for name, layer, factor in made]
    full = full_points(network, points)
    return [
        Slope(step.advance_with_slope(dtype, full), factor, step.steepest * factor, step.outside(dtype))
        for step, factor in zip(plan.steps, factors, strict=True)
    ]


def _plain(name: str, layer: Layer, factor: float) -> Slope:
    slope_of, missing = QUICK.get(name, (_general(name), 1.0))

    def differentiate(z: Array, slope: Array, scratch: Array) -> None:
        slope_of(z, slope, scratch)
        layer.activate(z, scratch)

    return Slope(differentiate, missing * factor, SLOPE * factor, _is_outside if layer.clamp else None, factor)


def _differentiate(by: Slope, z: Values, slope: Values, scratch: Values) -> None:
    by.differentiate(z, slope, scratch)
    if by.steepest > STEEPEST:
        np.clip(slope, -STEEPEST / by.factor, STEEPEST / by.factor, out=slope)
    if by.factor != 1:
        slope *= by.factor


def _is_outside(z: Values) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Clamp z in place, and tell what is at the limit."""
    clamp_preactivation(z)
    return np.asarray(np.abs(z) >= PREACTIVATION_LIMIT)


def _bound(active: Values, layer: TangentLayer) -> None:
    """Make tangents 0 beyond the clamp of pre-activations, and hold the others where they might overflow."""
    if layer.slope.outside:
        np.copyto(active[1:], 0.0, where=layer.slope.outside(active[0]))
    if layer.hold < np.inf:
        np.clip(active[1:], -layer.hold, layer.hold, out=active[1:])


def _hand_out(active: Values, wanted: Sequence[tuple[int, int]], parts: list[Values], factor: float) -> None:
    for third, out in zip(active, parts, strict=True):
        hand_out(third, wanted, out)
    if factor != 1:
        for _, channel in wanted:
            for out in parts[1:]:
                out[:, channel] *= factor


def _general(name: str) -> Differentiate:
    derivative = ACTIVATIONS[name].derivative

    def slope_of(z: Array, slope: Array, scratch: Array) -> None:
        slope[...] = derivative(z)

    return slope_of


def _bell(rate: float) -> Differentiate:
    """Make e / (1 + e)^2 with e = exp(-rate |z|), relatively accurate in the tails."""

    def slope_of(z: Array, slope: Array, scratch: Array) -> None:
        np.abs(z, out=slope)
        slope *= -rate
        np.exp(slope, out=slope)
        np.add(slope, 1, out=scratch)
        scratch *= scratch
        slope /= scratch

    return slope_of


def _step(z: Array, slope: Array, scratch: Array) -> None:
    np.greater(z, 0, out=slope)


def _leaky_step(z: Array, slope: Array, scratch: Array) -> None:
    np.greater(z, 0, out=slope)
    slope *= 0.99
    slope += 0.01


# Those whose derivatives would take new memory, and the factor that is missing: it goes with the shrinking.
QUICK: dict[str, tuple[Differentiate, float]] = {
    "tanh": (_bell(2.0), 4.0),
    "sigmoid": (_bell(1.0), 1.0),
    "relu": (_step, 1.0),
    "leaky_relu": (_leaky_step, 1.0),
}
