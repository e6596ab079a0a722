"""Differences f(z + d) - f(z) of every activation as formulas of vectors, twins of deep/difference.py.

A unit's constants are made of its four reference floats in float64 and rounded once. Every lane is for itself, and all
are finite for |z|, |d| <= 1e24. Formulas: docs/perturbation.md, section 3.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weightscape.deep.perturbation import Step
from weightscape.engine.jit import difference_curved as curved
from weightscape.engine.jit import difference_kinked as kinked
from weightscape.engine.jit.activation import ACTIVATIONS
from weightscape.engine.jit.code import Real
from weightscape.engine.jit.difference_kinked import Unit, moved
from weightscape.engine.jit.formula import exp_minus
from weightscape.engine.jit.vector import Mask, Vector
from weightscape.network.network import Matrix

Formula = Callable[[Vector, Unit], Vector]


@dataclass(frozen=True)
class Far:
    """Hold formulas for the lanes where others do not hold; None where those of all do."""

    is_there: Callable[[Vector, Unit], Mask]
    formula: Formula


@dataclass(frozen=True)
class Difference:
    """Hold an activation's difference and slope as formulas of d and of a unit's constants.

    `constants(step, real)` makes them of a step's floats (4, units): arrays (units,), float64.
    """

    constants: Callable[[Step, Real], list[Matrix]]
    function: Formula
    slope: Formula
    far: Far | None = None
    far_slope: Far | None = None


def logistic_constants(step: Step, real: Real) -> list[Matrix]:
    """Add the factor that takes the shift back."""
    return [*step.floats, np.exp(-step.floats[1])]


def logistic(d: Vector, unit: Unit) -> Vector:
    """Compute G m / (1 + P m) with m = e^(u - shift) - e^-shift, u = -s rate d."""
    rate, shift, P, G, part = unit
    m, _ = exp_minus(d * rate - shift, part)
    return G * (m / (1.0 + P * m))


def logistic_slope(d: Vector, unit: Unit) -> Vector:
    """Compute G rate y / (1 + P m)^2 with y = e^(u - shift)."""
    rate, shift, P, G, part = unit
    m, y = exp_minus(d * rate - shift, part)
    n = 1.0 / (1.0 + P * m)
    return (G * rate) * (y * n) * n


def _slope_of_sum(name: str) -> Formula:
    """Make the slope at b = z + d; z's parts are the first two constants."""
    return lambda d, unit: ACTIVATIONS[name].slope(moved(d, *unit[:2]))


def _kinked(name: str, formula: Formula) -> Difference:
    def constants(step: Step, real: Real) -> list[Matrix]:
        h, r = step.floats[:2]
        return [h, r, *kinked.relu_constants(h, r)]

    return Difference(constants, lambda d, unit: formula(d, unit[2:]), _slope_of_sum(name))


def _sine() -> Difference:
    return Difference(
        lambda step, real: list(step.floats),
        curved.sine_difference,
        curved.sine_slope,
        Far(curved.is_sine_far, curved.sine_difference_far),
        Far(curved.is_sine_far, curved.sine_slope_far),
    )


DIFFERENCES: dict[str, Difference] = {
    "identity": Difference(lambda step, real: [], lambda d, unit: d, lambda d, unit: d.like(1.0)),
    "tanh": Difference(logistic_constants, logistic, logistic_slope),
    "sigmoid": Difference(logistic_constants, logistic, logistic_slope),
    "relu": _kinked("relu", kinked.relu),
    "leaky_relu": _kinked("leaky_relu", kinked.leaky_relu),
    "elu": Difference(lambda step, real: curved.elu_constants(*step.floats[:3]), curved.elu, _slope_of_sum("elu")),
    "softplus": Difference(
        lambda step, real: curved.softplus_constants(*step.floats),
        curved.softplus,
        _slope_of_sum("softplus"),
        Far(curved.is_apart, curved.softplus_far),
    ),
    "gelu": Difference(
        lambda step, real: curved.gelu_constants(step.floats, real),
        curved.gelu,
        _slope_of_sum("gelu"),
        Far(curved.is_gelu_far, curved.gelu_far),
    ),
    "silu": Difference(
        lambda step, real: curved.silu_constants(*step.floats),
        curved.silu,
        _slope_of_sum("silu"),
        Far(curved.is_silu_far, curved.silu_far),
    ),
    "softsign": Difference(
        lambda step, real: curved.softsign_constants(*step.floats[:3]), curved.softsign, _slope_of_sum("softsign")
    ),
    "sin": _sine(),
    "cos": _sine(),
    "gaussian": Difference(
        lambda step, real: curved.gaussian_constants(*step.floats[:3]),
        curved.gaussian,
        _slope_of_sum("gaussian"),
        Far(curved.is_uphill, curved.gaussian_uphill),
    ),
    "abs": Difference(lambda step, real: list(step.floats[:3]), kinked.absolute, kinked.absolute_slope),
    "triangle": Difference(
        lambda step, real: kinked.triangle_constants(step.floats, step.period), kinked.triangle, kinked.triangle_slope
    ),
}
