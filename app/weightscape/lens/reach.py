"""How far the outputs of a loaded network reach beyond what colours show: logits and regressions do not stay in 0..1.

Evaluated in float64 at points all over the view; what a training has made of a network no recipe tells.
"""

from dataclasses import dataclass

import numpy as np

from weightscape.lens.output import SYMMETRIC
from weightscape.lens.stretch_scale import fed
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

# Channels that colours show; where more of their values than this share lie outside of 0..1, that is told.
SHOWN, MOST = 3, 0.5


@dataclass(frozen=True)
class Reach:
    """Hold the least and the largest output that is seen, and how many outputs there are."""

    low: float
    high: float
    outputs: int

    @property
    def told(self) -> str:
        """Say how far the outputs reach."""
        name = "outputs reach" if self.outputs > 1 else "the output reaches"
        return f"{name} from {self.low:.3g} to {self.high:.3g}, colours show 0 to 1"


def is_plain(scene: Scene) -> bool:
    """Tell whether a scene shows a loaded network's outputs as they are."""
    is_as_it_is = scene.levels == "plain" and scene.reading == "rgb"
    return bool(scene.weights) and not scene.beside and scene.lens == "outputs" and is_as_it_is


def reach(scene: Scene, network: Network, size: Size) -> Reach | None:
    """Tell how far the outputs of a scene that is_plain() reach, where most lie outside of 0..1; None elsewhere."""
    if not is_plain(scene) or network.activations[-1] in SYMMETRIC:
        return None
    values = network(fed(scene, size)[0])[:, :SHOWN]
    if not np.mean((values < 0.0) | (values > 1.0)) > MOST:
        return None
    return Reach(float(values.min()), float(values.max()), network.widths[-1])
