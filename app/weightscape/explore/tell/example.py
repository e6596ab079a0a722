"""Examples of a word: the scene that is seen with less and with more of it, or with other choices."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from weightscape.explore.tell.readout import changed
from weightscape.lens.catalogue import lens
from weightscape.lens.lens import PlaneLens
from weightscape.network.view import EXACT
from weightscape.scene.command import within
from weightscape.scene.lens_name import LENS_FIELDS
from weightscape.scene.mean_field import edge_scale
from weightscape.scene.scene import Scene
from weightscape.scene.term import SAME
from weightscape.window.panel import Value

Example = tuple[str, Scene]
MOST = 3
# What of a setting is less, and what is more: a factor, or a value.
FACTORS = {
    "scale": (0.7, 1.4),
    "bias_scale": (0.3, 3.0),
    "radius": (0.25, 4.0),
    "lift": (0.4, 2.5),
    "gamma": (0.5, 2.0),
}
ENDS = {"layers": (4, 64), "width": (6, 100), "tilt": (15.0, 80.0)}
STEPS = {"angle": (-30.0, 30.0), "turn": (-60.0, 60.0)}
# Of many choices those that differ most.
TELLING = {
    "activation": ("tanh", "relu", "sin", "gaussian"),
    "output_activation": ("sigmoid", "sin", "identity", "gaussian"),
    "lens": ("cut", "unit", "stretch", "height"),
    "rule": ("fixed", "he", "orthogonal", "lecun"),
}
STOPS = (("none", ""), ("duotone", "#20106a,#ffe9b0"), ("three", "#081020,#c05078@0.4,#ffe6be"))
PHASES = (("calm", 0.7), ("edge", 1.0), ("chaotic", 2.0))


def examples(name: str, scene: Scene) -> tuple[Example, ...]:
    """Find up to three examples of a word, labelled; none where a picture tells nothing.

    `name` is a setting, "setting=value" or "status=piece", as scene/term.py has them.
    """
    word = {"status=zoom": "radius"}.get(name, SAME.get(name, name) if name.startswith("status=") else name)
    field, _, value = word.partition("=")
    base = _plain(scene, field)
    if word == "status=phase":
        wild = replace(base, lens="outputs")
        edge = edge_scale(scene.activation, scene.rule, scene.width if scene.rule == "fixed" else 1, scene.bias_scale)
        return tuple(_made(wild, "scale", ((label, factor * edge) for label, factor in PHASES)))
    if field in ("status", "button"):
        return ()
    if value:
        now = str(getattr(base, field, value))
        return tuple(_made(base, field, [(each, each) for each in dict.fromkeys((now, value))]))
    different: dict[Scene, str] = {}
    for label, made in _made(base, field, _values(field, base)):
        different.setdefault(made, label)
    return tuple((label, made) for made, label in different.items())[:MOST]


def _plain(scene: Scene, field: str) -> Scene:
    """Take away the split view, and a lens that draws, in which nothing could be seen so small."""
    keeps = field in ("lens", *LENS_FIELDS) or isinstance(lens(scene), PlaneLens)
    return replace(scene, beside="", lens=scene.lens if keeps else "outputs")


def _values(field: str, scene: Scene) -> list[tuple[str, Any]]:
    """List labels and values of a setting."""
    now: Any = getattr(scene, field, None)
    metadata: Mapping[str, Any] = {each.name: each.metadata for each in fields(Scene)}.get(field, {})
    if field in FACTORS:
        return [(label, now * factor) for label, factor in zip(("less", "more"), FACTORS[field], strict=True) if now]
    if field in ENDS:
        return [*zip(("less", "more"), ENDS[field], strict=True)]
    if field in STEPS:
        return [(f"{step:+g}°", (now + step + 180.0) % 360.0 - 180.0) for step in STEPS[field]]
    if field == "seed":
        return [(f"{seed}", seed) for seed in (now, now + 1, now + 2)]
    if field == "layer":
        return [("early", 1), ("middle", max(scene.layers // 2, 1)), ("late", max(scene.layers - 1, 1))]
    if field == "unit":
        return [(f"{unit}", unit) for unit in (now, now + 1, now + 2)]
    if field == "units":
        return [("0, 1, 2", "0,1,2"), ("3, 4, 5", "3,4,5")]
    if field == "stops":
        return [*STOPS]
    if field == "inputs":
        return [(listed, listed) for listed in ("x,y", "x,y,r", "r")]
    if field == "center":
        return _places(scene)
    if field == "time":
        return [(f"{part:g}", part) for part in (0.0, 0.25, 0.5)]
    if "switch" in metadata:
        yes, no = metadata["switch"]
        return [(yes, True), (no, False)]
    choices = TELLING.get(field, metadata.get("choices", ()))
    return [(str(choice), choice) for choice in choices[: MOST + 1]]


def _places(scene: Scene) -> list[tuple[str, Value]]:
    """Look a little to the left and to the right."""
    x, y = scene.center
    step = Decimal(repr(0.6 * scene.radius))
    return [("left", f"{EXACT.subtract(x, step)},{y}"), ("right", f"{EXACT.add(x, step)},{y}")]


def _made(scene: Scene, field: str, values: Any) -> Iterator[Example]:
    """Change a scene as the panel does; what cannot be is left out."""
    for label, value in values:
        with suppress(ValueError, KeyError):
            yield label, within(changed(scene, {field: value}))
