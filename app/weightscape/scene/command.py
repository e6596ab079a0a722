"""What the keys do: one table of name, keys, help and scene -> scene.

It feeds the window's key handler, the help overlay, docs/keys.md and the tests. A command without a change
is the window's own business (explore/act/action.py). Keys are named as window/event.py names them: letters as printed
on the key, signs as typed.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.edit import edits_of, fitting, silenced_of, written_edits, written_units
from weightscape.network.initialisation import DEFAULT_BIAS_SCALE, RULES, SHAPES
from weightscape.network.view import View, rotate, zoom
from weightscape.scene.colour_command import colours
from weightscape.scene.lens_command import shown_through, split
from weightscape.scene.lens_name import LENSES
from weightscape.scene.mean_field import kept_alive
from weightscape.scene.pretty import pretty
from weightscape.scene.scene import Scene, overridden
from weightscape.scene.scene_error import SceneError

# Widths worth stopping at: each step changes the picture's character by about as much as the last.
WIDTHS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 30, 32, 40, 48, 64, 80, 100, 128, 160, 200, 256, 320, 400, 512)
COARSE, FINE = 1.03, 1.003
ZOOM_STEP = 1.25
SEEDS = 1_000_000  # rerolled seeds have six digits: short enough to tell a friend
TURN_DEGREES = 5.0
TIME_STEP = 1.0 / 120.0

Change = Callable[[Scene, int], Scene]


@dataclass(frozen=True)
class Command:
    """Say what a key does; `change` takes the scene and a fresh random number, or is None."""

    name: str
    keys: tuple[str, ...]
    help: str
    change: Change | None = None
    group: str = "Window"


def reseeded(scene: Scene, seed: Any) -> Scene:
    """Draw another network, with nothing mixed in, no weight changed and no unit silenced. Raises SceneError."""
    return replace(scene, seed=seed, mix="", edits="", silenced="")


def _field(name: str, choices: Sequence[Any], step: int, alive: bool) -> Change:
    """Step a field to its neighbour in `choices`, round and round; keep the stretch per layer when `alive`."""

    def change(scene: Scene, _: int) -> Scene:
        now = choices.index(getattr(scene, name))
        new = {name: choices[(now + step) % len(choices)]}
        return kept_alive(scene, **new) if alive and not scene.weights else overridden(scene, **new)

    return change


def _width(step: int, alive: bool) -> Change:
    def change(scene: Scene, _: int) -> Scene:
        others = [w for w in WIDTHS if (w > scene.width if step > 0 else w < scene.width)]
        if not others:
            return scene
        width = others[0] if step > 0 else others[-1]
        return kept_alive(scene, width=width) if alive else replace(scene, width=width)

    return change


def _rule(alive: bool) -> Change:
    return lambda scene, _: with_rule(scene, RULES[(RULES.index(scene.rule) + 1) % len(RULES)], alive)


def with_rule(scene: Scene, rule: str, alive: bool = True) -> Scene:
    """Change the rule; the biases keep their size where a rule says nothing else, the stretch when `alive`."""
    bias = None if rule == "fixed" else scene.bias_scale or DEFAULT_BIAS_SCALE
    scales: dict[str, Any] = {"rule": rule, "scale": scene.scale, "bias_scale": bias}
    return kept_alive(scene, **scales) if alive else replace(scene, **scales)


def _times(name: str, factor: float) -> Change:
    def change(scene: Scene, _: int) -> Scene:
        value = getattr(scene, name)
        if value is None:
            return scene
        # From 0 no factor leads anywhere.
        grown = value * factor if value else (0.01 if factor > 1 else 0.0)
        changes: dict[str, Any] = {name: min(float(f"{grown:.6g}"), 1e6)}
        return replace(scene, **changes)

    return change


def _layers(step: int) -> Change:
    return lambda scene, _: replace(scene, layers=max(scene.layers + step, 1))


def _zoom(factor: float) -> Change:
    return lambda scene, _: scene.looking(zoom(scene.view, (2, 2), (1.0, 1.0), factor))


def _turn(degrees: float) -> Change:
    return lambda scene, _: scene.looking(rotate(scene.view, degrees))


def _time(step: float) -> Change:
    return lambda scene, _: replace(scene, time=round(scene.time + step, 9))


def _contour(scene: Scene, _: int) -> Scene:
    return replace(scene, contour=not scene.contour)


STAYS = "this network was loaded from a file and stays as it is: R goes back to random ones"
LEVELS = ("plain", "auto")
# Each gives another network, so that each is a step to go back; a loaded network is left for a random one.
SEEDED = ("reroll", "next_seed")
# Whose views the picture glides to, and of these what goes on while its key is held.
GLIDING = ("zoom_in", "zoom_out", "reset_view")
ZOOMS = ("zoom_in", "zoom_out")
NET, LOOK, LENS = "Network", "View", "Lens"
LENS_KEYS = {name: lens.key for name, lens in LENSES.items() if lens.key}
_names = tuple(ACTIVATIONS)
COMMANDS = (
    Command("reroll", ("r",), "a new random network", lambda s, n: reseeded(s, n % SEEDS), NET),
    Command("next_seed", ("shift+r",), "the next seed", lambda s, _: reseeded(s, (s.seed + 1) % 2**64), NET),
    Command("type_seed", ("enter",), "type a seed", None, NET),
    Command("fewer_layers", ("[",), "fewer layers", _layers(-1), NET),
    Command("more_layers", ("]",), "more layers", _layers(1), NET),
    Command("narrower", ("{",), "narrower layers", _width(-1, True), NET),
    Command("wider", ("}",), "wider layers", _width(1, True), NET),
    Command("narrower_raw", ("(",), "narrower, same scale", _width(-1, False), NET),
    Command("wider_raw", (")",), "wider, same scale", _width(1, False), NET),
    Command("activation", ("a",), "next activation", _field("activation", _names, 1, True), NET),
    Command("activation_raw", ("shift+a",), "next activation, same scale", _field("activation", _names, 1, False), NET),
    Command("output_activation", ("o",), "next output activation", _field("output_activation", _names, 1, False), NET),
    Command("rule", ("i",), "next initialisation rule", _rule(True), NET),
    Command("rule_raw", ("shift+i",), "next rule, same scale", _rule(False), NET),
    Command("shape", ("d",), "uniform or normal weights", _field("shape", SHAPES, 1, False), NET),
    Command("tied", ("t",), "tied or independent layers", lambda s, _: replace(s, tied=not s.tied), NET),
    Command("scale_up", ("up",), "larger weights", _times("scale", COARSE), NET),
    Command("scale_down", ("down",), "smaller weights", _times("scale", 1 / COARSE), NET),
    Command("scale_up_fine", ("right",), "larger weights, finely", _times("scale", FINE), NET),
    Command("scale_down_fine", ("left",), "smaller weights, finely", _times("scale", 1 / FINE), NET),
    Command("bias_up", ("shift+up",), "larger biases (not rule fixed)", _times("bias_scale", COARSE), NET),
    Command("bias_down", ("shift+down",), "smaller biases (not rule fixed)", _times("bias_scale", 1 / COARSE), NET),
    Command("colours", ("c",), "RGB, HSV, OKLab, OKLCh, or one output through a palette", colours, LOOK),
    Command("pretty", ("shift+c",), "random colours that go together", pretty, LOOK),
    Command("levels", ("l",), "values as they are, or stretched to the view", _field("levels", LEVELS, 1, False), LOOK),
    Command("zoom_in", ("+", "="), "zoom in at the centre", _zoom(1 / ZOOM_STEP), LOOK),
    Command("zoom_out", ("-",), "zoom out", _zoom(ZOOM_STEP), LOOK),
    Command("dive", ("z",), "dive to the steepest point near the cursor", None, LOOK),
    Command("pilot", ("shift+z",), "autopilot: fly by itself, until any key", None, LOOK),
    Command("turn_left", ("<",), "turn the camera counter-clockwise", _turn(TURN_DEGREES), LOOK),
    Command("turn_right", (">",), "turn the camera clockwise", _turn(-TURN_DEGREES), LOOK),
    Command("reset_view", ("0", "home"), "reset the view", lambda s, _: s.looking(View()), LOOK),
    Command("axes", ("shift+x",), "numbers along the edges", lambda s, _: replace(s, axes=not s.axes), LOOK),
    Command("contour", ("shift+g",), "lines where the decision changes", _contour, LOOK),
    Command("pause", ("space",), "pause or play time (inputs cos_t, sin_t)", None, LOOK),
    Command("time_back", (",",), "time a step back", _time(-TIME_STEP), LOOK),
    Command("time_on", (".",), "time a step on", _time(TIME_STEP), LOOK),
    *(Command(name, (key,), LENSES[name].help, shown_through(name), LENS) for name, key in LENS_KEYS.items()),
    Command("layer_on", ("k",), "the lens's next layer", None, LENS),
    Command("layer_back", ("shift+k",), "the layer before", None, LENS),
    Command("unit_on", (";",), "the lens's next unit", None, LENS),
    Command("unit_back", (":",), "the unit before", None, LENS),
    Command("silence", ("delete",), "silence the unit seen or pointed at", None, LENS),
    Command(
        "before",
        ("shift+b",),
        "units before or after their activation",
        lambda s, _: replace(s, before=not s.before),
        LENS,
    ),
    Command("split", ("b",), "split view: tied beside independent layers", split, LENS),
    Command("unedit", ("ctrl+backspace",), "take back all changed weights", lambda s, _: replace(s, edits=""), LENS),
    Command("back", ("backspace", "ctrl+z"), "go back to the last picture"),
    Command("forward", ("shift+backspace", "ctrl+shift+z", "ctrl+y"), "forward again, to what was gone back from"),
    Command("history", ("f3",), "all steps as pictures, to go to"),
    Command("first_picture", ("shift+home",), "the first picture of all, seed 43", lambda *_: Scene(), "Window"),
    Command("preset", tuple("123456789"), "a scene of the gallery"),
    Command("album", ("f4",), "gallery and bookmarks, to choose from"),
    Command("morph", ("ctrl+m",), "morph between pictures marked in F3, F4"),
    Command("bookmark", ("ctrl+b",), "star what is seen, or take its star away"),
    Command("breed", ("f5",), "breed: the network and eight children"),
    Command("article", ("f2",), "the article's figures, to choose from"),
    Command("tour", ("shift+f2",), "the guided tour, in twelve stations"),
    Command("next_figure", ("page_down",), "the article's next figure, or the next station"),
    Command("last_figure", ("page_up",), "the one before it"),
    Command("next_panel", ("shift+page_down",), "the article's next picture"),
    Command("last_panel", ("shift+page_up",), "the picture before it"),
    Command("record", ("v",), "record what is seen, until V again"),
    Command("screenshot", ("s", "ctrl+s"), "save the picture with its scene"),
    Command("poster", ("shift+s",), "save it as a poster, 4 times as large"),
    Command("copy", ("ctrl+c",), "copy the scene as text"),
    Command("paste", ("ctrl+v",), "paste a scene"),
    Command("copy_link", ("ctrl+l",), "copy a link that holds the scene"),
    Command("open", ("ctrl+o",), "how to open a file"),
    Command("panel", ("tab",), "panel with every setting"),
    Command("enter_panel", ("f6",), "keys into the panel, and back to the picture"),
    Command("larger_text", ("ctrl+=", "ctrl++"), "larger text"),
    Command("smaller_text", ("ctrl+-",), "smaller text"),
    Command("plain_text", ("ctrl+0",), "text as it was at first"),
    Command("help", ("h", "f1", "?"), "this help"),
    Command("fullscreen", ("f11", "f"), "full screen"),
    Command("close", ("escape",), "close what is open, then leave split view, lens, full screen, the program"),
    Command("quit", ("ctrl+q",), "quit"),
)

BY_NAME = {command.name: command for command in COMMANDS}
BY_KEY = {key: command for command in COMMANDS for key in command.keys}


def apply(command: Command, scene: Scene, chance: int) -> Scene:
    """Apply a command's change to a scene; where the result would be out of range, the scene stays as it is.

    A scene with a weights file keeps its network: the recipe's commands have nothing to change.
    """
    return tried(command, scene, chance)[0]


def tried(command: Command, scene: Scene, chance: int, free: Collection[str] = ()) -> tuple[Scene, str]:
    """Apply a command's change, and say why where the scene stays as it is.

    `free`: fields that tell a loaded network's activations, since its file does not.
    """
    stays = scene.weights and command.group == NET and command.name.removesuffix("_raw") not in free
    if command.change is None or stays:
        return scene, STAYS
    try:
        new = within(command.change(scene, chance))
    except SceneError as error:
        return scene, f"{command.help}: {error}"
    return new, f"{command.help}: nothing to change here" if new == scene else ""


def within(scene: Scene) -> Scene:
    """Keep what the lens looks at, and what is edited, inside of a random network that has become smaller."""
    if scene.weights:
        return scene
    scene, own = _fitted(scene), LENSES[scene.lens].fields
    if not own:
        return scene
    layer = min(scene.layer, scene.layers)
    last = scene.outputs - 1 if layer in (0, scene.layers) else scene.width - 1
    a, b, c = (min(unit, last) for unit in scene.units)
    inside: dict[str, Any] = {"layer": layer, "unit": min(scene.unit, last), "units": (a, b, c)}
    return replace(scene, **{name: value for name, value in inside.items() if name in own})


def _fitted(scene: Scene) -> Scene:
    """Forget edits of weights, and silenced units, that the scene's random network has not."""
    if not (scene.edits or scene.silenced):
        return scene
    widths = (len(scene.inputs), *[scene.width] * (scene.layers - 1), scene.outputs)
    edits, silenced = fitting(edits_of(scene.edits), silenced_of(scene.silenced), widths)
    return replace(scene, edits=written_edits(edits), silenced=written_units(silenced))
