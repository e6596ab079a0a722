"""How far a picture is from the truth, foretold: for each way to compute it, from the network's own stretching.

At the probe points of a plan (perturbation.py) every layer's rounding is carried to the outputs by the derivative of
what lies behind it, and the squares are added: first-order error analysis, with one measured factor.
Why there is a choice: docs/perturbation.md, section 9.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from weightscape.deep.perturbation import Perturbation
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.interrupt import check
from weightscape.network.network import Matrix, Network, activated
from weightscape.network.softmax import BOUND, SOFTMAX, difference, jacobian
from weightscape.network.view import Size

Method = Literal["single", "perturbed", "double", "wide"]
# In the order of their cost on most machines.
METHODS: tuple[Method, ...] = get_args(Method)
HALF_ULP = {"single": 2.0**-24, "perturbed": 2.0**-24, "double": 2.0**-53, "wide": 2.0**-53}
# Measured: the largest error of a picture over the probes' largest foretold one, in the middle of random scenes.
FACTOR = {"plain": 1.6, "moved": 1.3}


MOVED: tuple[Method, ...] = ("perturbed", "wide")


@dataclass(frozen=True)
class Accuracy:
    """Hold what is foretold of a view: `error`: the largest absolute error of an output, by method.

    `spread`: the outputs' range over the probe points, absolute. `stretch`: log10 of the outputs' change for each
    plane unit at the centre; finer than 10^-stretch a smooth picture is a slope.
    """

    error: dict[Method, float]
    spread: float
    stretch: float

    def relative(self, method: Method) -> float:
        """Tell a method's error as a part of the picture's range, 1 where nothing is right."""
        return min(self.error[method] / self.spread, 1.0) if self.spread > 0.0 else 0.0

    def digits(self, method: Method) -> float:
        """Tell how many decimal digits of the picture's range are right, at least 0."""
        return -math.log10(max(self.relative(method), 1e-17))

    @property
    def floor(self) -> float:
        """Tell the size, in plane units, of the finest detail here: about 1 / |J|."""
        return math.pow(10.0, min(max(-self.stretch, -320.0), 300.0))


def choose(accuracy: Accuracy, target: float, is_relative: bool = False, among: Collection[Method] = METHODS) -> Method:
    """Choose the cheapest method of `among` whose foretold error is at most `target`, or the most exact one.

    `target` is in outputs (1/510 is half a step of 8 bits), or a part of the picture's range.
    """
    errors = {method: accuracy.relative(method) if is_relative else accuracy.error[method] for method in METHODS}
    possible = [method for method in METHODS if method in among]
    good = [method for method in possible if errors[method] <= target]
    # Where all is lost the most exact method is at least not the first to be wrong.
    return good[0] if good else min(reversed(possible), key=lambda method: errors[method])


def foretell(network: Network, plan: Perturbation, radius: float, size: Size) -> Accuracy:
    """Foretell the errors of a view from its plan and the network of differences that perturb() made."""
    plain, moved, stretch = _carried(network, plan)
    outputs = _outputs(network, plan)
    unit = math.ldexp(1.0, plan.steps[-1].leaving)
    spread = float(np.ptp(outputs, axis=1).max()) * unit
    values = {"single": plain, "double": plain, "perturbed": moved, "wide": moved}
    factor = {name: FACTOR["plain" if values[name] is plain else "moved"] for name in METHODS}
    last = network.activations[-1]
    bound = BOUND / 2.0 if last == SOFTMAX else ACTIVATIONS[last].bound
    most = math.inf if bound is None else 2.0 * bound
    error = {name: min(factor[name] * HALF_ULP[name] * _power(values[name]), most) for name in METHODS}
    pixels = math.log10(min(size) / (2.0 * math.frexp(radius)[0]))
    return Accuracy(error, spread, stretch * math.log10(2.0) + pixels)


def _power(exponent: float) -> float:
    return math.pow(2.0, min(max(exponent, -1070.0), 1000.0))


def _carried(network: Network, plan: Perturbation) -> tuple[float, float, float]:
    """Carry every layer's rounding, in half ulps, to the outputs: log2 of the largest at a probe point.

    Returns that of plain evaluation, that of differences, and log2 |J| of the centre with respect to the inputs.
    """
    points = plan.seen[0].shape[1]
    z = [_moved(plan, layer) for layer in range(network.layers)]
    G, power = np.zeros((points, network.widths[-1], network.widths[-1])), 0
    is_softmax = network.activations[-1] == SOFTMAX
    G[:] = jacobian(activated(SOFTMAX, z[-1])) if is_softmax else np.eye(network.widths[-1])
    with np.errstate(all="ignore"):
        # The outputs' own rounding; behind them everything stands in powers of two.
        last = activated(network.activations[-1], z[-1])
        plain = 2 * np.log2(np.abs(last).max(axis=1))
        moved = 2 * (np.log2(np.abs(_outputs(network, plan)).max(axis=0)) + plan.steps[-1].leaving)
        for layer in range(network.layers - 1, -1, -1):
            check()
            W, name, step = network.weights[layer], network.logits.activations[layer], plan.steps[layer]
            G = G * ACTIVATIONS[name].derivative(z[layer])[:, None, :]
            fed, far = _fed(network, plan, z, layer)
            plain = np.logaddexp2(plain, power * 2 + _noise(G, W, fed, z[layer]))
            moved = np.logaddexp2(moved, 2 * (power + step.entering) + _noise(G, W, far, plan.seen[layer].T))
            G = G @ W.T
            drift = math.frexp(float(np.abs(G).max()))[1]
            G, power = np.ldexp(G, -drift), power + drift
        stretch = power + math.log2(max(float(np.linalg.norm(G[points // 2])), 1e-300))
    return float(plain.max()) / 2, float(moved.max()) / 2, stretch


def _outputs(network: Network, plan: Perturbation) -> Matrix:
    """Return the outputs' differences at the probes, (outputs, probes), in units of the last 2^leaving."""
    if network.activations[-1] != SOFTMAX:
        return plan.seen[-1]
    unit = math.ldexp(1.0, plan.steps[-1].leaving)
    return difference(plan.orbit.high[-1], plan.seen[-1].T, unit).T.astype(np.float64)


def _noise(G: Matrix, W: Matrix, fed: Matrix, z: Matrix) -> Matrix:
    """Return log2 of the squared rounding of z = fed W, carried to the outputs by G (points, outputs, units)."""
    squares = (fed * fed) @ (W * W) + z * z
    largest = np.maximum(squares.max(), 1e-300)
    carried = np.einsum("pou,pu->po", G * G, squares / largest).max(axis=1)
    return np.asarray(np.log2(carried) + np.log2(largest))


def _moved(plan: Perturbation, layer: int) -> Matrix:
    """Return the probes' pre-activations (points, units)."""
    d = np.ldexp(plan.seen[layer], plan.steps[layer].entering)
    return np.clip(plan.orbit.high[layer] + d.T, -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT)


def _fed(network: Network, plan: Perturbation, z: list[Matrix], layer: int) -> tuple[Matrix, Matrix]:
    """Return what a layer is fed at the probes: values, and differences in its own unit; (points, units) both.

    The first layer's inputs are exact; its roundings are those of its pre-activations.
    """
    if layer == 0:
        nothing = np.zeros((len(z[0]), network.widths[0]))
        return nothing, nothing
    function, step = ACTIVATIONS[network.activations[layer - 1]].function, plan.steps[layer - 1]
    h = function(z[layer - 1])
    d = step.advance(np.float64)(plan.seen[layer - 1].copy(), np.empty_like(plan.seen[layer - 1]))
    return h.astype(np.float64), d.T.astype(np.float64)
