"""What an infinitely wide network of this recipe does to lengths and distances, layer after layer.

Pre-activations become normal with variance q; q -> sigma_w^2 E[f(sqrt(q) Z)^2] + sigma_b^2. Near the fixed point
q* two close inputs part by a factor sqrt(chi1) a layer, chi1 = sigma_w^2 E[f'(sqrt(q*) Z)^2]: below 1 the network
is ordered, above 1 chaotic. Poole et al. 2016 (arXiv 1606.05340), Schoenholz et al. 2017 (arXiv 1611.01232).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.initialisation import half_width
from weightscape.scene.scene import Scene, overridden

# A trapezoid over +-8 deviations: what lies beyond has probability 1e-15, and kinked activations, on which
# Gauss-Hermite converges slowly, cost nothing extra.
Z = np.linspace(-8.0, 8.0, 800)
NORMAL = np.exp(-0.5 * Z * Z)
NORMAL /= NORMAL.sum()
# Above this a fixed point counts as infinite (relu-like activations in the chaotic phase have none).
ENDLESS = 1e12
EDGE = 0.02
# A chi1 is known so well: closer to 1 it is 1.
KNOWN = 1e-9
MAX_ROUNDS = 150
# How far a scale may move, in logarithms: 24 steps of 0.25 are a factor of 400 either way.
SEARCH_STEP, SEARCH_STEPS = 0.25, 25
# A scale below the edge of chaos of every network.
ORDERED = 0.04


@dataclass(frozen=True)
class MeanField:
    """Hold sigma_w, sigma_b, the fixed point q (inf when there is none) and chi1."""

    sigma_w: float
    sigma_b: float
    q: float
    chi1: float

    @property
    def stretch(self) -> float:
        """Tell the factor by which close inputs part in each layer."""
        return math.sqrt(self.chi1)

    @property
    def phase(self) -> str:
        """Name the phase: ordered, edge or chaotic (edge: the stretch is within 2 % of 1)."""
        if abs(self.stretch - 1.0) <= EDGE:
            return "edge of chaos"
        return "ordered" if self.stretch < 1.0 else "chaotic"

    @property
    def depth_scale(self) -> float:
        """Tell over how many layers distances change by a factor e; inf on the edge itself."""
        return math.inf if self.chi1 == 0.0 or abs(self.chi1 - 1.0) < KNOWN else 1.0 / abs(math.log(self.chi1))


@lru_cache(maxsize=64)
def mean_field(activation: str, sigma_w: float, sigma_b: float) -> MeanField:
    """Iterate the length map to its fixed point, with Aitken's steps where it creeps, and measure chi1 there."""
    f = ACTIVATIONS[activation]
    w2, b2 = sigma_w**2, sigma_b**2

    def length(q: float) -> float:
        return w2 * float(NORMAL @ f.function(math.sqrt(q) * Z) ** 2) + b2

    q, endless = w2 + b2, False
    for _ in range(MAX_ROUNDS):
        once = length(q)
        last, q = q, length(once)
        first, second = once - last, q - once
        endless = q > ENDLESS or second >= first > 1e-9 * q
        if q > ENDLESS or abs(second) <= 1e-9 * q:
            break
        if abs(second) < abs(first):
            limit = q - second * second / (second - first)
            q = limit if max(b2, 1e-6 * q) <= limit <= 4.0 * q else q
    chi1 = w2 * float(NORMAL @ f.derivative(math.sqrt(ENDLESS if endless else q) * Z) ** 2)
    return MeanField(sigma_w, sigma_b, math.inf if endless else q, chi1)


def of_scene(scene: Scene) -> MeanField:
    """Measure the mean field of a scene's hidden layers."""
    width = half_width(scene.rule, scene.scale, scene.width, scene.width)
    sigma_w = width * math.sqrt(scene.width / 3.0)
    sigma_b = scene.scale / math.sqrt(3.0) if scene.bias_scale is None else scene.bias_scale
    return mean_field(scene.activation, sigma_w, sigma_b)


def with_stretch_of(old: Scene, new: Scene) -> Scene:
    """Move the new scene's scale to the nearest that keeps the old scene's stretch per layer.

    A relu network at a tanh network's scale is a flat grey, and a wider one at a narrow one's scale is noise: it
    is the stretch, not the scale, that the eye recognises. Where no scale reaches it, the closest stretch wins.
    """
    return replace(new, scale=_readable(_scale_of(new, max(of_scene(old).stretch, 1e-6))))


@lru_cache(maxsize=64)
def edge_scale(activation: str, rule: str, width: int, bias_scale: float | None) -> float:
    """Find the smallest scale at which such a network is on the edge of chaos."""
    ordered = Scene(activation=activation, rule=rule, width=width, bias_scale=bias_scale, scale=ORDERED)
    return _scale_of(ordered, 1.0, 1e-3)


def _scale_of(new: Scene, stretch: float, within: float = 1e-4) -> float:
    """Find the scale near a scene's own that gives it a stretch, or the closest one, within a part of itself."""
    target = math.log(stretch)

    def miss(log_scale: float) -> float:
        stretch = of_scene(replace(new, scale=min(math.exp(log_scale), 1e6))).stretch
        return math.log(max(stretch, 1e-6)) - target

    low, high = _bracket(miss, math.log(max(new.scale, 1e-6)))
    below = miss(low)
    while high - low > within:
        middle = 0.5 * (low + high)
        now = miss(middle)
        if below * now <= 0.0:
            high = middle
        else:
            low, below = middle, now
    return math.exp(0.5 * (low + high))


def _bracket(miss: Callable[[float], float], start: float) -> tuple[float, float]:
    """Search outwards from `start` for two neighbours between which `miss` changes sign; else the smallest miss."""
    seen = {0: miss(start)}
    for n in range(1, SEARCH_STEPS):
        for side in (-n, n):
            seen[side] = miss(start + SEARCH_STEP * side)
            inner = side - 1 if side > 0 else side + 1
            if seen[side] * seen[inner] <= 0.0:
                return start + SEARCH_STEP * min(side, inner), start + SEARCH_STEP * max(side, inner)
    best = min(seen, key=lambda n: (round(abs(seen[n]), 6), abs(n)))
    return start + SEARCH_STEP * best, start + SEARCH_STEP * best


def _readable(scale: float) -> float:
    return min(float(f"{scale:.4g}"), 1e6)


def kept_alive(scene: Scene, **changes: object) -> Scene:
    """Change activation, width or rule and keep the stretch per layer."""
    return with_stretch_of(scene, overridden(scene, **changes))
