"""The engines: all answer the same question alike, whatever the network, the grid and the tiling."""

import ctypes
import gc
import math
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, pairwise, repeat
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest
from memory import peak

from weightscape.ask import question
from weightscape.engine import fragment
from weightscape.engine.fragment import FragmentEngine
from weightscape.engine.fragment_draw import MAX_SIDE
from weightscape.engine.fragment_shape import MOST_PIXELS, is_narrow
from weightscape.engine.numpy import NumpyEngine
from weightscape.engine.question import (
    Answer,
    Cancelled,
    Engine,
    EngineError,
    Grid,
    Precision,
    Question,
    Values,
    pixel_grid,
    work,
)
from weightscape.engine.tile import Pace, answer
from weightscape.gpu.weight_store import WeightStore, pack
from weightscape.model.activation import ACTIVATIONS
from weightscape.model.initialisation import RULES, SHAPES
from weightscape.model.input import radial_input
from weightscape.model.mean_field import of_scene
from weightscape.model.network import Network, Tap, distinct_weights, forward
from weightscape.model.recipe import draw
from weightscape.model.scene import Scene

# Every fifth parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(5)

WIDTHS = (1, 3, 5, 17, 31, 64, 130, 400)
SIZES = ((640, 3), (27, 51), (64, 64), (3, 100), (13, 7), (5, 3), (1, 1))
FLOP = 2e9
SCENES, LONG_SCENES = 40, 200
COMPARABLE = 0.02
INPUTS = ("x,y", "x,y,r", "r", "x,y,cos_t,0.5", "r,y,x,sin_t")


@pytest.fixture
def engine(gl: Any) -> Iterator[FragmentEngine]:
    engine = FragmentEngine(gl)
    yield engine
    engine.release()


@dataclass(frozen=True)
class Case:
    """A random scene and its size; equal numbers give equal cases."""

    scene: Scene
    size: tuple[int, int]


def random_case(number: int) -> Case:
    """Walk through all activations, widths, rules and shapes, and choose the rest at random."""
    rng = random.Random(1000 + number)
    activations, rules = list(ACTIVATIONS), list(RULES)
    width = WIDTHS[number % len(WIDTHS)]
    layers = rng.choice((1, 2, 3, 4, 7, 12, 27, 55, 100) if number >= 2 else (1, 100))
    radius = 10 ** rng.uniform(-3, 3)
    scene = Scene(
        seed=rng.randrange(2**64),
        layers=layers,
        width=width,
        activation=activations[number % len(activations)],
        output_activation=rng.choice(["sigmoid", "sigmoid", "identity", *activations]),
        shape=SHAPES[number // 2 % 2],
        rule=rules[number % len(rules)],
        tied=number % 3 == 0,
        outputs=rng.choice((1, 3)),
        inputs=rng.choice(INPUTS),
        time=rng.uniform(-2, 2),
        center=(Decimal(rng.uniform(-2, 2)), Decimal(rng.uniform(-2, 2))),
        radius=radius,
        angle=rng.choice((0.0, rng.uniform(-180, 180))),
    )
    return Case(moderate(scene, rng), size_for(scene, rng))


def moderate(scene: Scene, rng: random.Random) -> Scene:
    """Choose the scale so that the whole depth stretches distances neither to noise nor to nothing."""
    wanted = rng.uniform(-2, 2) / scene.layers
    scales = [10 ** (-2 + n / 10) for n in range(31)]
    misses = [abs(math.log(max(of_scene(replace(scene, scale=s)).stretch, 1e-9)) - wanted) for s in scales]
    return replace(scene, scale=scales[misses.index(min(misses))])


def size_for(scene: Scene, rng: random.Random) -> tuple[int, int]:
    cost = work(draw(scene))
    return rng.choice([size for size in SIZES if size[0] * size[1] * cost <= FLOP] or [SIZES[-1]])


def truth(engine: NumpyEngine, asked: Question) -> tuple[Values, float]:
    """The values in float64, and how far float32 may be from them: 8 times what NumPy's is, and 2e-6."""
    exact = engine.field(replace(asked, precision="double")).values
    single = engine.field(asked).values
    return exact, 8 * float(np.abs(single - exact).max()) + 2e-6


def points(asked: Question, dtype: type[np.floating] = np.float64) -> Values:
    """The coordinates that a question's network is fed, written out."""
    grid = asked.grid
    x, y = np.meshgrid(grid.x + grid.stride * np.arange(grid.columns), grid.y - grid.stride * np.arange(grid.rows))
    fed = [x.astype(dtype), y.astype(dtype)]
    return np.stack([*fed, radial_input(asked.radial, *fed)] if asked.radial else fed, axis=-1)


def made_of(engine: Engine, asked: Question, boxes: list[tuple[int, int, int, int]]) -> Values:
    """Answer tile by tile; the boxes (column, row, columns, rows) cover the grid."""
    whole = np.full((asked.grid.rows, asked.grid.columns, asked.channels), np.nan)
    for column, row, columns, rows in boxes:
        part = engine.field(replace(asked, grid=asked.grid.tile(column, row, columns, rows)))
        whole[row : row + rows, column : column + columns] = part.values
    return whole


# 61 x 47 points, cut into a corner, strips one pixel wide and high, and the rest.
BOXES = [(0, 0, 13, 11), (13, 0, 48, 11), (0, 11, 1, 36), (1, 11, 60, 35), (1, 46, 7, 1), (8, 46, 53, 1)]
TILED = [
    Scene(),
    Scene(width=3, layers=5, inputs="x,y,r"),
    Scene(tied=False, width=31, layers=6, scale=0.3, outputs=1),
    Scene(tied=False, width=64, layers=5, scale=0.2, activation="sin"),
    Scene(tied=False, width=130, layers=4, scale=0.12, activation="relu"),
    Scene(tied=False, width=400, layers=3, scale=0.07, activation="gelu"),
]


def test_a_grid_has_a_point_in_the_middle_of_each_pixel_and_its_tiles_have_the_same_ones() -> None:
    grid = pixel_grid(6, 4)
    assert (grid.x, grid.y) == (-2.5, 1.5)
    part = grid.tile(2, 3, 3, 1)
    assert (part.x, part.y, part.columns, part.rows) == (-0.5, -1.5, 3, 1)
    assert pixel_grid(6, 4, (0.25, -0.5)).x == -2.25
    assert Grid(3, 3, 0.0, 0.0, 0.5).tile(1, 1, 2, 2) == Grid(2, 2, 0.5, -0.5, 0.5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("inputs", ["x,y", "r,x"])
def test_the_numpy_engine_in_double_is_the_models_forward_pass(
    activation: str, inputs: str, numpy_engine: NumpyEngine
) -> None:
    scene = Scene(tied=False, layers=5, width=17, scale=0.4, activation=activation, inputs=inputs)
    asked = replace(question(scene, (27, 51), "double"), taps=(Tap(), Tap(1, (4, 2), True), Tap(0, (1,))))
    expected = np.concatenate(forward(asked.network, points(asked), asked.taps), axis=-1)
    field = numpy_engine.field(asked)
    assert field.values.dtype == np.float64
    assert np.allclose(expected, field.values, rtol=1e-12, atol=1e-12)


def test_the_numpy_engine_in_single_is_the_models_forward_pass_in_single(numpy_engine: NumpyEngine) -> None:
    asked = question(Scene(layers=4), (27, 51))
    (expected,) = forward(asked.network, points(asked, np.float32))
    field = numpy_engine.field(asked)
    assert field.values.dtype == np.float32
    assert np.allclose(expected, field.values, rtol=0, atol=5e-6)


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("scene", TILED)
def test_numpy_gives_the_same_bits_on_any_number_of_threads_and_the_same_picture_in_any_tile(
    scene: Scene, precision: Precision
) -> None:
    asked = question(scene, (61, 47), precision)
    engines = [NumpyEngine(threads) for threads in (1, 2, 3)]
    whole = engines[0].field(asked).values
    assert all(np.array_equal(whole, engine.field(asked).values) for engine in engines[1:])
    # A clock may not decide about bits, so a file's question is not cut by it.
    assert np.array_equal(whole, answer(engines[1], asked, Pace(1e3)).values)
    tiled = made_of(engines[1], asked, BOXES)
    assert np.array_equal(whole, tiled) or not columns_are_alike(whole.dtype)
    assert np.allclose(whole, tiled, rtol=0, atol=1e-3 if precision == "single" else 1e-11)
    for engine in engines:
        engine.release()


def columns_are_alike(dtype: Any) -> bool:
    """Tell whether BLAS treats equal columns of a product alike; OpenBLAS's AVX2 kernels in float32 do not."""
    random = np.random.default_rng(1)
    matrix = random.standard_normal((64, 65)).astype(dtype)
    sums = matrix @ np.repeat(random.standard_normal((65, 1)).astype(dtype), 1024, axis=1)
    return bool((sums == sums[:, :1]).all())


@pytest.mark.parametrize("scene", TILED)
def test_fragment_gives_every_point_the_same_bits_in_any_tile(scene: Scene, engine: FragmentEngine) -> None:
    asked = question(scene, (61, 47))
    whole = engine.field(asked).values
    assert np.array_equal(whole, made_of(engine, asked, BOXES))
    assert np.array_equal(whole, answer(engine, asked, Pace(1e7)).values)


def test_both_engines_answer_twice_with_the_same_bits(engine: FragmentEngine, numpy_engine: NumpyEngine) -> None:
    asked, other = (question(Scene(seed=seed, layers=9), (64, 33)) for seed in (1, 2))
    for each in (engine, numpy_engine):
        first = each.field(asked).values.copy()
        between = each.field(other).values
        assert not np.array_equal(first, between)
        assert np.array_equal(first, each.field(asked).values)


def compare(case: Case, engine: FragmentEngine, numpy_engine: NumpyEngine) -> tuple[float, float]:
    """Largest difference of the fragment engine from float64 on a scene, and the tolerance."""
    asked = question(case.scene, case.size)
    assert asked.grid.points * work(asked.network) <= FLOP
    exact, tolerance = truth(numpy_engine, asked)
    got = engine.field(asked).values
    assert got.shape == (case.size[1], case.size[0], case.scene.outputs)
    assert got.dtype == np.float32
    assert np.isfinite(got).all()
    return float(np.abs(got - exact).max()), tolerance


def test_40_random_scenes_exhaust_the_lists_and_are_mostly_comparable(numpy_engine: NumpyEngine) -> None:
    cases = [random_case(number) for number in range(SCENES)]
    scenes = [case.scene for case in cases]
    assert {scene.width for scene in scenes} == set(WIDTHS)
    assert {scene.activation for scene in scenes} == set(ACTIVATIONS)
    assert {(scene.rule, scene.shape) for scene in scenes} == {(r, s) for r in RULES for s in SHAPES}
    assert {scene.layers for scene in scenes} >= {1, 2, 27, 100}
    assert {scene.tied for scene in scenes} == {True, False}
    assert {scene.outputs for scene in scenes} == {1, 3}
    assert {case.size for case in cases} >= {(640, 3), (27, 51), (1, 1)}
    assert any("r" in scene.inputs for scene in scenes)
    assert min(scene.radius for scene in scenes) < 1e-2
    assert max(scene.radius for scene in scenes) > 1e2
    tolerances = [truth(numpy_engine, question(case.scene, case.size))[1] for case in cases[::3]]
    assert sum(tolerance > COMPARABLE for tolerance in tolerances) <= len(tolerances) // 3


@pytest.mark.parametrize("number", range(SCENES))
def test_fragment_is_as_near_to_float64_as_float32_can_be(
    number: int, engine: FragmentEngine, numpy_engine: NumpyEngine
) -> None:
    error, tolerance = compare(random_case(number), engine, numpy_engine)
    assert tolerance > COMPARABLE or error <= tolerance


@pytest.mark.long
def test_fragment_is_as_near_to_float64_on_200_more_scenes(engine: FragmentEngine, numpy_engine: NumpyEngine) -> None:
    measured = {
        number: compare(random_case(number), engine, numpy_engine) for number in range(SCENES, SCENES + LONG_SCENES)
    }
    comparable = {number: pair for number, pair in measured.items() if pair[1] <= COMPARABLE}
    assert len(comparable) >= LONG_SCENES * 2 // 3
    assert {number: (error, most) for number, (error, most) in comparable.items() if error > most} == {}


@pytest.mark.parametrize("width", [30, 70])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_nothing_is_ever_nan_or_infinite(
    activation: str, width: int, engine: FragmentEngine, numpy_engine: NumpyEngine
) -> None:
    for seed, output in ((1, activation), (2, "sigmoid")):
        scene = Scene(
            seed=seed,
            tied=False,
            layers=12,
            width=width,
            scale=1e6,
            radius=1e6,
            activation=activation,
            output_activation=output,
            inputs="x,y,r",
        )
        asked = question(scene, (13, 7))
        assert np.isfinite(engine.field(asked).values).all()
        for precision in ("single", "double"):
            assert np.isfinite(numpy_engine.field(replace(asked, precision=precision)).values).all()


@pytest.mark.parametrize(("width", "first"), [(30, 1), (130, 2)])
def test_no_program_is_compiled_for_new_weights_scales_depths_and_views(
    width: int, first: int, engine: FragmentEngine
) -> None:
    scene = Scene(tied=False, width=width, layers=5, scale=0.2)
    engine.field(question(scene, (16, 9)))
    # A wide network has a program for each of: first layer, hidden layers, output layer.
    programs = dict(engine._programs)
    assert len(programs) == (1 if first == 1 else 3)
    changes: list[dict[str, Any]] = [
        {"seed": 7},
        {"scale": 0.6},
        {"scale": 0.0},
        {"layers": 2},
        {"layers": 40},
        {"radius": 1e-5},
        {"angle": 33.0},
        {"center": (Decimal(3), Decimal(1))},
        {"tied": True},
        {"rule": "orthogonal", "scale": None},
        {"shape": "normal"},
    ]
    for change in changes:
        engine.field(question(replace(scene, **change), (33, 20)))
        assert {key: id(made) for key, made in engine._programs.items()} == {
            key: id(made) for key, made in programs.items()
        }, change


def test_widths_of_one_class_share_a_program(engine: FragmentEngine) -> None:
    for width in (29, 30, 31, 32):
        engine.field(question(Scene(width=width, layers=4), (8, 8)))
    assert len(engine._programs) == 1
    engine.field(question(Scene(width=33, layers=4), (8, 8)))
    assert len(engine._programs) == 2


def in_texture(engine: FragmentEngine, limit: int) -> FragmentEngine:
    """Let the engine believe that buffer textures of this driver hold so few vec4s."""
    engine._weights.release()
    engine._weights = WeightStore(engine.ctx, smallest_buffer_texture=limit)
    return engine


@pytest.mark.parametrize(
    "scene",
    [
        Scene(),
        Scene(tied=False, layers=9, width=17, inputs="x,y,r"),
        Scene(tied=False, layers=4, width=130, scale=0.1),
        Scene(layers=1),
    ],
)
def test_weights_in_a_texture_give_the_picture_of_weights_in_a_buffer(
    scene: Scene, engine: FragmentEngine, gl: Any
) -> None:
    asked = question(scene, (27, 51))
    expected = engine.field(asked).values
    other = in_texture(FragmentEngine(gl), 1)
    assert np.array_equal(expected, other.field(asked).values)
    assert all("WEIGHTS_IN_TEXTURE" in dict(key) for key in other._programs)
    again = question(replace(scene, seed=5), (27, 51))
    assert np.array_equal(engine.field(again).values, other.field(again).values)
    other.release()


def test_the_place_of_the_weights_may_change_from_network_to_network(engine: FragmentEngine, gl: Any) -> None:
    scenes = [Scene(layers=5, width=width, tied=False) for width in (8, 30, 12, 31, 8)]
    asked = [question(scene, (13, 7)) for scene in scenes]
    sizes = [len(pack(each.network).vectors) for each in asked]
    # The limit lies exactly at one of them: that one still fits.
    other = in_texture(FragmentEngine(gl), sizes[2])
    for each in asked:
        assert np.array_equal(engine.field(each).values, other.field(each).values)
    kinds = {"WEIGHTS_IN_TEXTURE" in dict(key) for key in other._programs}
    assert kinds == {True, False}
    other.release()


def test_weights_just_below_the_limit_stay_in_the_buffer(gl: Any) -> None:
    asked = question(Scene(layers=5, width=10, tied=False), (13, 7))
    size = len(pack(asked.network).vectors)
    for limit, textured in ((size, False), (size - 1, True)):
        engine = in_texture(FragmentEngine(gl), limit)
        assert np.isfinite(engine.field(asked).values).all()
        assert [textured] == ["WEIGHTS_IN_TEXTURE" in dict(key) for key in engine._programs]
        engine.release()


def test_a_packed_network_holds_each_weight_once_in_groups_of_four_units() -> None:
    network = draw(Scene(tied=False, layers=3, width=5))
    packed = pack(network)
    # Two groups x (bias + 2 inputs), two groups x (bias + 8 inputs), one group x (bias + 8 inputs).
    assert packed.begin == (0, 6, 24)
    assert packed.vectors.shape == (33, 4)
    W, b = network.weights[1], network.biases[1]
    assert packed.vectors[6].tolist() == b[:4].astype(np.float32).tolist()
    assert packed.vectors[6 + 1 + 3].tolist() == W[3, :4].astype(np.float32).tolist()
    assert packed.vectors[15].tolist() == [np.float32(b[4]), 0, 0, 0]
    assert packed.vectors[15 + 1 + 2].tolist() == [np.float32(W[2, 4]), 0, 0, 0]
    assert not packed.vectors[6 + 1 + 5 : 15].any()


def test_a_tied_network_is_packed_with_one_hidden_matrix() -> None:
    packed = pack(draw(Scene(layers=256, width=30)))
    assert len(set(packed.begin[1:-1])) == 1
    assert 4 * len(packed.vectors) < 2 * distinct_weights(draw(Scene(layers=256, width=30)))


@pytest.mark.parametrize("activation", ["tanh", "cos", "relu"])
@pytest.mark.parametrize(("layers", "width"), [(1, 8), (2, 5), (3, 30), (9, 31), (27, 64)])
def test_a_layer_at_a_time_equals_all_layers_at_once(
    layers: int,
    width: int,
    activation: str,
    engine: FragmentEngine,
    numpy_engine: NumpyEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene(tied=False, layers=layers, width=width, activation=activation, scale=1.2 / width**0.5, inputs="x,y,r")
    asked = question(scene, (27, 51))
    exact, tolerance = truth(numpy_engine, asked)
    assert is_narrow(asked.network)
    assert tolerance < COMPARABLE
    for is_fused in (True, False):
        monkeypatch.setattr(fragment, "is_narrow", lambda network, is_fused=is_fused: is_fused)
        values = engine.field(asked).values
        assert values.shape == exact.shape
        assert np.abs(values - exact).max() <= tolerance
    assert {dict(key)[""] for key in engine._programs} == {"fused.frag", "layer.frag"}


@pytest.mark.parametrize("width", [9, 70])
def test_several_taps_stand_side_by_side(width: int, engine: FragmentEngine, numpy_engine: NumpyEngine) -> None:
    taps = (Tap(), Tap(1), Tap(0, (3, 1), True), Tap(2, (8,)), Tap(-1, (2, 2, 0), True))
    asked = replace(question(Scene(layers=5, width=width, scale=1.5 / width**0.5), (27, 51)), taps=taps)
    assert asked.channels == 3 + width + 2 + 1 + 3
    exact, tolerance = truth(numpy_engine, asked)
    assert tolerance < COMPARABLE
    got = engine.field(asked).values
    assert got.shape == (51, 27, asked.channels)
    assert np.abs(got - exact).max() <= tolerance


def test_networks_of_mixed_widths_and_activations_work(engine: FragmentEngine, numpy_engine: NumpyEngine) -> None:
    rng = np.random.default_rng(4)
    widths = (2, 7, 33, 1, 90, 6)
    network = Network(
        weights=tuple(rng.normal(0, 1 / n**0.5, (n, m)) for n, m in pairwise(widths)),
        biases=tuple(rng.normal(0, 0.3, m) for m in widths[1:]),
        activations=("sin", "relu", "gaussian", "tanh", "identity"),
    )
    asked = Question(network, Grid(27, 51, -1.0, 1.0, 1 / 16))
    exact, tolerance = truth(numpy_engine, asked)
    assert np.abs(engine.field(asked).values - exact).max() <= tolerance


@pytest.mark.parametrize("sharing", ["ABAB", "AABB", "AAAA", "ABCA", "biases"])
def test_matrices_may_be_shared_in_any_order(sharing: str, engine: FragmentEngine, numpy_engine: NumpyEngine) -> None:
    rng = np.random.default_rng(5)
    names = "AAAA" if sharing == "biases" else sharing
    bias_names = "ABAB" if sharing == "biases" else sharing
    matrices = {name: rng.normal(0, 0.5, (6, 6)) for name in "ABC"}
    vectors = {name: rng.normal(0, 0.5, 6) for name in "ABC"}
    network = Network(
        weights=(rng.normal(0, 1, (2, 6)), *(matrices[name] for name in names), rng.normal(0, 1, (6, 3))),
        biases=(rng.normal(0, 1, 6), *(vectors[name] for name in bias_names), rng.normal(0, 1, 3)),
        activations=("tanh",) * 6,
    )
    asked = Question(network, Grid(13, 7, -1.0, 1.0, 1 / 8))
    exact, tolerance = truth(numpy_engine, asked)
    assert np.abs(engine.field(asked).values - exact).max() <= tolerance


def test_a_first_matrix_that_is_also_a_hidden_one_is_packed_for_both(
    engine: FragmentEngine, numpy_engine: NumpyEngine
) -> None:
    W, b = np.array([[0.5, -1.0], [0.7, 0.2]]), np.array([0.1, -0.3])
    end, start = np.array([[1.0, 0.5, -0.7], [-0.3, 0.9, 0.4]]), np.array([0.2, -0.1, 0.3])
    # cos: units that only fill up a group of four are 1, not 0, and must meet weights of 0.
    network = Network(weights=(W, W, end), biases=(b, b, start), activations=("cos",) * 3)
    asked = Question(network, Grid(13, 7, -1.0, 1.0, 1 / 8))
    exact, tolerance = truth(numpy_engine, asked)
    assert np.abs(engine.field(asked).values - exact).max() <= tolerance


def test_a_wide_network_takes_a_tile_larger_than_its_targets(engine: FragmentEngine, numpy_engine: NumpyEngine) -> None:
    # All units of a narrow layer: a picture of the units, which goes layer after layer.
    asked = replace(question(Scene(layers=3, width=8), (300, 250)), taps=(Tap(1),))
    assert asked.grid.points > 2 * MAX_SIDE * MOST_PIXELS
    exact, tolerance = truth(numpy_engine, asked)
    assert np.abs(engine.field(asked).values - exact).max() <= tolerance


def test_the_largest_network_is_answered_by_both_engines(engine: FragmentEngine, numpy_engine: NumpyEngine) -> None:
    asked = question(Scene(layers=256, width=512, rule="lecun", scale=1.0), (3, 2))
    exact, tolerance = truth(numpy_engine, asked)
    got = engine.field(asked).values
    assert np.isfinite(got).all()
    assert tolerance > COMPARABLE or np.abs(got - exact).max() <= tolerance


@pytest.mark.parametrize("answers", ["values", "derivatives"])
def test_a_deep_network_perturbed_takes_little_memory(answers: Answer, numpy_engine: NumpyEngine) -> None:
    asked = replace(question(Scene(layers=255, width=24, radius=1e-9), (16, 16), "perturbed"), answer=answers)
    assert asked.perturbation
    # 200 MB and more where the reference floats of all layers are repeated for each point.
    assert peak(lambda: numpy_engine.field(asked)) < 3e7


def test_fragment_refuses_double_precision(engine: FragmentEngine) -> None:
    with pytest.raises(EngineError, match="single precision"):
        engine.field(question(Scene(), (8, 8), "double"))


@pytest.mark.parametrize("kind", ["numpy", "fragment"])
def test_a_cancelled_question_raises_and_the_next_one_is_answered(kind: str, gl: Any) -> None:
    each: Engine = NumpyEngine() if kind == "numpy" else FragmentEngine(gl)
    asked = question(Scene(layers=5), (64, 64))
    expected = each.field(asked).values.copy()
    with pytest.raises(Cancelled):
        each.field(asked, lambda: True)
    answers = chain([False], repeat(True))
    with pytest.raises(Cancelled):
        answer(each, asked, Pace(1e6), cancelled=lambda: next(answers))
    assert np.array_equal(expected, each.field(asked).values)
    each.release()


KINDS = ("Texture", "Buffer", "Framebuffer", "Program", "VertexArray", "Shader", "Renderbuffer", "Sampler")


def living(ctx: Any) -> dict[str, int]:
    """Count the OpenGL objects that live, by asking for every name that can have been given so far."""
    gc.collect()  # what other tests have dropped in circles of references
    ctx.gc()
    counts = {}
    for kind in KINDS:
        is_alive = ctypes.CFUNCTYPE(ctypes.c_ubyte, ctypes.c_uint)(ctx.mglo._context.load(f"glIs{kind}"))
        counts[kind] = sum(is_alive(name) for name in range(1, 50_000))
    return counts


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def test_100_rerolls_leave_no_opengl_object_and_no_memory_behind(engine: FragmentEngine) -> None:
    def reroll(seed: int) -> None:
        for tied in (True, False):
            engine.field(question(Scene(seed=seed, tied=tied, layers=6), (33, 17)))
        engine.field(question(Scene(seed=seed, layers=4, width=70, scale=0.1), (33, 17)))

    for seed in range(20):
        reroll(seed)
    gc.collect()
    before, memory, threads = living(engine.ctx), resident_bytes(), threading.active_count()
    assert before["Texture"] > 0
    for seed in range(20, 120):
        reroll(seed)
    gc.collect()
    assert living(engine.ctx) == before
    assert threading.active_count() == threads
    # Weights of 100 x 3 networks would be 7 MB, their targets far more.
    assert resident_bytes() - memory < 5e6
    assert engine.ctx.error == "GL_NO_ERROR"


def test_a_released_engine_gives_everything_back_and_a_new_one_draws_the_same(gl: Any) -> None:
    asked = [question(Scene(layers=6), (33, 17)), question(Scene(layers=4, width=70, scale=0.1), (33, 17))]
    before = living(gl)
    pictures = []
    for _ in range(3):
        engine = FragmentEngine(gl)
        pictures.append([engine.field(each).values.copy() for each in asked])
        assert living(gl) != before
        engine.release()
        assert living(gl) == before
    assert all(np.array_equal(a, b) for later in pictures[1:] for a, b in zip(pictures[0], later, strict=True))


def test_a_draw_does_not_depend_on_the_state_that_others_left(engine: FragmentEngine, gl: Any) -> None:
    asked = question(Scene(layers=6), (33, 17))
    expected = engine.field(asked).values.copy()
    gl.enable(moderngl.BLEND | moderngl.DEPTH_TEST | moderngl.CULL_FACE)
    gl.blend_func = moderngl.ONE, moderngl.ONE
    target = gl.simple_framebuffer((8, 8))
    target.use()
    gl.clear(1.0, 0.5, 0.25, 1.0)
    other = gl.texture((4, 4), 4, dtype="f1")
    for unit in range(9):
        other.use(unit)
    assert np.array_equal(expected, engine.field(asked).values)
    gl.cull_face = "front_and_back"
    assert np.array_equal(expected, engine.field(asked).values)
    for each in (target, other):
        each.release()
    gl.enable_only(moderngl.NOTHING)
    gl.blend_func, gl.cull_face = moderngl.DEFAULT_BLENDING, "back"


@pytest.mark.parametrize(("layers", "width"), [(27, 30), (60, 130), (200, 65), (250, 300)])
@pytest.mark.parametrize("kind", ["numpy", "fragment"])
def test_a_first_picture_is_sized_by_the_whole_depth(kind: str, layers: int, width: int, gl: Any) -> None:
    each: Engine = NumpyEngine() if kind == "numpy" else FragmentEngine(gl)
    asked = question(Scene(layers=layers, width=width, rule="lecun"), (1280, 720))
    pace = Pace(2e10)
    points = pace.points(each, asked, 0.03)

    assert points == max(int(0.03 * 2e10 / work(asked.network)), each.smallest(asked.network))
    each.release()
