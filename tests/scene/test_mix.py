"""The sphere of mixed networks: its points, the ways on it, and the recipes that stand for them."""

import math

import numpy as np
import pytest

from weightscape.scene.mix import MAX_MIXED, between, mixed_in, own_part, point, recipe_at, written
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene, from_text


def test_a_mixed_network_is_the_sum_of_its_parts() -> None:
    made = draw(Scene(seed=1, mix="2:0.6,3:0.5", layers=4, tied=False))
    parts = {1: math.sqrt(1.0 - 0.36 - 0.25), 2: 0.6, 3: 0.5}
    networks = {seed: draw(Scene(seed=seed, layers=4, tied=False)) for seed in parts}
    for k in range(4):
        W = sum(part * networks[seed].weights[k] for seed, part in parts.items())
        b = sum(part * networks[seed].biases[k] for seed, part in parts.items())
        np.testing.assert_allclose(made.weights[k], W, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(made.biases[k], b, rtol=1e-12, atol=1e-15)


def test_a_tied_mixture_is_tied() -> None:
    assert len({id(W) for W in draw(Scene(mix="2:0.6,3:0.5")).weights}) == 3


def test_the_morph_s_way_is_the_sphere_s() -> None:
    angle = 0.5 * math.pi * 0.3
    on_the_way = draw(Scene(seed=1, to_seed=2, part=0.3, layers=4))
    mixed = draw(Scene(seed=1, mix=f"2:{math.sin(angle)!r}", layers=4))
    for W, V in zip(on_the_way.weights, mixed.weights, strict=True):
        np.testing.assert_allclose(W, V, atol=1e-12)


def test_the_way_is_a_great_circle_at_an_even_pace() -> None:
    a, b = point(1, "2:0.3,3:0.1"), point(4, "2:0.7")
    whole = math.acos(sum(a[seed] * b.get(seed, 0.0) for seed in a))
    for part in (0.0, 0.2, 0.5, 0.9, 1.0):
        there = between(a, b, part)
        assert math.fsum(each * each for each in there.values()) == pytest.approx(1.0, abs=1e-12)
        assert math.acos(min(sum(a[seed] * there[seed] for seed in a), 1.0)) == pytest.approx(part * whole, abs=1e-7)
    assert between(a, b, 0.0) == pytest.approx(a | {4: 0.0})
    assert between(a, b, 1.0) == pytest.approx(b | {1: 0.0, 3: 0.0})
    assert between(a, a, 0.4) == a


def test_a_point_has_a_recipe_that_leads_back_to_it() -> None:
    seed, mix = recipe_at({5: 0.2, 43: math.sqrt(1.0 - 0.04 - 0.09), 7: 0.3, 8: 0.0})
    assert (seed, mix) == (43, "7:0.3,5:0.2")
    assert recipe_at(point(seed, mix)) == (seed, mix)
    scene = Scene(seed=seed, mix=mix)
    assert from_text(scene.to_text()) == scene


def test_the_smallest_parts_of_too_many_are_left_out() -> None:
    parts = {seed: 1.0 / math.sqrt(40.0) for seed in range(40)} | {99: 0.3}
    seed, mix = recipe_at(parts)
    assert seed == 99
    assert len(mixed_in(mix)) == MAX_MIXED
    assert own_part(mixed_in(mix)) ** 2 + sum(each**2 for each in mixed_in(mix).values()) == pytest.approx(1.0)
    assert written(mixed_in(mix)) == mix


@pytest.mark.parametrize("shape", ["uniform", "normal"])
def test_the_variance_stays_on_the_whole_way(shape: str) -> None:
    a, b = point(1, "2:0.3,3:0.1"), point(4, "2:0.7")
    plain = {"layers": 2, "width": 512, "inputs": ("x",) * 64, "shape": shape, "tied": False}
    for part in np.linspace(0.0, 1.0, 9):
        seed, mix = recipe_at(between(a, b, float(part)))
        spread = np.var(draw(Scene(seed=seed, mix=mix, **plain)).weights[0])
        # 32,768 weights: known to about sqrt(2 / 32768) = 0.8 %.
        assert spread == pytest.approx(0.7**2 / 3.0, rel=0.02)
