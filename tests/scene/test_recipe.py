"""From a recipe to its network: golden values, what growing leaves alone, what is stored once."""

import itertools
import math

import numpy as np
import pytest

from weightscape.network.initialisation import RULES, SHAPES, half_width, inverse_normal_cdf
from weightscape.network.network import Network, distinct_weights
from weightscape.network.philox import independent_biases, independent_weights, tied_stream
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene, overridden
from weightscape.scene.scene import distinct_weights as weights_of_scene

# The article's figure 11: seed 43, width 30, r 0.7, 27 layers.
GOLDEN = {
    (0, 0): (0.513632, 0.308902, 0.322001),
    (-1, 0): (0.667516, 0.799312, 0.420906),
    (1, 1): (0.166275, 0.052418, 0.384008),
    (2, -2): (0.467177, 0.774732, 0.316029),
}
KEEPS_DRAWS = [rule for rule in RULES if rule != "orthogonal"]


def independent(**changes: object) -> Network:
    return draw(overridden(Scene(tied=False, seed=7, layers=4, width=12), **changes))


def drawn_again(scene: Scene, network: Network, k: int) -> np.ndarray:
    """Undo the size that the rule gave to the weights of layer k."""
    W = network.weights[k]
    edge = half_width(scene.rule, scene.scale, *W.shape)
    return W / edge if scene.shape == "uniform" else W / (edge / math.sqrt(3))


@pytest.mark.parametrize("point", GOLDEN)
def test_the_default_network_gives_the_articles_golden_outputs(point: tuple[int, int]) -> None:
    assert GOLDEN[point] == pytest.approx(draw(Scene())(point).tolist(), abs=1e-6)


def test_the_default_network_has_the_shape_of_figure_11() -> None:
    network = draw(Scene())
    assert (2, *[30] * 26, 3) == network.widths
    assert network.activations == ("tanh",) * 26 + ("sigmoid",)


def test_a_tied_network_is_one_stream_from_its_start_in_every_matrix_and_bias() -> None:
    network = draw(Scene(seed=99, layers=5, width=6, scale=0.4))
    stream = (2 * tied_stream(99, 36) - 1) * 0.4
    for W, b in zip(network.weights, network.biases, strict=True):
        assert np.array_equal(stream[: W.size].reshape(W.shape), W)
        assert np.array_equal(W[0], b)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_tied_fixed_bias_is_the_first_row_of_its_matrix(shape: str) -> None:
    network = draw(Scene(seed=5, layers=3, width=9, shape=shape))
    for W, b in zip(network.weights, network.biases, strict=True):
        assert np.array_equal(W[0], b)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "fixed"])
def test_tied_biases_of_the_other_rules_are_the_stream_with_their_own_deviation(rule: str) -> None:
    stream = tied_stream(5, 9)
    uniform, normal = (
        draw(Scene(seed=5, layers=3, width=9, shape=shape, rule=rule, bias_scale=0.2)).biases[1] for shape in SHAPES
    )
    assert np.allclose((2 * stream - 1) * 0.2 * math.sqrt(3), uniform, rtol=1e-15, atol=0)
    assert np.allclose(0.2 * inverse_normal_cdf(stream + 2.0**-24), normal, rtol=1e-14, atol=0)


def test_a_tied_network_stores_one_hidden_matrix() -> None:
    network = draw(Scene(layers=256, width=512))
    assert len({id(W) for W in network.weights[1:-1]}) == 1
    assert len({id(b) for b in network.biases[1:-1]}) == 1
    assert distinct_weights(network) == 2 * 512 + 512 * 512 + 512 * 3


def test_an_independent_network_is_the_draws_of_its_layers_the_last_one_numbered_0() -> None:
    network = draw(Scene(tied=False, seed=2**40 + 1, layers=4, width=10, outputs=1, inputs="x,y,r"))
    for number, W, b in zip((1, 2, 3, 0), network.weights, network.biases, strict=True):
        assert np.array_equal((2 * independent_weights(2**40 + 1, number, *W.shape) - 1) * 0.7, W)
        assert np.array_equal((2 * independent_biases(2**40 + 1, number, len(b)) - 1) * 0.7, b)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("shape", SHAPES)
def test_more_layers_leave_the_layers_that_were_there_bit_equal(rule: str, shape: str) -> None:
    shallow, deep = (independent(rule=rule, shape=shape, layers=layers) for layers in (4, 9))
    for k in range(3):
        assert np.array_equal(shallow.weights[k], deep.weights[k])
        assert np.array_equal(shallow.biases[k], deep.biases[k])


@pytest.mark.parametrize("rule", RULES)
def test_the_output_layer_is_the_same_at_every_depth(rule: str) -> None:
    deepest = independent(rule=rule, layers=256)
    for layers in (2, 3, 27):
        network = independent(rule=rule, layers=layers)
        assert np.array_equal(deepest.weights[-1], network.weights[-1])
        assert np.array_equal(deepest.biases[-1], network.biases[-1])


@pytest.mark.parametrize("shape", SHAPES)
def test_more_width_leaves_fixed_weights_bit_equal(shape: str) -> None:
    narrow, wide = (independent(shape=shape, width=width) for width in (12, 47))
    for k, W in enumerate(narrow.weights):
        n_in, n_out = W.shape
        assert np.array_equal(W, wide.weights[k][:n_in, :n_out])
        assert np.array_equal(narrow.biases[k], wide.biases[k][:n_out])


@pytest.mark.parametrize("rule", KEEPS_DRAWS)
@pytest.mark.parametrize("shape", SHAPES)
def test_more_width_keeps_the_draws_of_every_rule_and_rescales_them(rule: str, shape: str) -> None:
    scenes = [overridden(Scene(tied=False, layers=4), rule=rule, shape=shape, width=width) for width in (12, 47)]
    narrow, wide = (draw(scene) for scene in scenes)
    for k in range(4):
        small, large = (drawn_again(*pair, k) for pair in zip(scenes, (narrow, wide), strict=True))
        n_in, n_out = small.shape
        assert np.allclose(small, large[:n_in, :n_out], rtol=1e-14, atol=0)
        assert np.array_equal(narrow.biases[k], wide.biases[k][:n_out])


def test_another_scale_multiplies_the_network() -> None:
    for rule in RULES:
        one, two = (independent(rule=rule, scale=scale) for scale in (1.0, 2.0))
        for W, doubled in zip(one.weights, two.weights, strict=True):
            assert np.array_equal(2 * W, doubled)


def test_the_digit_network_has_13002_parameters() -> None:
    widths = (784, 16, 16, 10)
    network = Network(
        weights=tuple(np.zeros(shape) for shape in itertools.pairwise(widths)),
        biases=tuple(np.zeros(width) for width in widths[1:]),
        activations=("sigmoid",) * 3,
    )
    assert network.parameters == 13_002
    assert network.layers == 3
    assert distinct_weights(network) == 784 * 16 + 16 * 16 + 16 * 10


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("layers", [1, 2, 3, 27])
def test_parameters_are_counted_as_the_formula_has_them(layers: int, tied: bool) -> None:
    network = draw(Scene(layers=layers, width=30, tied=tied))
    hidden = layers - 1
    expected = 2 * 3 + 3 if hidden == 0 else 3 * 30 + (hidden - 1) * 31 * 30 + 31 * 3
    assert expected == network.parameters


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize(("layers", "width", "outputs"), [(1, 5, 3), (2, 5, 1), (3, 7, 3), (27, 30, 3), (9, 4, 1)])
def test_a_scene_counts_the_weights_that_its_network_stores(layers: int, width: int, outputs: int, tied: bool) -> None:
    scene = Scene(layers=layers, width=width, outputs=outputs, tied=tied)
    assert weights_of_scene(scene) == distinct_weights(draw(scene))
