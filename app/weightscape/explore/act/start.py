"""What a key's new scene begins with: of a loaded network, what is worth looking at; of a split view, what differs."""

from dataclasses import replace

from weightscape.lens import point
from weightscape.lens.split import differences, other
from weightscape.picture.fault import EXPECTED
from weightscape.picture.network_memory import network, widths
from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import Scene

CLICKS = {
    "units": "a click enlarges a unit",
    "atlas": "a click enlarges a unit",
    "norms": "a click shows a layer's units",
    "weights": "Alt+wheel changes a weight, a click lets it swing, a double click shows its unit",
    "role": "a click on an input tells what drives it; Delete silences the unit",
}


def started(old: Scene, new: Scene) -> Scene:
    """Let a lens begin where a loaded network shows something: at its middle layer, a landscape at the largest output.

    `old` is the scene before the key; of a random network the recipe has said it all.
    """
    if not new.weights or new.lens == old.lens:
        return new
    try:
        if new.lens == "height" and new.layer == 0:
            made = network(new)
            return replace(new, unit=int(made(point.inputs(replace(new, probe=(0.0, 0.0)))).argmax()))
        if LENSES[new.lens].start == "middle" and not (old.layer and LENSES[old.lens].keeps_layer):
            layer = max((len(widths(new)) - 1) // 2, 1)
            return replace(new, layer=layer, unit=0)
    except EXPECTED:  # which is told in the place of the picture
        pass
    return new


def told(old: Scene, new: Scene, is_stacked: bool = False) -> str:
    """Say what a lens that a key has led to offers the mouse, and what the other half of a new split view is."""
    if new.beside and not old.beside:
        return beside(new, is_stacked)
    return CLICKS.get(new.lens, "") if new.lens != old.lens else ""


def beside(scene: Scene, is_stacked: bool = False) -> str:
    """Say what is on the right of a split view, or below."""
    right = other(scene)
    if right.lens != scene.lens:
        what = "all units of a layer" if right.lens == "units" else "the outputs"
    elif right.tied != scene.tied:
        what = f"the same recipe with {'tied' if right.tied else 'independent'} layers"
    else:
        what = differences(scene)
    where, rest = ("below", "the picture above") if is_stacked else ("on the right", "the left")
    return f"{where}: {what}; it stays, and keys change {rest}"
