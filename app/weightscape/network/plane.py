"""A plane in a network's space of many inputs: x u + y v + origin, folded into the first layer.

What is left is a network of x, y and 1, so that everything else - views, zooms, references - is as for any other.
"""

from dataclasses import replace

import numpy as np

from weightscape.network.network import Network

Vector = tuple[float, ...]
PLANE_INPUTS = ("x", "y", "1.0")


def through(network: Network, origin: Vector, u: Vector, v: Vector) -> Network:
    """Fold a plane into the first layer: the network of PLANE_INPUTS.

    Raises ValueError where the vectors have not one number for each input.
    """
    if len(origin) != network.widths[0]:
        raise ValueError(f"the network has {network.widths[0]} inputs, origin, u and v have {len(origin)} numbers")
    rows = np.array([u, v, origin]) @ network.weights[0]
    return replace(network, weights=(rows, *network.weights[1:]))
