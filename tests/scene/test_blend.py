"""Palettes on the way from scene to scene: they mix, so that nothing jumps."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest

from weightscape import render
from weightscape.scene.blend import Blend
from weightscape.scene.colour import colour
from weightscape.scene.morph import Way
from weightscape.scene.palette import PALETTES, table
from weightscape.scene.scene import Scene, from_text

ONE = Scene(seed=3, layers=4, width=8, tied=False, outputs=1, scale=1.5)
PARTS = [n / 16 for n in range(17)]
# Of 255: what 16 stops at the same places leave of the error of two tables.
NEAR = 20.0
NAMES = ("viridis", "fire", "twilight", "vik")
# A step is at most so many times the mean one: a jump half way would be 16 times.
EVEN = 4.0


def colours(scene: Scene) -> npt.NDArray[np.float64]:
    """Tell the colours of values from 0 to 1: (256, 3)."""
    found = colour(scene)
    return found.table[:: -1 if found.invert else 1].astype(np.float64)


@pytest.mark.parametrize(("name", "other"), [*combinations(NAMES, 2)])
@pytest.mark.parametrize("invert", [False, True])
def test_colours_begin_as_one_and_end_as_the_other_and_run_between(name: str, other: str, invert: bool) -> None:
    a, b = replace(ONE, palette=name), replace(ONE, palette=other, invert=invert)
    blend = Blend(a, b)
    found = [colours(blend.at((a, b)[part >= 0.5], part)) for part in PARTS]
    assert np.abs(found[0] - colours(a)).max() < NEAR
    assert np.abs(found[-1] - colours(b)).max() < NEAR
    steps = [np.abs(two - one).mean() for one, two in pairwise(found)]
    assert max(steps) < EVEN * np.mean(steps)


@pytest.mark.parametrize("name", PALETTES[::4])
def test_a_palette_becomes_its_inverse_and_is_never_of_one_colour(name: str) -> None:
    a, b = replace(ONE, palette=name), replace(ONE, palette=name, invert=True)
    forth, back = Blend(a, b), Blend(b, a)
    found = [colours(forth.at((a, b)[part >= 0.5], part)) for part in PARTS]
    assert np.abs(found[0] - colours(a)).max() < NEAR
    assert np.abs(found[-1] - colours(b)).max() < NEAR
    assert min(np.std(each, axis=0).max() for each in found) > 0.2 * np.std(table(name), axis=0).max()
    assert all(np.array_equal(colours(back.at(a, 1.0 - part)), each) for part, each in zip(PARTS, found, strict=True))


def test_scenes_on_the_way_are_ones_like_any_other_and_pictures_do_not_jump() -> None:
    a, b = replace(ONE, palette="viridis"), replace(ONE, palette="fire", invert=True, gamma=2.0)
    way = Way(a, b)
    assert (way.at(0.0), way.at(1.0)) == (a, b)
    pictures = []
    for part in PARTS:
        scene = way.at(part)
        assert from_text(scene.to_text()) == scene
        pictures.append(render(scene, size=(32, 24), engine="numpy").astype(np.float64))
    steps = [np.abs(two - one).mean() for one, two in pairwise(pictures)]
    assert max(steps) < EVEN * np.mean(steps)


def test_where_no_palette_is_seen_or_colours_cycle_names_change_half_way() -> None:
    three = replace(ONE, outputs=3)
    for a, b in (
        (three, replace(three, palette="fire", invert=True)),
        (replace(ONE, cycle=1.0), replace(ONE, palette="fire", invert=True)),
        (replace(ONE, beside='{"lens":"unit"}'), replace(ONE, beside='{"lens":"unit"}', palette="fire", invert=True)),
    ):
        before, after = (Way(a, b).at(part) for part in (0.49, 0.51))
        assert (before.palette, before.invert, before.stops) == ("viridis", False, "")
        assert (after.palette, after.invert, after.stops) == ("fire", True, "")


def test_units_of_another_lens_mix_their_palette_and_are_inverted_half_way() -> None:
    a = replace(ONE, outputs=3, lens="unit", layer=2)
    before, after = (Way(a, replace(a, palette="fire", invert=True)).at(part) for part in (0.49, 0.51))
    assert (before.invert, after.invert) == (False, True)
    assert before.stops
    assert np.abs(colour(before).table.astype(int) - colour(after).table).max() < NEAR


def test_palettes_of_three_outputs_mix_where_they_are_read_as_one() -> None:
    a = replace(ONE, outputs=3, reading="palette", invert=True)
    b = replace(a, stops="#ff0000 #00ff00", invert=False)
    found = Way(a, b).at(0.75)
    assert not found.invert
    assert found.stops not in ("", b.stops)
