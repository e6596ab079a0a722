"""The help: it shows all it can without scrolling, and scrolls where it must."""

import dataclasses
from collections.abc import Iterator

import pytest
from guest import HUD, SIZE, Guest, Host, names, opened_host, show, take_events
from patience import until

from weightscape.hud import help_table
from weightscape.window.event import Move, Scroll
from weightscape.window.help import dealt
from weightscape.window.panel import Hud

HEADS = (("", "First"), ("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("", "Second"), ("e", "5"))


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with opened_host() as host:
        yield host


@pytest.fixture
def window(host: Host) -> Host:
    return host.begin()


@pytest.mark.parametrize(("count", "together", "expected"), [
    (1, True, ["First 1 2 3 4 Second 5"]), (2, True, ["First 1 2 3 4", "Second 5"]),
    (4, True, ["First 1 2 3 4", "Second 5"]), (2, False, ["First 1 2 3", "4 Second 5"]),
    (3, False, ["First 1 2", "3 4", "Second 5"]),
])
def test_rows_are_dealt_evenly_and_no_heading_stands_alone(count: int, together: bool, expected: list[str]) -> None:
    columns = dealt(HEADS, count, together)
    assert [" ".join(text for _, text in column) for column in columns] == expected


def test_the_whole_help_is_seen_at_once(window: Host) -> None:
    rows = help_table()
    window.resize(1280, 720)
    window.run(show, dataclasses.replace(HUD, help=rows))
    assert not window.run(scrolls)
    left, _, right, _ = window.run(boxes)[0]
    assert 0 <= left < right <= 1280
    window.resize(*SIZE)


def test_the_wheel_over_the_help_scrolls_it_and_not_the_picture(window: Host) -> None:
    rows = tuple((f"f{number}", "a row of help") for number in range(200))
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
    rows = (("", "Heading"), *((f"ctrl+shift+f{n}", "a long row of help that has to be wrapped") for n in range(9)))
    window.resize(260, 200)
    window.run(show, Hud(status=("a status line that is too long here", "more"), help=rows, notice="saved " * 20))
    left, top, right, bottom = window.run(boxes)[0]
    assert 0 <= left < right <= 260
    assert 0 <= top < bottom <= 200
    window.resize(*SIZE)


def boxes(guest: Guest) -> list[tuple[float, float, float, float]]:
    return guest.panel._sheet._boxes


def scrolls(guest: Guest) -> bool:
    return guest.panel._help.scrolls
