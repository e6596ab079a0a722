"""What stays of a picture when its view is moved: boxes that cover it, each pixel once."""

from dataclasses import replace

import numpy as np
import pytest

from weightscape.lens.lens import Part
from weightscape.network.view import pan
from weightscape.picture.reuse import Box, Kept, area, carried_over, common, edges, kept, shift, strips
from weightscape.scene.scene import Scene

SIZE = (13, 8)
MOVES = [(dx, dy) for dx in (-12, -3, 0, 1, 12) for dy in (-7, -1, 0, 4, 7)]


@pytest.mark.parametrize("moved", MOVES)
def test_what_stays_and_the_strips_cover_each_pixel_once(moved: tuple[int, int]) -> None:
    count = np.zeros((SIZE[1], SIZE[0]), int)
    for left, top, wide, high in [kept(SIZE, moved), *strips(SIZE, moved)]:
        assert min(wide, high, left + 1, top + 1) > 0
        count[top : top + high, left : left + wide] += 1
    assert (count == 1).all()


@pytest.mark.parametrize("moved", MOVES)
def test_pixels_are_carried_to_their_places(moved: tuple[int, int]) -> None:
    old = np.arange(1.0, 1.0 + SIZE[0] * SIZE[1], dtype=np.float32).reshape(SIZE[1], SIZE[0], 1)
    new = carried_over(old, moved)
    for y in range(SIZE[1]):
        for x in range(SIZE[0]):
            u, v = x - moved[0], y - moved[1]
            expected = old[v, u, 0] if 0 <= u < SIZE[0] and 0 <= v < SIZE[1] else 0
            assert new[y, x, 0] == expected


@pytest.mark.parametrize("angle", [0.0, 37.5, -180.0])
@pytest.mark.parametrize("radius", [1e9, 1.0, 1e-30])
@pytest.mark.parametrize("moved", MOVES)
def test_a_drag_is_told_from_two_scenes(moved: tuple[int, int], radius: float, angle: float) -> None:
    old = Scene(radius=radius, angle=angle, center=("0.3", "-1.7"))
    assert shift(old.looking(pan(old.view, SIZE, *moved)), old, SIZE) == moved


@pytest.mark.parametrize("moved", [(0.5, 0), (0, 0.01), (13, 0), (0, -8), (400, 300)])
def test_what_cannot_be_kept_is_not(moved: tuple[float, float]) -> None:
    old = Scene()
    assert shift(old.looking(pan(old.view, SIZE, *moved)), old, SIZE) is None


@pytest.mark.parametrize("other", [{"radius": 2.7}, {"seed": 1}, {"outputs": 1}, {"angle": 0.1}])
def test_another_scene_keeps_nothing(other: dict[str, object]) -> None:
    assert shift(replace(Scene(), **other), Scene(), SIZE) is None  # type: ignore[arg-type]
    moving = Scene(inputs=("x", "y", "cos_t"))
    assert shift(replace(moving, time=0.5), moving, SIZE) is None


COLOURED: list[dict[str, object]] = [
    {"palette": "magma", "reading": "oklch"},
    {"stops": "#000000 #ffffff", "gamma": 2.0, "invert": True},
    {"cycle": 1.0, "time": 0.5},
]


@pytest.mark.parametrize("other", COLOURED)
def test_other_colours_keep_all_values_where_there_are_values(other: dict[str, object]) -> None:
    old, new = Scene(cycle=2.0), replace(Scene(cycle=2.0), **other)  # type: ignore[arg-type]
    values = np.zeros((SIZE[1], SIZE[0], 3))
    assert Kept(old, SIZE, "single", values).moved_to(Part(new, SIZE)) == (0, 0)
    assert Kept(old, SIZE, "single", None).moved_to(Part(new, SIZE)) is None  # they are colours already
    assert Kept(old, SIZE, "single", None).moved_to(Part(old, SIZE)) == (0, 0)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([], 0),
        ([(0, 0, 13, 8)], 104),
        (strips(SIZE, (2, 1)), 2 * 8 + 11),
        (strips(SIZE, (-2, 1)), 2 * 8 + 11),
        # Those of a drag that has turned back, and of three steps: an L in an L.
        ([(0, 0, 3, 8), (10, 0, 3, 8), (3, 0, 7, 1), (3, 6, 7, 2)], 6 * 8 + 7 * 3),
        ([(0, 0, 1, 8), (1, 0, 12, 1), (1, 1, 2, 7), (3, 1, 10, 1), (3, 2, 1, 6)], 4 * 8 + 9 * 2),
        ([(4, 3, 5, 2)], 104 - 13 * 3),  # in the middle: all to the nearest edge
    ],
)
def test_what_is_coarse_is_covered_by_few_boxes_along_the_edges(boxes: list[Box], expected: int) -> None:
    found = edges(SIZE, boxes)
    count = np.zeros((SIZE[1], SIZE[0]), int)
    for left, top, wide, high in found:
        assert min(wide, high, left + 1, top + 1) > 0
        count[top : top + high, left : left + wide] += 1
    assert len(found) <= 4
    assert (count.max(initial=0) <= 1, count.sum()) == (True, expected)
    for box in boxes:
        assert area(each for each in (common(box, one) for one in found) if each) == area([box])
