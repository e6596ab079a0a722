"""The legend of lenses whose colours are numbers, in words for the window; files stay the bare picture."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from weightscape.draw.plate import signed
from weightscape.lens.split import other
from weightscape.lens.stretch import FULL_RATE
from weightscape.lens.stretch_scale import MOST_WEIGHTS, factor, log_stretches, measured
from weightscape.network.network import Matrix
from weightscape.network.view import Size
from weightscape.picture.fault import EXPECTED
from weightscape.picture.network_memory import network
from weightscape.scene.palette import palette
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.window.message import Legend

STEPS = 48
SIZE: Size = (160, 100)


@lru_cache(maxsize=8)
def legend(scene: Scene, is_there: bool) -> Legend | None:
    """Say what the colours of a scene mean; once its picture `is_there`, also which numbers it has."""
    shown = _stretched(scene)
    if shown is None:
        return None
    try:
        made = network(shown) if is_there and shown.layers * shown.width**2 <= MOST_WEIGHTS else None
        rates = log_stretches(shown, made, SIZE) if made and made.parameters <= MOST_WEIGHTS else None
        layers = measured(shown, made)[0].layers if made else shown.layer + 1 if shown.layer else shown.layers
    except EXPECTED:
        return None
    return _of_rates(layers, rates) if shown.levels == "plain" else _of_range(shown, rates)


def _stretched(scene: Scene) -> Scene | None:
    """Find the half that is looked at through the lens."""
    try:
        halves = [replace(scene, beside=""), *([other(scene)] if scene.beside else [])]
    except SceneError:
        return None
    return next((half for half in halves if half.lens == "stretch"), None)


def _of_rates(layers: int, logarithms: Matrix | None) -> Legend:
    colours = signed(np.linspace(-FULL_RATE, FULL_RATE, STEPS), FULL_RATE)
    ends = f"{factor(-FULL_RATE)} or less", factor(0.0), f"{factor(FULL_RATE)} or more"
    title = "how a small step changes" + (", layer by layer" if layers > 1 else "")
    return Legend(title, _tuples(colours), ends, _note(logarithms, layers))


def _of_range(scene: Scene, logarithms: Matrix | None) -> Legend:
    colours = palette(scene.palette, np.linspace(0.0, 1.0, STEPS, dtype=np.float32))
    marks = "least", "", "most"
    if logarithms is not None:
        low, high = float(logarithms.min()), float(logarithms.max())
        marks = f"about {factor(low)}", "", f"about {factor(high)}"
    return Legend("how a small step changes, in all", _tuples(colours), marks)


def _note(logarithms: Matrix | None, layers: int) -> str:
    """Say which factors are seen."""
    if logarithms is None:
        return ""
    low, high = float(logarithms.min()) / layers, float(logarithms.max()) / layers
    if factor(low) == factor(high):
        return f"the same everywhere: {factor(low)}"
    is_beyond = low > FULL_RATE or high < -FULL_RATE
    return f"here from about {factor(low)} to {factor(high)}" + ": L tells them apart" * is_beyond


def _tuples(colours: np.ndarray) -> tuple[tuple[float, float, float], ...]:
    return tuple((float(r), float(g), float(b)) for r, g, b in colours)
