"""The numbers behind the colours of the lens stretch: by how much small steps change, in float64, at a few points."""

import math
from dataclasses import replace

import numpy as np

from weightscape.lens import point
from weightscape.lens.lens import Values
from weightscape.lens.output import cut
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Matrix, Network
from weightscape.network.softmax import SOFTMAX, slope, softmax
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

# Points a side; and how far apart, as a part of the view, the inputs' slopes are taken.
SIDE, STEP = 5, 1e-3
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
    x, y = (side / min(size) * np.linspace(-0.9, 0.9, SIDE) for side in size)
    probes = [(float(a), float(b)) for b in y for a in x]
    h: Values = np.array([_inputs(scene, p) for p in probes])
    plane = 2.0 * STEP * scene.radius
    T: Values = np.stack(
        [
            [(_inputs(scene, (a + da, b + db)) - _inputs(scene, (a - da, b - db))) / plane for a, b in probes]
            for da, db in ((STEP, 0.0), (0.0, STEP))
        ]
    )
    with np.errstate(all="ignore"):
        for W, b, name in zip(shorter.weights, shorter.biases, shorter.activations, strict=True):
            z, T = h @ W + b, T @ W
            if name == SOFTMAX:
                h = softmax(z)
                T = slope(h, T)
            else:
                h, T = ACTIVATIONS[name].function(z), T * ACTIVATIONS[name].derivative(z)
        T = T if units is None else T[..., list(units)]
        a, b, c = ((T[i] * T[j]).sum(-1) for i, j in ((0, 0), (1, 1), (0, 1)))
        found = 0.5 * np.log(0.5 * (a + b + np.hypot(a - b, 2.0 * c)))
    return None if np.isnan(found).any() or np.isposinf(found).any() else np.asarray(found)


def _inputs(scene: Scene, probe: tuple[float, float]) -> Matrix:
    return point.inputs(replace(scene, probe=probe))


def factor(logarithm: float) -> str:
    """Write e to a power as a factor: 1.3 ×."""
    if not math.isfinite(logarithm):
        return "0 ×"
    value = math.exp(min(max(logarithm, -700.0), 700.0))
    return f"{value:.2g} ×" if value < 100.0 and value >= 0.01 else f"10^{logarithm / math.log(10.0):.0f} ×"
