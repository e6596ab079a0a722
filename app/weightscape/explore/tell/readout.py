"""What stands over the picture: the scene as knobs for the panel and back, and facts about its picture in words.

Joins the scene with the window's panel; draws nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Literal

from weightscape.deep.accuracy import Accuracy, Method
from weightscape.engine.tile import Spent
from weightscape.explore.tell.swatch import swatches
from weightscape.network.limit import MAX_LAYERS, MAX_WIDTH
from weightscape.picture.network_memory import untold
from weightscape.scene.colour import moves
from weightscape.scene.command import BY_NAME, LENS_KEYS, apply, with_rule
from weightscape.scene.lens_name import LENS_FIELDS, LENSES, lens_word
from weightscape.scene.mean_field import edge_scale, kept_alive
from weightscape.scene.naming import network_name
from weightscape.scene.scene import RECIPE, Scene, overridden
from weightscape.window.panel import Control, Value

# Under which heading which fields stand.
PANEL_FIELDS = {
    "Network": (
        "seed",
        "layers",
        "width",
        "activation",
        "output_activation",
        "rule",
        "scale",
        "bias_scale",
        "shape",
        "tied",
        "inputs",
    ),
    "Colour": ("outputs", "reading", "palette", "stops", "levels", "gamma", "invert", "cycle"),
    "View": ("center", "radius", "angle", "time", "axes", "contour"),
    "Lens": ("lens", "layer", "unit", "units", "before", "turn", "tilt", "lift"),
}
LABELS = {"output_activation": "output", "bias_scale": "bias scale"}
# Sliders that end where pictures end; the command line takes the whole range.
SLIDERS: dict[str, tuple[float, float]] = {
    "layers": (1, MAX_LAYERS),
    "width": (1, MAX_WIDTH),
    "scale": (0.01, 10.0),
    "bias_scale": (0.01, 10.0),
    "angle": (-180.0, 180.0),
    "turn": (-180.0, 180.0),
    "tilt": (0.0, 90.0),
    "lift": (0.0, 4.0),
    "gamma": (0.25, 4.0),
    "cycle": (-4.0, 4.0),
}
# Where on the slider's track which parts of the edge's scale stand.
LIVELY = ((0.15, 0.5), (0.85, 2.5))
LOGARITHMIC = {"layers", "width", "scale", "bias_scale", "gamma"}
# More right digits than an eye, or a display, tells.
EXACT_DIGITS = 6.0
# Views smaller than so many times the finest detail are smooth slopes.
NEAR_FLOOR, FLATTEST = 10.0, 1e200
KEPT_ALIVE = {"activation", "width"}


def title(scene: Scene) -> str:
    """Name a scene's network for the window's title."""
    return f"weightscape — {network_name(scene)}"


def in_brief(engine: str, reason: str) -> str:
    """Say which engine draws and why, without what stands in brackets."""
    return f"{engine}: {re.sub(r' *[(][^()]*([(][^()]*[)][^()]*)*[)]', '', reason)}"


def at_work(spent: Spent) -> str:
    """Say who was how long at work for a picture; "" where nothing was evaluated."""
    return ", ".join(
        f"{who} {_brief(seconds)}" for who, seconds in (("GPU", spent.gpu_s), ("CPU", spent.cpu_s)) if seconds > 0.0
    )


def _brief(seconds: float) -> str:
    """Write seconds in milliseconds with two or three digits, long ones as such."""
    ms = 1e3 * seconds
    return f"{ms:.2g} ms" if ms < 9.95 else f"{ms:.0f} ms" if ms < 999.5 else f"{seconds:.1f} s"


def badge(accuracy: Accuracy, method: Method, radius: float) -> str:
    """Say how true a picture is: how many digits of its own range are right, and how small its smallest details are.

    Where the network has no slope at all in the view's middle, as relu's have where all units are off, that is told.
    """
    digits = accuracy.digits(method)
    if accuracy.spread == 0.0:
        return "flat"
    sure = "exact" if digits >= EXACT_DIGITS else f"{digits:.0f} digits" if digits >= 1.0 else "noise"
    if radius >= NEAR_FLOOR * accuracy.floor:
        return sure
    if accuracy.floor >= FLATTEST:
        return f"{sure}, flat in the middle"
    floor = f"{accuracy.floor:.0f}" if 1.0 <= accuracy.floor < 1e6 else f"{accuracy.floor:.1g}"
    return f"{sure}, smallest detail {floor}"


def controls(scene: Scene) -> tuple[Control, ...]:
    """Make one knob for each field that matters to a scene."""
    metadata = {each.name: each.metadata for each in fields(Scene)}
    skipped = {*RECIPE} - {*untold(scene.weights)} if scene.weights else set[str]()
    if scene.rule == "fixed":
        skipped.add("bias_scale")
    if (
        scene.outputs == 3
        and scene.reading != "palette"
        and not scene.weights
        and scene.lens in ("outputs", "cut", "rgb")
    ):
        skipped |= {"palette", "stops"}
    if scene.outputs == 1:
        skipped.add("reading")
    if not moves(scene):
        skipped.add("time")
    skipped |= set(LENS_FIELDS) - set(LENSES[scene.lens].fields)
    return tuple(
        replace(_control(scene, name, metadata[name]), group=group)
        for group, names in PANEL_FIELDS.items()
        for name in names
        if name not in skipped
    )


def _control(scene: Scene, name: str, metadata: Mapping[str, Any]) -> Control:
    value, hint = getattr(scene, name), metadata["help"]
    label = LABELS.get(name, name)
    if "switch" in metadata:
        return Control(name, label, "bool", value, hint=hint)
    if isinstance(value, tuple):
        return Control(name, label, "text", ",".join(map(str, value)), hint=hint)
    if name == "seed":
        return Control(name, label, "text", str(value), hint=hint)
    if "choices" in metadata:
        choices = tuple(map(str, metadata["choices"]))
        words = tuple(map(lens_word, choices)) if name == "lens" else ()
        knob = Control(name, label, "choice", str(value), choices=choices, hint=hint, words=words)
        return replace(knob, swatches=swatches(scene, name))
    kind: Literal["int", "float"] = "int" if isinstance(value, int) else "float"
    low, high = (0, scene.layers) if name == "layer" and not scene.weights else SLIDERS.get(name, (None, None))
    if low is not None and high is not None and not low <= value <= high:
        low = high = None  # out of the slider's reach: typed
    knob = Control(name, label, kind, value, low, high, logarithmic=name in LOGARITHMIC, hint=hint)
    if name == "layer":
        return replace(knob, zero="output")
    if "low" in metadata:
        knob = replace(knob, limits=(metadata["low"], metadata["high"]))
    return _lively(knob, scene) if name == "scale" else knob


def _lively(knob: Control, scene: Scene) -> Control:
    """Give the scales around the edge of chaos most of the track, and mark the edge."""
    width = scene.width if scene.rule == "fixed" else 1  # the other rules' scale does not depend on it
    edge = edge_scale(scene.activation, scene.rule, width, scene.bias_scale)
    if not SLIDERS["scale"][0] < edge < SLIDERS["scale"][1]:
        return knob
    stops = tuple((place, factor * edge) for place, factor in LIVELY)
    return replace(knob, stops=stops, mark=edge, hint=f"{knob.hint}; the mark is the edge of chaos, {edge:.3g}")


def changed(scene: Scene, changes: Mapping[str, Value]) -> Scene:
    """Apply what the panel's user changed. Raises SceneError for a value that cannot be."""
    for name, value in changes.items():
        new: Any = value
        if name == "center":
            new = tuple(part.strip() for part in str(value).split(","))
        elif name == "outputs":
            new = int(value)
        if name in KEPT_ALIVE and not scene.weights:
            scene = kept_alive(scene, **{name: new})
        elif name == "rule":
            scene = with_rule(scene, new)
        elif name == "palette":
            scene = overridden(scene, palette=new)
        elif name == "lens" and new in LENS_KEYS:  # from a layer that shows something, as its key does
            scene = apply(BY_NAME[new], scene, 0)
        else:
            scene = replace(scene, **{name: new})
    return scene
