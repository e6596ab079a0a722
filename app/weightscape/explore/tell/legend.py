"""The legend of lenses whose colours are numbers, in words for the window; files stay the bare picture."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from weightscape.draw.plate import signed
from weightscape.lens.split import other
from weightscape.lens.stretch import FULL_RATE
from weightscape.lens.stretch_scale import factor, log_stretches, measured
from weightscape.network.view import Size
from weightscape.picture.network_memory import network
from weightscape.scene.colour import colour
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shade import shade
from weightscape.window.message import Legend

STEPS = 48
SIZE: Size = (160, 100)


@dataclass(frozen=True)
class Rates:
    """Hold ln |J|, the least and the largest that is seen, of a network of so many layers; None: unknown."""

    layers: int
    low: float | None = None
    high: float | None = None

    @property
    def is_beyond(self) -> bool:
        """Tell whether all that is seen is of a colour at the scale's end."""
        if self.low is None or self.high is None:
            return False
        return self.low > FULL_RATE * self.layers or self.high < -FULL_RATE * self.layers


def rates(scene: Scene) -> Rates:
    """Find out which numbers the lens stretch has; of networks in range, in seconds. Raises what network() raises."""
    made = network(scene)
    found = log_stretches(scene, made, SIZE)
    layers = measured(scene, made)[0].layers
    return Rates(layers) if found is None else Rates(layers, float(found.min()), float(found.max()))


@lru_cache(maxsize=8)
def legend(scene: Scene, found: Rates | None) -> Legend:
    """Say what the colours of the lens stretch mean, and, once that is known, which numbers a scene has."""
    found = found or Rates(scene.layer + 1 if scene.layer else scene.layers)
    return _of_rates(found) if scene.levels == "plain" else _of_range(scene, found)


def stretched(scene: Scene) -> Scene | None:
    """Find the half that is looked at through the lens."""
    try:
        halves = [replace(scene, beside=""), *([other(scene)] if scene.beside else [])]
    except SceneError:
        return None
    return next((half for half in halves if half.lens == "stretch"), None)


def _of_rates(found: Rates) -> Legend:
    colours = signed(np.linspace(-FULL_RATE, FULL_RATE, STEPS), FULL_RATE)
    ends = f"{factor(-FULL_RATE)} or less", factor(0.0), f"{factor(FULL_RATE)} or more"
    title = "how a small step changes" + (", layer by layer" if found.layers > 1 else "")
    return Legend(title, _tuples(colours), ends, _note(found))


def _of_range(scene: Scene, found: Rates) -> Legend:
    colours = shade(np.linspace(0.0, 1.0, STEPS, dtype=np.float32)[:, None], colour(scene))
    marks = "least", "", "most"
    if found.low is not None and found.high is not None:
        marks = f"about {factor(found.low)}", "", f"about {factor(found.high)}"
    return Legend("how a small step changes, in all", _tuples(colours), marks)


def _note(found: Rates) -> str:
    """Say which factors are seen."""
    if found.low is None or found.high is None:
        return ""
    low, high = factor(found.low / found.layers), factor(found.high / found.layers)
    return f"the same everywhere: {low}" if low == high else f"here from about {low} to {high}"


def _tuples(colours: np.ndarray) -> tuple[tuple[float, float, float], ...]:
    return tuple((float(r), float(g), float(b)) for r, g, b in colours)
