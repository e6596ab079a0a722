"""A network in words: shapes, numbers, algebra, Python, and what theory says of it. Draws nothing."""

import math
import textwrap
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from weightscape.file.whole_file import shown
from weightscape.network import softmax
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.fingerprint import fingerprint
from weightscape.network.network import Network, distinct_weights
from weightscape.network.philox import ARTICLE_KEY
from weightscape.picture.network_memory import is_handed_in, network, untold
from weightscape.scene.mean_field import MeanField, mean_field, of_scene
from weightscape.scene.scene import Scene

WIDTH = 100
LONGEST_FORMULA = 4  # layers of a network that is written out in one line
MOST_OUTPUTS = 6
RULES = {
    "lecun": "√(1/inputs)",
    "glorot": "√(2/(inputs + outputs))",
    "he": "√(2/inputs)",
    "orthogonal": "that of a matrix with orthonormal rows or columns",
}

Lines = Iterator[str]


def explanation(scene: Scene) -> str:
    """Explain a scene's network in lines of at most 100 characters. Raises what picture.network raises."""
    made = network(scene)
    parts = {
        "Shapes": _shapes(scene, made),
        "Numbers": _numbers(scene, made),
        "Algebra": _algebra(made),
        f"Python, {_files(scene)}": _python(scene, made),
        "Mean field, what an infinitely wide network of this kind does": _mean_field(scene, made),
    }
    return "\n\n".join("\n".join([title, *("  " + line for line in body)]) for title, body in parts.items())


def python_code(scene: Scene, made: Network) -> str:
    """Write NumPy code that reads net.npz and, in its last line, evaluates the network at the view's centre: y."""
    rows = [f'     "{name}": lambda z: {_numpy(name)},' for name in dict.fromkeys(made.activations)]
    rows[0] = "f = {" + rows[0].lstrip()
    rows[-1] = rows[-1][:-1] + "}"
    limit = f"{PREACTIVATION_LIMIT:g}"
    return "\n".join(
        [
            'import functools, math, numpy as np; net = dict(np.load("net.npz")); name = net["activations"]',
            *rows,
            f'W, b = ([net[f"{{s}}{{k}}"] for k in range(1, {made.layers + 1})] for s in "Wb")',
            f"clamp = lambda z: np.clip(z, -{limit}, {limit})",
            *_point(scene),
            f"y = functools.reduce(lambda h, k: f[name[k]](clamp(h @ W[k] + b[k])), range({made.layers}), x)",
        ]
    )


def _numpy(name: str) -> str:
    return softmax.NUMPY if name == softmax.SOFTMAX else ACTIVATIONS[name].numpy


def _point(scene: Scene) -> Lines:
    """Write code that makes x, the network's inputs at the view's centre."""
    if scene.origin:
        yield 'import json; scene = json.load(open("scene.json"))'
        yield 'x0, u, v, at = (np.array(scene[s], float) for s in ("origin", "u", "v", "center"))'
        yield "x = (x0 + at[0] * u + at[1] * v)[None]"
        return
    point = ", ".join(map(repr, _centre(scene)))
    yield from textwrap.wrap(f"x = np.array([[{point}]])", WIDTH - 4, subsequent_indent=" " * 15)


def _files(scene: Scene) -> str:
    """Say where the files come from that the code reads."""
    if is_handed_in(scene.weights):
        return f"where net.npz holds W1, b1 ... and activations{', scene.json the view.to_text()' * bool(scene.origin)}"
    return f"after weightscape export -o net.npz{' and -o scene.json' * bool(scene.origin)} with the same options"


def _source(scene: Scene, made: Network) -> str:
    """Say where the weights come from."""
    if is_handed_in(scene.weights):
        return f"handed in from Python, fingerprint {fingerprint(made)}"
    if not scene.weights:
        return _generator(scene)
    return f"read from {shown(scene.weights)}{', activations as the scene has them' * bool(untold(scene.weights))}"


def _shapes(scene: Scene, made: Network) -> Lines:
    fed = "origin + x u + y v" if scene.origin else ", ".join(scene.inputs)
    yield from _wrapped(f"{'inputs':<16}{made.widths[0]:>4}         {fed}", 29)
    rows = zip(made.widths, made.widths[1:], made.activations, strict=False)
    first = 1
    for (n_in, n_out, name), run in groupby(rows):
        last = first + len(list(run)) - 1
        what = f"layer {first}" if first == last else f"layers {first}..{last}"
        yield f"{what:<16}{n_in:>4} -> {n_out:<4} {name}"
        first = last + 1
    outputs = {1: f"through the palette {scene.palette}", 3: "red, green, blue"}.get(made.widths[-1], "")
    yield f"{'outputs':<16}{made.widths[-1]:>4}         {outputs}".rstrip()


def _numbers(scene: Scene, made: Network) -> Lines:
    biases = sum(b.size for b in made.biases)
    yield f"{made.parameters:,} parameters: {made.parameters - biases:,} weights and {biases:,} biases"
    shared = ", the hidden layers share one matrix" if _is_shared(made) else ""
    yield f"{distinct_weights(made):,} distinct weights{shared}"
    yield from _wrapped(_source(scene, made))
    if not scene.weights:
        yield from _wrapped(_size(scene))


def _generator(scene: Scene) -> str:
    low, high = scene.seed & 0xFFFFFFFF, scene.seed >> 32
    if scene.tied:
        return (
            f"drawn by Philox4x32-10, key ({ARTICLE_KEY}, 0), counter (block, 0, {low}, {high}): u = (low 23 bits of"
            " a word) / 2^23; every matrix, row by row, and every bias vector is filled from the start of this stream"
        )
    return (
        f"drawn by Philox4x32-10, key ({low}, {high}), counter (input // 4, unit, layer, 0) for weights and"
        " (unit // 4, 0, layer, 1) for biases, the output layer being layer 0: u = ((word >> 9) + 0.5) / 2^23"
    )


def _size(scene: Scene) -> str:
    scale = f"{scene.scale:g}"
    if scene.rule == "fixed":
        if scene.shape == "uniform":
            return f"weights and biases = (2 u - 1) × {scale}, uniform between -{scale} and {scale}"
        return f"weights and biases = inverse normal CDF(u) × {scale} / √3, normal"
    drawn = "normal" if scene.rule == "orthogonal" else scene.shape
    return (
        f"weights {drawn}, their standard deviation {scale} × {RULES[scene.rule]} (rule {scene.rule});"
        f" biases {scene.shape}, standard deviation {scene.bias_scale:g}"
    )


def _algebra(made: Network) -> Lines:
    last = made.layers
    names = {1: "x"} | {k: f"h{k - 1}" for k in range(2, last + 1)}
    first = 1
    for name, run in groupby(made.activations[:-1]):
        end = first + len(list(run)) - 1
        singles = range(first, end + 1) if end - first < 2 else range(first, 2 if first == 1 else first)
        for k in singles:
            yield f"h{k} = {name}({names[k]} W{k} + b{k})"
        if len(singles) <= end - first:
            start = first + len(singles)
            yield f"h[k] = {name}(h[k-1] W[k] + b[k])   for k = {start} .. {end}"
        first = end + 1
    yield f"y = {made.activations[-1]}({names[last]} W{last} + b{last})"
    if 1 < last <= LONGEST_FORMULA:
        yield from _wrapped(f"  = {_nested(made)}", 4)
    if _is_shared(made):
        yield f"W2 = ... = W{last - 1} and b2 = ... = b{last - 1}: one map, applied {last - 2} times"
    for name in dict.fromkeys(made.activations):
        formula = softmax.FORMULA if name == softmax.SOFTMAX else ACTIVATIONS[name].formula
        if formula != f"{name} z":
            yield f"{name}(z) = {formula}"
    yield "x, h, y are rows; W[k] has a row for each input, a column for each unit; |z| stays within 1e24"


def _nested(made: Network) -> str:
    text = "x"
    for k, name in enumerate(made.activations, 1):
        text = f"{name}({text} W{k} + b{k})"
    return text


def _is_shared(made: Network) -> bool:
    hidden = made.weights[1:-1]
    return len(hidden) > 1 and all(W is hidden[0] for W in hidden)


def _python(scene: Scene, made: Network) -> Lines:
    yield from python_code(scene, made).split("\n")
    outputs = made(_centre(scene))
    listed = " ".join(f"{value:.6f}" for value in outputs[:MOST_OUTPUTS])
    yield f"# y at the view's centre: {listed}{' ...' if len(outputs) > MOST_OUTPUTS else ''}"


def _centre(scene: Scene) -> list[float]:
    x, y = map(float, scene.center)
    if scene.origin:
        corner, u, v = map(np.array, (scene.origin, scene.u, scene.v))
        return [float(value) for value in corner + x * u + y * v]
    turns = 2.0 * math.pi * scene.time
    named = {"x": x, "y": y, "r": math.hypot(x, y), "cos_t": math.cos(turns), "sin_t": math.sin(turns)}
    return [named[name] if name in named else float(name) for name in scene.inputs]


def _mean_field(scene: Scene, made: Network) -> Lines:
    found = _field_of(scene, made)
    if found is None:
        yield "nothing to say: it needs two hidden layers or more, all with one activation"
        return
    scale = found.depth_scale
    yield f"sigma_w  {found.sigma_w:<9.5g} deviation of a weight × √(units that feed it)"
    yield f"sigma_b  {found.sigma_b:<9.5g} deviation of a bias"
    yield f"q*       {found.q:<9.5g} variance of the pre-activations, deep inside"
    yield f"chi1     {found.chi1:.5g}"
    yield f"stretch  {found.stretch:<9.5g} close inputs part by this factor in each layer: {found.phase}"
    what = "distances never settle" if math.isinf(scale) else "layers, until distances change by a factor e"
    yield f"depth    {scale:<9.5g} {what}"


def _field_of(scene: Scene, made: Network) -> MeanField | None:
    hidden = set(made.activations[:-1])
    if made.layers < 3 or len(hidden) != 1:
        return None
    if not scene.weights:
        return of_scene(scene)
    between = made.weights[1:-1]
    variance = sum(W.var() * W.shape[0] for W in between) / len(between)
    spread = sum(b.var() for b in made.biases[1:-1]) / len(between)
    return mean_field(hidden.pop(), math.sqrt(variance), math.sqrt(spread))


def _wrapped(text: str, indent: int = 2) -> Lines:
    # Two columns go to the title's indent.
    yield from textwrap.wrap(
        text, WIDTH - 2, subsequent_indent=" " * indent, break_on_hyphens=False, drop_whitespace=True
    ) or [""]
