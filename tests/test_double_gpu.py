"""Doubles in compute shaders: NumPy's float64, as far as the order of sums lets two evaluations agree."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt
import pytest
from glsl import cut_off, head, library
from spirv import validate
from test_compute import SHAPES, shared, variants
from test_engine import BOXES, made_of
from test_perturbation import PIXELS, case, exact, perturbed
from test_perturbation import SIZE as PERTURBED_SIZE

from weightscape.ask import methods, question
from weightscape.engine.compute import ComputeEngine
from weightscape.engine.fragment import FragmentEngine
from weightscape.engine.numpy import NumpyEngine
from weightscape.engine.question import Engine, EngineError, Question, Values
from weightscape.engine.tile import Pace, answer
from weightscape.engine.workgroup import GPU, Tiles, doubled, fused, sheeted, wide
from weightscape.gpu.source import source
from weightscape.model.accuracy import METHODS
from weightscape.model.activation import ACTIVATIONS, PREACTIVATION_LIMIT, Array
from weightscape.model.network import Network, Tap
from weightscape.model.recipe import draw
from weightscape.model.scene import Scene

# How a compiler reads decimals: some round them to the nearest double, some cut them off.
READ = pytest.mark.parametrize("read", [str, cut_off], ids=["rounded", "cut-off"])
ANGLES = ("sin", "cos")  # absolute errors: their zeros are nowhere exact
MAIN = """
layout(local_size_x = 32) in;
layout(std430, binding = 0) buffer Values { dvec4 values[]; };
void main() { uint n = gl_GlobalInvocationID.x; values[n] = FUNCTION(values[n]); }
"""
SIZE = (23, 9)


@pytest.fixture(scope="module")
def kept(ctx: Any) -> Iterator[dict[str, ComputeEngine]]:
    engines = {"software": ComputeEngine(ctx), "gpu": ComputeEngine(ctx, GPU)}
    yield engines
    for engine in engines.values():
        engine.release()


@pytest.fixture
def engine(gl: Any, kept: dict[str, ComputeEngine]) -> ComputeEngine:
    return kept["software"]


def evaluated(
    ctx: moderngl.Context, name: str, z: npt.NDArray[np.float64], read: Callable[[str], str]
) -> npt.NDArray[np.float64]:
    """Run `dvec4 name(dvec4)` of the libraries over an array, their numbers read in some way."""
    text = read(library("activation", "slope", double=True)) + MAIN.replace("FUNCTION", name)
    shader = ctx.compute_shader(head("430 core") + text)
    padded = np.zeros(-(-z.size // 128) * 128)
    padded[: z.size] = z
    buffer = ctx.buffer(padded)
    buffer.bind_to_storage_buffer(0)
    shader.run(padded.size // 128)
    found = np.frombuffer(buffer.read(), np.float64)[: z.size]
    buffer.release()
    shader.release()
    return found


def both_signs(positive: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.concatenate([-positive, positive])


NEAR = np.concatenate([*(np.linspace(-a, a, 8001) for a in (40, 700)), both_signs(np.geomspace(1e-300, 700, 9000))])
FAR = both_signs(np.geomspace(700, PREACTIVATION_LIMIT, 9000))


@READ
@pytest.mark.parametrize("kind", ["activation", "slope"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_function_in_double(name: str, kind: str, read: Callable[[str], str], gl: Any) -> None:
    check_double(name, kind, lambda z: evaluated(gl, f"{kind}_{name}", z, read))


def check_double(name: str, kind: str, function: Callable[[Array], Array]) -> None:
    """Compare an activation or slope in GLSL with NumPy's over NEAR and FAR."""
    made = ACTIVATIONS[name]
    exact = {z is NEAR: (made.function if kind == "activation" else made.derivative)(z) for z in (NEAR, FAR)}
    found = {z is NEAR: function(z) for z in (NEAR, FAR)}
    large = np.abs(exact[True]) > 1e-300
    error = np.abs(found[True] - exact[True])
    crosses = name in ANGLES or (kind == "slope" and name in ("gelu", "silu"))  # 0 at numbers no float is
    bound = 1e-15 if crosses else 1e-15 * np.abs(exact[True])
    assert (error <= bound)[large].all()
    assert (error[~large] < 1e-300).all()
    assert (np.abs(found[False] - exact[False]) <= 1e-14 * np.maximum(np.abs(exact[False]), crosses) + 1e-300).all()
    assert np.isfinite(found[False]).all()


LIMITS = (1e5, 2.0**28, 2.0**29, 1e9, 1e16, 1e24)


@pytest.mark.parametrize("limit", LIMITS)
@READ
@pytest.mark.parametrize("name", ANGLES)
def test_angles_of_any_size(name: str, limit: float, read: Callable[[str], str], gl: Any) -> None:
    check_angles(name, limit, lambda z: evaluated(gl, f"activation_{name}", z, read))


def check_angles(name: str, limit: float, function: Callable[[Array], Array]) -> None:
    """Compare a sine in GLSL with NumPy's at 20,000 angles up to a limit."""
    z = np.random.default_rng(3).uniform(-limit, limit, 20_000)
    assert np.abs(function(z) - ACTIVATIONS[name].function(z)).max() < 4e-15


def turned(asked: Question) -> Question:
    """Number the hidden units from the other end: the same function, summed in another order."""
    network = asked.network
    weights = [*network.weights]
    for k in range(network.layers - 1):
        weights[k], weights[k + 1] = weights[k][:, ::-1], weights[k + 1][::-1]
    biases = (*(b[::-1] for b in network.biases[:-1]), network.biases[-1])
    return replace(asked, network=Network(tuple(np.ascontiguousarray(W) for W in weights), biases, network.activations))


def check(engine: ComputeEngine, numpy_engine: NumpyEngine, asked: Question) -> Values:
    """Compare with NumPy; the tolerance follows how far float64 itself is off, and must mean something."""
    exact = numpy_engine.field(asked).values
    other = numpy_engine.field(turned(replace(asked, taps=(Tap(),)))).values
    noise = float(np.abs(other - numpy_engine.field(replace(asked, taps=(Tap(),))).values).max())
    size = max(float(np.abs(exact).max()), 1.0)
    got = engine.field(asked).values
    assert got.dtype == np.float64
    assert noise < 1e-3 * size
    assert np.abs(got - exact).max() <= 8 * noise + 4e-15 * size
    return got


@pytest.mark.parametrize("tiles", ["software", "gpu"])
@pytest.mark.parametrize("inputs", ["x,y", "x,y,r"])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("layers", [1, 2, 3, 20, 60])
@pytest.mark.parametrize("width", [1, 4, 5, 30, 70, 130])
@pytest.mark.spread(23)
def test_networks_of_every_width_and_depth(
    width: int,
    layers: int,
    tied: bool,
    inputs: str,
    tiles: str,
    gl: Any,
    kept: dict[str, ComputeEngine],
    numpy_engine: NumpyEngine,
) -> None:
    scene = Scene(layers=layers, width=width, tied=tied, inputs=inputs, scale=2.0 / width**0.5, center=("0.3", "0.1"))
    check(kept[tiles], numpy_engine, question(scene, SIZE, "double"))


@pytest.mark.parametrize("width", [30, 140])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.spread(7)
def test_every_activation_in_both_kinds_of_network(
    activation: str, width: int, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    scene = Scene(
        layers=5, width=width, tied=False, activation=activation, output_activation=activation, scale=2.0 / width**0.5
    )
    check(engine, numpy_engine, question(scene, SIZE, "double"))


@pytest.mark.parametrize("width", [9, 140])
def test_several_taps(width: int, engine: ComputeEngine, numpy_engine: NumpyEngine) -> None:
    taps = (Tap(), Tap(1), Tap(0, (3, 1), True), Tap(2, (8,)), Tap(-1, (2, 2, 0), True))
    asked = question(Scene(layers=5, width=width, tied=False, scale=2.0 / width**0.5), SIZE, "double")
    check(engine, numpy_engine, replace(asked, taps=taps))


@pytest.mark.parametrize("width", [9, 140])
def test_derivatives_and_patterns(width: int, engine: ComputeEngine, numpy_engine: NumpyEngine) -> None:
    scene = Scene(layers=5, width=width, tied=False, activation="relu", scale=2.0 / width**0.5, inputs="x,y,r")
    asked = question(scene, SIZE, "double")
    for each in ("derivatives", "pattern"):
        made = replace(asked, answer=each)
        got, exact = engine.field(made).values, numpy_engine.field(made).values
        assert np.abs(got - exact).max() <= (1e-13 if each == "derivatives" else 0.0)
    assert len(np.unique(exact[..., 0])) > 5


def test_a_chaotic_network_is_numpys_to_half_a_step_of_8_bits(engine: ComputeEngine, numpy_engine: NumpyEngine) -> None:
    scene = Scene(layers=40, width=30, scale=1.0, radius=1.0)
    asked = question(scene, (48, 36), "double")
    exact = numpy_engine.field(asked).values
    single = engine.field(replace(asked, precision="single")).values
    assert (np.abs(engine.field(asked).values - exact) < 1 / 510).all(axis=-1).mean() >= 0.999
    assert (np.abs(single - exact) < 1 / 510).all(axis=-1).mean() < 0.9, "float32 would do"


def test_nothing_is_nan_however_large_the_weights(engine: ComputeEngine) -> None:
    for name in ("tanh", "gelu", "sin"):
        for width in (8, 140):
            scene = Scene(layers=20, width=width, scale=1e6, activation=name, output_activation=name)
            assert np.isfinite(engine.field(question(scene, (9, 7), "double")).values).all()


@pytest.mark.parametrize("width", [9, 140])
def test_every_point_has_the_same_bits_in_any_tile(width: int, engine: ComputeEngine) -> None:
    asked = question(Scene(layers=4, width=width, tied=False), (61, 47), "double")
    whole = engine.field(asked).values
    assert np.array_equal(whole, made_of(engine, asked, BOXES))
    assert np.array_equal(whole, answer(engine, asked, Pace(1e7)).values)


def test_floats_and_doubles_take_turns(engine: ComputeEngine) -> None:
    asked = [question(Scene(layers=4, width=12), SIZE, each) for each in ("double", "single", "perturbed", "wide")]
    first = [engine.field(each).values for each in asked]
    for found, each in zip(first, asked, strict=True):
        assert np.array_equal(engine.field(each).values, found)
    assert np.abs(first[0] - first[1]).max() < 1e-5


def missed(engine: Engine, scene: Scene) -> float:
    """The largest error of a wide question's picture against ball arithmetic, as a part of its range."""
    field, (expected, _) = engine.field(perturbed(scene, wide=True)), exact(scene, draw(scene), PERTURBED_SIZE, PIXELS)
    assert field.data.dtype == np.float64
    assert np.isfinite(field.data).all()
    got = np.array([field.data[j, i] for i, j in PIXELS]) * field.scale
    return float(np.abs(got - expected).max() / np.ptp(expected, axis=0).max())


@pytest.mark.parametrize("radius", [1.0, 1e-3, 1e-200])
@pytest.mark.parametrize("shape", [(12, 9), (4, 140)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.spread(13)
def test_differences_in_float64_are_true_at_any_depth(
    activation: str, shape: tuple[int, int], radius: float, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    number = list(ACTIVATIONS).index(activation)
    scene = case(number, activation, shape, radius, scale=1.6 / shape[1] ** 0.5)
    most = 8 * missed(numpy_engine, scene) + 4e-15
    assert most < 1e-10
    assert missed(engine, scene) < most


@pytest.mark.parametrize("activation", ["tanh", "relu", "gaussian"])
@pytest.mark.parametrize("scale", [0.5, 1e6])
def test_wide_answers_of_every_kind(
    scale: float, activation: str, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    taps = (Tap(), Tap(1), Tap(0, (3, 1), True))
    asked = perturbed(case(2, activation, (5, 12), 1e-9, scale=scale, tied=False), wide=True)
    for made in (replace(asked, taps=taps), *(replace(asked, answer=each) for each in ("derivatives", "pattern"))):
        got, expected = engine.field(made), numpy_engine.field(made)
        assert (got.scale == expected.scale).all()
        size = np.maximum(np.abs(expected.data).max(axis=(0, 1)), 1e-300)
        assert (np.abs(got.data - expected.data).max(axis=(0, 1)) <= 1e-10 * size).all()


def doubled_variants() -> Iterator[tuple[str, dict[str, str | int]]]:
    """Each shader in double precision: values of every activation, plain and perturbed, and the other answers."""
    for k, ((name, defines), perturbed_too) in enumerate(product(variants(), (False, True))):
        defines = {**defines, "DOUBLE": 1}
        names = {key: str(value) for key, value in defines.items() if key.endswith("ACTIVATION")}
        if perturbed_too:
            defines |= {key: f"difference_{value[len('activation_') :]}" for key, value in names.items()}
            defines |= {"PERTURBED": 1, **({"CLAMPED": 1} if k % 4 == 1 else {})}
        yield name, defines
        if name != "output.comp" and not defines.get("LAST"):
            kind = "difference_slope" if perturbed_too else "slope"
            slopes = {f"{key[:-10]}SLOPE": f"{kind}_{value[len('activation_') :]}" for key, value in names.items()}
            counts = {"COUNT_HIDDEN": "true", "COUNT_OUTPUT": "true"}
            yield name, {**defines, **slopes, **counts, "PATTERN": 1}


def test_every_variant_in_double_is_valid_glsl_430(tmp_path: Path) -> None:
    files = []
    for n, (name, defines) in enumerate(doubled_variants()):
        files.append(tmp_path / f"{n}-{name}")
        files[-1].write_text(source(name, defines).text)
    validate(*files)


@pytest.mark.parametrize("tiles", SHAPES.values(), ids=SHAPES)
def test_doubles_fit_what_a_workgroup_has(tiles: Tiles) -> None:
    for each in (doubled(tiles), sheeted(doubled(tiles))):
        for width in (4, 30, 64, 128):
            group = fused(each, width)
            assert group is None or shared(group) <= each.shared_bytes
        group = wide(each, 512)
        assert group.threads <= 512
        assert 8 * 2 * group.slice * (group.points + group.units) <= each.shared_bytes


def test_who_has_doubles(engine: ComputeEngine, gl: Any) -> None:
    fragment = FragmentEngine(gl)
    assert {*methods(engine)} == {*METHODS}
    assert {*methods(fragment)} == {"single", "perturbed"}
    with pytest.raises(EngineError, match="the fragment engine computes in single precision"):
        fragment.field(question(Scene(), (8, 8), "double"))
    fragment.release()


def test_weights_that_only_fit_as_floats(engine: ComputeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for store in engine._weights.values():
        monkeypatch.setattr(store, "_limit", 25_000)
    scene = Scene(layers=4, width=60)
    assert np.isfinite(engine.field(question(scene, (8, 8))).values).all()
    with pytest.raises(EngineError, match="do not fit"):
        engine.field(question(scene, (8, 8), "double"))
