"""Every engine's values are those of float64, as far as its precision can tell: of all networks, taps and sizes."""

import math
import random
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from specimen import mixed, scene
from suite import (
    COMPARABLE,
    ENGINES,
    EVERY,
    PLAIN,
    TAPS,
    answered,
    asked,
    check_values,
    each,
    each_activation,
    inputs,
    tolerance,
)

from weightscape.deep.accuracy import Method
from weightscape.engine.question import Engine, Question, pixel_grid, work
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.edit import edited, edits_of
from weightscape.network.initialisation import RULES, SHAPES
from weightscape.network.network import Network, Tap
from weightscape.scene.mean_field import of_scene
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every seventh parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(7)

WIDTHS = (1, 3, 4, 5, 17, 30, 31, 64, 65, 100, 130, 400, 512)
SIZES = ((640, 3), (27, 51), (64, 64), (3, 100), (13, 7), (5, 3), (1, 1))
FLOP = 5e8
SCENES, LONG_SCENES = 40, 200
INPUTS = ("x,y", "x,y,r", "r", "x,y,cos_t,0.5", "r,y,x,sin_t")


@each_activation("single", "double")
def test_every_activation_in_both_kinds_of_network(engine: Engine, method: Method, activation: str) -> None:
    for width, names in ((9, "r,x"), (140, "x,y")):
        made = scene(4, width, activation=activation, output_activation=activation, inputs=names)
        check_values(engine, asked(made, method))
        check_values(engine, asked(made, method, taps=(Tap(), Tap(1, (4, 2), True), Tap(0, (1,)))))


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
@PLAIN
def test_networks_of_every_width_and_awkward_sizes(engine: Engine, method: Method, width: int, tied: bool) -> None:
    for layers, size in product((1, 2, 3), ((1, 1), (7, 3), (65, 33))):
        check_values(engine, asked(scene(layers, width, tied=tied), method, size=size))
    check_values(engine, asked(scene(3, width, tied=tied, outputs=1), method, size=(7, 3)))


EDITS = edits_of("1:1:2=1.5,2:0:3=-2,4:3:1=0.25")


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("width", [5, 30, 140])
@PLAIN
def test_networks_of_which_weights_are_changed(engine: Engine, method: Method, width: int, tied: bool) -> None:
    made = scene(5, width, tied=tied)
    new = edited(draw(made), EDITS)
    check_values(engine, asked(made, method, made=new))
    far = answered(engine, asked(made, method, made=new)).data - answered(engine, asked(made, method)).data
    assert np.abs(far).max() > 1e-3  # the changed weights are heard


@pytest.mark.parametrize("layers", [20, 60])
@pytest.mark.parametrize("width", [1, 4, 5, 30, 70, 130])
@PLAIN
def test_deep_networks(engine: Engine, method: Method, width: int, layers: int) -> None:
    made = scene(layers, width, scale=0.9 / width**0.5, inputs="x,y,r", center=("0.3", "0.1"))
    check_values(engine, asked(made, method))


@pytest.mark.parametrize("width", [30, 140])
@pytest.mark.parametrize("names", INPUTS)
@PLAIN
def test_inputs(engine: Engine, method: Method, names: str, width: int) -> None:
    for layers in (1, 3):
        check_values(engine, asked(scene(layers, width, inputs=names, time=0.3), method, size=(13, 7)))


@pytest.mark.parametrize("activations", ["sin relu gaussian tanh identity", "cos cos cos cos relu"])
@pytest.mark.parametrize("widths", [(2, 7, 33, 1, 90, 3), (2, 7, 33, 1, 90, 6), (2, 150, 4, 80, 1, 2)])
@PLAIN
def test_networks_of_mixed_widths_and_activations(
    engine: Engine, method: Method, widths: tuple[int, ...], activations: str
) -> None:
    check_values(engine, asked(Scene(), method, made=mixed(widths, activations), size=(27, 51)))


@pytest.mark.parametrize("sharing", ["ABAB", "AABB", "AAAA", "ABCA", "biases"])
@pytest.mark.parametrize("width", [6, 140])
@PLAIN
def test_matrices_may_be_shared_in_any_order(engine: Engine, method: Method, width: int, sharing: str) -> None:
    check_values(engine, asked(Scene(), method, made=sharing_network(sharing, width)))


def sharing_network(sharing: str, width: int) -> Network:
    """A network whose hidden matrices stand in several places, by letter; or with biases of their own."""
    rng = np.random.default_rng(5)
    names, bias_names = ("AAAA", "ABAB") if sharing == "biases" else (sharing, sharing)
    matrices = {name: rng.normal(0, width**-0.5, (width, width)) for name in "ABC"}
    vectors = {name: rng.normal(0, 0.5, width) for name in "ABC"}
    return Network(
        weights=(rng.normal(0, 1, (2, width)), *(matrices[name] for name in names), rng.normal(0, 0.3, (width, 3))),
        biases=(rng.normal(0, 1, width), *(vectors[name] for name in bias_names), rng.normal(0, 1, 3)),
        activations=("tanh",) * 6,
    )


@PLAIN
def test_a_first_matrix_that_is_also_a_hidden_one(engine: Engine, method: Method) -> None:
    W, b = np.array([[0.5, -1.0], [0.7, 0.2]]), np.array([0.1, -0.3])
    end, start = np.array([[1.0, 0.5, -0.7], [-0.3, 0.9, 0.4]]), np.array([0.2, -0.1, 0.3])
    # cos: units that only fill up a group of four are 1, not 0, and must meet weights of 0.
    network = Network(weights=(W, W, end), biases=(b, b, start), activations=("cos",) * 3)
    grid = replace(pixel_grid(13, 7), x=-1.0, y=1.0, stride=1 / 8)
    check_values(engine, Question(network, grid, precision=method))


@pytest.mark.parametrize("width", [9, 70, 140])
@PLAIN
def test_several_taps_stand_side_by_side(engine: Engine, method: Method, width: int) -> None:
    question = asked(scene(5, width), method, taps=TAPS)
    assert question.channels == 3 + width + 2 + 1 + 3 + 2
    check_values(engine, question)
    for tap in TAPS:
        check_values(engine, replace(question, taps=(tap,)))


@EVERY
def test_more_points_than_anything_holds_at_once(engine: Engine) -> None:
    # All units of a narrow layer: a picture of the units, which goes layer after layer.
    question = asked(Scene(layers=3, width=8), size=(300, 250), taps=(Tap(1),))
    assert question.grid.points > 2 * 4096 * 8
    check_values(engine, question)


# With compute shaders a software driver needs half a minute; 256 layers of 128 units are counted below by default.
@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=[pytest.mark.long] * (name == "compute")) for name in ENGINES], indirect=True
)
def test_the_largest_network(engine: Engine) -> None:
    question = asked(Scene(layers=256, width=512, rule="lecun", scale=1.0), size=(3, 2))
    true, most = tolerance(question)
    field = answered(engine, question)
    assert most > COMPARABLE or np.abs(field.values - true).max() <= most


def counting(width: int, outputs: int) -> Question:
    """256 layers in which each unit hands its value to the next one and adds 1."""
    step, ones = np.roll(np.eye(width), 1, axis=1), np.ones(width)
    start, end = np.zeros((2, width)), np.eye(width)[:, :outputs]
    start[0, 0] = 1.0
    network = Network(
        weights=(start, *[step] * 254, end),
        biases=(ones, *[ones] * 254, np.zeros(outputs)),
        activations=("identity",) * 256,
    )
    return Question(network, replace(pixel_grid(3, 2), x=5.0, y=1.0))


def counted_to(question: Question) -> Any:
    """What it counts to: (rows, columns, outputs)."""
    width, outputs = question.network.widths[1], question.network.widths[-1]
    expected = np.full((2, 3, outputs), 255.0)
    if 254 % width < outputs:
        expected[..., 254 % width] += [5.0, 6.0, 7.0]
    return expected


# Compute shaders go layer after layer through 256 units: no loop is long, and a software driver needs seconds.
COUNTS = [
    pytest.param(name, method, width, outputs, marks=[pytest.mark.long] * (name == "compute" and width == 256))
    for name, kind in ENGINES.items()
    for method in ("single", "double")
    for width, outputs in ((64, 7), (64, 3), (128, 3), (256, 3))
    if method in kind.methods
]


@pytest.mark.parametrize(("engine", "method", "width", "outputs"), COUNTS, indirect=["engine"])
@pytest.mark.spread(3)
def test_256_layers_are_all_counted(engine: Engine, method: Method, width: int, outputs: int) -> None:
    # llvmpipe would silently stop at some 65,535 iterations.
    question = replace(counting(width, outputs), precision=method)
    assert np.array_equal(engine.field(question).values, counted_to(question))


@each("double")
def test_a_chaotic_network_is_true_in_double_to_half_a_step_of_8_bits(engine: Engine, method: Method) -> None:
    question = asked(Scene(layers=40, width=30, scale=1.0, radius=1.0), method, size=(48, 36))
    true = question.network(inputs(question)[0])
    single = engine.field(replace(question, precision="single")).values
    assert (np.abs(engine.field(question).values - true) < 1 / 510).all(axis=-1).mean() >= 0.999
    assert (np.abs(single - true) < 1 / 510).all(axis=-1).mean() < 0.9, "float32 would do"


@dataclass(frozen=True)
class Case:
    """A random scene and its size; equal numbers give equal cases."""

    scene: Scene
    size: tuple[int, int]


@cache
def random_case(number: int) -> Case:
    """Walk through all activations, widths, rules and shapes, and choose the rest at random."""
    rng = random.Random(1000 + number)
    activations, rules, widths = list(ACTIVATIONS), list(RULES), (1, 3, 5, 17, 31, 64, 130, 400)
    width = widths[number % len(widths)]
    layers = rng.choice((1, 2, 3, 4, 7, 12, 27, 55, 100) if number >= 2 else (1, 100))
    radius = 10 ** rng.uniform(-3, 3)
    made = Scene(
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
    return Case(moderate(made, rng), size_for(made, rng))


def moderate(made: Scene, rng: random.Random) -> Scene:
    """Choose the scale so that the whole depth stretches distances neither to noise nor to nothing."""
    wanted = rng.uniform(-2, 2) / made.layers
    scales = [10 ** (-2 + n / 5) for n in range(16)]
    misses = [abs(math.log(max(of_scene(replace(made, scale=s)).stretch, 1e-9)) - wanted) for s in scales]
    return replace(made, scale=scales[misses.index(min(misses))])


def size_for(made: Scene, rng: random.Random) -> tuple[int, int]:
    cost = work(draw(made))
    return rng.choice([size for size in SIZES if size[0] * size[1] * cost <= FLOP] or [SIZES[-1]])


@pytest.mark.slow
def test_40_random_scenes_exhaust_the_lists_and_are_mostly_comparable() -> None:
    cases = [random_case(number) for number in range(SCENES)]
    scenes = [case.scene for case in cases]
    assert {made.width for made in scenes} == {1, 3, 5, 17, 31, 64, 130, 400}
    assert {made.activation for made in scenes} == set(ACTIVATIONS)
    assert {(made.rule, made.shape) for made in scenes} == {(r, s) for r in RULES for s in SHAPES}
    assert {made.layers for made in scenes} >= {1, 2, 27, 100}
    assert {made.tied for made in scenes} == {True, False}
    assert {made.outputs for made in scenes} == {1, 3}
    assert {case.size for case in cases} >= {(640, 3), (27, 51), (1, 1)}
    assert any("r" in made.inputs for made in scenes)
    assert min(made.radius for made in scenes) < 1e-2
    assert max(made.radius for made in scenes) > 1e2
    tolerances = [tolerance(asked(case.scene, size=case.size))[1] for case in cases[::5]]
    assert sum(most > COMPARABLE for most in tolerances) <= len(tolerances) // 3


def compare(case: Case, engine: Engine) -> tuple[float, float]:
    """The largest difference from float64 on a scene, and the tolerance."""
    question = asked(case.scene, size=case.size)
    assert question.grid.points * work(question.network) <= FLOP
    true, most = tolerance(question)
    return float(np.abs(answered(engine, question).values - true).max()), most


@pytest.mark.parametrize("number", range(SCENES))
@each("single")
@pytest.mark.spread(13)
def test_random_scenes(engine: Engine, method: Method, number: int) -> None:
    error, most = compare(random_case(number), engine)
    assert most > COMPARABLE or error <= most


@pytest.mark.long
@EVERY
def test_200_more_random_scenes(engine: Engine) -> None:
    measured = {number: compare(random_case(number), engine) for number in range(SCENES, SCENES + LONG_SCENES)}
    comparable = {number: pair for number, pair in measured.items() if pair[1] <= COMPARABLE}
    assert len(comparable) >= LONG_SCENES * 2 // 3
    assert {number: (error, most) for number, (error, most) in comparable.items() if error > most} == {}
