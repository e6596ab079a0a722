"""Second derivatives of the smooth activations: where a difference is small, f' and f'' / 2 are all that is left."""

from collections.abc import Callable

import numpy as np

from weightscape.network.activation import ACTIVATIONS, Array, exp_minus_square
from weightscape.network.network import Matrix


def curvature(name: str, z: Matrix) -> Matrix:
    """Return f''(z) of a smooth activation, float64; of elu and softsign the side that z is on."""
    with np.errstate(under="ignore", over="ignore"):
        return np.asarray(_CURVATURES[name](z), np.float64)


def _slope(name: str, z: Matrix) -> Array:
    return ACTIVATIONS[name].derivative(z)


def _sigma(z: Matrix) -> Array:
    return ACTIVATIONS["sigmoid"].function(z)


def _bell(z: Matrix, k: float) -> Array:
    return exp_minus_square(np.minimum(np.abs(z), 40), k)


_CURVATURES: dict[str, Callable[[Matrix], Array]] = {
    "tanh": lambda z: -2 * np.tanh(z) * _slope("tanh", z),
    "sigmoid": lambda z: _slope("sigmoid", z) * -np.tanh(z / 2),
    "elu": lambda z: np.where(z > 0, 0, np.exp(np.minimum(z, 0))),
    "softplus": lambda z: _slope("sigmoid", z),
    "gelu": lambda z: _bell(z, 0.5) * (2 - np.minimum(z * z, 1600)) / (2 * np.pi) ** 0.5,
    "silu": lambda z: _slope("sigmoid", z) * (2 - np.clip(z, -1e3, 1e3) * np.tanh(z / 2)),
    "softsign": lambda z: -2 * np.sign(z) * (1 / (1 + np.abs(z))) ** 3,
    "sin": lambda z: -np.sin(z),
    "cos": lambda z: -np.cos(z),
    "gaussian": lambda z: _bell(z, 1) * (4 * np.minimum(z * z, 1600) - 2),
}
