"""A split view lies in what is free beside the panel, its halves of one size, whatever the window's size."""

from dataclasses import replace

import pytest

from weightscape.draw.plate import GRID
from weightscape.lens.lens import Part
from weightscape.lens.split import other
from weightscape.picture.placement import bare, drawn_size, follows, is_stacked, placed, under
from weightscape.scene.scene import Scene

PLAIN = Scene(layers=4, width=8, beside='{"tied": false}')
CHART = replace(PLAIN, lens="norms")
MIXED = replace(PLAIN, lens="atlas", beside='{"lens": "outputs"}')
STATUS = 27
# Windows, and what is free of them beside a panel at the right, or at the left.
ROOMS = {
    "small": ((640, 400), (0, 0, 333, 373), True),
    "small, panel at the left": ((640, 400), (307, 0, 333, 373), True),
    "usual": ((1280, 720), (0, 0, 960, 693), False),
    "letters twice as large": ((1280, 800), (0, 0, 670, 746), True),
    "no panel": ((640, 400), (0, 0, 640, 373), False),
    "no panel, more height than width": ((400, 800), (0, 0, 400, 773), False),
}


def box(part: Part) -> tuple[int, int, int, int]:
    return part.left, part.top, part.left + part.size[0], part.top + part.size[1]


@pytest.mark.parametrize("scene", [PLAIN, CHART, MIXED])
@pytest.mark.parametrize("room", ROOMS)
def test_halves_lie_in_what_is_free_and_share_it(room: str, scene: Scene) -> None:
    size, free, stands = ROOMS[room]
    first, second = placed(scene, size, STATUS, free)
    left, _, wide, high = free
    high = size[1] if scene is PLAIN else high
    assert first.size == second.size == ((wide, (high - 1) // 2) if stands else ((wide - 1) // 2, high))
    assert box(first)[:2] == (left, 0)
    assert box(second)[2:] == (left + wide, high)
    assert (first.scene, second.scene) == (replace(scene, beside=""), other(scene))
    assert (first.is_other, second.is_other) == (False, True)
    assert is_stacked(scene, size, STATUS, free) == stands


@pytest.mark.parametrize("scene", [PLAIN, CHART])
@pytest.mark.parametrize("room", ROOMS)
def test_parts_lines_and_paper_cover_each_pixel_once(room: str, scene: Scene) -> None:
    size, free, _ = ROOMS[room]
    parts = placed(scene, size, STATUS, free)
    beside = bare(parts, size)
    areas = [wide * high for (_, _, wide, high), _ in beside] + [part.size[0] * part.size[1] for part in parts]
    assert sum(areas) == size[0] * size[1]
    ((left, top, wide, high),) = (place for place, colour in beside if colour == GRID)
    assert min(wide, high) in (1, 2)
    assert not any(a < left + wide and left < c and b < top + high and top < d for a, b, c, d in map(box, parts))


@pytest.mark.parametrize("room", ROOMS)
def test_the_hand_is_in_the_half_that_it_points_at(room: str) -> None:
    size, free, _ = ROOMS[room]
    for part in placed(CHART, size, STATUS, free):
        point = part.left + 20.0, part.top + 30.0
        assert under(CHART, size, STATUS, point, free) == (part, (20.0, 30.0))


def test_a_file_has_the_halves_side_by_side() -> None:
    for scene in (PLAIN, CHART):
        assert [part.top for part in placed(scene, (333, 373))] == [0, 0]
        assert drawn_size(scene, (333, 373), 0) == (333, 373)


def test_a_picture_is_asked_for_again_where_it_would_be_another_one() -> None:
    size, whole, beside, above = (640, 400), (0, 0, 640, 373), (0, 0, 333, 373), (0, 0, 333, 200)
    single = replace(PLAIN, beside="")
    for scene, by_panel, by_strip in (
        (PLAIN, True, False),
        (CHART, True, True),
        (single, False, False),
        (replace(single, lens="norms"), True, True),
        (replace(single, lens="regions"), True, True),
    ):
        assert follows(scene, size, STATUS, whole, beside) == by_panel
        assert follows(scene, size, STATUS, beside, above) == by_strip
    assert not follows(replace(PLAIN, beside="{"), size, STATUS, whole, beside)
