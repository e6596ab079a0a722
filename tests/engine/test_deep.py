"""Every engine's values beside a reference are those of ball arithmetic, at any depth and zoom."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from balls import GROWING, case, exact
from specimen import CLASSIFIED, classifier
from suite import (
    DEEP,
    PIXELS,
    PLAIN,
    SIZE,
    TAPS,
    answered,
    asked,
    check_deep,
    check_moved,
    check_values,
    derivatives,
    each_activation,
    missed,
    reference,
)

from weightscape.deep.accuracy import Method, foretell
from weightscape.engine.question import Engine
from weightscape.engine.shader.step_store import is_clamped
from weightscape.engine.shader.weight_store import pack
from weightscape.engine.tile import Pace, answer
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.edit import edited, edits_of
from weightscape.network.network import Network, Tap
from weightscape.network.softmax import difference
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

# Every seventh parameter set of each test; all of them with -m long.
pytestmark = pytest.mark.spread(7)

RADII = (1e-2, 1e-6, 1e-30, 1e-100, 1e-300)


def is_chaotic(scene: Scene) -> bool:
    """Whether float32 differences are foretold to be lost, and float64 ones are wanted."""
    question = asked(scene, "perturbed")
    assert question.perturbation
    return foretell(question.network, question.perturbation, scene.radius, SIZE).relative("perturbed") > 3e-6


@pytest.mark.every
@pytest.mark.slow
@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("shape", [(1, 8), (18, 30), (40, 30), (5, 130)])
@DEEP
def test_a_picture_is_true_at_any_depth(engine: Engine, method: Method, shape: tuple[int, int], radius: float) -> None:
    more: dict[str, Any] = {"scale": 0.3} if shape[1] == 130 else {}
    scene = case(3, "tanh", shape, radius, output_activation="sigmoid", **more)
    assert not is_chaotic(scene)
    check_deep(engine, scene, method)


@pytest.mark.parametrize("radius", [1e-2, 1e-30])
@pytest.mark.parametrize("shape", [(18, 30), (5, 130)])
@DEEP
def test_changed_weights_are_true_at_any_depth(
    engine: Engine, method: Method, shape: tuple[int, int], radius: float
) -> None:
    more: dict[str, Any] = {"scale": 0.3} if shape[1] == 130 else {}
    scene = case(3, "tanh", shape, radius, output_activation="sigmoid", **more)
    check_deep(engine, scene, method, edited(draw(scene), edits_of("1:1:2=0.8,2:0:3=-0.6")))


@pytest.mark.parametrize("radius", [1e-2, 1e-6, 1e-200, 1e-280])
@pytest.mark.parametrize("shape", [(12, 16), (4, 140)])
@each_activation("perturbed", "wide")
@pytest.mark.spread(13)
def test_every_activation(
    engine: Engine, method: Method, activation: str, shape: tuple[int, int], radius: float
) -> None:
    number = list(ACTIVATIONS).index(activation)
    inputs = ("x,y", "x,y,r", "r,x,0.5,cos_t")[number % 3]
    more: dict[str, Any] = {} if activation in GROWING else {"scale": 2.0 / shape[1] ** 0.5}
    scene = case(number, activation, shape, radius, inputs=inputs, time=0.3, output_activation="tanh", **more)
    assert method == "wide" or not is_chaotic(scene)
    assert missed(engine, scene, method)[1] > 1e-290
    check_deep(engine, scene, method)


@pytest.mark.slow
@pytest.mark.parametrize("radius", [1e-2, 1e-7, 1e-40])
@DEEP
def test_a_network_of_all_activations(engine: Engine, method: Method, radius: float) -> None:
    made = draw(Scene(layers=len(ACTIVATIONS), width=11, tied=False, rule="lecun", seed=3))
    view = Scene(center=("0.3", "0.7"), radius=radius)
    check_deep(engine, view, method, replace(made, activations=tuple(ACTIVATIONS)))


@pytest.mark.parametrize("sharing", ["ABAB", "AABB", "AAAA", "ABCA"])
@DEEP
def test_matrices_are_shared_and_floats_are_not(engine: Engine, method: Method, sharing: str) -> None:
    made = draw(Scene(layers=6, width=8, tied=False))
    places = [0, *("ABCD".index(letter) + 1 for letter in sharing), 5]
    network = Network(tuple(made.weights[k] for k in places), tuple(made.biases[k] for k in places), made.activations)
    view = Scene(center=("1", "0"), radius=1e-3)
    check_deep(engine, view, method, network)
    assert len(pack(asked(view, method, made=network).network).vectors) == len(pack(network).vectors)


@pytest.mark.parametrize("width", [20, 70])
@DEEP
def test_several_taps_stand_side_by_side(engine: Engine, method: Method, width: int) -> None:
    scene = case(4, "tanh", (5, width), 1e-5, scale=1.5 / width**0.5)
    question = asked(scene, method, taps=TAPS)
    assert question.channels == 3 + width + 2 + 1 + 3 + 2
    check_moved(engine, question, asked(scene, "wide", taps=TAPS))
    for tap in TAPS:
        check_moved(engine, replace(question, taps=(tap,)), asked(scene, "wide", taps=(tap,)))


@pytest.mark.parametrize("radius", [1.0, 1e-60])
@each_activation("perturbed", "wide")
def test_a_centre_on_all_kinks_or_extrema_at_once(
    engine: Engine, method: Method, activation: str, radius: float
) -> None:
    """Without biases every unit stands at z = 0: on relu's kink, at the top of cos and gaussian."""
    inputs = "x,y,r" if list(ACTIVATIONS).index(activation) % 3 else "x,y"
    scene = Scene(layers=8, width=16, activation=activation, output_activation="tanh", tied=False, scale=0.5)
    scene = replace(scene, inputs=tuple(inputs.split(",")), radius=radius, center=(Decimal(0), Decimal(0)))
    made = draw(scene)
    network = Network(made.weights, tuple(np.zeros_like(b) for b in made.biases), made.activations)
    check_moved(engine, asked(scene, method, made=network), asked(scene, "wide", made=network), 2e-5)


@DEEP
def test_the_clamp_of_preactivations_holds_for_differences(engine: Engine, method: Method) -> None:
    """Pre-activations on both sides of their limit, and beyond it at the centre."""
    more: dict[str, Any] = {"scale": 1e6, "radius": 3e-3, "center": ("1", "0.3"), "tied": False}
    scene = Scene(activation="relu", layers=5, width=9, output_activation="identity", **more)
    question = asked(scene, method)
    assert question.perturbation
    assert is_clamped(question.perturbation)
    assert any(over.any() for over in question.perturbation.orbit.over)
    check_moved(engine, question, asked(scene, "wide"))
    for wanted in ("derivatives", "pattern"):
        found, true = engine.field(replace(question, answer=wanted)), reference().field(asked(scene, "wide", wanted))
        size = np.maximum(np.abs(true.relative).max((0, 1)), 1e-300)
        assert (
            np.abs(found.relative - true.relative).max((0, 1)) <= (1e-10 if method == "wide" else 1e-4) * size
        ).all()


SOFTMAX_TAPS = (Tap(), Tap(1), Tap(-1, (3, 1)), Tap(3, None, True), Tap(3, (4, 4, 0), True), Tap(0, (2,), True))
TEMPERATURES = pytest.mark.parametrize("temperature", [1.0, 40.0])


@TEMPERATURES
@PLAIN
@pytest.mark.spread(1)
def test_softmax_gives_probabilities(engine: Engine, method: Method, temperature: float) -> None:
    made = classifier(temperature=temperature)
    question = asked(CLASSIFIED, method, made=made)
    check_values(engine, question)
    assert np.abs(engine.field(question).values.sum(-1) - 1).max() < 1e-5
    check_values(engine, replace(question, taps=SOFTMAX_TAPS))
    for tap in SOFTMAX_TAPS:
        check_values(engine, replace(question, taps=(tap,)))


@PLAIN
@pytest.mark.spread(1)
def test_derivatives_and_pieces_of_a_softmax(engine: Engine, method: Method) -> None:
    question = asked(CLASSIFIED, method, "derivatives", taps=SOFTMAX_TAPS, made=classifier())
    true, count = derivatives(question)[0], question.channels // 3
    error, size = np.abs(answered(engine, question).values - true).max((0, 1)), np.abs(true[..., count:]).max()
    assert error[:count].max() < 2e-5
    assert error[count:].max() <= (1e-4 if method == "single" else 1e-10) * size
    made = classifier("relu")
    pieces = [engine.field(asked(CLASSIFIED, method, "pattern", made=each)).data for each in (made, made.logits)]
    assert len(np.unique(pieces[0])) > 4
    assert np.array_equal(*pieces)


@pytest.mark.parametrize("radius", [1.0, 1e-3, 1e-9, 1e-30, 1e-300])
@TEMPERATURES
@DEEP
def test_deep_views_of_a_softmax(engine: Engine, method: Method, temperature: float, radius: float) -> None:
    scene, made = replace(CLASSIFIED, radius=radius), classifier(temperature=temperature)
    field = answered(engine, asked(scene, method, made=made))
    differences, z = exact(scene, made.logits, SIZE, PIXELS)
    true = difference(z, differences / radius, radius)
    got = np.array([field.data[j, i] for i, j in PIXELS]).astype(np.float64) * (field.scale / radius)
    assert np.abs(got - true).max() <= (1e-9 if method == "wide" else 1e-4) * np.abs(true).max()
    x, y = map(float, scene.center)
    assert np.abs(field.offset - made([x, y, np.hypot(x, y)])).max() < 1e-12


@DEEP
def test_taps_and_derivatives_of_a_softmax_beside_a_reference(engine: Engine, method: Method) -> None:
    scene, made = replace(CLASSIFIED, radius=0.3), classifier()
    true = derivatives(asked(scene, "double", "derivatives", taps=SOFTMAX_TAPS, made=made))[0]
    found = engine.field(asked(scene, method, "derivatives", taps=SOFTMAX_TAPS, made=made)).values
    count = true.shape[-1] // 3
    assert np.abs(found - true)[..., :count].max() < 1e-4
    assert np.abs(found - true)[..., count:].max() <= 1e-3 * np.abs(true[..., count:]).max()


@DEEP
def test_tiles_of_a_softmax_are_the_parts_of_the_whole(engine: Engine, method: Method) -> None:
    question = asked(replace(CLASSIFIED, radius=1e-9), method, made=classifier())
    whole, parts = engine.field(question), answer(engine, question, Pace(first=1e4))
    assert (parts.offset == whole.offset).all()
    assert np.abs(parts.values - whole.values).max() <= 1e-6 * np.ptp(whole.relative)
