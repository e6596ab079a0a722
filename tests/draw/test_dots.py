"""Dots over a picture: where they are, that they are told apart, and that any rows are drawn alike."""

from typing import Any

import numpy as np
import pytest

from weightscape.draw.dots import DARK, LIGHT, SMALLEST, Dots, dots, opposite, radius_of

SIZE = (160, 120)
TONES = np.array([(0.9, 0.8, 0.2), (0.1, 0.1, 0.4)], np.float32)
CHANCE = np.random.default_rng(7)


def made(count: int, marked: int = 0) -> list[Dots]:
    chance = np.random.default_rng(count)
    places = chance.uniform(-8.0, 168.0, (count, 2))
    return dots(SIZE, places, chance.integers(0, 2, count), TONES, np.arange(count) < marked)


def test_a_dot_is_its_tone_in_the_middle_and_the_opposite_one_around() -> None:
    for kind, ring in ((0, DARK), (1, LIGHT)):
        (plain, _) = dots(SIZE, np.array([[50.5, 40.5]]), np.array([kind]), TONES, np.array([False]))
        seen = plain.rows(0, SIZE[1])
        assert seen[40, 50].tolist() == pytest.approx([*TONES[kind], 1.0])
        assert seen[40, 54].tolist() == pytest.approx([*ring, 1.0], abs=0.35)
        assert seen[40, 57].tolist() == [0.0] * 4
        assert np.array_equal(seen[36:45, 46:55], seen[36:45, 46:55][::-1, ::-1])


def test_a_marked_dot_is_larger_and_crossed() -> None:
    places, kinds = np.array([[50.5, 40.5]]), np.array([0])
    plain, marked = (
        sum(each.rows(0, SIZE[1]) for each in dots(SIZE, places, kinds, TONES, np.array([is_marked])))
        for is_marked in (False, True)
    )
    assert (marked[..., 3] > 0).sum() > 2 * (plain[..., 3] > 0).sum()
    assert np.allclose(marked[38, 52, :3], DARK, atol=1e-6)  # on the cross
    assert np.allclose(marked[40, 53, :3], TONES[0], atol=1e-6)  # between its arms


@pytest.mark.parametrize(("count", "marked"), [(40, 10), (3000, 200), (30_000, 9000)])
def test_any_rows_are_drawn_alike(count: int, marked: int) -> None:
    for each in made(count, marked):
        whole = each.rows(0, SIZE[1])
        assert whole.any()
        parts = [each.rows(top, min(17, SIZE[1] - top)) for top in range(0, SIZE[1], 17)]
        assert np.array_equal(np.concatenate(parts), whole)


def test_the_later_dot_is_on_top() -> None:
    places = np.array([[50.5, 40.5], [54.5, 40.5]])
    (group, _) = dots(SIZE, places, np.array([0, 1]), TONES, np.zeros(2, bool))
    seen = group.rows(0, SIZE[1])
    assert np.allclose(seen[40, 54, :3], TONES[1])
    assert np.allclose(seen[40, 48, :3], TONES[0])


def test_many_dots_are_small_and_more_are_a_haze_that_tells_their_number() -> None:
    radii = [radius_of(count, SIZE) for count in (1, 2000, 5000, 20_000, 10**6)]
    assert radii == sorted(radii, reverse=True)
    assert radii[0] == radii[1] > radii[2] > radii[3] >= radii[4] == 0.0
    assert radii[2] >= SMALLEST
    places = np.concatenate([np.full((30_000, 2), 40.5), np.full((300, 2), 80.5)])
    (haze, _) = dots(SIZE, places, np.zeros(30_300, int), TONES, np.zeros(30_300, bool))
    seen = haze.rows(0, SIZE[1])
    assert np.count_nonzero(seen[..., 3]) == 2
    assert seen[40, 40, 3] >= seen[80, 80, 3] > 0.5
    assert np.allclose(seen[40, 40, :3] / seen[40, 40, 3], TONES[0], atol=1e-5)


def test_a_haze_mixes_classes_by_their_numbers() -> None:
    kinds = np.repeat([0, 1], [30_000, 10_000])
    (haze, _) = dots(SIZE, np.full((40_000, 2), 40.5), kinds, TONES, np.zeros(40_000, bool))
    seen = haze.rows(40, 1)[0, 40]
    assert np.allclose(seen[:3] / seen[3], 0.75 * TONES[0] + 0.25 * TONES[1], atol=1e-5)


def test_what_lies_outside_is_drawn_nowhere() -> None:
    far: Any = np.array([[1e9, 5.0], [-1e9, 1e9], [400.0, 5.0]])
    assert not any(each.rows(0, SIZE[1]).any() for each in dots(SIZE, far, np.zeros(3, int), TONES, None))


def test_light_stands_out_on_dark_and_dark_on_light() -> None:
    tones = CHANCE.uniform(0.0, 1.0, (200, 3)).astype(np.float32)
    other = opposite(tones)
    weights = np.array([0.299, 0.587, 0.114])
    assert (np.abs(tones @ weights - other @ weights) > 0.4).all()
