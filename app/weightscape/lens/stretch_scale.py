"""The numbers behind the colours of the lens stretch: by how much small steps change, in float64, at a few points."""

import math

import numpy as np

from weightscape.lens.lens import Values
from weightscape.lens.output import cut
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.interrupt import check
from weightscape.network.network import Matrix, Network
from weightscape.network.softmax import SOFTMAX, slope, softmax
from weightscape.network.view import Size, screen_to_offset
from weightscape.scene.scene import Scene

# Points a side.
SIDE = 5
# A view that is smaller than this is below float64's digits.
SMALLEST = 1e-9


def measured(scene: Scene, network: Network) -> tuple[Network, tuple[int, ...] | None]:
    """Tell up to which layer a scene's lens measures, and of which units."""
    shorter, tap = cut(network, scene.layer)
    last = tap.layer % shorter.layers + 1
    parts = shorter.weights[:last], shorter.biases[:last], shorter.activations[:last]
    return (Network(*parts) if last < shorter.layers else shorter), tap.units


def log_stretches(scene: Scene, network: Network, size: Size) -> Matrix | None:
    """Evaluate ln |J| (largest singular value, by plane units) at SIDE x SIDE points of a view: float64 (points,).

    -inf where it is flat. None for a view that is too small, or values that are too large.
    """
    if scene.radius < SMALLEST:
        return None
    shorter, units = measured(scene, network)
    h, T = fed(scene, size)
    grown = 0.0  # ln of what T has been divided by
    with np.errstate(all="ignore"):
        for W, b, name in zip(shorter.weights, shorter.biases, shorter.activations, strict=True):
            check()  # a large network takes a second or two
            z, T = h @ W + b, T @ W
            if name == SOFTMAX:
                h = softmax(z)
                T = slope(h, T)
            else:
                h, T = ACTIVATIONS[name].function(z), T * ACTIVATIONS[name].derivative(z)
            largest = np.abs(T).max((0, 2))  # of many layers squares would be too large, or too small
            largest[largest == 0.0] = 1.0
            T, grown = T / largest[:, None], grown + np.log(largest)
        T = T if units is None else T[..., list(units)]
        a, b, c = ((T[i] * T[j]).sum(-1) for i, j in ((0, 0), (1, 1), (0, 1)))
        found = grown + 0.5 * np.log(0.5 * (a + b + np.hypot(a - b, 2.0 * c)))
    return None if np.isnan(found).any() or np.isposinf(found).any() else np.asarray(found)


def points(size: Size, count: int = SIDE) -> tuple[Values, Values]:
    """Tell where the points are, in screen coordinates (network/view.py): x and y, (count, count) each."""
    x, y = np.meshgrid(*(side / min(size) * np.linspace(-0.9, 0.9, count) for side in size))
    return x, y


def fed(scene: Scene, size: Size, count: int = SIDE) -> tuple[Values, Values]:
    """Tell what the network is fed, (points, inputs), and how that grows with x and y, (2, points, inputs)."""
    across, down = points(size, count)
    right, up = (np.array(screen_to_offset(scene.view, axis), float) for axis in ((1.0, 0.0), (0.0, 1.0)))
    x, y = (float(scene.center[n]) + right[n] * across.ravel() + up[n] * down.ravel() for n in range(2))
    one, none = np.ones_like(x), np.zeros_like(x)
    if scene.origin:
        origin, u, v = (np.array(each) for each in (scene.origin, scene.u, scene.v))
        return origin + np.outer(x, u) + np.outer(y, v), np.stack([np.outer(one, u), np.outer(one, v)])
    r, turns = np.hypot(x, y), 2.0 * math.pi * scene.time
    away = np.where(r > 0.0, r, 1.0)
    known = {"x": (x, one, none), "y": (y, none, one), "r": (r, x / away, y / away)}
    known |= {"cos_t": (math.cos(turns) * one, none, none), "sin_t": (math.sin(turns) * one, none, none)}
    values, *slopes = np.array(
        [known[name] if name in known else (float(name) * one, none, none) for name in scene.inputs]
    ).transpose(1, 2, 0)
    return values, np.stack(slopes)


def factor(logarithm: float) -> str:
    """Write e to a power as a factor: 1.3 ×."""
    if not math.isfinite(logarithm):
        return "0 ×"
    value = math.exp(min(max(logarithm, -700.0), 700.0))
    return f"{value:.2g} ×" if value < 100.0 and value >= 0.01 else f"10^{logarithm / math.log(10.0):.0f} ×"
