"""Nine pictures in one: where they stand, what they are, and that together they are no more work than one."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from patience import until

from weightscape import render
from weightscape.engine.choice import opened
from weightscape.engine.tile import Pace
from weightscape.explore.paint.painter import Painter
from weightscape.explore.paint.request import Painted, Request
from weightscape.explore.paint.waiting import look
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.litter import LEAST_PX, MIDDLE, Litter, litter, members
from weightscape.network.view import View
from weightscape.picture.exposing import window_exposures
from weightscape.picture.exposure import Evaluator, Order, Patch
from weightscape.picture.placement import bare, placed, under
from weightscape.picture.refinement import refined
from weightscape.scene.breed import children, network_of
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise

PARENT = Scene(layers=3, width=6, radius=1.5, time=0.25)
NETWORKS = tuple(map(network_of, children(PARENT, 25.0, 3)))
NINE = litter(PARENT, NETWORKS)
SIZE = 97, 64


@pytest.fixture
def painter() -> Iterator[Painter]:
    painter = Painter("numpy", lambda: None, 1)
    yield painter
    painter.close()


def whole(painter: Painter, scene: Scene, number: int, focus: tuple[float, float] = (0.0, 0.0)) -> list[Painted]:
    """Paint a scene, and give what was told until it was fine."""
    painter.ask(Request(scene, SIZE, focus, number))
    told: list[Painted] = []

    def ends() -> bool:
        told.extend(each for each in painter.fetch() if each.request.number == number)
        return any(each.ends for each in told)

    until(ends, "a fine picture")
    return told


def canvas(told: list[Painted]) -> np.ndarray:
    """Lay all that was told, and tell the bytes."""
    pixels = np.full((SIZE[1], SIZE[0], 3), np.nan)
    for patch in (each.patch for each in told):
        if isinstance(patch, Patch) and not patch.is_empty:
            (left, top), (right, bottom) = patch.place, patch.limit
            large = np.asarray(patch.values).repeat(patch.stride, 0).repeat(patch.stride, 1)
            rows, columns = min(len(large), bottom - top), min(large.shape[1], right - left)
            pixels[top : top + rows, left : left + columns] = large[:rows, :columns]
    assert not np.isnan(pixels).any()
    return quantise(pixels.astype(np.float32), "round")


@pytest.mark.parametrize("size", [SIZE, (1280, 720), (333, 900)])
@pytest.mark.parametrize("free", [None, (20, 0, 60, 40)])
def test_nine_of_one_size_and_gaps_make_up_what_is_free(size: tuple[int, int], free: tuple[int, int, int, int]) -> None:
    found = placed(NINE, size, 27, free)
    left, top, wide, high = free or (0, 0, *size)
    assert len({part.size for part in found}) == 1
    count = np.zeros((size[1], size[0]), int)
    for part in found:
        count[part.top : part.top + part.size[1], part.left : part.left + part.size[0]] += 1
    assert count.sum() == count[top : top + high, left : left + wide].sum() > 0.8 * wide * high
    for (x, y, w, h), _ in bare(found, size):
        assert count[y : y + h, x : x + w].max() == 0  # no line is drawn over a picture
        count[y : y + h, x : x + w] -= 1
    assert (count != 0).all()
    for number, part in enumerate(found):
        seen, (x, y) = under(NINE, size, 27, (part.left + 1.5, part.top + 2.5), free)
        assert (seen, x, y) == (found[number], 1.5, 2.5)


def test_the_parent_is_in_the_middle_and_all_are_looked_at_as_it_is() -> None:
    found = members(NINE)
    assert found[MIDDLE] == PARENT
    assert [network_of(each) for each in found[:MIDDLE] + found[MIDDLE + 1 :]] == [*NETWORKS]
    moved = members(replace(NINE.looking(View(radius=0.1)), time=0.5, lens="unit", layer=2))
    assert {(each.radius, each.time, each.lens) for each in moved} == {(0.1, 0.5, "unit")}
    assert look(NINE) == look(NINE.looking(View(radius=0.1)))
    assert look(NINE) != look(replace(NINE, children=NETWORKS[::-1]))
    assert NINE.to_text() == PARENT.to_text()
    assert type(NINE.parent) is Scene


def test_without_room_there_is_the_parent_alone() -> None:
    assert [part.scene for part in placed(NINE, (300, 3 * LEAST_PX - 1))] == [PARENT]


@pytest.mark.parametrize("lens", [name for name in CATALOGUE if name not in ("regions", "winner")])
def test_nine_are_shown_through_every_lens(painter: Painter, lens: str) -> None:
    nine = replace(NINE, lens=lens, layer=1)
    assert isinstance(nine, Litter)
    told = whole(painter, nine, 1)
    assert not any(each.fault for each in told)


def test_they_are_the_pictures_that_files_have(painter: Painter) -> None:
    seen = canvas(whole(painter, NINE, 1))
    for part in placed(NINE, SIZE):
        made = render(part.scene, size=part.size, engine="numpy")
        assert (seen[part.top : part.top + part.size[1], part.left : part.left + part.size[0]] == made).all()


def test_those_nearest_to_the_cursor_are_first() -> None:
    parts = placed(NINE, SIZE)
    focus = parts[5].left + 3.0, parts[5].top + 3.0
    with opened("numpy") as choice:
        found = window_exposures(Evaluator(choice.engine, Pace()), parts, [])
        places = [step.place for step in refined(found, Order(1, focus, is_watched=True)) if isinstance(step, Patch)]
    seen = [n for place in places for n, part in enumerate(parts) if (part.left, part.top) == place]
    assert sorted(seen) == [*range(9)]
    assert seen[0] == 5
    assert {*seen[1:3]} <= {2, 4, 8}
    assert seen[-1] in (0, 3, 6)


def test_nine_ask_for_no_more_points_than_one() -> None:
    size = 1280, 720
    with opened("numpy") as choice:
        evaluator = Evaluator(choice.engine, Pace())
        one, nine = (
            window_exposures(evaluator, placed(scene, size), []) for scene in (Scene(), litter(Scene(), NETWORKS))
        )
        asked = sum(each.points(1) for each in nine)
        assert 0.98 * one[0].points(1) < asked <= one[0].points(1)


def test_a_moved_view_keeps_the_pixels_of_all_nine(painter: Painter) -> None:
    whole(painter, NINE, 1)
    (x, y), pixel = NINE.center, 2.0 * NINE.radius / min(placed(NINE, SIZE)[0].size)
    moved = replace(NINE, center=(float(x) + 4.0 * pixel, float(y)))
    painted: list[int] = []
    told = whole(painter, moved, 2)
    for patch in (each.patch for each in told):
        if isinstance(patch, Patch) and not patch.is_empty and not patch.is_kept:
            painted.append(np.asarray(patch.values).shape[0] * np.asarray(patch.values).shape[1])
    assert 0 < sum(painted) < SIZE[0] * SIZE[1] // 2


@pytest.mark.slow
def test_a_square_of_25_is_painted_as_files_are(painter: Painter) -> None:
    scene = Scene(layers=3, width=6, tied=False, radius=1.5)
    edits = [f"2:1:3={x},2:4:0={y}" for y in (-2.0, -1.0, 0.0, 1.0, 2.0) for x in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    networks = tuple(network_of(replace(scene, edits=each)) for n, each in enumerate(edits) if n != 12)
    sheet = litter(scene, networks)
    found = placed(sheet, SIZE)
    assert [part.scene.edits for part in found] == [*edits[:12], "", *edits[13:]]
    assert len({part.size for part in found}) == 1
    seen = canvas(whole(painter, sheet, 1))
    for part in found:
        made = render(part.scene, size=part.size, engine="numpy")
        assert (seen[part.top : part.top + part.size[1], part.left : part.left + part.size[0]] == made).all()
    assert len({render(part.scene, size=part.size, engine="numpy").tobytes() for part in found}) == 25
