"""The names of the lenses: what each shows, and which fields of the scene are its own (lens/ has their pictures).

Hidden layers count from 1; layer 0 is the output layer. Units count from 0.
"""

from dataclasses import dataclass
from typing import Literal

from weightscape.network.network import Network, Tap
from weightscape.scene.scene_error import SceneError

Start = Literal["output", "middle"]


@dataclass(frozen=True)
class Named:
    """Say what a lens shows, which key leads to it, and which of the scene's fields matter to it alone.

    `start`: the layer that it begins at. `keeps_layer`: it goes on at the layer of a lens that keeps it, too.
    """

    help: str
    key: str
    fields: tuple[str, ...] = ()
    start: Start = "output"
    keeps_layer: bool = False


UNIT = ("layer", "unit", "before")
LANDSCAPE = ("layer", "unit", "before", "turn", "tilt", "lift")
LENSES: dict[str, Named] = {
    "outputs": Named("the outputs as colour", ""),
    "cut": Named("cut at a layer, the output layer on top", "e", ("layer",), "middle", True),
    "rgb": Named("three units as red, green, blue", "shift+e", ("layer", "units", "before"), "middle", True),
    "unit": Named("one unit of one layer", "u", UNIT, "middle", True),
    "units": Named("all units of one layer", "m", ("layer", "before"), "middle", True),
    "atlas": Named("all units of all layers", "shift+m", ("before",)),
    "height": Named("an output or unit as a landscape", "y", LANDSCAPE, keeps_layer=True),
    "slice": Named("curves of outputs and units along a line", "x", ("layer", "before", "probe"), keeps_layer=True),
    "probe": Named("the whole forward pass of one point", "p", ("probe",)),
    "weights": Named("every matrix, or a unit's weights, as a picture", "w", ("layer", "unit")),
    "regions": Named("linear pieces (relu, leaky_relu, abs)", "j", ("layer",)),
    "stretch": Named("how much small steps are stretched, |J|", "q", ("layer",)),
    "norms": Named("histograms and sizes of the layers", "n", ("before",)),
    "winner": Named("which output is largest", "g"),
    "role": Named("what drives a unit, and the picture without it", "shift+u", UNIT, "middle", True),
}
# What a lens is called where its name is not the word for what it shows.
_WORDS = {"height": "landscape"}
LENS_FIELDS = tuple({name: None for each in LENSES.values() for name in each.fields})


def lens_word(name: str) -> str:
    """Tell what the window calls a lens."""
    return _WORDS.get(name, name)


def layer_tap(layer: int, before: bool, network: Network) -> Tap:
    """Tap all units of a layer. Raises SceneError for a layer that the network has not."""
    if layer > network.layers:
        raise SceneError("layer", f"{layer} is not in 0..{network.layers}")
    return Tap(layer - 1, None, before)


def units_tap(layer: int, units: tuple[int, ...], before: bool, network: Network, field: str = "unit") -> Tap:
    """Tap some units of a layer. Raises SceneError for a layer or unit that the network has not."""
    tap = layer_tap(layer, before, network)
    count = network.widths[1:][tap.layer]
    for unit in units:
        if unit >= count:
            raise SceneError(field, f"{unit} is not in 0..{count - 1}, the units of layer {layer}")
    return Tap(tap.layer, units, before)
