"""The step of pictures that follow each other: steady while measured speeds stray, another one where speed changes."""

from collections.abc import Iterable
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from weightscape.picture.stride import LATE_PICTURES, ROOM, ROOM_PICTURES, SteadyStride, first_stride, points_of

SIZE = (1280, 720)


def fits(points: float, share: float) -> int:
    return first_stride(SIZE, int(points * share))


def steps(steady: SteadyStride, points: Iterable[float], cost: int = 1) -> list[int]:
    """Choose a step for each picture; so many points are said to fit in its time."""
    return [steady.choose(partial(fits, each), cost) for each in points]


def changes(strides: list[int]) -> int:
    return sum(a != b for a, b in pairwise(strides))


@pytest.mark.parametrize("points", [3e3, 2e4, 6e4, 1.1e5, 2.4e5, 9e5])
@pytest.mark.parametrize("seed", range(5))
def test_a_speed_that_strays_by_30_percent_keeps_its_step(points: float, seed: int) -> None:
    rates = points * np.random.default_rng(seed).choice((0.7, 0.85, 1.0, 1.15, 1.3), 300)
    strides = steps(SteadyStride(), rates)
    # The first measurement may have been a lucky one, or an unlucky one; besides that nothing changes.
    assert sum(a < b for a, b in pairwise(strides)) <= 1
    assert changes(strides) <= 3
    assert points_of((0, 0, *SIZE), strides[-1]) <= 1.5 / 0.85 * points
    assert any(fits(each, 1.0) != strides[-1] for each in rates), "else nothing is shown"


def test_one_picture_that_was_late_is_an_accident_and_some_in_succession_are_not() -> None:
    steady = SteadyStride()
    (usual,) = set(steps(steady, [1e5, *2 * (LATE_PICTURES * [1e5] + (LATE_PICTURES - 1) * [1e4]), 1e5]))
    late = steps(steady, LATE_PICTURES * [1e4])
    assert late == [*(LATE_PICTURES - 1) * [usual], fits(1e4, 1.0)]


def test_a_finer_step_is_taken_after_a_while_where_the_quickest_picture_had_room() -> None:
    steady = SteadyStride()
    usual = fits(1e5, 1.0)
    assert set(steps(steady, (ROOM_PICTURES + 1) * [1e5])) == {usual}
    seen = steps(steady, [1e4, 1e5, 2e5, *2 * ROOM_PICTURES * [1e5]])
    assert seen[:3] == 3 * [usual]
    assert {*seen[ROOM_PICTURES:]} == {fits(2e5, ROOM)} != {usual}


def test_a_finer_step_that_was_too_fine_is_tried_again_more_and_more_rarely() -> None:
    steady, tried = SteadyStride(), list[int]()
    for n in range(1000):
        # Quick once in a while, and not so quick as to do the finer step's work.
        before = len(set(steps(steady, [2e5 if n % 5 == 0 else 6e4])) & {fits(2e5, ROOM)})
        tried += before * [n]
    visits = [b - a for a, b in pairwise(tried) if b - a > 1]
    assert len(visits) > 3
    assert visits == sorted(visits)
    assert visits[-1] > 8 * visits[0]


@pytest.mark.parametrize("points", [1e4, 1e6])
def test_where_a_point_costs_something_else_the_step_changes_at_once(points: float) -> None:
    steady = SteadyStride()
    steps(steady, [1e5])
    assert steps(steady, [points], cost=2)[0] in (fits(points, 1.0), fits(points, ROOM))
    assert changes(steps(steady, 30 * [points], cost=2)) == 0
