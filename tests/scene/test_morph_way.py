"""The way from scene to scene: its ends, the variance on it, its view, what is refused."""

import math
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from weightscape.scene.animation import Animation, Track
from weightscape.scene.mix import between, point
from weightscape.scene.morph import Morph, Way
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.scene_error import SceneError

A, B = Scene(seed=43), Scene(seed=17, mix="5:0.6", radius=0.026, center=(Decimal("0.5"), Decimal("-0.25")), scale=1.4)
PARTS = [n / 16 for n in range(17)]


def test_its_ends_are_the_given_scenes_themselves() -> None:
    way = Way(replace(A, to_seed=9, part=0.3), B)
    assert way.at(0.0) == way.a
    assert way.at(1.0) == way.b


def test_every_scene_on_it_is_one_like_any_other() -> None:
    for part in PARTS:
        scene = Way(A, B).at(part)
        assert from_text(scene.to_text()) == scene


def test_the_network_goes_along_the_great_circle() -> None:
    for part in PARTS[1:-1]:
        scene = Way(A, B).at(part)
        there = between(point(43, ""), {17: 0.8, 5: 0.6}, part)
        assert point(scene.seed, scene.mix) == pytest.approx(there, abs=2e-9)


def test_a_scene_on_its_way_to_another_seed_is_a_point_too() -> None:
    a = Scene(seed=43, to_seed=17, part=0.5, layers=4, width=8)
    near = Way(a, replace(B, layers=4, width=8, scale=0.7)).at(1e-9)
    for W, V in zip(draw(near).weights, draw(a).weights, strict=True):
        np.testing.assert_allclose(W, V, atol=1e-7)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("rule", ["fixed", "he", "orthogonal"])
def test_the_variance_is_the_same_on_the_whole_way(tied: bool, rule: str) -> None:
    """Over 24 pairs of networks, whose weights are independent draws: 24 x 4096 of them a layer."""
    plain: dict[str, Any] = {"layers": 3, "width": 64, "rule": rule, "tied": tied}
    ways = [Way(Scene(seed=2 * n, mix=f"{1000 + n}:0.5", **plain), Scene(seed=2 * n + 1, **plain)) for n in range(24)]
    variances = [np.mean([np.mean(draw(way.at(part)).weights[1] ** 2) for way in ways]) for part in PARTS[::2]]
    assert max(variances) / min(variances) < 1.02
    assert variances[0] == pytest.approx({"fixed": 0.7**2 / 3, "he": 2 / 64, "orthogonal": 1 / 64}[rule], rel=0.02)


def test_scale_and_radius_go_in_even_ratios() -> None:
    scenes = [Way(A, B).at(part) for part in PARTS]
    for name in ("scale", "radius"):
        ratios = [getattr(b, name) / getattr(a, name) for a, b in pairwise(scenes)]
        assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=1e-9)
    he = Way(Scene(rule="he", bias_scale=0.1), Scene(rule="he", bias_scale=0.4)).at(0.5)
    assert he.bias_scale == pytest.approx(0.2)
    assert Way(Scene(scale=0.0), Scene(scale=1.0)).at(0.5).scale == 0.5


def test_the_view_goes_as_an_animation_s() -> None:
    track = Track("center", (A.center, B.center)), Track("radius", (A.radius, B.radius))
    animation = Animation(A, track, 17)
    assert [Way(A, B).at(k / 16).view for k in range(17)] == [animation.at(k).view for k in range(17)]


def test_a_point_that_both_views_show_at_one_place_stays_there() -> None:
    fixed = Decimal("0.5") / (1 - Decimal("0.026") / Decimal("2.6"))
    views = [Way(A, B).at(part).view for part in PARTS]
    places = [float((fixed - view.center[0]) / Decimal(view.radius)) for view in views]
    assert places == pytest.approx([places[0]] * 17, rel=1e-6)


def test_deep_views_keep_their_digits() -> None:
    deep = replace(A, center=(Decimal("0.123456789012345678901234567890123"), Decimal(0)), radius=1e-25)
    assert Way(A, deep).at(1.0) == deep
    middle = Way(replace(deep, radius=4e-25), deep).at(0.5)
    assert middle.radius == pytest.approx(2e-25)
    assert abs(middle.center[0] - deep.center[0]) < Decimal("1e-26")


def test_radii_that_differ_by_rounding_let_the_centre_go_evenly() -> None:
    far = replace(A, center=(Decimal(1), Decimal(0)), radius=math.nextafter(2.6, 3.0))
    assert [float(Way(A, far).at(part).center[0]) for part in PARTS] == pytest.approx(PARTS, abs=1e-9)


def test_angles_go_the_short_way_round() -> None:
    def angles(a: float, b: float) -> list[float]:
        return [Way(replace(A, angle=a), replace(A, angle=b)).at(part).angle for part in (0.25, 0.5, 0.75)]

    assert angles(170.0, -170.0) == [175.0, 180.0, 185.0]
    assert angles(350.0, 10.0) == [-5.0, 0.0, 5.0]
    assert angles(-350.0, 350.0) == [5.0, 0.0, -5.0]


def test_other_numbers_run_and_names_change_half_way() -> None:
    moving = Scene(inputs=("x", "y", "cos_t", "sin_t"), lens="height", outputs=1, layer=2, unit=3)
    other = replace(moving, time=0.5, tilt=70.0, lift=2.0, palette="magma", levels="auto", unit=9, axes=True)
    before, after = (Way(moving, other).at(part) for part in (0.49, 0.51))
    middle = Way(moving, other).at(0.5)
    assert (middle.time, middle.tilt, middle.lift) == (0.25, 60.0, 1.5)
    assert (before.palette, before.levels, before.unit, before.axes) == ("viridis", "plain", 3, False)
    assert (after.palette, after.levels, after.unit, after.axes) == ("magma", "auto", 9, True)


def test_what_has_no_effect_does_not_stand_in_the_way() -> None:
    assert Way(A, replace(B, time=0.4, turn=10.0, probe=(0.5, 0.5), unit=3)).at(0.75).time == 0.4


def test_colours_run_and_switch() -> None:
    other = replace(A, reading="oklch", gamma=2.0, invert=True, cycle=2.0, time=0.5)
    way = Way(A, other)
    before, after = way.at(0.25), way.at(0.75)
    assert (before.gamma, before.cycle, before.time, before.reading, before.invert) == (1.25, 0.5, 0.125, "rgb", False)
    assert (after.gamma, after.cycle, after.time, after.reading, after.invert) == (1.75, 1.5, 0.375, "oklch", True)
    assert Way(other, A).at(0.25) == way.at(0.75)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Scene(layers=12), "layers: 27 and 12 differ, and a morph keeps it"),
        (Scene(width=8), "width: 30 and 8 differ"),
        (Scene(activation="sin"), "activation: tanh and sin differ"),
        (Scene(output_activation="tanh"), "output_activation: sigmoid and tanh differ"),
        (Scene(shape="normal"), "shape: uniform and normal differ"),
        (Scene(rule="he"), "rule: fixed and he differ"),
        (Scene(tied=False), "tied: tied and independent differ"),
        (Scene(outputs=1), "outputs: 3 and 1 differ"),
        (Scene(inputs=("x", "y", "r")), "inputs: x,y and x,y,r differ"),
        (Scene(weights="digits"), "weights: none and digits differ"),
        (Scene(edits="1:0:0=2"), "edits: none and 1:0:0=2.* differ"),
        (Scene(silenced="1:0"), "silenced: none and 1:0 differ"),
        (Scene(lens="atlas"), "lens: outputs and atlas differ"),
        (Scene(beside='{"seed": 3}'), "beside: none and .* differ"),
        (Scene(origin=(1.0,), u=(1.0,), v=(0.0,)), "origin: one scene has it and the other has not"),
    ],
)
def test_what_differs_is_refused_by_name(other: Scene, told: str) -> None:
    with pytest.raises(SceneError, match=f"^{told}"):
        Way(Scene(), other)
    with pytest.raises(SceneError, match=f"^{told.partition(':')[0]}: "):
        Way(other, Scene())


def test_too_many_seeds_and_a_point_beside_the_sphere_are_refused() -> None:
    many = [",".join(f"{base + n}:0.1" for n in range(9)) for base in (100, 200)]
    with pytest.raises(SceneError, match=r"^mix: the scenes are of 20 seeds together, the limit is 17$"):
        Way(Scene(seed=1, mix=many[0]), Scene(seed=2, mix=many[1]))
    with pytest.raises(SceneError, match=r"^to_seed: 5 is mixed in already"):
        Way(Scene(mix="5:0.5", to_seed=5, part=0.5), Scene(seed=2))
    assert Way(Scene(mix="5:0.5", to_seed=5, part=1.0), Scene(seed=5)).at(0.5).seed == 5


def test_a_loaded_network_stays_while_its_view_moves() -> None:
    a = Scene(weights="digits.npz", seed=1)
    middle = Way(a, replace(a, seed=2, scale=2.0, layers=3, radius=0.026)).at(0.4)
    assert (middle.weights, middle.seed, middle.mix) == ("digits.npz", 1, "")
    assert middle.radius == pytest.approx(2.6 * 0.01**0.4)


def test_scenes_follow_each_other_each_way_as_long_as_the_others() -> None:
    scenes = A, B, Scene(seed=3)
    morph = Morph(scenes, 9)
    assert [morph.at(k) for k in (0, 4, 8)] == [*scenes]
    assert morph.marks == (0, 4, 8)
    loop = Morph(scenes, 12, loop=True)
    assert [loop.at(k) for k in (0, 4, 8)] == [*scenes]
    assert loop.marks == (0, 4, 8, 11)
    assert loop.seen(1.0) == A
    assert Morph((A, B, A), 4, loop=True).at(2) == B  # closed already
    with pytest.raises(IndexError, match=r"frame 9 is not in 0\.\.8"):
        morph.at(9)


def test_smooth_is_slow_at_each_scene() -> None:
    way, eased, even = Way(A, B), Morph((A, B), 5), Morph((A, B), 5, ease="linear")
    assert [even.at(k) for k in range(5)] == [way.at(k / 4) for k in range(5)]
    assert eased.at(1) == way.at(3 / 16 - 2 / 64)
    assert eased.at(2) == way.at(0.5)


def test_what_is_no_morph_is_refused() -> None:
    with pytest.raises(SceneError, match=r"two scenes or more"):
        Morph((A,))
    with pytest.raises(SceneError, match=r"^ease: 'geometric' is not one of linear, smooth"):
        Morph((A, B), ease="geometric")
    with pytest.raises(SceneError, match=r"^frames: 0 is not in"):
        Morph((A, B), 0)


def test_it_says_what_it_is_of() -> None:
    told = Morph((A, replace(A, seed=9), B)).told()
    assert told["ease"] == "smooth"
    assert told["to"][0] == {"seed": 9}
    assert told["to"][1]["mix"] == "5:0.6"
    assert "weights" not in str(told)
