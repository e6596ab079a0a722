"""What is seen, in plain words: the pieces of the status line, from the most telling one on."""

import math
from collections.abc import Collection

from weightscape.lens.split import differences
from weightscape.network.edit import Unit, edits_of, silenced_of
from weightscape.network.view import View
from weightscape.picture.activations import taken
from weightscape.picture.network_memory import known_layers, outputs_shown, untold
from weightscape.scene.colour import NAMES, moves
from weightscape.scene.command import BY_NAME
from weightscape.scene.epoch import number_of
from weightscape.scene.key_help import key_label
from weightscape.scene.lens_name import LENSES
from weightscape.scene.mean_field import MeanField, of_scene
from weightscape.scene.mix import mixed_in
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.silence import is_silenced
from weightscape.window.message import Piece, Tone

# Fewer layers have no phase.
FEWEST_LAYERS = 3
PHASES: dict[str, tuple[str, Tone]] = {
    "ordered": ("calm", "calm"),
    "edge of chaos": ("edge of chaos", "edge"),
    "chaotic": ("chaotic", "chaotic"),
}
# What a lens makes of a network, where that is no part of it with a name.
MADE = {
    "height": "landscape of ",
    "slice": "curves of ",
    "probe": "forward pass of ",
    "weights": "weights of ",
    "regions": "flat pieces of ",
    "stretch": "stretch |J| of ",
    "norms": "sizes in ",
    "winner": "largest output of ",
    "role": "role of ",
}
LARGEST_WRITTEN = 1e6


def status(scene: Scene, facts: tuple[Piece, ...], figure: str = "", is_stacked: bool = False) -> tuple[Piece, ...]:
    """Say what is seen, the most telling first; the first piece's hint has all, and the `facts` about the picture.

    `figure`: what the article calls it. `is_stacked`: a split view's halves stand above each other.
    """
    first = seen(scene)
    pieces = (
        ("split", f"{'below' if is_stacked else 'right'}: {_differences(scene)}" if scene.beside else ""),
        ("zoom", zoomed(scene)),
        ("angle", f"turned {scene.angle:g}°" if scene.angle else ""),
        ("time", f"time {scene.time % 1.0:.3f}" if moves(scene) else ""),
        ("colour", coloured(scene)),
        *(() if scene.weights else _recipe(scene)),
    )
    told = tuple(Piece(text, name) for name, text in pieces if text)
    where = f"radius {scene.radius:.3g} around {float(scene.center[0]):.6g}, {float(scene.center[1]):.6g}"
    everything = (first, *(each.text for each in told), where, *(fact.text for fact in facts if fact.text))
    return (Piece(f"{figure}: {first}" if figure else first, "seen", " · ".join(everything)), *told)


def coloured(scene: Scene) -> str:
    """Name the colours, where they are not red, green and blue."""
    own = "own colours" if scene.stops else scene.palette
    told = own if scene.outputs == 1 else NAMES.get(scene.reading, "")
    if scene.outputs == 3 and scene.reading == "palette":
        told = f"lightness in {own}"
    return ", ".join(each for each in (told, "inverted" if scene.invert else "") if each)


def seen(scene: Scene) -> str:
    """Name the network, and the part of it that the lens looks at."""
    own, who = LENSES[scene.lens].fields, _network(scene)
    some = outputs_shown(scene)
    who += f", {some}" if some else ""
    short = who if scene.lens in ("outputs", "cut") else who.partition(",")[0]
    place = f"layer {scene.layer}" if scene.layer else "the output layer"
    when = " before activation" if "before" in own and scene.before else ""
    if scene.lens == "cut":
        return f"{who}, cut at {place}"
    if "units" in own:
        return f"{_units('units', scene, ', '.join(map(str, scene.units)))} of {short}{when}"
    if scene.lens == "units":
        return f"all units of {place} of {short}{when}"
    if scene.lens == "atlas":
        return f"all units of {short}{when}"
    made = MADE.get(scene.lens, "")
    if "unit" in own and (scene.layer or scene.lens != "weights"):
        return f"{made}{_units('unit', scene, str(scene.unit))} of {short}{when}"
    return f"{made}{f'{place} of ' if scene.layer and 'layer' in own else ''}{short}{when}"


def _units(word: str, scene: Scene, numbers: str) -> str:
    """Name units of the lens's layer, and say so of one that is silenced; those of the last one are outputs."""
    word = f"silenced {word}" if word == "unit" and is_silenced(scene, Unit(scene.layer, scene.unit)) else word
    return f"{word} {numbers} of layer {scene.layer}" if scene.layer else f"{word.replace('unit', 'output')} {numbers}"


def phase(scene: Scene) -> Piece | None:
    """Name the phase that a network of this recipe is in; None where the theory says nothing."""
    if scene.weights or scene.layers < FEWEST_LAYERS:
        return None
    found = of_scene(scene)
    text, tone = PHASES[found.phase]
    return Piece(text, "phase", _theory(found), tone=tone)


def _theory(found: MeanField) -> str:
    """Say in plain words, and then in the theory's, what a layer does to close points and to the size of values."""
    change = {"chaotic": "grows", "ordered": "shrinks"}.get(found.phase, "")
    change = f"{change} to {found.stretch:.2g} times its size" if change else "stays about the same"
    plain = f"Here a small distance {change} in every layer"
    if not math.isfinite(found.q):
        return f"{plain}. In the theory: χ1 {found.chi1:.3g}"
    size = f", and sums settle at about {math.sqrt(found.q):.2g}" if found.q > 0.0 else ", and sums die away"
    depth = f", depth {found.depth_scale:.2g} layers" if math.isfinite(found.depth_scale) else ""
    return f"{plain}{size}. In the theory: q* {found.q:.3g}, χ1 {found.chi1:.3g}{depth}"


def guesses(scene: Scene, fields: Collection[str]) -> list[str]:
    """Say, in a line or none, which activations are taken where a weights file tells none, and which keys tell."""
    said = taken(scene, fields, {name: f"key {key_label(BY_NAME[name].keys[0])}" for name in fields})
    return [f"{base_name(scene.weights)}: {said}"] if said else []


def zoomed(scene: Scene) -> str:
    """Say how much larger things are seen than in the first view; "" for as large."""
    factor = View().radius / scene.radius
    if 0.995 < factor < 1.005:
        return ""
    size = max(factor, 1.0 / factor)
    told = f"{size:.3g}x" if size < 1e3 else f"{size:.0f}x"
    if size >= LARGEST_WRITTEN:
        digits, power = f"{size:.1e}".split("e")
        told = f"{digits}e{int(power)}x"
    return f"zoom {told}" if factor > 1.0 else f"zoom 1/{told}"


def _network(scene: Scene) -> str:
    if scene.weights:
        layers = known_layers(scene.weights)
        number = number_of(scene.weights)
        which = f", network {number}" if number > 1 else ""
        of_layers = f", {layers} layer{'s' * (layers != 1)}" if layers else ""
        guessed = ", ".join(getattr(scene, name) for name in untold(scene.weights))
        of_layers += f", taken as {guessed}" if guessed else ""
        return base_name(scene.weights) + which + of_layers + _changed(scene)
    morph = f" turning into {scene.to_seed}" if scene.to_seed is not None else ""
    mixed = len(mixed_in(scene.mix))
    morph = (f" with {mixed} other{'s' * (mixed != 1)} mixed in" if mixed else "") + morph
    if scene.layers == 1:
        return f"random network {scene.seed}{morph}, 1 layer{_changed(scene)}"
    units = f"{scene.width} {scene.activation} unit{'s' * (scene.width != 1)}"
    return f"random network {scene.seed}{morph}, {scene.layers} layers of {units}{_changed(scene)}"


def _changed(scene: Scene) -> str:
    """Say how many weights were set to other numbers, and how many units were silenced."""
    edits, units = len(edits_of(scene.edits)), len(silenced_of(scene.silenced))
    told = f", {edits} weight{'s' * (edits != 1)} changed" if edits else ""
    return told + (f", {units} unit{'s' * (units != 1)} silenced" if units else "")


def _recipe(scene: Scene) -> tuple[tuple[str, str], ...]:
    size = f"scale {scene.scale:.4g}" if scene.rule == "fixed" else f"{scene.rule} x {scene.scale:.4g}"
    return ("scale", size), ("tied", "tied" if scene.tied else "independent")


def _differences(scene: Scene) -> str:
    try:
        return differences(scene)
    except SceneError as error:
        return str(error)
