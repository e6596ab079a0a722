"""The names of the lenses: what each shows, and which fields of the scene are its own (lens/ has their pictures).

Hidden layers count from 1; layer 0 is the output layer. Units count from 0.
"""

from dataclasses import dataclass

from weightscape.network.network import Network, Tap
from weightscape.scene.scene_error import SceneError


@dataclass(frozen=True)
class Named:
    """Say what a lens shows, and name the scene's fields that matter to it alone."""

    help: str
    fields: tuple[str, ...] = ()


LENSES: dict[str, Named] = {
    "outputs": Named("the outputs as colour"),
    "unit": Named("one unit of one layer", ("layer", "unit", "before")),
    "cut": Named("cut at a layer, the output layer on top", ("layer",)),
    "rgb": Named("three units as red, green, blue", ("layer", "units", "before")),
    "units": Named("all units of one layer", ("layer", "before")),
    "atlas": Named("all units of all layers", ("before",)),
    "height": Named("an output or unit as a landscape", ("layer", "unit", "before", "turn", "tilt", "lift")),
    "slice": Named("curves of outputs and units along a line", ("layer", "before", "probe")),
    "probe": Named("the whole forward pass of one point", ("probe",)),
    "weights": Named("every matrix, or a unit's weights, as a picture", ("layer", "unit")),
    "norms": Named("histograms and sizes of the layers", ("before",)),
    "winner": Named("which output is largest"),
    "regions": Named("linear pieces (relu, leaky_relu, abs)", ("layer",)),
    "stretch": Named("how much small steps are stretched, |J|", ("layer",)),
}
LENS_FIELDS = tuple({name: None for each in LENSES.values() for name in each.fields})


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
