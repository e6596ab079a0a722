"""Where an explanation stands: beside what it explains, inside the window, and over neither."""

from types import SimpleNamespace

import pytest

from weightscape.window.over.tip import _wrap, placed
from weightscape.window.sheet import Box, Sheet

LINE = 27.0
SIZES = (640, 400), (1280, 720), (1920, 1080), (3840, 2160)


def sheet_of(size: tuple[int, int], scale: float = 1.0) -> Sheet:
    sheet = Sheet(SimpleNamespace())
    sheet.size, sheet.scale, sheet.line = size, scale, LINE * scale
    return sheet


def apart(first: Box, second: Box) -> bool:
    return first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]


def box_at(sheet: Sheet, size: tuple[float, float], spot: Box, around: Box) -> Box:
    left, top = placed(sheet, size, spot, around)
    return left, top, left + size[0], top + size[1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("row", [20.0, 150.0, 300.0])
@pytest.mark.parametrize("is_left", [False, True])
def test_it_stands_beside_a_panel_wherever_that_is(size: tuple[int, int], row: float, is_left: bool) -> None:
    sheet = sheet_of(size)
    left = 0.0 if is_left else size[0] - 306.0
    panel = left, 12.0, left + 294.0, size[1] - LINE - 12.0
    spot = left + 14.0, row, left + 280.0, row + 24.0
    box = box_at(sheet, (_wrap(sheet, panel) + 24.0, 190.0), spot, panel)
    assert apart(box, panel)
    assert 0 <= box[0] < box[2] <= size[0]
    assert 0 <= box[1] < box[3] <= size[1] - LINE


@pytest.mark.parametrize("size", [(1280, 720), (2560, 1440)])
def test_at_twice_the_size_it_is_narrower_rather_than_over_the_panel(size: tuple[int, int]) -> None:
    sheet = sheet_of(size, 2.0)
    panel = size[0] - 612.0, 24.0, size[0] - 24.0, size[1] - 80.0
    box = box_at(sheet, (_wrap(sheet, panel) + 48.0, 380.0), (panel[0] + 28.0, 100.0, panel[2] - 28.0, 150.0), panel)
    assert apart(box, panel)
    assert box[0] >= 0


@pytest.mark.parametrize("row", [20.0, 100.0, 170.0])
def test_where_nothing_is_beside_the_panel_it_stands_over_other_rows(row: float) -> None:
    sheet = sheet_of((320, 240))
    panel, spot = (14.0, 12.0, 308.0, 200.0), (28.0, row, 290.0, row + 24.0)
    box = box_at(sheet, (250.0, 60.0), spot, panel)
    assert apart(box, spot)
    assert 0 <= box[0] < box[2] <= 320
    assert 0 <= box[1] < box[3] <= 240 - LINE


@pytest.mark.parametrize("x", [12.0, 300.0, 560.0])
def test_a_piece_of_the_line_is_explained_above_the_line(x: float) -> None:
    sheet = sheet_of((640, 400))
    line = 0.0, 400 - LINE, 640.0, 400.0
    box = box_at(sheet, (300.0, 120.0), (x, line[1], x + 60.0, 400.0), line)
    assert 0 <= box[0] < box[2] <= 640
    assert 0 <= box[1] < box[3] <= line[1]


def test_what_fits_nowhere_says_so_by_its_place() -> None:
    sheet = sheet_of((240, 180))
    line = 0.0, 180 - LINE, 240.0, 180.0
    assert box_at(sheet, (200.0, 170.0), (20.0, line[1], 80.0, 180.0), line)[1] < 0
