"""Rules and shapes: the deviations they promise, exactly or statistically, and orthonormal matrices."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from weightscape.network.initialisation import (
    RULES,
    SHAPES,
    Draws,
    biases,
    half_width,
    inverse_normal_cdf,
    tied_draws,
    weights,
)
from weightscape.network.philox import independent_biases, independent_weights, tied_stream

N_IN, N_OUT = 400, 300
DRAWS = independent_weights(43, 1, N_IN, N_OUT)
DEVIATIONS = {
    "fixed": 1 / math.sqrt(3),
    "lecun": 1 / math.sqrt(N_IN),
    "glorot": math.sqrt(2 / (N_IN + N_OUT)),
    "he": math.sqrt(2 / N_IN),
    "orthogonal": 1 / math.sqrt(N_IN),
}
SPICY = [
    2.0**-24,
    2.0**-23,
    1e-7,
    1e-5,
    0.001,
    0.02,
    0.07499,
    0.075,
    0.07501,
    0.25,
    0.3,
    0.5 - 2.0**-24,
    0.5,
    0.5 + 2.0**-24,
    0.6,
    0.92499,
    0.925,
    0.92501,
    0.98,
    0.999,
    1 - 1e-5,
    1 - 2.0**-24,
    1e-12,
    1e-20,
    1e-300,
]


@pytest.mark.parametrize("u", SPICY)
def test_the_inverse_normal_cdf_agrees_with_pythons_own(u: float) -> None:
    expected = NormalDist().inv_cdf(u)
    assert expected == pytest.approx(float(inverse_normal_cdf(np.array([u]))[0]), rel=2e-15, abs=1e-22)


def test_the_inverse_normal_cdf_is_odd_about_one_half() -> None:
    u = (np.arange(2**12) + 0.5) / 2**12
    assert np.array_equal(inverse_normal_cdf(u), -inverse_normal_cdf(1 - u)[:])


def test_the_inverse_normal_cdf_keeps_shape_and_its_argument() -> None:
    u = np.array([[0.5, 0.01], [0.9, 0.3]])
    before = u.copy()
    deviates = inverse_normal_cdf(u)
    assert np.array_equal(before, u)
    for place in np.ndindex(2, 2):
        assert inverse_normal_cdf(u[place].reshape(1))[0] == deviates[place]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scale", [0.7, 1.0, 12.0])
def test_weights_have_the_deviation_of_their_rule_times_the_scale(rule: str, shape: str, scale: float) -> None:
    drawn = weights(rule, shape, scale, DRAWS)
    # Relative standard error of a deviation from n numbers: at most 1 / sqrt(2 n) = 0.2 %; five of them, 1 %.
    assert scale * DEVIATIONS[rule] == pytest.approx(float(drawn.std()), rel=0.01)
    assert abs(drawn.mean()) < 5 * scale * DEVIATIONS[rule] / math.sqrt(drawn.size)
    assert scale * DEVIATIONS[rule] == pytest.approx(half_width(rule, scale, N_IN, N_OUT) / math.sqrt(3))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "orthogonal"])
def test_uniform_weights_fill_their_interval_and_normal_ones_go_beyond(rule: str) -> None:
    edge = half_width(rule, 0.7, N_IN, N_OUT)
    uniform, normal = (np.abs(weights(rule, shape, 0.7, DRAWS)) for shape in SHAPES)
    assert 0.999 * edge < uniform.max() <= edge
    assert normal.max() > 2 * edge


def test_fixed_uniform_weights_are_exactly_2u_minus_1_times_the_scale() -> None:
    assert np.array_equal((2 * DRAWS - 1) * 0.7, weights("fixed", "uniform", 0.7, DRAWS))


def test_fixed_normal_weights_have_the_uniform_ones_deviation() -> None:
    assert np.allclose(
        0.7 / math.sqrt(3) * inverse_normal_cdf(DRAWS), weights("fixed", "normal", 0.7, DRAWS), rtol=1e-15, atol=0
    )


@pytest.mark.parametrize("size", [(30, 30), (2, 30), (30, 3), (1, 7), (5, 1), (64, 31), (1, 1)])
def test_orthogonal_weights_have_orthonormal_rows_or_columns(size: tuple[int, int]) -> None:
    for shape in SHAPES:
        W = weights("orthogonal", shape, 1.0, independent_weights(7, 1, *size))
        gram = W.T @ W if size[0] >= size[1] else W @ W.T
        assert size == W.shape
        assert np.allclose(np.eye(min(size)), gram, rtol=0, atol=1e-14)


@pytest.mark.parametrize("size", [(30, 30), (2, 30), (30, 3)])
def test_orthogonal_signs_make_the_triangular_factor_positive(size: tuple[int, int]) -> None:
    draws = independent_weights(7, 1, *size)
    Q, normal = weights("orthogonal", "normal", 1.0, draws), inverse_normal_cdf(draws)
    R = Q.T @ normal if size[0] >= size[1] else Q @ normal.T
    assert np.allclose(np.tril(R, -1), 0, rtol=0, atol=1e-13)
    assert (np.diag(R) > 0).all()


def test_the_scale_multiplies_orthogonal_weights() -> None:
    one, many = (weights("orthogonal", "normal", scale, DRAWS) for scale in (1.0, 2.5))
    assert np.allclose(2.5 * one, many, rtol=1e-15, atol=0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rule", RULES)
def test_biases_have_the_bias_scale_for_deviation_or_the_weights_under_fixed(rule: str, shape: str) -> None:
    draws = independent_biases(3, 1, 100_000)
    for bias_scale, expected in ((None, 0.3), (0.05, 0.05), (0.0, 0.0)):
        drawn = biases(rule, shape, 2.0, None if rule == "fixed" else bias_scale, draws)
        deviation = 2.0 / math.sqrt(3) if rule == "fixed" else expected
        assert deviation == pytest.approx(float(drawn.std()), rel=0.012)


def test_biases_do_not_follow_the_scale_but_under_fixed() -> None:
    draws = independent_biases(3, 1, 50)
    for rule in RULES:
        small, large = (biases(rule, "uniform", scale, None, draws) for scale in (0.1, 10.0))
        assert (rule != "fixed") == np.array_equal(small, large)


def test_tied_normal_weights_are_finite_where_the_stream_is_0() -> None:
    # The stream's numbers are multiples of 2^-23, among them 0: half a step must keep the tail finite.
    seed, place = zero_in_a_stream()
    assert tied_stream(seed, place + 1)[place] == 0
    draws = tied_draws(seed, True, place + 1)
    smallest = weights("fixed", "normal", 0.7, draws[None])[0, place]
    assert 0.7 / math.sqrt(3) * NormalDist().inv_cdf(2.0**-24) == pytest.approx(float(smallest), rel=1e-14)


def zero_in_a_stream() -> tuple[int, int]:
    for seed in range(64):
        (places,) = np.nonzero(tied_stream(seed, 1 << 20) == 0)
        if len(places):
            return seed, int(places[0])
    raise AssertionError("64 streams of a million numbers hold no 0")


def test_half_a_step_is_added_to_a_tied_stream_only_where_it_feeds_an_inverse() -> None:
    stream = tied_stream(43, 20)
    assert np.array_equal(stream, tied_draws(43, False, 20))
    assert np.array_equal(stream + 2.0**-24, tied_draws(43, True, 20))


def test_an_unknown_rule_raises() -> None:
    draws: Draws = np.full((2, 2), 0.5)
    with pytest.raises(ValueError, match="xavier"):
        weights("xavier", "uniform", 1.0, draws)
