"""The compute engine: the values of float64 as far as float32 can be, whatever the network, the tiles and the grid."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain, pairwise, product, repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import moderngl
import numpy as np
import pytest
from spirv import validate
from test_engine import BOXES, COMPARABLE, TILED, living, made_of, random_case, truth

from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Cancelled, EngineError, Grid, Question
from weightscape.engine.shader import compute
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.storage import RowStore, pack
from weightscape.engine.shader.workgroup import (
    GPU,
    SOFTWARE,
    WARP,
    Tiles,
    Workgroup,
    fused,
    fused_for,
    padded_shapes,
    repeated,
    wide,
)
from weightscape.engine.tile import Pace, answer
from weightscape.gpu.source import ShaderError, compute_program, source
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.network import Network, Tap, distinct_weights
from weightscape.picture.questions import question
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every fifth parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(5)

WIDTHS = (1, 3, 30, 64, 65, 100, 130, 512)
FLOAT = np.dtype(np.float32)
SIZES = ((1, 1), (7, 3), (65, 33))
# Every way through the shaders: staged and direct weights, larger and smaller register tiles, odd lanes.
SHAPES = {
    "software": SOFTWARE,
    "gpu": GPU,
    "direct": replace(GPU, fused_slice=0),
    "tall": replace(GPU, unit_vectors=4, wide_points=64, wide_slice=16),
    "flat": replace(SOFTWARE, point_vectors=1, fused_slice=4, steps=2, output_steps=8),
}


@pytest.fixture(scope="module")
def kept(ctx: Any) -> Iterator[ComputeEngine]:
    engine = ComputeEngine(ctx)
    yield engine
    engine.release()


@pytest.fixture
def engine(gl: Any, kept: ComputeEngine) -> ComputeEngine:
    """Give all tests the same engine, so that each program is compiled once."""
    return kept


@pytest.fixture
def fresh(gl: Any) -> Iterator[ComputeEngine]:
    engine = ComputeEngine(gl)
    yield engine
    engine.release()


def scene(layers: int, width: int, **changes: Any) -> Scene:
    """A network whose pictures neither drown in noise nor vanish, at any width."""
    return Scene(layers=layers, width=width, **{"tied": False, "scale": 1.2 / width**0.5, **changes})


def check(engine: ComputeEngine, numpy_engine: NumpyEngine, asked: Question) -> None:
    """Compare an answer with float64; the comparison must mean something."""
    exact, tolerance = truth(numpy_engine, asked)
    got = engine.field(asked).values
    assert tolerance < COMPARABLE
    assert got.shape == exact.shape
    assert got.dtype == np.float32
    assert np.abs(got - exact).max() <= tolerance


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_networks_of_every_width_and_awkward_sizes(
    width: int, tied: bool, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    for layers, size in product((1, 2, 3), SIZES):
        check(engine, numpy_engine, question(scene(layers, width, tied=tied), size))


@pytest.mark.parametrize("number", range(24))
def test_compute_is_as_near_to_float64_as_float32_can_be(
    number: int, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    case = random_case(number)
    asked = question(case.scene, case.size)
    exact, tolerance = truth(numpy_engine, asked)
    got = engine.field(asked).values
    assert np.isfinite(got).all()
    assert tolerance > COMPARABLE or np.abs(got - exact).max() <= tolerance


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_in_both_kinds_of_network(
    activation: str, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    for width in (30, 140):
        changes = {"activation": activation, "output_activation": activation, "inputs": "r,x"}
        check(engine, numpy_engine, question(scene(4, width, **changes), (13, 7)))


@pytest.mark.parametrize("width", [30, 140])
@pytest.mark.parametrize("inputs", ["x,y", "x,y,r", "r", "x,y,cos_t,0.5"])
def test_inputs(inputs: str, width: int, engine: ComputeEngine, numpy_engine: NumpyEngine) -> None:
    for layers in (1, 3):
        check(engine, numpy_engine, question(scene(layers, width, inputs=inputs, time=0.3), (13, 7)))


@pytest.mark.parametrize("layers", [3, 60])
@pytest.mark.parametrize("shape", SHAPES)
def test_values_do_not_depend_on_the_workgroups(shape: str, layers: int, gl: Any, numpy_engine: NumpyEngine) -> None:
    engine = ComputeEngine(gl, SHAPES[shape])
    for width in (5, 40) if layers == 60 else (64, 130):
        check(engine, numpy_engine, question(scene(layers, width, scale=0.9 / width**0.5, inputs="x,y,r"), (33, 5)))
    engine.release()


@pytest.mark.parametrize(
    ("shape", "width", "outputs"),
    [*zip(SHAPES, repeat(64), repeat(3)), ("software", 128, 3), ("gpu", 128, 3), ("software", 256, 3), ("gpu", 64, 7)],
)
def test_256_layers_are_all_counted(shape: str, width: int, outputs: int, gl: Any) -> None:
    # Each unit hands its value to the next one and adds 1; llvmpipe would silently stop at some 65,535 iterations.
    step, ones = np.roll(np.eye(width), 1, axis=1), np.ones(width)
    start, end = np.zeros((2, width)), np.eye(width)[:, :outputs]
    start[0, 0] = 1.0
    network = Network(
        weights=(start, *[step] * 254, end),
        biases=(ones, *[ones] * 254, np.zeros(outputs)),
        activations=("identity",) * 256,
    )
    engine = ComputeEngine(gl, SHAPES[shape])
    got = engine.field(Question(network, Grid(3, 2, 5.0, 1.0))).values
    expected = np.full((2, 3, outputs), 255.0)
    if 254 % width < outputs:
        expected[..., 254 % width] += [5.0, 6.0, 7.0]
    assert np.array_equal(got, expected)
    engine.release()


def test_a_wide_network_of_four_layers(engine: ComputeEngine, numpy_engine: NumpyEngine) -> None:
    check(engine, numpy_engine, question(scene(4, 512), (33, 17)))


@pytest.mark.parametrize("asked_scene", TILED)
def test_every_point_has_the_same_bits_in_any_tile(asked_scene: Scene, engine: ComputeEngine) -> None:
    asked = question(asked_scene, (61, 47))
    whole = engine.field(asked).values
    assert np.array_equal(whole, made_of(engine, asked, BOXES))
    assert np.array_equal(whole, answer(engine, asked, Pace(1e7)).values)


@pytest.mark.parametrize("width", [9, 140])
def test_points_beyond_the_buffers_go_in_turns(width: int, gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question(scene(3, width), (61, 47))
    whole = ComputeEngine(gl)
    small = ComputeEngine(gl, replace(SOFTWARE, activation_bytes=1 << 18))
    expected = whole.field(asked).values
    monkeypatch.setattr(compute, "FUSED_POINTS", 1000)
    assert np.array_equal(expected, small.field(asked).values)
    for each in (whole, small):
        each.release()


@pytest.mark.parametrize("width", [9, 70, 140])
def test_several_taps_stand_side_by_side(width: int, engine: ComputeEngine, numpy_engine: NumpyEngine) -> None:
    taps = (Tap(), Tap(1), Tap(0, (3, 1), True), Tap(2, (8,)), Tap(-1, (2, 2, 0), True))
    asked = replace(question(scene(5, width), (27, 51)), taps=taps)
    assert asked.channels == 3 + width + 2 + 1 + 3
    check(engine, numpy_engine, asked)


@pytest.mark.parametrize("activations", ["sin relu gaussian tanh identity", "cos cos cos cos relu"])
@pytest.mark.parametrize("widths", [(2, 7, 33, 1, 90, 3), (2, 7, 33, 1, 90, 6), (2, 150, 4, 80, 1, 2)])
def test_networks_of_mixed_widths_and_activations(
    widths: tuple[int, ...], activations: str, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    rng = np.random.default_rng(4)
    network = Network(
        weights=tuple(rng.normal(0, 1 / n**0.5, (n, m)) for n, m in pairwise(widths)),
        biases=tuple(rng.normal(0, 0.3, m) for m in widths[1:]),
        activations=tuple(activations.split()),
    )
    check(engine, numpy_engine, Question(network, Grid(27, 51, -1.0, 1.0, 1 / 16)))


@pytest.mark.parametrize("sharing", ["ABAB", "AABB", "AAAA", "ABCA"])
@pytest.mark.parametrize("width", [6, 140])
def test_matrices_may_be_shared_in_any_order(
    sharing: str, width: int, engine: ComputeEngine, numpy_engine: NumpyEngine
) -> None:
    rng = np.random.default_rng(5)
    matrices = {name: rng.normal(0, width**-0.5, (width, width)) for name in "ABC"}
    vectors = {name: rng.normal(0, 0.5, width) for name in "ABC"}
    network = Network(
        weights=(rng.normal(0, 1, (2, width)), *(matrices[name] for name in sharing), rng.normal(0, 0.3, (width, 3))),
        biases=(rng.normal(0, 1, width), *(vectors[name] for name in sharing), rng.normal(0, 1, 3)),
        activations=("tanh",) * 6,
    )
    check(engine, numpy_engine, Question(network, Grid(13, 7, -1.0, 1.0, 1 / 8)))


@pytest.mark.parametrize("width", [30, 140])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_nothing_is_ever_nan_or_infinite(activation: str, width: int, engine: ComputeEngine) -> None:
    wild = Scene(
        tied=False,
        layers=9,
        width=width,
        scale=1e6,
        radius=1e6,
        activation=activation,
        output_activation=activation,
        inputs="x,y,r",
    )
    assert np.isfinite(engine.field(question(wild, (13, 7))).values).all()


@pytest.mark.parametrize(("width", "count"), [(30, 1), (140, 3)])
def test_no_program_is_compiled_for_new_weights_scales_depths_and_views(
    width: int, count: int, fresh: ComputeEngine
) -> None:
    first = Scene(tied=False, width=width, layers=5, scale=0.1)
    fresh.field(question(first, (16, 9)))
    programs = {key: id(made) for key, made in fresh._programs.items()}
    # A wide network has a program for each of: first layer, hidden layers, output layer.
    assert len(programs) == count
    changes: list[dict[str, Any]] = [
        {"seed": 7},
        {"scale": 0.6},
        {"layers": 2},
        {"layers": 40},
        {"radius": 1e-5},
        {"angle": 33.0},
        {"center": (Decimal(3), Decimal(1))},
        {"tied": True},
        {"rule": "orthogonal", "scale": None},
    ]
    for change in changes:
        fresh.field(question(replace(first, **change), (33, 20)))
        assert programs == {key: id(made) for key, made in fresh._programs.items()}, change


def test_widths_of_one_class_share_a_program(fresh: ComputeEngine) -> None:
    for width in (29, 30, 31, 32):
        fresh.field(question(Scene(width=width, layers=4), (8, 8)))
    assert len(fresh._programs) == 1


def test_a_tied_network_is_stored_with_one_hidden_matrix_and_a_new_view_uploads_the_first_layer(
    gl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tied = Scene(layers=256, width=30)
    network = question(tied, (8, 8)).network
    shapes = padded_shapes(GPU, network)
    packed = pack(network, shapes)
    assert len(set(packed.begin[1:-1])) == 1
    assert 4 * len(packed.vectors) < 2 * distinct_weights(draw(tied))
    store = RowStore(gl)
    store.write(network, shapes)
    buffers = dict(store._buffers)
    monkeypatch.setattr("weightscape.engine.shader.storage.pack", None)
    moved = question(replace(tied, radius=0.1), (8, 8)).network
    assert store.write(moved, shapes).vectors.tolist() != packed.vectors.tolist()
    assert store._buffers == buffers
    uploaded = np.frombuffer(buffers[0].read(), np.float32).reshape(-1, 4)
    monkeypatch.undo()
    assert np.array_equal(uploaded, pack(moved, shapes).vectors)
    store.release()


@pytest.mark.parametrize("width", [9, 140])
def test_a_cancelled_question_raises_and_the_next_one_is_answered(width: int, engine: ComputeEngine) -> None:
    asked = question(scene(5, width), (64, 64))
    expected = engine.field(asked).values
    for answers in (repeat(True), chain([False] * (width > 100), repeat(True))):
        with pytest.raises(Cancelled):
            engine.field(asked, lambda answers=answers: next(answers))
        assert engine._pending == 0.0
    assert np.array_equal(expected, engine.field(asked).values)


def test_what_the_engine_cannot_do_it_refuses(fresh: ComputeEngine) -> None:
    old: Any = SimpleNamespace(version_code=420)
    with pytest.raises(EngineError, match=r"needs OpenGL 4\.3; this is 4\.2"):
        ComputeEngine(old)
    fresh._weights[FLOAT]._limit = 1000
    with pytest.raises(EngineError, match="do not fit"):
        fresh.field(question(Scene(), (8, 8)))
    fresh._weights[FLOAT]._limit = 1 << 24
    assert np.isfinite(fresh.field(question(Scene(), (8, 8))).values).all()


def test_a_released_engine_gives_everything_back_and_a_new_one_draws_the_same(gl: Any) -> None:
    asked = [question(scene(6, 30), (33, 17)), question(scene(4, 140), (33, 17))]
    before, pictures = living(gl), []
    for _ in range(2):
        engine = ComputeEngine(gl)
        pictures.append([engine.field(each).values for each in asked])
        assert living(gl) != before
        engine.release()
        gc.collect()
        assert living(gl) == before
    assert all(np.array_equal(a, b) for a, b in zip(*pictures, strict=True))


def test_rerolls_leave_no_opengl_object_behind(fresh: ComputeEngine) -> None:
    def reroll(seed: int) -> None:
        for width in (20, 140):
            fresh.field(question(scene(4, width, seed=seed), (33, 17)))

    reroll(1)
    before = living(fresh.ctx)
    for seed in range(30):
        reroll(seed)
    assert living(fresh.ctx) == before


def test_it_shares_a_context_with_the_fragment_engine(gl: Any, engine: ComputeEngine) -> None:
    other = FragmentEngine(gl)
    asked = question(scene(5, 30), (27, 51))
    expected, computed = other.field(asked).values, engine.field(asked).values
    assert np.abs(expected - computed).max() < 1e-5
    assert np.array_equal(expected, other.field(asked).values)
    assert np.array_equal(computed, engine.field(asked).values)
    other.release()
    gl.enable_only(moderngl.NOTHING)


def shared(group: Workgroup) -> int:
    """The bytes of shared memory that fused.comp declares."""
    weights = (1 if group.is_whole else 2) * group.slice * group.units
    return (group.units * group.points + weights) * group.tiles.number_bytes


@pytest.mark.parametrize("tiles", SHAPES.values(), ids=SHAPES)
def test_workgroups_fit_what_every_driver_has(tiles: Tiles) -> None:
    for width in range(1, tiles.fused_units + 1):
        group = fused(tiles, width)
        assert group
        assert width <= group.units
        assert group.units % max(tiles.steps, tiles.fused_slice) == 0
        assert shared(group) <= tiles.shared_bytes
        assert group.threads % WARP == 0
    for width in range(1, 513):
        group = wide(tiles, width)
        assert 4 * 2 * group.slice * (group.units + group.points) <= tiles.shared_bytes
        assert group.threads <= 1024
        assert group.units % tiles.output_steps == 0
        assert group.units % group.slice == 0
        assert group.slice % tiles.steps == 0


def variants() -> Iterator[tuple[str, dict[str, str | int]]]:
    """Each shader with the defines of several shapes, and each activation once."""
    for k, name in enumerate(ACTIVATIONS):
        tiles, inputs = list(SHAPES.values())[k % len(SHAPES)], 2 + k % 2
        ends: dict[str, str | int] = {"INPUTS": inputs, "ACTIVATION": f"activation_{name}"}
        group = fused(tiles, (3, 30, 64, 128)[k % 4])
        assert group
        yield "fused.comp", {**group.defines(), **ends, "OUTPUT_ACTIVATION": f"activation_{name}"}
        for first, last in ((1, 0), (0, 0), (0, 1), (1, 1)):
            yield "layer.comp", {**wide(tiles, 130).defines(), **ends, "FIRST": first, "LAST": last}
        steps = {"THREADS": 128, "STEPS": tiles.output_steps, "EACH_STEP(DO)": repeated(tiles.output_steps)}
        yield "output.comp", {**steps, **ends}


def test_the_drivers_complaint_about_a_compute_shader_names_file_and_line(gl: Any) -> None:
    with pytest.raises(ShaderError, match=r"> output\.comp:\d+: layout\(local_size_x = THREADS\) in;"):
        compute_program(gl, "output.comp", {"INPUTS": 2})


def test_every_variant_is_valid_glsl_430(tmp_path: Path) -> None:
    files = []
    for n, (name, defines) in enumerate(variants()):
        files.append(tmp_path / f"{n}-{name}")
        files[-1].write_text(source(name, defines).text)
    validate(*files)


def test_the_gpus_own_shapes_are_narrow_where_they_should_be() -> None:
    assert fused_for(GPU, draw(Scene(layers=8, width=64)))
    assert fused_for(GPU, draw(Scene(layers=8, width=128)))
    assert fused_for(GPU, draw(Scene(layers=8, width=129))) is None
    assert fused_for(GPU, draw(Scene(layers=1)))
