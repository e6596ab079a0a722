"""The scene: one immutable value that determines the picture, and its text form.

Every field stands here once, with its range, its choices and its one-line help; the command line, the panel and
the error messages read them from here. Draws nothing and evaluates nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.edit import edits_of, silenced_of, written_edits, written_units
from weightscape.network.initialisation import DEFAULT_BIAS_SCALE, RULES, SHAPES
from weightscape.network.input import NAMED_INPUTS
from weightscape.network.limit import MAX_LAYERS, MAX_WEIGHTS, MAX_WIDTH
from weightscape.network.showing import Png, png
from weightscape.network.view import MAX_RADIUS, MIN_RADIUS, Point, View
from weightscape.scene.epoch import file_of, unnumbered
from weightscape.scene.json_text import json_object
from weightscape.scene.lens_name import LENS_FIELDS, LENSES
from weightscape.scene.mix import mixed_in, written
from weightscape.scene.palette import PALETTES, READINGS
from weightscape.scene.scene_error import SceneError
from weightscape.scene.scene_field import MAX_COMPONENT, SEEDS, checked, choice, number, row, switch, text
from weightscape.scene.stops import stops

VERSION = 1
# What may stand beside the fields in a file: by name of a weights file what was in it. Checked by who opens the file.
FINGERPRINTS = "fingerprints"
# Integers beyond this lose digits in readers that hold JSON numbers as doubles, so they are written as text.
EXACT_JSON_INTEGER = 2**53
# Pictures are at most so many times as long as they are high.
MAX_SCREEN = 65_536.0
RECIPE = (
    "seed",
    "layers",
    "width",
    "activation",
    "output_activation",
    "shape",
    "rule",
    "scale",
    "bias_scale",
    "tied",
    "outputs",
    "to_seed",
    "mix",
)
# What the network is made of; the rest is how it is looked at.
NETWORK = (*RECIPE, "part", "inputs", "weights", "edits", "silenced")
# What lies over the picture, and changes none of its pixels' own values.
OVER = ("points", "axes", "contour")
# Colours beyond the palette: a text is silent about them where they are as by default.
COLOURING = ("reading", "stops", "gamma", "invert", "cycle")
# Fields that name a user's file.
FILES = ("weights", "points")
# Fields that list something in text, and how each list is spelled, so that equal scenes have equal texts.
SPELLINGS: dict[str, Callable[[str], str]] = {
    "mix": lambda value: written(mixed_in(value)),
    "edits": lambda value: written_edits(edits_of(value)),
    "silenced": lambda value: written_units(silenced_of(value)),
}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Describe a picture: the recipe of a network (or a weights file), the view, the lens, the time.

    Every field has a default; the default scene is figure 11 of "A Visual Exploration of Random Neural
    Networks". `scale` and `bias_scale` left out take their rule's default, `part` of a morph is 0. Raises
    SceneError, which names field, value and range.
    """

    seed: int = number(43, 0, 2**64 - 1, "which random numbers")
    layers: int = number(27, 1, MAX_LAYERS, "number of layers, the output layer included")
    width: int = number(30, 1, MAX_WIDTH, "units in each hidden layer")
    activation: str = choice("tanh", tuple(ACTIVATIONS), "activation of the hidden layers")
    output_activation: str = choice("sigmoid", tuple(ACTIVATIONS), "activation of the output layer")
    shape: str = choice("uniform", SHAPES, "distribution of the weights")
    rule: str = choice("fixed", RULES, "how the size of the weights follows the width")
    scale: float = number(None, 0.0, 1e6, "size of the weights (default 0.7 for rule fixed, else 1)")
    bias_scale: float | None = number(None, 0.0, 1e6, "deviation of the biases (not for rule fixed; default 0.3)")
    tied: bool = switch(True, ("tied", "independent"), "use the same numbers in every layer, as the article does")
    to_seed: int | None = number(None, 0, 2**64 - 1, "morph towards the network of this seed")
    part: float | None = number(None, 0.0, 1.0, "how far the morph has come (with a seed to go to; default 0)")
    outputs: int = field(default=3, metadata={"choices": (1, 3), "help": "3 for red, green, blue; 1 for a palette"})
    inputs: tuple[str, ...] = field(
        default=("x", "y"), metadata={"help": f"what the network is fed: {', '.join(NAMED_INPUTS)} or numbers"}
    )
    weights: str = text(
        "a file name",
        "weights, .npz .safetensors .onnx .pt (`weightscape export --help`), in place of a random network",
    )
    origin: tuple[float, ...] = row(
        (), -MAX_COMPONENT, MAX_COMPONENT, "of a network of many inputs: what it is fed at 0,0"
    )
    u: tuple[float, ...] = row((), -MAX_COMPONENT, MAX_COMPONENT, "and what is added from there to 1,0")
    v: tuple[float, ...] = row((), -MAX_COMPONENT, MAX_COMPONENT, "and what is added from there to 0,1")
    center: Point = field(
        default=(Decimal(0), Decimal(0)), metadata={"help": "the point in the middle, with any number of digits"}
    )
    radius: float = number(2.6, MIN_RADIUS, MAX_RADIUS, "half the short side of the picture, in plane units")
    angle: float = number(0.0, -360.0, 360.0, "degrees by which the camera is turned counter-clockwise")
    time: float = number(0.0, -1e6, 1e6, "time in turns, for the inputs cos_t and sin_t")
    lens: str = choice("outputs", tuple(LENSES), "what is shown of the network")
    layer: int = number(0, 0, MAX_LAYERS, "the layer that a lens looks at; 0 is the output layer")
    unit: int = number(0, 0, MAX_WIDTH - 1, "the unit that a lens looks at, counted from 0")
    units: tuple[int, int, int] = row((0, 1, 2), 0, MAX_WIDTH - 1, "units that the lens rgb shows")
    before: bool = switch(False, ("before", "after"), "units before their activation")
    probe: tuple[float, float] = row(
        (0.0, 0.0), -MAX_SCREEN, MAX_SCREEN, "the point that a lens looks at, -1..1 on the short side, y up"
    )
    turn: float = number(30.0, -360.0, 360.0, "of the landscape: degrees that the camera stands to the right")
    tilt: float = number(50.0, 0.0, 90.0, "of the landscape: degrees that the camera stands above the plane")
    lift: float = number(1.0, 0.0, 10.0, "of the landscape: height, as a factor")
    beside: str = text("a scene's JSON", "split view: what is different in the right half, as JSON of scene fields")
    levels: str = choice("plain", ("plain", "auto"), "values as they are, or stretched to the contrast of the view")
    palette: str = choice(
        "viridis", PALETTES, "colours of one output, or of three read as palette; or a .gpl, .map or .json of your own"
    )
    quantise: str = choice("round", ("round", "floor"), "8 bits as floor(255 v + 0.5), or the article's floor(255 v)")
    points: str = text("a file name", "a .csv or .npy of points, a row each, the class last: shown over the plane")
    axes: bool = switch(False, ("axes", "no-axes"), "numbers along the edges of a picture of the plane")
    contour: bool = switch(False, ("contour", "no-contour"), "lines where the network's decision changes")
    mix: str = text("SEED:PART,...", "networks of other seeds mixed in; the squares of all parts sum to 1")
    edits: str = text("LAYER:INPUT:UNIT=VALUE,...", "weights set to other numbers, at most 64")
    silenced: str = text("LAYER:UNIT,...", "units that the next layer hears nothing of, at most 64")
    reading: str = choice("rgb", READINGS, "how three outputs are read; palette: their lightness goes through it")
    stops: str = text("colours such as #20407f@0.5", "2..16 colours of one's own, in place of the palette's")
    gamma: float = number(1.0, 0.1, 10.0, "of colours: above 1 what is between dark and bright is brighter")
    invert: bool = switch(False, ("invert", "no-invert"), "dark is bright, and bright is dark")
    cycle: float = number(0.0, -1000.0, 1000.0, "turns of hue or palette in a turn of time")

    def __post_init__(self) -> None:
        fixed = self.rule == "fixed"
        if self.scale is None:
            object.__setattr__(self, "scale", 0.7 if fixed else 1.0)
        if self.bias_scale is None and not fixed:
            object.__setattr__(self, "bias_scale", DEFAULT_BIAS_SCALE)
        if self.part is None and self.to_seed is not None:
            object.__setattr__(self, "part", 0.0)
        for each in fields(Scene):  # of a subclass its own fields are its own business
            object.__setattr__(self, each.name, checked(each, getattr(self, each.name)))
        for name, spelling in SPELLINGS.items():
            object.__setattr__(self, name, _spelled(name, spelling, getattr(self, name)))
        if self.seed in mixed_in(self.mix):
            raise SceneError("mix", f"{self.seed} is the network's own seed: its part is what the others leave")
        if self.stops:
            stops(self.stops)
        if fixed and self.bias_scale is not None:
            raise SceneError("bias_scale", "belongs to the rules lecun, glorot, he and orthogonal, not to fixed")
        if self.part is not None and self.to_seed is None:
            raise SceneError("part", "belongs to a morph, which needs a seed to go to (to_seed)")
        if not len(self.origin) == len(self.u) == len(self.v):
            raise SceneError("origin", f"{len(self.origin)} numbers, but u has {len(self.u)} and v {len(self.v)}")
        if not self.weights and distinct_weights(self) > MAX_WEIGHTS:
            raise SceneError(
                "width",
                f"{self.layers} independent layers of {self.width} units are {distinct_weights(self):,} "
                f"weights, the limit is {MAX_WEIGHTS:,}",
            )

    @property
    def view(self) -> View:
        """Pick out the view."""
        return View(self.center, self.radius, self.angle)

    def looking(self, view: View) -> "Scene":
        """Show the same network through another view."""
        return replace(self, center=view.center, radius=view.radius, angle=view.angle)

    def _repr_png_(self) -> Png | None:
        """Show the picture in a notebook."""
        return png(self)

    def to_text(self) -> str:
        """Write the scene as one line of flat JSON, complete, for files, clipboards and command lines."""
        values = asdict(self) | {"center": [str(c) for c in self.center]}
        values |= {"weights": file_of(self.weights), "beside": unnumbered(self.beside)}
        values |= {name: str(values[name]) for name in SEEDS if (values[name] or 0) > EXACT_JSON_INTEGER}
        default = {each.name: each.default for each in fields(self)}
        own = LENSES[self.lens].fields
        quiet = {*OVER, *COLOURING, *LENS_FIELDS} - {*own}
        silent = {name for name in quiet if values[name] == default[name]}
        kept = {name: v for name, v in values.items() if v not in (None, "", ()) and name not in silent}
        return json.dumps({"version": VERSION} | kept, ensure_ascii=False)


def _spelled(name: str, spelling: Callable[[str], str], value: str) -> str:
    try:
        return spelling(value)
    except ValueError as error:
        raise SceneError(name, str(error)) from None


def distinct_weights(scene: Scene) -> int:
    """Count the weights a scene's recipe stores; a tied network stores one hidden matrix."""
    n_in, n, m, hidden = len(scene.inputs), scene.width, scene.outputs, scene.layers - 1
    if hidden == 0:
        return n_in * m
    return n_in * n + n * n * (min(hidden - 1, 1) if scene.tied else hidden - 1) + n * m


def has_time(scene: Scene) -> bool:
    """Tell whether a network changes with time."""
    return "cos_t" in scene.inputs or "sin_t" in scene.inputs


def overridden(scene: Scene, **changes: Any) -> Scene:
    """Replace fields; a new rule brings its own default scales, a new palette its own colours, unless given, too."""
    if "palette" in changes:
        changes = {"stops": ""} | changes
    if changes.get("rule", scene.rule) != scene.rule:
        changes = {"scale": None, "bias_scale": None} | changes
    return replace(scene, **changes)


def from_text(written: str) -> Scene:
    """Read a scene from its text form. Raises SceneError for anything but flat JSON with known fields in range."""
    return from_mapping(json_object(written))


def from_mapping(values: Mapping[str, Any]) -> Scene:
    """Make a scene of named values as they stand in JSON. Raises SceneError."""
    values = dict(values)
    version = values.pop("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise SceneError("version", f"{version!r} is not {VERSION}, the only one this program reads")
    values.pop(FINGERPRINTS, None)
    unknown = sorted(set(values) - {each.name for each in fields(Scene)})
    if unknown:
        raise SceneError(unknown[0], "this program knows no such field; a newer one may")
    return Scene(**values)
