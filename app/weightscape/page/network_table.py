"""A network as a table of numbers, for pages of networks that cannot be drawn: script/network.js reads it."""

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.network.network import Network


def table(network: Network) -> dict[str, Any]:
    """Tell each matrix once, (rows, columns, numbers), which of them each layer has, biases and activations.

    Numbers are base 64 of float64, or of float32 where that holds them exactly.
    """
    distinct = list({id(W): W for W in network.weights}.values())
    places = {id(W): place for place, W in enumerate(distinct)}
    return {
        "matrices": [[*W.shape, _written(W)] for W in distinct],
        "weights": [places[id(W)] for W in network.weights],
        "biases": [[len(b), _written(b)] for b in network.biases],
        "activations": list(network.activations),
    }


def _written(numbers: npt.NDArray[np.float64]) -> str:
    short = numbers.astype("<f4")
    exact = np.array_equal(short.astype(np.float64), numbers)
    return base64.b64encode(short.tobytes() if exact else numbers.astype("<f8").tobytes()).decode()
