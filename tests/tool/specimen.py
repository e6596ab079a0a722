"""Networks that several tests are about."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from weightscape.network.network import Network
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene


def scene(layers: int, width: int, **changes: Any) -> Scene:
    """A network whose pictures neither drown in noise nor vanish, at any width."""
    return Scene(layers=layers, width=width, **{"tied": False, "scale": 1.2 / width**0.5, **changes})


def mixed(widths: Sequence[int], activations: str) -> Network:
    """A network of any widths and activations, the names one after another."""
    rng = np.random.default_rng(4)
    return Network(
        weights=tuple(rng.normal(0, 1 / n**0.5, (n, m)) for n, m in pairwise(widths)),
        biases=tuple(rng.normal(0, 0.3, m) for m in widths[1:]),
        activations=tuple(activations.split()),
    )


CLASSIFIED = Scene(
    layers=4,
    width=12,
    tied=False,
    seed=9,
    inputs=("x", "y", "r"),
    angle=20.0,
    center=("0.31415926535897932384626433832795028841971", "-0.2718281828459045"),
)


def classifier(activation: str = "tanh", temperature: float = 1.0, classes: int = 5) -> Network:
    """A network of CLASSIFIED's inputs that ends with softmax: the hotter, the surer."""
    drawn, rng = draw(replace(CLASSIFIED, activation=activation)), np.random.default_rng(classes)
    top, b = temperature * rng.normal(size=(12, classes)), rng.normal(size=classes)
    return replace(
        drawn,
        weights=(*drawn.weights[:-1], top),
        biases=(*drawn.biases[:-1], b),
        activations=(*drawn.activations[:-1], "softmax"),
    )
