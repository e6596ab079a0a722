"""What a network decides of a point: its largest output, or on which side of a boundary its only one is."""

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from weightscape.network.network import Network

# Activations that are never negative, or hardly (gelu -0.17, silu -0.28): one output of these has learnt 0 and 1, whose
# middle is 1/2. All others go to -1 or below: such an output is a logit, or has learnt -1 and 1, and its sign decides.
ONE_SIDED = ("sigmoid", "softmax", "relu", "softplus", "gelu", "silu", "gaussian", "abs")

_two_sided: "WeakKeyDictionary[Network, Network]" = WeakKeyDictionary()


def boundary(activation: str) -> float:
    """Tell which number an only output of this activation has to exceed to stand for its second class."""
    return 0.5 if activation in ONE_SIDED else 0.0


def decisions(values: npt.NDArray[np.floating], activation: str) -> npt.NDArray[np.int64]:
    """Tell what a network of these outputs (..., m) decides: the largest one, or, of one, whether it exceeds its
    boundary. `activation`: the output layer's.
    """
    if values.shape[-1] == 1:
        return np.asarray(values[..., 0] > boundary(activation), np.int64)
    return np.asarray(values.argmax(-1), np.int64)


def two_sided(network: Network) -> Network:
    """Give a network of one output a second one, of which the larger tells the decision: itself, if it has several.

    Of the output v and its boundary b the outputs are 2b - v and v. It is the same object each time, so that engines
    know it again.
    """
    if network.widths[-1] > 1:
        return network
    found = _two_sided.get(network)
    if found is None:
        bias = 2.0 * boundary(network.activations[-1])
        found = replace(
            network,
            weights=(*network.weights, np.array([[-1.0, 1.0]])),
            biases=(*network.biases, np.array([bias, 0.0])),
            activations=(*network.activations, "identity"),
        )
        _two_sided[network] = found
    return found
