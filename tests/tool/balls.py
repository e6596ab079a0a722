"""Ball arithmetic: what a network is at a pixel, to all digits, at any depth and zoom; and scenes for it."""

import math
import random
from decimal import Decimal
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from weightscape.deep.orbit import BALLS
from weightscape.engine.question import Values
from weightscape.network.network import Network
from weightscape.network.view import turn
from weightscape.scene.scene import Scene

# Activations that a rule keeps in range, and no scale.
GROWING = ("identity", "relu", "leaky_relu", "elu", "softplus", "gelu", "silu", "abs")


def digits(rng: random.Random, places: int) -> Decimal:
    places_text = "".join(rng.choices("0123456789", k=places))
    return Decimal(f"{rng.choice(['', '-'])}{rng.randrange(2)}.{places_text}")


def case(seed: int, activation: str, shape: tuple[int, int], radius: float, **more: Any) -> Scene:
    rng = random.Random(seed)
    places = max(10, int(-math.log10(radius)) + 25)
    rule = {"rule": "he"} if activation in GROWING else {}
    wanted = {
        "seed": rng.randrange(2**63),
        "activation": activation,
        "layers": shape[0],
        "width": shape[1],
        "radius": radius,
        "center": (digits(rng, places), digits(rng, places)),
        "angle": rng.uniform(-180, 180),
        "tied": bool(seed % 2),
        "output_activation": rng.choice(["sigmoid", "identity", "tanh"]),
    }
    return Scene(**(rule | wanted | more))


def exact(
    scene: Scene, network: Network, size: tuple[int, int], pixels: list[tuple[int, int]]
) -> tuple[Values, Values]:
    """The outputs' differences from the picture's centre, and the outputs there; balls, 1,300 bits or more."""
    c, s = turn(scene.view)
    with ctx.workprec(1400 + 8 * network.layers):
        step = arb(2.0 * scene.radius / min(size))
        matrices: dict[int, arb_mat] = {}

        def at(px: float, py: float) -> list[arb]:
            x = arb(str(scene.center[0])) + step * (arb(c) * px - arb(s) * py)
            y = arb(str(scene.center[1])) + step * (arb(s) * px + arb(c) * py)
            t = 2 * math.pi * scene.time
            named = {"x": x, "y": y, "r": (x * x + y * y).sqrt(), "cos_t": arb(math.cos(t)), "sin_t": arb(math.sin(t))}
            h = [named[name] if name in named else arb(float(name)) for name in scene.inputs]
            for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
                if id(W) not in matrices:
                    matrices[id(W)] = arb_mat(W.shape[1], W.shape[0], W.T.ravel().tolist())
                z = (matrices[id(W)] * arb_mat(len(h), 1, h) + arb_mat(len(b), 1, b.tolist())).entries()
                h = [BALLS[name](v) for v in z]
            return h

        center = at(0.0, 0.0)
        rows = [at(i + (1.0 - size[0]) / 2, (size[1] - 1.0) / 2 - j) for i, j in pixels]
        found = [[v - w for v, w in zip(row, center, strict=True)] for row in rows]
        assert all(float(d.rad()) < 1e-20 * max(abs(float(d)), 1e-300) for row in found for d in row)
        return np.array([[float(d) for d in row] for row in found]), np.array([float(v) for v in center])
