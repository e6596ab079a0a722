"""The scripts' networks against Python's: draws to the bit, what is folded, cut and evaluated in doubles."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scripted import Scripts, caught, of_scene, ulps

from weightscape.engine.question import Question, pixel_grid
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import PlaneLens
from weightscape.lens.output import cut
from weightscape.network import philox
from weightscape.network.activation import ACTIVATIONS
from weightscape.network.initialisation import inverse_normal_cdf
from weightscape.network.input import fold, radial_input
from weightscape.network.network import OUTPUTS, Network, tapped
from weightscape.network.plane import PLANE_INPUTS, through
from weightscape.page.network_table import table
from weightscape.picture.network_memory import network
from weightscape.publish.gallery import names
from weightscape.publish.gallery import scene as shipped
from weightscape.scene.contrast import contrast
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shading import stretched

SEEDS = (0, 43, 2**32, 2**64 - 1)
RULES = ("fixed", "lecun", "glorot", "he")
SIZE = (96, 54)
DIGITS = Scene(weights="digits-relu")
NOT_THERE = [
    *(("edits", cell) for cell in ("40:0:0=1", "1:2:0=1", "0:2:0=1")),
    *(("silenced", unit) for unit in ("27:0", "3:30")),
]


def same(found: Network, wanted: Network, most: float) -> None:
    """Compare networks in units of the last place of float32, sharing included."""
    assert found.widths == wanted.widths
    assert found.activations == wanted.activations
    for k, W in enumerate(wanted.weights):
        shared = [n for n, other in enumerate(wanted.weights) if other is W]
        assert [n for n, other in enumerate(found.weights) if other is found.weights[k]] == shared
    for a, b in zip((*found.weights, *found.biases), (*wanted.weights, *wanted.biases), strict=True):
        assert ulps(a, b).max(initial=0.0) <= most


def test_philox_gives_the_words_of_python(scripts: Scripts) -> None:
    counters = [(0, 0, 0, 0), (2**32 - 1,) * 4, (5, 2**31, 7, 1), (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)]
    for counter in counters:
        for key in ((0, 0), (2**32 - 1, 2**32 - 1), (0xA4093822, 0x299F31D0)):
            words = f"((out) => (philox({', '.join(map(str, (*counter, *key)))}, out), out))(new Uint32Array(4))"
            assert scripts.numbers(words).tolist() == philox.philox(counter, key).tolist()


@pytest.mark.every
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("rule", RULES)
def test_uniform_weights_are_equal_to_the_bit(scripts: Scripts, rule: str, tied: bool) -> None:
    for seed, (layers, width) in zip(SEEDS, ((1, 3), (2, 5), (6, 30), (4, 61)), strict=True):
        scene = Scene(seed=seed, layers=layers, width=width, rule=rule, tied=tied, inputs=("x", "y", "r", "0.5", "1.0"))
        same(scripts.network(f"network({of_scene(scene)})"), draw(scene), 0.0)


@pytest.mark.parametrize("tied", [True, False])
def test_normal_weights_are_equal_within_the_last_place(scripts: Scripts, tied: bool) -> None:
    for seed, rule in zip(SEEDS, RULES, strict=True):
        scene = Scene(seed=seed, layers=4, width=100, rule=rule, shape="normal", tied=tied, outputs=1)
        same(scripts.network(f"network({of_scene(scene)})"), draw(scene), 1.0)


def test_the_inverse_of_the_normal_distribution_is_true_in_its_tails(scripts: Scripts) -> None:
    draws = np.concatenate([np.array([1, 3, 2**23 - 1, 2**24 - 1]) / 2**24, np.linspace(0.001, 0.999, 997)])
    found = scripts.numbers(f"Float64Array.from({json.dumps(draws.tolist())}, inverseNormal)")
    np.testing.assert_allclose(found, inverse_normal_cdf(draws), rtol=1e-15)


@pytest.mark.parametrize("tied", [True, False])
def test_orthogonal_weights_are_equal_within_the_last_place(scripts: Scripts, tied: bool) -> None:
    differing = total = 0
    for seed, width in zip(SEEDS, (3, 16, 30, 64), strict=True):
        scene = Scene(seed=seed, layers=5, width=width, rule="orthogonal", tied=tied)
        found, wanted = scripts.network(f"network({of_scene(scene)})"), draw(scene)
        same(replace(found, weights=wanted.weights), wanted, 0.0)
        steps = [ulps(a, b) for a, b in zip(found.weights, wanted.weights, strict=True)]
        # What nearly cancels may differ by more of its own last places, and by no more than a unit's.
        for a, b in zip(found.weights, wanted.weights, strict=True):
            np.testing.assert_allclose(a, b, rtol=0.0, atol=1e-12)
        differing += sum(int((each > 1.0).sum()) for each in steps)
        total += sum(each.size for each in steps)
    assert differing <= total / 10_000


def test_a_morph_keeps_what_is_shared(scripts: Scripts) -> None:
    for part in (0.0, 0.3, 1.0):
        scene = Scene(seed=7, to_seed=2**63, part=part, layers=6, width=9)
        same(scripts.network(f"network({of_scene(scene)})"), draw(scene), 1.0)


MIXED = (
    Scene(seed=7, mix=f"{2**64 - 1}:0.3,5:0.7", layers=6, width=9),
    Scene(seed=7, mix="5:1", layers=3, width=9, tied=False),
    Scene(seed=7, mix="5:0.2", to_seed=5, part=0.4, layers=4, width=9),
    Scene(layers=6, width=9, edits="3:4:5=0.5,1:0:8=-2,6:8:2=1e-7", silenced="1:3,3:4,5:0"),
    Scene(layers=6, width=9, tied=False, mix="1:0.5", edits="3:4:5=0.5", silenced="3:4,3:5"),
)


@pytest.mark.every
@pytest.mark.parametrize("scene", MIXED)
def test_mixed_and_edited_networks_are_python_s(scripts: Scripts, scene: Scene) -> None:
    same(scripts.network(f"network({of_scene(scene)})"), network(scene), 1.0)


def test_an_edited_network_of_a_file_is_python_s(scripts: Scripts) -> None:
    scene = replace(DIGITS, edits="2:3:4=0.75", silenced="1:5")
    scripts.tab.js(f"(Object.assign(TOLD.networks, {json.dumps({DIGITS.weights: table(network(DIGITS))})}), 0)")
    same(scripts.network(f"network({of_scene(scene)})"), network(scene), 0.0)


def test_what_an_edited_network_has_not_is_named_in_the_same_words(scripts: Scripts) -> None:
    scenes = [Scene(**{name: each}) for name, each in NOT_THERE]
    found = scripts.tab.js(caught("(text) => network(fromText(text)) && 0", *([each.to_text()] for each in scenes)))
    for scene, fault in zip(scenes, found, strict=True):
        with pytest.raises(SceneError) as caught_there:
            network(scene)
        assert fault == {"field": caught_there.value.field, "reason": caught_there.value.reason}


def test_a_network_is_drawn_once(scripts: Scripts) -> None:
    scene = Scene(layers=5)
    moved = replace(scene, radius=0.1, lens="unit")
    assert scripts.tab.js(f"network({of_scene(scene)}) === network({of_scene(moved)})")
    assert scripts.tab.js(f"network({of_scene(scene)}) !== network({of_scene(replace(scene, scale=0.8))})")


def test_a_network_is_cut_once_for_many_views(scripts: Scripts) -> None:
    scene = Scene(layers=5, lens="unit", layer=2)
    moved, other = replace(scene, radius=0.1), replace(scene, unit=3)
    assert scripts.tab.js(f"wanted({of_scene(scene)}).network === wanted({of_scene(moved)}).network")
    assert scripts.tab.js(f"wanted({of_scene(scene)}).network !== wanted({of_scene(other)}).network")


def test_a_loaded_network_travels_as_it_is(scripts: Scripts) -> None:
    for scene in (DIGITS, Scene(weights="figure-3", inputs=("x", "y"))):
        made = network(scene)
        told = json.dumps({scene.weights: table(made)})
        scripts.tab.js(f"(Object.assign(TOLD.networks, {told}), 0)")
        same(scripts.network(f"network({of_scene(scene)})"), made, 0.0)
        exact = [*made.weights, *made.biases]
        found = scripts.network(f"network({of_scene(scene)})")
        assert all(np.array_equal(a, b) for a, b in zip((*found.weights, *found.biases), exact, strict=True))


def test_weights_that_the_page_does_not_hold_are_named(scripts: Scripts) -> None:
    fault = scripts.fault(f"network({of_scene(Scene(weights='mine.npz'))})")
    assert fault == ["weights", "this page does not hold 'mine.npz': the program opens it"]


@pytest.mark.every
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_slopes_are_those_of_python(scripts: Scripts, name: str) -> None:
    z = np.concatenate([np.linspace(-9.0, 9.0, 241), [-1e24, -40.0, -1e-9, 0.0, 1e-9, 40.0, 1e24]])
    told = json.dumps(z.tolist())
    for which, function in enumerate((ACTIVATIONS[name].function, ACTIVATIONS[name].derivative)):
        found = scripts.numbers(f"Float64Array.from({told}, ACTIVATIONS.{name}[{which}])")
        np.testing.assert_allclose(found, function(z), rtol=1e-13, atol=1e-300)


PLANE: dict[str, Any] = {
    "origin": (0.1,) * 784,
    "u": tuple(0.001 * n for n in range(784)),
    "v": tuple(-0.002 * n for n in range(784)),
}
SCENES = {
    "default": Scene(),
    "turned": Scene(center=(Decimal("0.123456789012345678901"), Decimal("-3.5")), radius=1e-3, angle=-30.0),
    "radial": Scene(inputs=("r", "y", "0.5", "cos_t", "sin_t"), time=0.3, angle=90.0, center=(Decimal(2), Decimal(1))),
    "wide": Scene(width=100, layers=3, tied=False, activation="relu"),
    "clamped": Scene(activation="identity", scale=1e6, layers=20),
    "unit": Scene(lens="unit", layer=5, unit=7),
    "output unit": Scene(lens="unit", layer=0, unit=2, output_activation="tanh"),
    "before": Scene(lens="unit", layer=27, unit=1, before=True),
    "rgb": Scene(lens="rgb", layer=3, units=(4, 4, 29)),
    "cut": Scene(lens="cut", layer=9),
    "cut nothing": Scene(lens="cut", layer=0),
    "plane": Scene(weights="digits-relu", lens="unit", layer=1, unit=3, **PLANE),
    "cut of loaded weights": Scene(weights="street-light", inputs=("x", "y", "1.0"), lens="cut", layer=1),
}


def wanted(scene: Scene) -> tuple[Network, PlaneLens]:
    """Cut a scene's network as the program does for its lens."""
    lens = CATALOGUE[scene.lens]
    assert isinstance(lens, PlaneLens)
    want = lens.want(scene, network(scene), SIZE)
    made = tapped(want.network, want.taps[0])
    return (through(made, scene.origin, scene.u, scene.v) if scene.origin else made), lens


@pytest.mark.every
@pytest.mark.parametrize("name", SCENES)
def test_what_is_wanted_folds_and_is_evaluated_as_in_python(scripts: Scripts, name: str) -> None:
    scene = SCENES[name]
    if scene.weights:
        scripts.tab.js(f"(Object.assign(TOLD.networks, {json.dumps({scene.weights: table(network(scene))})}), 0)")
    made, lens = wanted(scene)
    inputs = PLANE_INPUTS if scene.origin else scene.inputs
    folded, radial = fold(made, inputs, scene.time, scene.view, SIZE)
    want = f"wanted({of_scene(scene)})"
    assert scripts.tab.js(f"{want}.inputs") == list(inputs)
    assert scripts.tab.js(f"{want}.channels") == made.widths[-1]
    there = f"folded({want}.network, {of_scene(scene)}, {list(SIZE)})"
    found = scripts.network(f"{there}.network")
    for a, b in zip((*found.weights, *found.biases), (*folded.weights, *folded.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-15 * np.abs(b).max())
    px, py = np.array([0.5, -47.5, 20.5, 0.5]), np.array([0.5, 26.5, -13.5, -0.5])
    points = np.stack([px, py, *([radial_input(radial, px, py)] if radial else [])], axis=-1)
    pairs = json.dumps(list(zip(px.tolist(), py.tolist(), strict=True)))
    outputs = scripts.numbers(
        f"(({{network, radial}}) => forward(network, pixelInputs({pairs}, radial)).values)({there})"
    )
    np.testing.assert_allclose(outputs.reshape(4, -1), folded(points), rtol=1e-9, atol=1e-12)
    check_shading(scripts, want, lens, scene, folded)


def test_a_layer_that_the_output_layer_does_not_fit_shows_its_own_units(scripts: Scripts) -> None:
    chance = np.random.default_rng(1)
    odd = Network(
        tuple(chance.normal(size=shape) for shape in ((2, 5), (5, 4), (4, 3))),
        tuple(chance.normal(size=count) for count in (5, 4, 3)),
        ("tanh", "relu", "sigmoid"),
    )
    scripts.tab.js(f"(Object.assign(TOLD.networks, {json.dumps({'odd': table(odd)})}), 0)")
    for layer in (1, 2, 3):
        made, tap = cut(odd, layer)
        scene = Scene(weights="odd", lens="cut", layer=layer)
        same(scripts.network(f"wanted({of_scene(scene)}).network"), tapped(made, tap), 0.0)


def check_shading(scripts: Scripts, want: str, lens: PlaneLens, scene: Scene, folded: Network) -> None:
    """Compare how values are shown."""
    question = Question(folded, pixel_grid(*SIZE), None, OUTPUTS)
    assert lens.shading
    channels = folded.widths[-1]
    uniforms = lens.shading(scene, question).of(np.zeros(channels), np.ones(channels))
    assert scripts.tab.js(f"{want}.shading") == json.loads(json.dumps(uniforms._asdict()))


def test_levels_that_follow_the_view_are_stretched_alike(scripts: Scripts) -> None:
    values = np.random.default_rng(5).normal(size=(333, 3)) * [1.0, 1e-6, 0.0] + [0.0, 0.7, 0.25]
    wanted = stretched(contrast(values)).of(np.zeros(3), np.ones(3))
    found = scripts.tab.js(f"stretchedShading({json.dumps(values.ravel().tolist())}, 3)")
    assert found["curve"] == "identity"
    for name in ("zero", "gain", "bias"):
        np.testing.assert_allclose(found[name], getattr(wanted, name), rtol=1e-9, err_msg=name)


REFUSED: dict[str, tuple[Callable[[], Scene], list[Any]]] = {
    "layer": (lambda: Scene(lens="unit", layer=30), ["layer", "30 is not in 0..27"]),
    "unit": (lambda: Scene(lens="unit", layer=0, unit=3), ["unit", "3 is not in 0..2, the units of layer 0"]),
    "units": (
        lambda: Scene(lens="rgb", layer=1, units=(0, 1, 30)),
        ["units", "30 is not in 0..29, the units of layer 1"],
    ),
    "lens": (lambda: Scene(lens="atlas"), ["lens", "a page does not show the lens atlas: the program does"]),
    "split": (lambda: Scene(beside='{"seed": 1}'), ["beside", "a page does not show the split view: the program does"]),
}


@pytest.mark.every
@pytest.mark.parametrize("name", REFUSED)
def test_what_a_page_cannot_show_is_named(scripts: Scripts, name: str) -> None:
    made, fault = REFUSED[name]
    assert scripts.fault(f"wanted({of_scene(made())})") == fault


def test_shipped_scenes_are_drawn_or_refused_by_name(scripts: Scripts) -> None:
    drawn = 0
    for name, scene in ((each, shipped(each)) for each in names()):
        if scene.weights:
            scripts.tab.js(f"(Object.assign(TOLD.networks, {json.dumps({scene.weights: table(network(scene))})}), 0)")
        fault = scripts.fault(f"wanted({of_scene(scene)})")
        is_shown = scene.lens in ("outputs", "unit", "rgb", "cut") and not scene.beside
        assert (fault is None) == is_shown, name
        if is_shown:
            made, _ = wanted(scene)
            same(scripts.network(f"wanted({of_scene(scene)}).network"), made, 1.0)
            drawn += 1
    assert drawn > 10
