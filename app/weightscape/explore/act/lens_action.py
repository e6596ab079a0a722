"""What keys and clicks do with a lens: it looks at another layer, or unit, or goes where a drawing leads.

Each is a function of the explorer.
"""

from collections.abc import Callable
from dataclasses import replace

from weightscape.explore.act.start import CLICKS
from weightscape.explore.explorer import Explorer
from weightscape.explore.task.errand import Errand
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import DrawnLens, Part
from weightscape.lens.split import picked
from weightscape.network.edit import Unit
from weightscape.picture.network_memory import network, widths
from weightscape.scene.command import LENS_KEYS
from weightscape.scene.key_help import key_label
from weightscape.scene.lens_name import LENSES, lens_word
from weightscape.scene.scene import Scene
from weightscape.scene.silence import is_silenced, toggled

# Lenses of one unit, and of many.
ONE_UNIT, UNITS = ("unit", "role"), ("units", "atlas")
WHERE = "point at a unit in an atlas (M, Shift+M), or look at one (U, Shift+U): Delete silences it"


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

    def go(part: Part, found: Scene | None) -> None:
        if found:
            _show(explorer, part, found)

    _look(explorer, (x, y), go)


def is_over_units(explorer: Explorer) -> bool:
    """Tell whether the cursor is over a picture of many units."""
    return explorer.staged is explorer.scene and explorer.under_cursor(*explorer.cursor)[0].scene.lens in UNITS


def open_role(explorer: Explorer) -> None:
    """Look at the role of the unit under the cursor; beside all of them at that of the first one."""

    def go(part: Part, found: Scene | None) -> None:
        layer = part.scene.layer if part.scene.lens == "units" else 1
        _show(explorer, part, replace(found or replace(part.scene, layer=layer, unit=0), lens="role"))
        explorer.say(CLICKS["role"])

    _look(explorer, explorer.cursor, go)


def silence(explorer: Explorer, _: str) -> None:
    """Silence the unit that is looked at, or pointed at among many, or let it be heard again."""
    part, _point = explorer.under_cursor(*explorer.cursor)
    if explorer.staged is not explorer.scene:
        explorer.say("no unit is silenced while nine networks are seen: Esc leaves them")
    elif part.scene.lens in ONE_UNIT:
        _silence(explorer, part, part.scene)
    elif part.scene.lens in UNITS:
        _look(explorer, explorer.cursor, lambda part, found: _silence(explorer, part, found))
    else:
        explorer.say(WHERE)


def _silence(explorer: Explorer, part: Part, found: Scene | None) -> None:
    """Silence the unit that a scene looks at, if it looks at one, in the scene of a part of the picture."""
    if found is None:
        explorer.say(WHERE)
        return
    if found.layer in (0, len(widths(part.scene)) - 1):
        explorer.say(f"output {found.unit} is the picture itself and cannot be silenced: hidden units can")
        return
    unit = Unit(found.layer, found.unit)
    new = toggled(part.scene, unit)
    _show(explorer, part, new)
    told = "silenced: Delete brings it back" if is_silenced(new, unit) else "is heard again"
    explorer.say(f"unit {unit.layer}:{unit.unit} {told}")


def _show(explorer: Explorer, part: Part, found: Scene) -> None:
    """Go to a scene that was found in a part of the picture."""
    scene = explorer.scene
    explorer.show(picked(scene, found, part.is_other) if scene.beside else found)


def _look(explorer: Explorer, place: tuple[float, float], go: Callable[[Part, Scene | None], None]) -> None:
    """Find out where a drawing leads from a place, and go on with that."""
    part, point = explorer.under_cursor(*place)
    shown = lens(part.scene)
    if not isinstance(shown, DrawnLens) or not shown.pick or explorer.fault or explorer.errands.is_opening:
        return
    find = shown.pick

    def look(_: Callable[[], bool]) -> Scene | None:
        return find(part.scene, network(part.scene), part.size, point)

    explorer.errands.send(Errand("looking", look, lambda found: go(part, found), explorer.history.deeds))
