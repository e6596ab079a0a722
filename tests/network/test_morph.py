"""A morph goes from one network to the other on the sphere: both ends are the networks, the variance stays."""

import numpy as np
import pytest

from weightscape.network.morph import morph
from weightscape.network.network import distinct_weights
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene, from_text

A, B = Scene(seed=1, width=64, layers=6), Scene(seed=2, width=64, layers=6)


def test_the_ends_are_the_networks_themselves() -> None:
    a, b = draw(A), draw(B)
    assert morph(a, b, 0.0) is a
    assert morph(a, b, 1.0) is b


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("part", [0.25, 0.5, 0.8])
def test_the_variance_of_independent_weights_stays(tied: bool, part: float) -> None:
    a, b = (draw(Scene(seed=seed, width=64, layers=6, tied=tied)) for seed in (1, 2))
    middle = morph(a, b, part)
    # 4096 weights: a standard deviation is known to about 1 / sqrt(2 * 4096) = 1.1 %.
    assert np.std(middle.weights[2]) == pytest.approx(0.7 / np.sqrt(3.0), rel=0.04)
    # Straight mixing would lose up to 29 %.
    assert np.std((a.weights[2] + b.weights[2]) / 2) < 0.8 * np.std(a.weights[2])


def test_a_weight_turns_by_the_part_of_a_quarter() -> None:
    a, b = draw(A), draw(B)
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    np.testing.assert_allclose(morph(a, b, 1 / 3).weights[1], c * a.weights[1] + s * b.weights[1], rtol=1e-14)
    np.testing.assert_allclose(morph(a, b, 1 / 3).biases[-1], c * a.biases[-1] + s * b.biases[-1], rtol=1e-14)


def test_shared_matrices_stay_shared() -> None:
    a, b = draw(A), draw(B)
    middle = morph(a, b, 0.5)
    assert len({id(W) for W in middle.weights[1:-1]}) == 1
    assert distinct_weights(middle) == distinct_weights(a)


def test_networks_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="no way between"):
        morph(draw(A), draw(Scene(seed=2, width=63, layers=6)), 0.5)
    with pytest.raises(ValueError, match="no way between"):
        morph(draw(A), draw(Scene(seed=2, width=64, layers=6, activation="relu")), 0.5)
    with pytest.raises(ValueError, match=r"not in 0\.\.1"):
        morph(draw(A), draw(B), 1.5)


@pytest.mark.parametrize("tied", [True, False])
def test_a_scene_draws_the_morph_and_its_text_brings_it_back(tied: bool) -> None:
    scene = Scene(seed=1, to_seed=2, part=0.3, layers=4, tied=tied)
    a, b = (draw(Scene(seed=seed, layers=4, tied=tied)) for seed in (1, 2))
    for W, V in zip(draw(from_text(scene.to_text())).weights, morph(a, b, 0.3).weights, strict=True):
        np.testing.assert_array_equal(W, V)


@pytest.mark.parametrize(("part", "seed"), [(0.0, 1), (1.0, 2)])
def test_the_ends_of_a_scenes_morph_are_the_plain_scenes(part: float, seed: int) -> None:
    for W, V in zip(draw(Scene(seed=1, to_seed=2, part=part)).weights, draw(Scene(seed=seed)).weights, strict=True):
        np.testing.assert_array_equal(W, V)


def test_a_morph_into_itself_stays() -> None:
    W, V = (draw(scene).weights[1] for scene in (Scene(to_seed=43, part=0.5), Scene()))
    np.testing.assert_array_equal(W, V)
