"""The names of the lenses: what each shows, and which fields of the scene are its own (lens/ has their pictures).

Hidden layers count from 1; layer 0 is the output layer. Units count from 0.
"""

from dataclasses import dataclass

from weightscape.model.network import Network, Tap
from weightscape.model.scene_error import SceneError


@dataclass(frozen=True)
class Named:
    """Say what a lens shows, and name the scene's fields that matter to it alone."""

    help: str
    fields: tuple[str, ...] = ()


LENSES: dict[str, Named] = {
    "outputs": Named("the outputs as colour"),
    "unit": Named("one unit of one layer", ("layer", "unit", "before")),
    "cut": Named("the network cut at a layer, the output layer on top", ("layer",)),
    "rgb": Named("three units of one layer as red, green, blue", ("layer", "units", "before")),
    "winner": Named("the output that is largest"),
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
