"""The help: it shows all it can without scrolling, and scrolls where it must."""

import dataclasses
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from guest import HUD, SIZE, Guest, Host, names, show, take_answers, take_events
from patience import until

from weightscape.explore.act.action import article, help, history
from weightscape.explore.explorer import Explorer
from weightscape.explore.tell.guide import help_table
from weightscape.scene.key_help import help_entries
from weightscape.window.event import Move, Scroll
from weightscape.window.message import Piece, Row
from weightscape.window.over.help_column import dealt
from weightscape.window.panel import Answer, Hud
from weightscape.window.style import GRAB

HEADS = (
    Row("", "First"),
    *(Row(f"{n}", f"{n}") for n in range(1, 9)),
    Row("", "Second"),
    Row("9", "9"),
    Row("", "Third"),
    Row("a", "a"),
    Row("b", "b"),
    Row("c", "c"),
)


@pytest.mark.parametrize(
    ("count", "together", "expected"),
    [
        (1, True, ["First 1 2 3 4 5 6 7 8 Second 9 Third a b c"]),
        (2, True, ["First 1 2 3 4 5 6 7 8", "Second 9 Third a b c"]),
        (4, True, ["First 1 2 3 4 5 6 7 8", "Second 9", "Third a b c"]),
        (2, False, ["First 1 2 3 4 5 6 7 8", "Second 9 Third a b c"]),
        (3, False, ["First 1 2 3 4 5", "First 6 7 8 Second 9", "Third a b c"]),
        (4, False, ["First 1 2 3", "First 4 5 6 7 8", "Second 9", "Third a b c"]),
    ],
)
def test_rows_are_dealt_evenly_and_headings_are_repeated(count: int, together: bool, expected: list[str]) -> None:
    columns = dealt(HEADS, count, together)
    assert [" ".join(row.text for row in column) for column in columns] == expected


@pytest.mark.parametrize("count", range(1, 5))
def test_no_column_of_the_help_begins_without_a_heading_or_with_few_rows(count: int) -> None:
    rows = help_table(help_entries())
    for together in (True, False):
        columns = dealt(rows, count, together)
        assert len(columns) <= count
        assert [row for column in columns for row in column if row[0]] == [row for row in rows if row[0]]
        for column in columns:
            assert not column[0][0]
            heads = [n for n, row in enumerate(column) if not row[0]]
            assert min(b - a for a, b in pairwise([*heads, len(column)])) > 3
    heads = [row.text for column in dealt(rows, 4, True) for row in column if not row.keys]
    assert heads == ["First", "Network", "View", "Lens", "Window"]


def test_the_whole_help_is_seen_at_once(window: Host) -> None:
    rows = help_table(help_entries())
    window.resize(1920, 1080)
    window.run(show, dataclasses.replace(HUD, help=rows))
    assert not window.run(scrolls)
    left, _, right, _ = window.run(boxes)[0]
    assert 0 <= left < right <= 1920
    window.resize(*SIZE)


def test_the_wheel_over_the_help_scrolls_it_and_not_the_picture(window: Host) -> None:
    rows = tuple(Row(f"f{number}", "a row of help", (f"f{number}",)) for number in range(200))
    window.run(show, dataclasses.replace(HUD, help=rows))
    before = window.run(Guest.picture)
    window.press(*window.point(320, 180), "click", "5", "key", "F12")
    until(lambda: "f12" in names(window))
    until(lambda: window.run(Guest.picture) != before, "the rows to move")
    assert not [event for event in window.run(take_events) if isinstance(event, Scroll | Move)]
    window.run(show, dataclasses.replace(HUD, help=rows))
    before = window.run(Guest.picture)
    window.press("key", "Next")
    until(lambda: window.run(Guest.picture) != before, "the next page")


def test_the_help_of_a_narrow_window_stays_inside_it(window: Host) -> None:
    rows = (
        Row("", "Heading"),
        *(Row(f"ctrl+shift+f{n}", "a long row of help that has to be wrapped") for n in range(9)),
    )
    status = Piece("a status line that is too long here"), Piece("more")
    window.resize(260, 200)
    window.run(show, Hud(status=status, help=rows, notice="saved " * 20))
    left, top, right, bottom = window.run(boxes)[0]
    assert 0 <= left < right <= 260
    assert 0 <= top < bottom <= 200
    window.resize(*SIZE)


def test_one_thing_at_a_time_lies_over_the_picture() -> None:
    explorer: Any = SimpleNamespace(over="album", screen=SimpleNamespace(panel=None))
    explorer.lay = lambda what: Explorer.lay(explorer, what)
    for press, over in (
        (article, "article"),
        (help, "help"),
        (history, "history"),
        (history, ""),
        (help, "help"),
        (help, ""),
    ):
        press(explorer, "")
        assert explorer.over == over


def test_a_help_that_scrolls_says_so_and_says_no_more_at_its_end(window: Host) -> None:
    rows = tuple(Row(f"f{number}", "a row of help", (f"f{number}",)) for number in range(200))
    window.run(show, dataclasses.replace(HUD, help=rows))
    assert window.run(has_sign)
    window.run(show, dataclasses.replace(HUD, help=rows[:3]))
    assert not window.run(has_sign)


def test_the_sign_of_a_narrow_help_is_whole(window: Host) -> None:
    rows = tuple(Row(f"f{number}", "a row of help", (f"f{number}",)) for number in range(200))
    for width in (240, 320):
        window.resize(width, 180)
        window.run(show, dataclasses.replace(HUD, help=rows))
        left, _, right, _ = window.run(boxes)[0]
        ends = window.run(sign_ends)
        assert left + 5 < ends[0] < ends[1] < right - 5
    window.resize(*SIZE)


def test_a_click_on_a_cap_or_on_words_is_the_key_of_the_row(window: Host) -> None:
    rows = (Row("", "Heading"), Row("[ ]", "fewer, more layers", ("[", "]")), Row("Wheel", "zoom"))
    window.run(show, dataclasses.replace(HUD, help=rows, search=""))
    left, top, _, bottom = window.run(boxes)[0]
    row, x = round(top + 12 + 30 + 27 + 13), round(left + 20)
    for at, expected in (((x + 12, row), "["), ((x + 38, row), "]"), ((x + 100, row), "[")):
        window.press(*window.point(*at), "click", "1")
        until(lambda: window.run(take_answers), "the click")
        assert window.run(take_answers) == [Answer(key=expected)]
        window.run(show, dataclasses.replace(HUD, help=rows, search=""))
    window.press(*window.point(x + 12, round(bottom - 25)), "click", "1", "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(take_answers) == []


def test_what_is_typed_is_seen_and_begins_at_the_top(window: Host) -> None:
    rows = tuple(Row(f"f{number}", "a row of help") for number in range(200))
    window.run(show, dataclasses.replace(HUD, help=rows, search=""))
    empty = window.run(Guest.picture)
    window.press(*window.point(320, 180), "key", "Next", "key", "F12")
    until(lambda: "f12" in names(window))
    window.run(show, dataclasses.replace(HUD, help=rows, search="f"))
    typed = window.run(Guest.picture)
    assert typed != empty
    window.run(show, dataclasses.replace(HUD, help=rows, search=""))
    assert window.run(Guest.picture) == empty


def has_sign(guest: Guest) -> bool:
    return bool(is_of_sign(guest).sum() > 200)


def sign_ends(guest: Guest) -> tuple[int, int]:
    found = np.flatnonzero(is_of_sign(guest).sum(axis=0) > 5)
    return int(found[0]), int(found[-1])


def is_of_sign(guest: Guest) -> npt.NDArray[np.bool_]:
    """Look for the sign's colour in the middle of the help."""
    width, height = guest.window.size_px
    pixels = np.frombuffer(guest.picture(), np.uint8).reshape(height, width, 3)
    wanted = np.array([round(255 * part) for part in GRAB[:3]])
    return np.asarray(np.abs(pixels.astype(int) - wanted).max(axis=-1) <= 2)


def boxes(guest: Guest) -> list[tuple[float, float, float, float]]:
    return [*guest.panel._sheet.boxes.values()]


def scrolls(guest: Guest) -> bool:
    return guest.panel.parts.help.scrolls
