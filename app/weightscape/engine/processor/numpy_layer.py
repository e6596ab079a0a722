"""What the NumPy engine does in each layer, for plain and for perturbed questions, and its converted matrices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from weightscape.engine.question import Question, Values
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.network import Matrix, Network

# Pixel coordinates stay below this.
LARGEST_COORDINATE = 1e6
# Reference floats are repeated for each point of a block, which NumPy likes, where so many numbers hold a layer's, and
# so many those of all layers: there are up to four arrays of them, in float64 at times.
FULL_NUMBERS, FULL_IN_ALL = 1 << 15, 1 << 20


@dataclass(frozen=True)
class Ready:
    """Hold a layer's numbers ready to multiply: `matrix` (n_out, n_in + 1) with the biases as last column.

    Of differences, which have no biases, it is (n_out, n_in). `slope` and `start` bound its pre-activations:
    |z| <= slope |h| + start. The arrays it was made of are kept, because their ids, by which it is found again, stand
    for them only while they live.
    """

    made_of: tuple[Matrix, Matrix]
    matrix: Values
    slope: float
    start: float


@dataclass(frozen=True)
class Layer:
    """Hold one step of the evaluation: multiply, clamp if the limit can be reached at all, activate in place.

    `activate(z, scratch)` may use scratch, an array of z's shape.
    """

    matrix: Values
    activate: Callable[[Values, Values], object]
    clamp: bool = False


class Converted:
    """Remember the last question's matrices: from one view to the next mostly the first alone is another."""

    def __init__(self) -> None:
        self._ready: dict[tuple[int, int, str], Ready] = {}

    def matrices(self, question: Question, dtype: np.dtype[Any]) -> list[Ready]:
        """Convert a question's matrices to `dtype`, but for those still at hand from the last question."""
        network, biased = question.network, question.perturbation is None
        ready: dict[tuple[int, int, str], Ready] = {}
        for W, b in zip(network.weights, network.biases, strict=True):
            key = _key(W, b, dtype, biased)
            ready[key] = ready.get(key) or self._ready.get(key) or _ready(W, b, dtype, biased)
        self._ready = ready
        pairs = zip(network.weights, network.biases, strict=True)
        return [ready[_key(W, b, dtype, biased)] for W, b in pairs]

    def clear(self) -> None:
        """Forget everything."""
        self._ready.clear()


def layers(question: Question, matrices: list[Ready], points: int) -> list[Layer]:
    """Make a question's layers of its matrices, for blocks of `points`."""
    if question.perturbation is None:
        return _plain(question.network, matrices)
    dtype, full = matrices[0].matrix.dtype, full_points(question.network, points)
    steps = question.perturbation.steps
    return [Layer(now.matrix, step.advance(dtype, full)) for now, step in zip(matrices, steps, strict=True)]


def full_points(network: Network, points: int) -> int:
    """Tell how many points of a block reference floats are repeated for: all, or one."""
    is_small = points * max(network.widths) <= FULL_NUMBERS and points * sum(network.widths[1:]) <= FULL_IN_ALL
    return points if is_small else 1


def _plain(network: Network, matrices: list[Ready]) -> list[Layer]:
    made = []
    size = LARGEST_COORDINATE
    for now, name in zip(matrices, network.activations, strict=True):
        reach = now.slope * size + now.start
        made.append(Layer(now.matrix, _activation(name), not reach < PREACTIVATION_LIMIT))
        bound = ACTIVATIONS[name].bound
        # Every unbounded activation of the table grows at most like |z| + 1.
        size = min(reach, PREACTIVATION_LIMIT) + 1.0 if bound is None else bound
    return made


def _key(W: Matrix, b: Matrix, dtype: np.dtype[Any], biased: bool) -> tuple[int, int, str]:
    return id(W), id(b) if biased else 0, dtype.char


def _ready(W: Matrix, b: Matrix, dtype: np.dtype[Any], biased: bool) -> Ready:
    matrix = np.concatenate([W.T, b[:, None]], axis=1) if biased else np.ascontiguousarray(W.T)
    return Ready((W, b), matrix.astype(dtype), float(np.abs(W).max()) * len(W), float(np.abs(b).max()))


def _activation(name: str) -> Callable[[Values, Values], object]:
    inplace = ACTIVATIONS[name].inplace
    return lambda z, _: inplace(z)
