"""What every engine is tested by: the engines, questions to all of them, and the truth, with how far off one may be.

A new engine is one more line in ENGINES. Truths are the model's forward passes in float64 (network/network.py,
tangent.py, pattern.py) and, beside a reference, ball arithmetic (balls.py); tolerances follow what float32 loses there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pytest
from balls import exact

from weightscape.deep.accuracy import METHODS, MOVED, Method
from weightscape.deep.difference import KINKED
from weightscape.deep.planner import perturb
from weightscape.deep.tangent import fed, shrink, tangents
from weightscape.engine.jit.jit_engine import JitEngine
from weightscape.engine.jit.library import Library
from weightscape.engine.jit.machine import host
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Answer, Engine, Field, Question, Values, pixel_grid
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.network.activation import ACTIVATIONS, PREACTIVATION_LIMIT
from weightscape.network.input import fold
from weightscape.network.network import OUTPUTS, Network, Tap, forward
from weightscape.network.pattern import MODULUS, WORDS, pattern
from weightscape.network.softmax import SOFTMAX, slope, softmax
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene


@dataclass(frozen=True)
class Kind:
    """How an engine is made, and what it needs: a version of OpenGL (330), or none (0).

    Where a software driver takes seconds to compile for a method, one activation in `slow` is tried with it.
    """

    make: Callable[[Any], Engine]
    methods: Collection[Method]
    needs: int = 0
    slow: Mapping[Method, int] = field(default_factory=dict)


ENGINES = {
    "numpy": Kind(lambda _: NumpyEngine(), NumpyEngine.methods),
    "jit": Kind(lambda _: JitEngine(host(), Library(host(), None)), JitEngine.methods),
    "fragment": Kind(FragmentEngine, FragmentEngine.methods, 330),
    "compute": Kind(ComputeEngine, ComputeEngine.methods, ComputeEngine.needs, {"perturbed": 4, "wide": 6}),
}
ANSWERS: tuple[Answer, ...] = ("values", "derivatives", "pattern")
# Every engine, or those of the GPU: in turn, kept for a module; `fresh` makes new ones.
EVERY = pytest.mark.parametrize("engine", ENGINES, indirect=True)
EVERY_GPU = pytest.mark.parametrize("engine", [name for name in ENGINES if ENGINES[name].needs], indirect=True)
FRESH = pytest.mark.parametrize("fresh", ENGINES, indirect=True)
FRESH_GPU = pytest.mark.parametrize("fresh", [name for name in ENGINES if ENGINES[name].needs], indirect=True)


def each(*methods: Method) -> pytest.MarkDecorator:
    """Run a test with every engine and each of `methods` that it has."""
    pairs = [(name, method) for name, kind in ENGINES.items() for method in methods if method in kind.methods]
    return pytest.mark.parametrize(("engine", "method"), pairs, indirect=["engine"])


def each_activation(*methods: Method, names: Sequence[str] = tuple(ACTIVATIONS)) -> pytest.MarkDecorator:
    """Run a test with every engine, each of `methods` that it has, and each activation."""
    sets = [
        (name, method, activation)
        for name, kind in ENGINES.items()
        for method in methods
        if method in kind.methods
        for activation in names[1 if method in kind.slow else 0 :: kind.slow.get(method, 1)]
    ]
    return pytest.mark.parametrize(("engine", "method", "activation"), sets, indirect=["engine"])


PLAIN, DEEP, ALL = each("single", "double"), each("perturbed", "wide"), each(*METHODS)

SIZE = (27, 13)
# Of a picture of that size: corners, edges, the middle, and some more.
PIXELS = [(0, 0), (26, 0), (0, 12), (26, 12), (13, 6), (12, 7), (5, 2), (20, 9), (3, 11), (17, 1)]
TAPS = (Tap(), Tap(1), Tap(0, (3, 1), True), Tap(2, (8,)), Tap(-1, (2, 2, 0), True), Tap(-2, (1, 5)))
# Where float32 is further from float64 than this, a comparison means nothing.
COMPARABLE = 0.02
# Of the errors of NumPy in float32 so many are allowed, and so much more.
TIMES, MORE = 8.0, 2e-6
BITS = 4e-15  # the like for float64


def asked(
    asked_scene: Scene,
    method: Method = "single",
    answer: Answer = "values",
    size: tuple[int, int] = SIZE,
    taps: Sequence[Tap] = OUTPUTS,
    made: Network | None = None,
) -> Question:
    """Ask about a scene, with a network of its inputs in place of its own if one is given."""
    place = tuple(asked_scene.inputs), asked_scene.time, asked_scene.view, size
    made = made or draw(asked_scene)
    if method in MOVED:
        network, radial, plan = perturb(made, *place, method == "wide")
        return Question(network, pixel_grid(*size), radial, tuple(taps), "perturbed", plan, answer)
    network, radial = fold(made, *place)
    once = shrink(network, radial, *size) if answer == "derivatives" else 1.0
    precision = "double" if method == "double" else "single"
    return Question(network, pixel_grid(*size), radial, tuple(taps), precision, None, answer, once)


def coordinates(question: Question) -> tuple[Values, Values]:
    """The points of a question's grid: (rows, columns) each."""
    grid = question.grid
    x, y = np.meshgrid(grid.x + grid.stride * np.arange(grid.columns), grid.y - grid.stride * np.arange(grid.rows))
    return x, y


def inputs(question: Question, dtype: Any = np.float64) -> tuple[Values, Values]:
    """What a plain question's network is fed, written out: (rows, columns, n), and its tangents."""
    points, directions = fed(question.radial, *(axis.astype(dtype) for axis in coordinates(question)))
    return points.astype(dtype), directions.astype(dtype)


def turned(network: Network) -> Network:
    """Number the hidden units from the other end: the same function, summed in another order."""
    weights, biases = [*network.weights], (*(b[::-1] for b in network.biases[:-1]), network.biases[-1])
    for k in range(network.layers - 1):
        weights[k], weights[k + 1] = weights[k][:, ::-1], weights[k + 1][::-1]
    return Network(tuple(map(np.ascontiguousarray, weights)), biases, network.activations)


def forwards(network: Network, points: Values, directions: Values, once: float) -> dict[tuple[int, bool], Any]:
    """Forward mode in float32, tangents shrunk as they go: by (layer, before) values and float64 derivatives."""
    h, dh, kept = points.astype(np.float32), directions.astype(np.float32), {}
    for k, (W, b, name) in enumerate(zip(network.weights, network.biases, network.activations, strict=True)):
        z = np.clip(h @ np.float32(W) + np.float32(b), -PREACTIVATION_LIMIT, PREACTIVATION_LIMIT).astype(np.float32)
        dz = np.float32(once) * np.einsum("...id,io->...od", dh, np.float32(W))
        if name == SOFTMAX:
            h = softmax(z)
            dh = np.stack([slope(h, dz[..., d]) for d in range(2)], -1)
        else:
            h, dh = ACTIVATIONS[name].function(z), ACTIVATIONS[name].derivative(z)[..., None] * dz
        back = float(once) ** -(k + 1)
        kept[k, True], kept[k, False] = (z, back * dz.astype(np.float64)), (h, back * dh.astype(np.float64))
    return kept


def channels(question: Question, found: Sequence[tuple[Values, Values]]) -> Values:
    """Lay values and derivatives by tap out as a field has them."""
    parts = [values for values, _ in found], *([slopes[..., d] for _, slopes in found] for d in range(2))
    return np.concatenate([each for part in parts for each in part], -1)


def derivatives(question: Question) -> tuple[Values, Values]:
    """All channels of a plain question for derivatives: in float64, and in float32."""
    points, directions = inputs(question)
    network, taps = question.network, question.taps
    kept = forwards(network, points, directions, question.shrink)
    rough = []
    for tap in taps:
        values, slopes = kept[tap.layer % network.layers, tap.before]
        units = slice(None) if tap.units is None else list(tap.units)
        rough.append((values[..., units], slopes[..., units, :]))
    return channels(question, tangents(network, points, directions, taps)), channels(question, rough)


def clear(question: Question, distance: float = 0.0) -> Values:
    """Where no kinked unit is nearer to its kink than `distance`; without one, than float32 may miss it by."""
    network, is_clear = question.network, np.ones((question.grid.rows, question.grid.columns), bool)
    layers = [k for k, name in enumerate(network.activations) if name in KINKED and name != "identity"]
    taps = [Tap(k, before=True) for k in layers]
    points = inputs(question)[0]
    exactly, roughly = forward(network, points, taps), forward(network, points.astype(np.float32), taps)
    for k, z, rough in zip(layers, exactly, roughly, strict=True):
        least = distance or TIMES * float(np.abs(z - rough).max()) + 1e-6
        beside = z - 2 * np.floor(z / 2) - 1 if network.activations[k] == "triangle" else z
        is_clear &= (np.abs(beside) > least).all(-1)
    return is_clear


def answered(engine: Engine, question: Question) -> Field:
    """The answer, which has the type and shape that were asked for, and nothing in it that is no number."""
    field = engine.field(question)
    grid, is_double = question.grid, field.data.dtype == np.float64
    assert field.data.dtype in (np.float32, np.float64)
    assert is_double == question.is_double or (question.answer == "pattern" and not is_double)
    assert field.data.shape == (grid.rows, grid.columns, question.channels)
    assert field.offset.shape == field.scale.shape == (question.channels,)
    assert np.isfinite(field.data).all()
    return field


def tolerance(question: Question) -> tuple[Values, float]:
    """A plain question's values in float64, and how far an engine may be from them in the question's precision."""
    network, taps, points = question.network, question.taps, inputs(question)[0]
    true = np.concatenate(forward(network, points, taps), -1)
    if question.is_double:
        (whole,), (other,) = forward(network, points), forward(turned(network), points)
        size = max(float(np.abs(true).max()), 1.0)
        return true, TIMES * float(np.abs(whole - other).max()) + BITS * size
    rough = np.concatenate(forward(network, points.astype(np.float32), taps), -1)
    return true, TIMES * float(np.abs(rough - true).max()) + MORE


def check_values(engine: Engine, question: Question) -> None:
    """Compare values with float64; the comparison must mean something."""
    true, most = tolerance(question)
    assert most < COMPARABLE * max(float(np.abs(true).max()), 1.0)
    assert np.abs(answered(engine, question).values - true).max() <= most


def sizes(true: Values, count: int) -> Values:
    """The largest derivative of each tap's worth of channels, `count` values in all, a channel each."""
    return np.broadcast_to(np.abs(true[..., count:]).max(), 2 * count)


def check_derivatives(engine: Engine, question: Question) -> None:
    """Compare values and derivatives with float64, off the kinks; the comparison must mean something."""
    true, rough = derivatives(question)
    count, is_clear = question.channels // 3, clear(question)
    size = np.concatenate([np.ones(count), sizes(true, count)])
    assert is_clear.mean() > 0.5
    lost = np.abs(rough - true)[is_clear].max(0)
    most = 1e-12 * size if question.is_double else TIMES * lost + MORE * size
    assert (most < COMPARABLE * np.maximum(size, 1e-300)).all()
    assert (np.abs(answered(engine, question).values - true)[is_clear] <= most).all()


def check_pattern(engine: Engine, question: Question, plain: Question | None = None, distance: float = 0.0) -> int:
    """Compare patterns with those of the plain question where they are sure; tell how many there are."""
    plain = plain or question
    expected, is_clear = pattern(plain.network, inputs(plain)[0]), clear(plain, distance)
    assert is_clear.mean() > 0.5
    found = answered(engine, question)
    assert (found.data == found.values).all()
    assert (found.data == np.rint(found.data)).all()
    assert 0 <= found.data.min() <= found.data.max() < MODULUS
    assert np.array_equal(found.data[is_clear], expected[is_clear])
    return len(np.unique(expected.reshape(-1, WORDS), axis=0))


def check(engine: Engine, question: Question) -> None:
    """Compare any answer to a plain question with float64."""
    if question.answer == "pattern":
        check_pattern(engine, question)
    else:
        (check_values if question.answer == "values" else check_derivatives)(engine, question)


@cache
def _exact(asked_scene: Scene, made: Network | None) -> tuple[Values, Values]:
    return exact(asked_scene, made or draw(asked_scene), SIZE, PIXELS)


def missed(engine: Engine, asked_scene: Scene, method: Method, made: Network | None = None) -> tuple[float, float]:
    """The largest error of a deep view against ball arithmetic, as a part of its range, and the range."""
    field, (true, centre) = answered(engine, asked(asked_scene, method, made=made)), _exact(asked_scene, made)
    got = np.array([field.data[j, i] for i, j in PIXELS]).astype(np.float64) * field.scale
    spread = float(np.ptp(true, axis=0).max())
    assert np.abs(field.offset - centre).max() <= 1e-9 * max(1.0, float(np.abs(centre).max()))
    return float(np.abs(got - true).max()) / max(spread, 1e-320), spread


def check_deep(engine: Engine, asked_scene: Scene, method: Method, made: Network | None = None) -> None:
    """Compare a deep view with ball arithmetic at PIXELS, and everywhere with NumPy's differences in float64."""
    found, spread = missed(engine, asked_scene, method, made)
    assert spread > 1e-320
    if method == "wide":
        most = TIMES * missed(reference(), asked_scene, method, made)[0] + BITS
        assert most < 1e-10
        assert found <= most
    assert found < 1e-5
    check_moved(engine, asked(asked_scene, method, made=made), asked(asked_scene, "wide", made=made))


def check_moved(engine: Engine, question: Question, wide: Question, most: float = 1e-5) -> None:
    """Compare differences with NumPy's, in float64 those of `wide`: offsets, scales, and each tap's values."""
    field, true, same = answered(engine, question), reference().field(wide), reference().field(question)
    assert (field.offset == same.offset).all()
    assert (field.scale == same.scale).all()
    size = np.maximum(np.abs(true.relative).max((0, 1)), 1e-300)
    if len(question.taps) == 1:
        size = size.max()
    assert (np.abs(field.relative - true.relative).max((0, 1)) <= most * size).all()


@cache
def reference() -> NumpyEngine:
    """NumPy's engine, on one thread."""
    return NumpyEngine(1)
