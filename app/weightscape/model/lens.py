"""What is shown of a network: two pure functions, which values are wanted, and how they become 0..1.

outputs  the outputs as colour: three are red, green and blue, one goes through the palette
unit     one unit of one layer, through the palette; layer 0 is the output layer, hidden layers count from 1
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from weightscape.model.network import OUTPUTS, Network, Tap
from weightscape.model.scene_error import SceneError

Values = npt.NDArray[np.floating]

LENSES = ("outputs", "unit")
# Activations that run from -1 to 1: their middle, 0, is the middle of the palette.
SYMMETRIC = ("tanh", "softsign", "sin", "cos", "triangle")


def taps(lens: str, layer: int, unit: int, network: Network) -> tuple[Tap, ...]:
    """Tell which values a lens wants. Raises SceneError for a layer or unit that the network has not."""
    if lens == "outputs":
        return OUTPUTS
    if layer > network.layers:
        raise SceneError("layer", f"{layer} is not in 0..{network.layers}")
    tap = Tap(layer - 1, (unit,))
    units = network.widths[1:][tap.layer]
    if unit >= units:
        raise SceneError("unit", f"{unit} is not in 0..{units - 1}, the units of layer {layer}")
    return (tap,)


def levels(lens: str, layer: int, network: Network) -> Callable[[Values], Values]:
    """Tell how a lens's values become display values in 0..1 (before clamping)."""
    if lens == "unit" and network.activations[layer - 1] in SYMMETRIC:
        return lambda values: np.asarray(values * values.dtype.type(0.5) + values.dtype.type(0.5))
    return lambda values: values
