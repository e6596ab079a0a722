"""The mean field: known critical points, measured variances and distances, and a scale that keeps the stretch."""

import math
from dataclasses import replace

import numpy as np
import pytest

from weightscape.network.activation import ACTIVATIONS
from weightscape.network.initialisation import RULES, biases, weights
from weightscape.network.network import Tap, forward
from weightscape.network.philox import independent_biases, independent_weights
from weightscape.scene.mean_field import MeanField, edge_scale, kept_alive, mean_field, of_scene, with_stretch_of
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene, overridden

WIDE = Scene(tied=False, layers=25, width=500, rule="lecun", shape="normal")


def critical(activation: str, sigma_b: float) -> float:
    """Bisect for the sigma_w where chi1 crosses 1."""
    low, high = 0.5, 3.0
    for _ in range(20):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if mean_field(activation, middle, sigma_b).chi1 < 1 else (low, middle)
    return low


@pytest.mark.parametrize(("sigma_b", "expected"), [(0.0, 1.00), (0.3, 1.40), (1.0, 1.86)])
def test_tanh_turns_chaotic_where_the_literature_says(sigma_b: float, expected: float) -> None:
    assert expected == pytest.approx(critical("tanh", sigma_b), abs=0.01)


def test_tanh_without_biases_is_critical_at_1_though_lengths_creep_there() -> None:
    assert pytest.approx(critical("tanh", 0.0), abs=1e-4) == 1


@pytest.mark.parametrize("sigma_b", [0.0, 0.3, 1.0])
def test_relu_is_critical_at_variance_2(sigma_b: float) -> None:
    assert pytest.approx(critical("relu", sigma_b) ** 2, abs=1e-4) == 2


def test_identity_multiplies_lengths_by_sigma_w() -> None:
    field = mean_field("identity", 0.8, 0.3)
    assert pytest.approx(field.q, rel=1e-6) == 0.09 / (1 - 0.64)
    assert pytest.approx(field.chi1, rel=1e-12) == 0.64


@pytest.mark.parametrize("sigma_w", [1.42, 1.5, 3.0])
def test_relu_beyond_its_critical_point_has_no_fixed_point(sigma_w: float) -> None:
    field = mean_field("relu", sigma_w, 0.3)
    assert math.isinf(field.q)
    assert sigma_w**2 / 2 == pytest.approx(field.chi1, rel=1e-6)
    assert field.stretch > 1


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_fixed_point_is_fixed(activation: str) -> None:
    for sigma_w in (0.3, 0.9, 1.3):
        field = mean_field(activation, sigma_w, 0.3)
        if math.isinf(field.q):
            continue
        z = np.linspace(-8, 8, 4001)
        normal = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
        again = sigma_w**2 * normal @ ACTIVATIONS[activation].function(math.sqrt(field.q) * z) ** 2 + 0.09
        # Kinks cost the coarser trapezoid rule a few parts in 10,000.
        assert field.q == pytest.approx(again, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "sigma_w", "sigma_b"),
    [("tanh", 1.6, 0.3), ("relu", 1.2, 0.5), ("sin", 1.5, 0.3), ("gelu", 1.1, 0.4), ("gaussian", 1.0, 0.2)],
)
def test_wide_networks_have_the_variance_and_the_stretch_of_the_mean_field(
    activation: str, sigma_w: float, sigma_b: float
) -> None:
    expected = mean_field(activation, sigma_w, sigma_b)
    points = np.array([[0.5, -0.3], [0.5, -0.3 + 1e-7]])
    variances, ratios = [], []
    for seed in range(4):
        network = draw(replace(WIDE, seed=seed, activation=activation, scale=sigma_w, bias_scale=sigma_b))
        layers = [Tap(k, before=True) for k in range(14, 24)]
        values = forward(network, points, layers)
        variances += [float((z[0] ** 2).mean()) for z in values]
        steps = [float(np.linalg.norm(z[1] - z[0])) for z in values]
        ratios.append((steps[-1] / steps[0]) ** (1 / 9))
    # 500 units: a layer's variance is off by 6 %, feedback makes it a little more; 4 networks halve that.
    assert expected.q == pytest.approx(np.mean(variances), rel=0.1)
    assert expected.stretch == pytest.approx(np.mean(ratios), rel=0.05)


def test_twelve_networks_of_1000_units_have_the_variance_of_the_fixed_point_within_3_percent() -> None:
    sigma_w, sigma_b = 1.5, 0.3
    q = mean_field("tanh", sigma_w, sigma_b).q
    h = np.full((12, 1, 1000), math.sqrt((q - sigma_b**2) / sigma_w**2))  # at the fixed point, where they are to stay
    variances = []
    for layer in range(1, 5):
        rows = []
        for seed in range(12):
            W = weights("lecun", "uniform", sigma_w, independent_weights(seed, layer, 1000, 1000))
            b = biases("lecun", "uniform", sigma_w, sigma_b, independent_biases(seed, layer, 1000))
            rows.append(h[seed] @ W + b)
        z = np.stack(rows)
        h = np.tanh(z)
        variances.append((z**2).mean())

    assert q == pytest.approx(np.mean(variances[1:]), rel=0.03)
    assert variances[-1] == pytest.approx(q, rel=0.03)


def test_a_scenes_deviations_follow_its_rule() -> None:
    fixed = of_scene(Scene())
    assert 0.7 * math.sqrt(30 / 3) == pytest.approx(fixed.sigma_w)
    assert 0.7 / math.sqrt(3) == pytest.approx(fixed.sigma_b)
    for rule, sigma_w in (("lecun", 1.0), ("glorot", 1.0), ("he", math.sqrt(2)), ("orthogonal", 1.0)):
        field = of_scene(Scene(rule=rule, bias_scale=0.2))
        assert (sigma_w, 0.2) == pytest.approx((field.sigma_w, field.sigma_b))


@pytest.mark.parametrize(
    ("chi1", "phase"),
    [(0.5, "ordered"), (2.0, "chaotic"), *((chi1, "edge of chaos") for chi1 in (0.97, 1.0, 1.0 + 1e-8))],
)
def test_phases_are_named_and_depth_scales_finite_but_on_the_edge(chi1: float, phase: str) -> None:
    field = MeanField(1.0, 0.3, 1.0, chi1)
    assert phase == field.phase
    assert math.sqrt(chi1) == field.stretch
    assert (math.inf if chi1 == 1 else 1 / abs(math.log(chi1))) == field.depth_scale


@pytest.mark.parametrize("off", [-9e-10, -4.5e-16, 4.5e-16, 9e-10])
def test_what_rounding_leaves_beside_the_edge_is_the_edge(off: float) -> None:
    assert MeanField(1.0, 0.3, 1.0, 1.0 + off).depth_scale == math.inf


@pytest.mark.parametrize("scale", [0.7, 1.5])
@pytest.mark.parametrize(
    "changes",
    [
        *({"activation": name} for name in ACTIVATIONS),
        *({"width": width} for width in (1, 5, 10, 64, 512)),
        *({"rule": rule} for rule in RULES),
        {"activation": "relu", "width": 100, "rule": "he"},
    ],
    ids=str,
)
def test_activation_width_and_rule_change_without_changing_the_stretch(
    changes: dict[str, object], scale: float
) -> None:
    old = Scene(scale=scale)
    new = kept_alive(old, **changes)
    assert overridden(old, **changes, scale=new.scale) == new
    # The scale is rounded to four digits.
    assert of_scene(old).stretch == pytest.approx(of_scene(new).stretch, rel=2e-3)


def test_a_scene_whose_scale_fits_keeps_it() -> None:
    assert pytest.approx(with_stretch_of(Scene(), Scene(seed=1)).scale, rel=1e-3) == 0.7


def test_a_stretch_out_of_reach_gives_the_closest() -> None:
    dead = Scene(scale=0.0)
    assert of_scene(dead).stretch == 0
    assert of_scene(kept_alive(dead, activation="sin")).stretch < 0.01
    # softplus under he jumps past a stretch of 1: where its lengths stay finite it is ordered.
    old = Scene(rule="he", activation="relu")
    new = kept_alive(old, activation="softplus")
    miss = abs(of_scene(new).stretch - of_scene(old).stretch)
    for scale in np.geomspace(new.scale / 3, new.scale * 3, 13):
        other = of_scene(replace(new, scale=float(scale))).stretch
        assert miss <= abs(other - of_scene(old).stretch) + 0.03


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("rule", "bias_scale"), [("fixed", None), ("he", 0.3)])
def test_the_edge_parts_order_from_chaos(activation: str, rule: str, bias_scale: float | None) -> None:
    edge = edge_scale(activation, rule, 30, bias_scale)
    scene = Scene(activation=activation, rule=rule, bias_scale=bias_scale, width=30)
    below, above = (of_scene(replace(scene, scale=factor * edge)).stretch for factor in (0.995, 1.005))
    assert below <= 1.0 <= above  # of gelu and the like it jumps there
    assert rule == "fixed" or edge == pytest.approx(edge_scale(activation, rule, 1, bias_scale), rel=2e-3)
