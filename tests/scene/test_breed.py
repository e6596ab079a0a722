"""Breeding: children and crosses are valid scenes at the right place on the sphere, and live."""

import math
from dataclasses import replace

import numpy as np
import pytest

from weightscape.picture.network_memory import network
from weightscape.scene.breed import (
    CHILDREN,
    ENDS,
    MILD,
    MOST_WEIGHTS,
    NEAREST,
    WILDNESS,
    as_seen,
    children,
    crossed,
    crosses,
    network_of,
    point_of,
    refusal,
    turn_between,
    turned,
)
from weightscape.scene.link import from_link, link
from weightscape.scene.mean_field import of_scene
from weightscape.scene.mix import MAX_MIXED
from weightscape.scene.scene import NETWORK, Scene, from_text

PLAIN = Scene(seed=7, layers=4, width=40, tied=False)
PARENTS = {
    "default": Scene(),
    "relu": Scene(activation="relu", rule="he", layers=6, width=20),
    "sin": Scene(activation="sin", layers=3, width=16),
    "palette": Scene(outputs=1, palette="magma"),
    "deep zoom": Scene(radius=1e-40, center=("0.1", "0.2")),
    "one layer": Scene(layers=1),
    "narrow": Scene(layers=60, width=1),
    "deepest": Scene(layers=256, width=4),
    "wide": Scene(layers=3, width=512),
    "independent": Scene(layers=8, width=256, tied=False),
    "time": Scene(inputs="x,y,cos_t,sin_t", layers=5, width=12),
    "mixed": Scene(seed=1, mix="2:0.5,3:0.25"),
    "on its way": Scene(seed=1, to_seed=9, part=0.25, mix="2:0.5"),
    "no weights": Scene(scale=0.0),
    "largest": Scene(scale=1e6),
    "biased": Scene(rule="lecun", bias_scale=0.7, activation="gelu"),
    "edited": Scene(layers=3, width=8, edits="2:7:7=1.5", silenced="2:7", lens="unit", layer=2, unit=7),
}


def squares(scene: Scene) -> float:
    return math.fsum(part * part for part in point_of(scene).values())


@pytest.mark.parametrize("name", PARENTS)
@pytest.mark.parametrize("wildness", [WILDNESS[0], WILDNESS[4], WILDNESS[-1]])
def test_every_child_is_a_scene_like_any_other(name: str, wildness: float) -> None:
    parent = PARENTS[name]
    litter = children(parent, wildness, 5)
    assert len({network_of(child) for child in litter}) == CHILDREN
    for child in litter:
        assert from_text(child.to_text()) == child
        assert from_link(link(child)) == child
        assert squares(child) == pytest.approx(1.0, abs=1e-7)
        assert 0.0 < turn_between(parent, child) <= wildness + 1e-3
        assert child.to_seed is None
        assert not refusal(child)
        looks = {name: getattr(parent, name) for name in ("view", "inputs", "outputs", "palette", "lens", "time")}
        assert {name: getattr(child, name) for name in looks} == looks


def test_the_same_chance_gives_the_same_children_more_or_less_wild() -> None:
    parent = PARENTS["default"]
    assert children(parent, 16.0, 5) == children(parent, 16.0, 5)
    assert not set(children(parent, 16.0, 5)) & set(children(parent, 16.0, 6))
    mild, wild = children(parent, 10.0, 5), children(parent, 40.0, 5)
    for one, other in zip(mild, wild, strict=True):
        assert {*point_of(one)} == {*point_of(other)}  # the same way
        assert turn_between(parent, other) == pytest.approx(4.0 * turn_between(parent, one), rel=1e-4)


@pytest.mark.parametrize("wildness", WILDNESS)
def test_some_are_turned_alone_and_others_have_one_gene_of_their_own(wildness: float) -> None:
    parent = PARENTS["biased"]
    genes = [name for name in NETWORK if name not in ("seed", "mix", "to_seed", "part")]
    changed = [
        {name for name in genes if getattr(child, name) != getattr(parent, name)}
        for child in children(parent, wildness, 11)
    ]
    assert 2 <= sum(not each for each in changed) < CHILDREN
    for each in filter(None, changed):
        assert len(each - {"scale"}) <= 1  # with the scale that keeps it alive
        if wildness <= MILD:
            assert each <= {"scale", "layers", "bias_scale", "width"}


def test_the_wilder_the_more_genes_change() -> None:
    def changed(wildness: float) -> int:
        litters = [children(PLAIN, wildness, chance) for chance in range(12)]
        return sum(replace(child, seed=7, mix="") != PLAIN for litter in litters for child in litter)

    assert changed(WILDNESS[0]) < changed(WILDNESS[3]) < changed(WILDNESS[-2])


def test_all_genes_change_and_keep_a_network_alive() -> None:
    seen: dict[str, set[object]] = {name: set() for name in NETWORK}
    for chance in range(40):
        for child in children(PARENTS["biased"], 60.0, chance):
            for name in NETWORK:
                seen[name].add(getattr(child, name))
            if child.activation != "gelu":
                assert of_scene(child).stretch == pytest.approx(of_scene(PARENTS["biased"]).stretch, rel=0.05)
    for name in ("layers", "width", "activation", "output_activation", "shape", "rule", "scale", "bias_scale", "tied"):
        assert len(seen[name]) > 1, name
    assert "identity" not in seen["activation"]
    assert seen["output_activation"] <= {*ENDS}


@pytest.mark.parametrize("degrees", [3.0, 30.0, 60.0, 90.0])
def test_a_turn_keeps_the_variance_and_turns_by_so_much(degrees: float) -> None:
    own, other = network(PLAIN), network(turned(PLAIN, degrees, 12345))
    for a, b in zip(own.weights[1:3], other.weights[1:3], strict=True):
        assert np.var(b) == pytest.approx(np.var(a), rel=0.1)  # of 1600 numbers
        cosine = float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))
        assert cosine == pytest.approx(math.cos(math.radians(degrees)), abs=0.1)
    assert turn_between(PLAIN, turned(PLAIN, degrees, 12345)) == pytest.approx(degrees, abs=1e-5)


def test_a_part_of_the_way_to_another_seed_is_a_point_that_gives_the_same_network() -> None:
    scene = PARENTS["on its way"]
    seen = turned(scene, 0.0, 4)
    assert seen.to_seed is None
    for a, b in zip(network(scene).weights, network(seen).weights, strict=True):
        assert np.abs(a - b).max() < 1e-8


def test_generations_stay_on_the_sphere() -> None:
    scene = Scene(layers=4, width=10)
    for n in range(30):
        scene = children(scene, 25.0, n)[n % CHILDREN]
        assert squares(scene) == pytest.approx(1.0, abs=1e-7)
        assert len(scene.mix.split(",")) <= MAX_MIXED


def test_a_cross_lies_between_its_parents_and_has_the_genes_of_both() -> None:
    mother = turned(replace(PLAIN, activation="sin", layers=5), 20.0, 1)
    father = turned(replace(PLAIN, activation="relu", width=30, tied=True), 20.0, 2)
    apart = turn_between(mother, father)
    for n, child in enumerate(crosses(mother, father, 0.0, 3)):
        assert from_text(child.to_text()) == child
        assert turn_between(mother, child) + turn_between(child, father) == pytest.approx(apart, abs=1e-3)
        assert turn_between(mother, child) >= NEAREST * apart - 1e-3
        assert turn_between(mother, child) < turn_between(father, child) or n >= 4
        for name in ("layers", "width", "activation", "tied"):
            assert getattr(child, name) in (getattr(mother, name), getattr(father, name))
    kinds = {
        (c.activation, c.layers, c.width, c.tied) for chance in range(8) for c in crosses(mother, father, 9.0, chance)
    }
    assert len(kinds) > 8
    assert crossed(mother, father, 9.0, 4) == crossed(mother, father, 9.0, 4)


def test_crosses_of_parents_that_are_alike_are_alike_but_turned() -> None:
    mother, father = turned(PLAIN, 10.0, 1), turned(PLAIN, 10.0, 2)
    for child in crosses(mother, father, 10.0, 1):
        assert network_of(replace(child, seed=7, mix="")) == network_of(PLAIN)


def test_a_network_is_looked_at_as_another_is() -> None:
    scene = Scene(lens="unit", layer=27, unit=2, radius=0.5, time=0.25, palette="grey", layers=27)
    seen = as_seen(Scene(layers=5, width=3, seed=8), scene)
    assert (seen.layers, seen.seed, seen.radius, seen.time, seen.lens) == (5, 8, 0.5, 0.25, "unit")
    assert seen.layer == 5
    assert seen.unit == 2


def test_what_cannot_be_bred_is_refused_by_name() -> None:
    assert "loaded from a file" in refusal(Scene(weights="digits"))
    told = refusal(Scene(layers=40, width=256, tied=False))
    assert f"{MOST_WEIGHTS:,}" in told
    assert "weights" in told
    assert refusal(Scene()) == ""
