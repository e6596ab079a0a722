"""What a deed was, in words: how a step of the history differs from the one before."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from weightscape.explore.keep.history import Step
from weightscape.explore.tell.readout import LABELS
from weightscape.network.edit import edits_of, name_of
from weightscape.scene.breed import network_of, turn_between
from weightscape.scene.epoch import file_of, number_of
from weightscape.scene.lens_name import LENS_FIELDS, lens_word
from weightscape.scene.naming import base_name, network_name
from weightscape.scene.scene import RECIPE, Scene

# More changes than these at once are another picture, not a deed.
MOST = 3
# Where on the sphere of seeds a network lies; networks that are so many degrees apart have nothing in common.
ON_SPHERE, APART = {"seed", "mix", "to_seed", "part"}, 89.5
# A change in full, and in the few letters that stand under a small picture.
Words = tuple[str, str]
# Told in a word, for their numbers say nothing to a reader.
PLAIN = {
    "center": "moved",
    "probe": "another point",
    "turn": "turned",
    "tilt": "tilted",
    "origin": "another plane",
    "u": "another plane",
    "v": "another plane",
}
SWITCHED = {
    "beside": ("split view", "one picture"),
    "tied": ("tied layers", "independent"),
    "before": ("before activation", "after activation"),
    "axes": ("axes", "no axes"),
    "contour": ("contour", "no contour"),
    "invert": ("inverted", "not inverted"),
}


def deed(before: Step, after: Step) -> str:
    """Say what differs between two steps: "seed 43 to 17", "27 to 28 layers", "paused"."""
    told = [text for text, _ in _words(before, after)]
    words = ", ".join([*told[:MOST], *(["…"] if len(told) > MOST else [])])
    return f"{after.bred}: {words}" if _is_bred(before, after) else words


def turns(parent: Scene, child: Scene) -> str:
    """Say what a child has of its own: "weights turned 12°, tanh to sin"."""
    return deed(Step(parent), Step(child)) or "the parent"


def label(before: Step, after: Step) -> str:
    """Say in few letters what came of a deed: "seed 17", "28 layers"."""
    if _is_bred(before, after):
        return after.bred.partition(" ")[0]
    return next((short for _, short in _words(before, after)), "")


def _words(before: Step, after: Step) -> Iterator[Words]:
    yield from dict.fromkeys(_scenes(before.scene, after.scene))
    if before.is_paused != after.is_paused:
        text = "paused" if after.is_paused else "time runs"
        yield text, text
    if before.is_paneled != after.is_paneled:
        text = "panel opened" if after.is_paneled else "panel closed"
        yield text, text


def _is_bred(before: Step, after: Step) -> bool:
    """Tell whether the network of a step came about by breeding the one before."""
    return after.bred != "" and network_of(before.scene) != network_of(after.scene)


def _scenes(before: Scene, after: Scene) -> Iterator[Words]:
    changed = [each.name for each in fields(Scene) if getattr(before, each.name) != getattr(after, each.name)]
    if ON_SPHERE & {*changed} and not (before.weights or after.weights):
        degrees = turn_between(before, after)
        if degrees < APART:
            yield f"weights turned {degrees:.3g}°", f"turned {degrees:.3g}°"
            changed = [name for name in changed if name not in ON_SPHERE]
    if "weights" in changed:
        name = base_name(after.weights)
        if name and file_of(after.weights) == file_of(before.weights):
            number = number_of(after.weights)
            yield f"{name}, network {number}", f"network {number}"
            return
        yield (f"opened {name}", name) if name else (f"a random network, seed {after.seed}", f"seed {after.seed}")
        return
    if sum(name in RECIPE for name in changed) > MOST:
        yield f"another network: {network_name(after)}", _network(before, after)
        return
    if "radius" in changed:
        changed = [name for name in changed if name != "center"]  # the picture grows around the cursor
    if "lens" in changed:  # which brings a layer and units of its own
        changed = ["lens", *(name for name in changed if name != "lens" and name not in LENS_FIELDS)]
    for name in changed:
        yield _field(name, getattr(before, name), getattr(after, name))


def _network(before: Scene, after: Scene) -> str:
    """Name another network by what tells it from the one before: its size and activation, else its seed."""
    old, new = (f"{each.layers} × {each.width} {each.activation}" for each in (before, after))
    return f"seed {after.seed}" if old == new else new


def _field(name: str, before: Any, after: Any) -> Words:
    if name == "beside" and before and after:
        return "the other half", "the other half"
    if name == "edits":
        return _edits(before, after)
    plain = PLAIN.get(name) or (SWITCHED[name][not after] if name in SWITCHED else "")
    if plain:
        return plain, plain
    write = WRITTEN.get(name, _written)
    old, new = write(before), write(after)
    if name in ("layers", "outputs"):
        noun = name if after != 1 else name[:-1]
        return f"{old} to {new} {noun}", f"{new} {noun}"
    if name in ("activation", "rule", "shape", "palette", "reading"):
        return f"{old} to {new}", new
    noun = LABELS.get(name, name.replace("_", " "))
    return f"{noun} {old} to {new}", f"{noun} {new}"


def _edits(before: str, after: str) -> Words:
    """Say which weight became another number, or how many did."""
    old, new = edits_of(before), edits_of(after)
    cells = [cell for cell in sorted({*old, *new}) if old.get(cell) != new.get(cell)]
    if len(cells) != 1:
        return f"{len(cells)} weights changed", f"{len(cells)} weights"
    value = f"{new[cells[0]]:.4g}" if cells[0] in new else "as it was"
    return f"weight {name_of(cells[0])}: {value}", f"weight {value}"


def _written(value: Any) -> str:
    """Write a value as short as it is told from its neighbours."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


WRITTEN: dict[str, Callable[[Any], str]] = {
    "angle": lambda angle: f"{angle:g}°",
    "time": lambda time: f"{time % 1.0:.3f}",
    "layer": lambda layer: str(layer or "output"),
    "points": lambda points: base_name(points) or "none",
    "lens": lens_word,
    "silenced": lambda units: units or "none",
    "stops": lambda stops: f"{len(stops.replace(',', ' ').split())} own colours" if stops else "none",
}
