"""What keys and clicks do with a lens: it looks at another layer, or unit, or goes where a drawing leads.

Each is a function of the explorer.
"""

from collections.abc import Callable
from dataclasses import replace

from weightscape.explore.explorer import Explorer
from weightscape.explore.task.errand import Errand
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import DrawnLens
from weightscape.lens.split import picked
from weightscape.picture.network_memory import network, widths
from weightscape.scene.command import LENS_KEYS
from weightscape.scene.key_help import key_label
from weightscape.scene.lens_name import LENSES, lens_word
from weightscape.scene.scene import Scene


def layer_on(explorer: Explorer, _: str) -> None:
    """Let the lens look at the next layer."""
    _step(explorer, "layer", 1)


def layer_back(explorer: Explorer, _: str) -> None:
    """Let the lens look at the layer before."""
    _step(explorer, "layer", -1)


def unit_on(explorer: Explorer, _: str) -> None:
    """Let the lens look at the next unit."""
    _step(explorer, "unit", 1)


def unit_back(explorer: Explorer, _: str) -> None:
    """Let the lens look at the unit before."""
    _step(explorer, "unit", -1)


def _step(explorer: Explorer, name: str, step: int) -> None:
    """Go round a network's layers, or a layer's units; without a lens, look through one that has them."""
    scene = explorer.scene
    own = LENSES[scene.lens].fields
    units = widths(scene)[1:]
    if scene.lens == "outputs":
        explorer.show(replace(scene, lens="cut" if name == "layer" else "unit", layer=max(len(units) // 2, 1), unit=0))
        return
    if name not in own and not (name == "unit" and "units" in own):
        owners = ", ".join(
            f"{key_label(key)} {lens_word(each)}" for each, key in LENS_KEYS.items() if name in LENSES[each].fields
        )
        explorer.say(f"the lens {lens_word(scene.lens)} has no {name}; these have: {owners}")
        return
    if name == "layer":
        scene = replace(scene, layer=(scene.layer + step) % (len(units) + 1))
        step = 0
    # The weights' masks are the first layer's, whatever matrices are shown.
    layer = scene.layer or (1 if scene.lens == "weights" else 0)
    count = units[min(layer, len(units)) - 1]
    a, b, c = ((unit + step) % count for unit in scene.units)
    explorer.show(replace(scene, unit=(scene.unit + step) % count, units=(a, b, c)))


def picks(explorer: Explorer, x: float, y: float) -> bool:
    """Tell whether a click there picks something of a drawing, or nothing, as everywhere else."""
    shown = lens(explorer.under_cursor(x, y)[0].scene)
    return isinstance(shown, DrawnLens) and shown.pick is not None


def pick(explorer: Explorer, x: float, y: float) -> None:
    """Go where a click into a drawing leads; not while another scene is being opened, which would be lost."""
    part, point = explorer.under_cursor(x, y)
    shown = lens(part.scene)
    if not isinstance(shown, DrawnLens) or not shown.pick or explorer.fault or explorer.errands.is_opening:
        return
    find, scene = shown.pick, explorer.scene

    def go(found: Scene | None) -> None:
        if found:
            explorer.show(picked(scene, found, part.is_other) if scene.beside else found)

    def look(_: Callable[[], bool]) -> Scene | None:
        return find(part.scene, network(part.scene), part.size, point)

    explorer.errands.send(Errand("looking", look, go, explorer.history.deeds))
