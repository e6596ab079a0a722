"""A scene as text for shadertoy.com: one shader that draws it live, from shaders/shadertoy.glsl and numbers.

Says what no such shader can hold; compiles nothing.
"""

import json
import math
import os
import re
import shlex
from dataclasses import dataclass, replace

import numpy as np

from weightscape import __version__
from weightscape.engine.choice import opened
from weightscape.file.whole_file import STDOUT
from weightscape.gpu.needed import needed
from weightscape.gpu.source import Source, source
from weightscape.lens.catalogue import CATALOGUE, wants
from weightscape.lens.lens import PlaneLens
from weightscape.network.initialisation import SQRT_3, half_width
from weightscape.network.network import Network, Tap, distinct_weights, tapped
from weightscape.network.softmax import SOFTMAX
from weightscape.network.view import View, turn
from weightscape.picture.forecast import STRETCHED_TARGET, TARGET, foretold, looked_at
from weightscape.picture.levels import displayed
from weightscape.picture.network_memory import network
from weightscape.picture.questions import questions
from weightscape.publish.caption import told
from weightscape.publish.shader_number import FOUR, array, number, table, vector
from weightscape.scene.colour import colour
from weightscape.scene.link import link
from weightscape.scene.naming import base_name
from weightscape.scene.scene import OVER, Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shading import Shading, Uniforms, plain

SIZE = (640, 360)  # of the picture that levels and precision are told for
MAX_TABLE = 65_536  # distinct weights
# Drivers end loops that run long, llvmpipe's after 65,535 turns; sixteen weights are a turn.
MAX_WORK = 16 * 32_768
# Blocks of four random numbers a point that are drawn in the shader: at 640x360 llvmpipe then takes 0.9 s.
MAX_DRAWN = 750
NEAR = 100.0  # radii that the centre may be away from the origin, where weights do not see differences from it
COLOURS = 3
TIMES = ("cos_t", "sin_t")
# What is fed to the first layer, d away from the centre: by name the row, and what a change of it is.
ROWS = {"x": 0, "y": 1, "r": 2, "cos_t": 4, "sin_t": 5}
INPUTS = ("vec4(d, {r}, 0.0)", "vec4(cos(turn()), sin(turn()), 0.0, 0.0)")


@dataclass(frozen=True)
class Told:
    """Hold what a shader's text is made of: the network, what it is fed, the view, and how outputs become colours."""

    network: Network
    inputs: tuple[str, ...]
    view: View
    channels: int
    shading: Uniforms


def shadertoy(scene: Scene, output: str = STDOUT) -> str:
    """Write a scene as a shader; `output`: the file that its own command line names.

    Raises SceneError, in one line, for what a shader of one pass in single precision cannot show.
    """
    seen = _told(scene, _lens(scene))
    body = needed(_uncommented(source("shadertoy.glsl", _defines(scene, seen))), "mainImage")
    texts = _constants(scene, seen)
    kept = [text for name, text in texts.items() if re.search(rf"\b{name}\b", body)]
    return "\n".join([*_header(scene, output), "", *kept, "", body])


def _uncommented(made: Source) -> str:
    """Leave out the comments of the library, which speak of this program."""
    lines = zip(made.text.splitlines(), made.origin, strict=True)
    return "\n".join(line.partition("//")[0] if file.startswith("lib/") else line for line, (file, _) in lines)


def _lens(scene: Scene) -> PlaneLens:
    """Find the scene's lens, of those that colour points by their values. Raises SceneError."""
    if scene.beside:
        raise SceneError("beside", "a shader shows one scene, not a split view")
    for name in (name for name in OVER if getattr(scene, name)):
        raise SceneError(name, f"a shader lays no {name} over its picture: render does")
    fit = {name: each for name, each in CATALOGUE.items() if isinstance(each, PlaneLens) and each.shading}
    if scene.lens not in fit:
        raise SceneError("lens", f"a shader cannot show {scene.lens}; it shows {', '.join(fit)}")
    return fit[scene.lens]


def _check_size(made: Network) -> None:
    if (count := distinct_weights(made)) > MAX_TABLE:
        raise SceneError("width", f"{count:,} distinct weights are too many for a shader, the limit is {MAX_TABLE:,}")
    if (work := sum(W.size for W in made.weights)) > MAX_WORK:
        raise SceneError("layers", f"{work:,} weights a point are too many for a shader, the limit is {MAX_WORK:,}")


def _check_precision(scene: Scene) -> None:
    accuracy = foretold(scene, SIZE)
    stretched = scene.levels == "auto"
    if accuracy is None:
        return
    error = accuracy.relative("single") if stretched else accuracy.error["single"]
    if error > (STRETCHED_TARGET if stretched else TARGET):
        digits = round(accuracy.digits("single"))
        raise SceneError(
            "radius" if scene.radius < 1e-3 else "layers",
            f"a shader has single precision, which holds about {digits} digits of this picture's range: too few",
        )


def _told(scene: Scene, lens: PlaneLens) -> Told:
    want = wants(scene, network(scene), SIZE)[0]
    made, _, (inputs, _, view, _) = looked_at(want, scene)
    _check_size(made)
    _check_precision(scene)
    question = questions(scene, SIZE)[0]
    with opened("numpy") as choice:
        shading = displayed(lens, scene, question, choice.engine).shading
    assert shading
    channels = question.channels
    if made.activations[-1] != SOFTMAX and channels > COLOURS:
        made = tapped(made, Tap(-1, tuple(range(COLOURS))))
    return Told(_folded(made, inputs, view), inputs, view, channels, _uniforms(shading, channels))


def _uniforms(shading: Shading, channels: int) -> Uniforms:
    return shading.of(np.zeros(channels), np.ones(channels))


def _folded(made: Network, inputs: tuple[str, ...], view: View) -> Network:
    """Feed a network with what changes, as differences from the centre: what does not goes into the first bias."""
    x, y = map(float, view.center)
    constants = {"x": x, "y": y, "r": math.hypot(x, y), "cos_t": 0.0, "sin_t": 0.0}
    W, b = made.weights[0], made.biases[0]
    rows = np.zeros((2 * FOUR if set(inputs) & set(TIMES) else FOUR, W.shape[1]))
    for name, row in zip(inputs, W, strict=True):
        if name in ROWS:
            rows[ROWS[name]] += row
        b = b + row * (constants[name] if name in constants else float(name))
    return replace(made, weights=(rows, *made.weights[1:]), biases=(b, *made.biases[1:]))


def _defines(scene: Scene, seen: Told) -> dict[str, str]:
    made, shading = seen.network, seen.shading
    first, second = INPUTS
    defines = {"INPUT_0": first.format(r="rise(d)" if "r" in seen.inputs else "0.0")}
    if len(made.weights[0]) > FOUR:
        defines["INPUT_1"] = second
    if made.activations[-1] == SOFTMAX:
        defines["SOFTMAX"] = ""
    if shading != _uniforms(plain(seen.channels), seen.channels):
        defines["CURVE"] = f"activation_{shading.curve}"
    if seen.channels < COLOURS:
        defines["PALETTE" if seen.channels == 1 else "RED_GREEN"] = ""
    if (told := _read(scene, seen.channels)) is not None:
        reading, _, third = told
        defines |= {"READ": f"read_{reading}", "THIRD": repr(third)}
        if reading == "palette":
            defines["PALETTE"] = ""
    if scene.quantise == "floor":
        defines["FLOOR"] = ""
    if is_drawn(scene):
        defines |= {"DRAWN": "", "INPUT_0": "vec4(CENTER + d, 0.0, 0.0)"}
    *others, last = dict.fromkeys(_activations(made))
    taken = "".join(f"kind == {kind} ? activation_{name}(z) : " for kind, name in enumerate(others))
    return defines | {"ACTIVATION_OF_KIND": f"{taken}activation_{last}(z)"}


def _read(scene: Scene, channels: int) -> tuple[str, tuple[float, ...], float] | None:
    """Tell the reading as lib/shade.glsl takes it; with a cycle it is never plain, for time runs in the shader."""
    return replace(colour(scene), turn=0.5 if scene.cycle else 0.0).read(channels)


def _activations(made: Network) -> list[str]:
    """Name each layer's activation; softmax follows by itself."""
    return ["identity" if name == SOFTMAX else name for name in made.activations]


def is_drawn(scene: Scene) -> bool:
    """Tell whether a shader draws the weights itself: uniform ones, so few that they are drawn anew at every point."""
    width, hidden = -(-scene.width // FOUR), scene.layers - 1
    blocks = 5 * width * min(hidden, 1) + (FOUR * width + 1) * (width * max(hidden - 1, 0) + 1)
    x, y = map(float, scene.view.center)
    is_one = scene.to_seed is None and not (scene.mix or scene.edits or scene.silenced)
    is_random = is_one and not (scene.weights or scene.tied or scene.origin)
    is_plain = scene.shape == "uniform" and scene.rule != "orthogonal" and scene.inputs == ("x", "y")
    is_near = math.hypot(x, y) <= NEAR * scene.radius
    return is_random and is_plain and is_near and scene.lens == "outputs" and blocks <= MAX_DRAWN


def _sizes(scene: Scene) -> list[float]:
    """Tell half the range of weights in the first, the hidden and the last layer, and of biases."""
    width, fed = scene.width, len(scene.inputs) if scene.layers == 1 else scene.width
    pairs = [(len(scene.inputs), width), (width, width), (fed, scene.outputs)]
    biases = scene.scale if scene.bias_scale is None else SQRT_3 * scene.bias_scale
    return [*(half_width(scene.rule, scene.scale, *pair) for pair in pairs), biases]


def _constants(scene: Scene, seen: Told) -> dict[str, str]:
    """Declare all numbers that the text may use, by name."""
    made, view, shading = seen.network, seen.view, seen.shading
    names = _activations(made)
    kinds = list(dict.fromkeys(names))
    layers, numbers = table(made, [kinds.index(name) for name in names])
    c, s = (view.radius * part for part in turn(view))
    own = colour(scene)
    colours = own.table.astype(int) @ (1 << 16, 1 << 8, 1)
    floats = {"TIME": number(scene.time % 1.0), "CYCLE": number(scene.cycle), "BEGUN": number(own.turn)}
    floats |= {"BEND": number(1.0 / own.gamma), "INVERTED": number(float(own.invert)), "CLOSES": number(own.closes)}
    vectors = {"CENTER": [*map(float, view.center)], "ZERO": shading.zero, "GAIN": shading.gain, "BIAS": shading.bias}
    values = {"LAYERS": made.layers, "FOURS": -(-max(map(len, made.weights)) // FOUR), "OUTPUTS": made.widths[-1]}
    return {
        **{name: f"const int {name} = {value};" for name, value in values.items()},
        **{name: f"const float {name} = {text};" for name, text in floats.items()},
        **{name: f"const vec{len(value)} {name} = {vector(value)};" for name, value in vectors.items()},
        "WIDTH": f"const int WIDTH = {scene.width};",
        "LAST": f"const int LAST = {kinds.index(names[-1])};",
        "SEED": f"const uvec2 SEED = uvec2({scene.seed & 0xFFFFFFFF}u, {scene.seed >> 32}u);",
        "SIZES": f"const vec4 SIZES = {vector(_sizes(scene))};",
        "TO_PLANE": f"const mat2 TO_PLANE = mat2({', '.join(map(number, (c, s, -s, c)))});",
        "COLORS": array("uint", "COLORS", [f"{colour:#08x}u" for colour in colours]),
        "LAYER": array("ivec4", "LAYER", layers),
        "NUMBERS": array("uvec4", "NUMBERS", numbers),
    }


def _header(scene: Scene, output: str) -> list[str]:
    """Say in comments what the text is and how it was made."""
    made = network(scene)
    target = "- --format glsl" if output == STDOUT else shlex.quote(os.path.basename(output))
    about = f"a network of {base_name(scene.weights)!r}" if scene.weights else f"a random network of seed {scene.seed}"
    try:
        start = f"'{link(scene)}'"
        lines = []
    except SceneError:
        start, lines = "SCENE.json", [f"// SCENE.json: {json.dumps(told(scene, output))}"]
    return [
        f"// The picture of {about}, {made.layers} layers, live: paste all of this into a new shader of shadertoy.com.",
        "// Drag the picture: the point that is pressed follows the mouse, and up is nearer. A click brings the first",
        "// view back. Numbers are of single precision: far in, it ends before the picture does.",
        f"// Made by weightscape {__version__}: weightscape export --scene {start} -o {target}",
        *lines,
    ]
