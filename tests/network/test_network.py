"""The forward pass: against the written-out formula, and relations that must hold between networks."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from weightscape.network.network import Network, Tap, Values, distinct_weights, forward, tapped, within_limits
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

POINTS = np.random.default_rng(1).uniform(-3, 3, (7, 11, 2))


def small(activation: str = "tanh", layers: int = 4, width: int = 9) -> Network:
    return draw(Scene(tied=False, seed=11, layers=layers, width=width, activation=activation))


def by_hand(network: Network, points: Values) -> Values:
    """Two or more layers of tanh and a sigmoid, as a textbook writes them."""
    h = points
    for W, b in zip(network.weights[:-1], network.biases[:-1], strict=True):
        h = np.tanh(np.einsum("...i,ij->...j", h, W) + b)
    return 1 / (1 + np.exp(-(np.einsum("...i,ij->...j", h, network.weights[-1]) + network.biases[-1])))


@pytest.mark.parametrize("layers", [1, 2, 4, 27])
def test_the_forward_pass_is_the_formula(layers: int) -> None:
    network = small(layers=layers)
    assert np.allclose(by_hand(network, POINTS), network(POINTS), rtol=0, atol=1e-13)


def test_one_point_and_many_points_have_their_shapes() -> None:
    network = small()
    assert network([0.5, 1.0]).shape == (3,)
    assert network(POINTS).shape == (7, 11, 3)
    assert np.allclose(network(POINTS)[3, 4], network(POINTS[3, 4]), rtol=0, atol=1e-14)


def test_single_precision_stays_single_and_near_double() -> None:
    network = small()
    (single,) = forward(network, POINTS.astype(np.float32))
    assert np.float32 == single.dtype
    # Four layers of nine units: a few dozen roundings of 6e-8 each.
    assert np.allclose(network(POINTS), single, rtol=0, atol=5e-6)


def test_the_points_and_weights_stay_as_they_were() -> None:
    network, points = small("relu"), POINTS.copy()
    before = [W.copy() for W in network.weights]
    forward(network, points, (Tap(0, before=True), Tap()))
    assert np.array_equal(POINTS, points)
    assert all(np.array_equal(a, b) for a, b in zip(before, network.weights, strict=True))


def test_taps_give_layers_before_and_after_their_activation() -> None:
    network = small("sin")
    z, h, some, end = forward(network, POINTS, (Tap(1, before=True), Tap(1), Tap(1, (4, 0)), Tap(-1)))
    first = np.sin(POINTS @ network.weights[0] + network.biases[0])
    assert np.allclose(first @ network.weights[1] + network.biases[1], z, rtol=0, atol=1e-14)
    assert np.array_equal(np.sin(z), h)
    assert np.array_equal(h[..., [4, 0]], some)
    assert np.array_equal(network(POINTS), end)


@pytest.mark.parametrize(
    "tap", [Tap(), Tap(0), Tap(2, (5,)), Tap(1, (3, 3, 0), True), Tap(-2, None, True), Tap(-1, (2,)), Tap(3)]
)
def test_a_tapped_network_puts_out_what_the_tap_hands_out(tap: Tap) -> None:
    network = small("gelu")
    (expected,) = forward(network, POINTS, (tap,))
    assert np.allclose(expected, tapped(network, tap)(POINTS), rtol=0, atol=1e-14)


def test_tapping_the_outputs_leaves_the_network_itself() -> None:
    network = small()
    assert tapped(network, Tap()) is network


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_preactivations_end_at_1e24(dtype: type[np.floating]) -> None:
    huge = Network(
        weights=(np.array([[1e20, -1e20]]), np.full((2, 1), 1e6)),
        biases=(np.zeros(2), np.zeros(1)),
        activations=("identity", "identity"),
    )
    points = np.array([[1e10], [1.0]], dtype)
    z, out = forward(huge, points, (Tap(0), Tap(1)))
    limit = dtype(1e24)
    assert [[limit, -limit], [dtype(1e20), -dtype(1e20)]] == z.tolist()
    assert np.isfinite(out).all()


def test_clamped_layers_stay_finite_through_256_of_them() -> None:
    for activation in ("relu", "identity", "softplus", "abs"):
        network = draw(Scene(activation=activation, output_activation=activation, layers=256, scale=1e6))
        (out,) = forward(network, np.float32([[1e6, -1e6], [0, 0]]))
        assert np.isfinite(out).all()
        assert np.abs(out).max() <= np.float32(1e24)


@pytest.mark.parametrize(
    ("widths", "changes", "said"),
    [
        ((2, 5, 3), {"biases": (np.zeros(5),)}, "one bias vector"),
        ((2, 5, 3), {"activations": ("tanh",)}, "one activation"),
        ((2, 5, 3), {"weights": (np.zeros((2, 5)), np.zeros((4, 3)))}, "layer 2"),
        ((2, 5, 3), {"biases": (np.zeros(4), np.zeros(3))}, "layer 1"),
        ((2, 5, 3), {"activations": ("tanh", "tan")}, "'tan'"),
        ((2, 5, 3), {"weights": (), "biases": (), "activations": ()}, "needs one"),
    ],
)
def test_shapes_that_do_not_chain_raise(widths: tuple[int, ...], changes: dict[str, object], said: str) -> None:
    good: dict[str, object] = {
        "weights": tuple(np.zeros(shape) for shape in itertools.pairwise(widths)),
        "biases": tuple(np.zeros(width) for width in widths[1:]),
        "activations": ("tanh",) * (len(widths) - 1),
    }
    Network(**good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        Network(**good | changes)  # type: ignore[arg-type]


def test_a_network_is_frozen() -> None:
    with pytest.raises(AttributeError):
        small().weights = ()  # type: ignore[misc]


def test_a_matrix_that_stands_twice_is_stored_once() -> None:
    W, b = np.ones((4, 4)), np.ones(4)
    network = Network(weights=(W, W, W), biases=(b, b, b), activations=("tanh",) * 3)
    assert distinct_weights(network) == 16
    assert network.parameters == 60


def test_permuting_hidden_units_changes_nothing() -> None:
    network = small()
    order = np.random.default_rng(2).permutation(9)
    permuted = replace(
        network,
        weights=(network.weights[0], network.weights[1][:, order], network.weights[2][order], network.weights[3]),
        biases=(network.biases[0], network.biases[1][order], *network.biases[2:]),
    )
    assert np.allclose(network(POINTS), permuted(POINTS), rtol=0, atol=1e-14)
    assert not np.array_equal(network.weights[1], permuted.weights[1])


def test_flipping_a_tanh_units_signs_in_and_out_changes_nothing() -> None:
    network = small()
    sign = np.where(np.arange(9) % 2, 1.0, -1.0)
    flipped = replace(
        network,
        weights=(
            *network.weights[:1],
            network.weights[1] * sign,
            network.weights[2] * sign[:, None],
            network.weights[3],
        ),
        biases=(network.biases[0], network.biases[1] * sign, *network.biases[2:]),
    )
    assert np.allclose(network(POINTS), flipped(POINTS), rtol=0, atol=1e-14)


@pytest.mark.parametrize("activation", ["tanh", "cos", "sigmoid"])
def test_units_without_weights_to_the_next_layer_change_nothing(activation: str) -> None:
    network = small(activation)
    padded = replace(
        network,
        weights=tuple(np.pad(W, ((0, 3 if k else 0), (0, 3 if k < 3 else 0))) for k, W in enumerate(network.weights)),
        biases=tuple(np.pad(b, (0, 3 if k < 3 else 0)) for k, b in enumerate(network.biases)),
    )
    assert padded.widths == (2, 12, 12, 12, 3)
    assert np.allclose(network(POINTS), padded(POINTS), rtol=0, atol=1e-14)


def test_scaling_a_relu_layer_up_and_the_next_one_down_changes_nothing() -> None:
    network = small("relu")
    scaled = replace(
        network,
        weights=(8 * network.weights[0], network.weights[1] / 8, *network.weights[2:]),
        biases=(8 * network.biases[0], *network.biases[1:]),
    )
    assert np.array_equal(network(POINTS), scaled(POINTS))


def test_lists_and_arrays_of_other_types_become_float64() -> None:
    made = Network([[[1, 2, 3], [4, 5, 6]]], [[0.5, 0, 0]], ["tanh"])  # type: ignore[arg-type]
    assert (made.widths, made.activations) == ((2, 3), ("tanh",))
    assert [array.dtype for array in (*made.weights, *made.biases)] == [np.float64] * 2
    small = Network((np.float32([[0.1]]),), (np.zeros(1, np.float16),), ("sin",))  # type: ignore[arg-type]
    assert small.weights[0].tolist() == [[float(np.float32(0.1))]]
    assert small.biases[0].dtype == np.float64


def test_activations_have_their_usual_other_names() -> None:
    W, b = np.ones((2, 2)), np.zeros(2)
    made = Network((W, W, W), (b, b, b), ["ReLU", np.str_("nn.Tanh()"), "Softmax"])  # type: ignore[arg-type]
    assert made.activations == ("relu", "tanh", "softmax")
    with pytest.raises(ValueError, match="no activation 'foo'; there are identity, tanh, "):
        Network((W,), (b,), ("foo",))


def test_arrays_of_float64_and_tied_ones_stay_the_same_objects() -> None:
    W, b = np.eye(2), np.zeros(2)
    made = Network((W, W), (b, b), ("tanh", "tanh"))
    assert all(each is W for each in made.weights)
    tied = [[0.5, 0.0], [0.0, 0.5]]
    converted = Network([tied, tied], [b, b], ["tanh", "tanh"])  # type: ignore[arg-type]
    assert converted.weights[0] is converted.weights[1]
    assert distinct_weights(converted) == 4


@pytest.mark.parametrize(
    ("weights", "biases", "said"),
    [
        ([["a"]], [0.0], "layer 1: its weights are no array of real numbers"),
        ([[1j]], [0.0], "layer 1: its weights are no array of real numbers"),
        ([[1.0], [2.0, 3.0]], [0.0], "layer 1: its weights are no array of real numbers"),
        (None, [0.0], "layer 1: its weights are no array of real numbers"),
        ([1.0], [0.0], r"layer 1: its weights have shape \(1,\), not \(inputs, outputs\)"),
        ([[1.0]], [[0.0]], r"layer 1: its biases have shape \(1, 1\), not \(outputs,\)"),
        ([[1.0]], 0.0, r"layer 1: its biases have shape \(\), not \(outputs,\)"),
        ([[1.0]], [True], "layer 1: its biases are no array of real numbers"),
    ],
)
def test_what_is_no_network_is_told_by_layer(weights: object, biases: object, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        Network([weights], [biases], ["tanh"])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (
            Network((np.array([[np.nan]]),), (np.zeros(1),), ("tanh",)),
            "layer 1: a weight or bias is not a finite number",
        ),
        (Network((np.eye(1),) * 2, (np.zeros(1), np.array([np.inf])), ("tanh",) * 2), "layer 2: a weight or bias"),
        (Network((np.array([[1e9]]),), (np.zeros(1),), ("tanh",)), "layer 1: a weight or bias"),
        (Network((np.eye(1),) * 257, (np.zeros(1),) * 257, ("tanh",) * 257), "at most 256 layers"),
        (Network((np.zeros((2, 513)),), (np.zeros(513),), ("tanh",)), "512 units"),
    ],
    ids=["nan", "inf", "large", "deep", "wide"],
)
def test_no_picture_can_be_made_of_a_network_beyond_the_limits(network: Network, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        within_limits(network)


def test_a_network_in_range_passes() -> None:
    made = small()
    assert within_limits(made) is made


@pytest.mark.parametrize(
    ("widths", "names", "written"),
    [
        ((2, 16, 16, 1), ("relu", "relu", "sigmoid"), "Network(2-16-16-1, relu relu sigmoid)"),
        ((3, 1), ("softmax",), "Network(3-1, softmax)"),
        ((2, *[30] * 26, 3), (*["tanh"] * 26, "sigmoid"), "Network(2-26×30-3, 26×tanh sigmoid)"),
    ],
)
def test_a_network_writes_itself_in_a_line(widths: tuple[int, ...], names: tuple[str, ...], written: str) -> None:
    weights = tuple(np.zeros(pair) for pair in itertools.pairwise(widths))
    network = Network(weights, tuple(np.zeros(n) for n in widths[1:]), names)
    assert repr(network) == str(network) == written
