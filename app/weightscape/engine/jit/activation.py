"""The activation functions as formulas of vectors, twins of network/activation.py."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from weightscape.engine.jit.formula import NEAR_ANGLES, erfcx, exp, exp_minus_square, expm1, log1p, sine, sine_far, tanh
from weightscape.engine.jit.vector import Vector, larger, rounded, smaller, where
from weightscape.network.activation import PREACTIVATION_LIMIT

Formula = Callable[[Vector], Vector]
FURTHEST = 40.0


def clamp_preactivation(z: Vector) -> Vector:
    """Hold z within the limit of pre-activations."""
    return smaller(larger(z, -PREACTIVATION_LIMIT), PREACTIVATION_LIMIT)


def sigmoid(z: Vector) -> Vector:
    """Compute 1 / (1 + e^-z), below 0 as e^z / (1 + e^z)."""
    e = exp(-abs(z))
    return where(z < 0.0, e, 1.0) / (1.0 + e)


def elu(z: Vector) -> Vector:
    return larger(z, 0.0) + expm1(smaller(z, 0.0))


def softplus(z: Vector) -> Vector:
    return larger(z, 0.0) + log1p(exp(-abs(z)))


def gelu(z: Vector) -> Vector:
    """Compute max(0, z) - |z| Q(|z|) with the normal upper tail Q(a) = erfc(a / sqrt 2) / 2."""
    a = smaller(abs(z), FURTHEST)
    return larger(z, 0.0) - 0.5 * a * erfcx(a * math.sqrt(0.5)) * exp_minus_square(a, 0.5)


def triangle(z: Vector) -> Vector:
    z = z - 4.0 * rounded(0.25 * z)
    return larger(-2.0 - z, smaller(z, 2.0 - z))


def bell(z: Vector, rate: float) -> Vector:
    """Compute e / (1 + e)^2 with e = exp(-rate |z|), relatively accurate in the tails."""
    e = exp(abs(z) * -rate)
    return e / ((1.0 + e) * (1.0 + e))


def gelu_slope(z: Vector) -> Vector:
    a = smaller(abs(z), FURTHEST)
    left = (0.5 * erfcx(a * math.sqrt(0.5)) - a * (1.0 / math.sqrt(2.0 * math.pi))) * exp_minus_square(a, 0.5)
    return where(z > 0.0, 1.0 - left, left)


def gaussian(z: Vector) -> Vector:
    return exp_minus_square(smaller(abs(z), FURTHEST), 1.0)


def sign(z: Vector) -> Vector:
    return where(z > 0.0, 1.0, where(z < 0.0, z.like(-1.0), 0.0))


@dataclass(frozen=True)
class Activation:
    """Hold an activation's function and its derivative, which at kinks is that of network/activation.py.

    `far` and `far_slope` are those of doubles, for lanes beyond REACH where the others do not hold.
    """

    function: Formula
    slope: Formula
    far: Formula | None = None
    far_slope: Formula | None = None


ACTIVATIONS: dict[str, Activation] = {
    "identity": Activation(lambda z: z, lambda z: z.like(1.0)),
    "tanh": Activation(tanh, lambda z: 4.0 * bell(z, 2.0)),
    "sigmoid": Activation(sigmoid, lambda z: bell(z, 1.0)),
    "relu": Activation(lambda z: larger(z, 0.0), lambda z: where(z > 0.0, z.like(1.0), 0.0)),
    "leaky_relu": Activation(lambda z: larger(z, 0.01 * z), lambda z: where(z > 0.0, z.like(1.0), 0.01)),
    "elu": Activation(elu, lambda z: exp(smaller(z, 0.0))),
    "softplus": Activation(softplus, sigmoid),
    "gelu": Activation(gelu, gelu_slope),
    "silu": Activation(lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * bell(z, 1.0)),
    "softsign": Activation(lambda z: z / (1.0 + abs(z)), lambda z: (1.0 / (1.0 + abs(z))) * (1.0 / (1.0 + abs(z)))),
    "sin": Activation(sine, lambda z: sine(z, 1), sine_far, lambda z: sine_far(z, 1)),
    "cos": Activation(lambda z: sine(z, 1), lambda z: sine(z, 2), lambda z: sine_far(z, 1), lambda z: sine_far(z, 2)),
    "gaussian": Activation(gaussian, lambda z: -2.0 * z * gaussian(z)),
    "abs": Activation(abs, sign),
    "triangle": Activation(triangle, lambda z: sign(1.0 - abs(z - 4.0 * rounded(0.25 * z)))),
}
REACH = NEAR_ANGLES
