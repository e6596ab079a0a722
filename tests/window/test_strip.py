"""The strip of small pictures: of many it draws those that are seen; the mouse scrolls and picks."""

import dataclasses

from display import until
from guest import HUD, SIZE, Guest, Host, names, show, take_events

from weightscape.window.event import Click, Drag, Scroll
from weightscape.window.message import Thumb
from weightscape.window.strip import GAP_PX, SIDE_PX, current

STEP = SIDE_PX + GAP_PX
ROW = 320  # pixels down a window of 400 that the small pictures cross


def strip(count: int, now: int) -> tuple[Thumb, ...]:
    return tuple(Thumb(f"step {n}", is_current=n == now) for n in range(count))


def shown(window: Host, count: int, now: int) -> tuple[int, int]:
    window.run(show, dataclasses.replace(HUD, strip=strip(count, now)))
    return window.run(visible)


def visible(guest: Guest) -> tuple[int, int]:
    return guest.panel._strip.visible


def take_picked(guest: Guest) -> int | None:
    return guest.picked


def test_the_current_one_is_found() -> None:
    assert current(strip(5, 3)) == (5, 3)
    assert current(strip(5, 9)) == (5, -1)
    assert current(None) == (0, -1)


def test_only_those_around_the_current_one_are_drawn(window: Host) -> None:
    room = SIZE[0] // STEP + 2
    for now in (0, 250, 499, 3):
        first, end = shown(window, 500, now)
        assert first <= now < end
        assert end - first <= room
    assert shown(window, 3, 1) == (0, 3)
    window.run(show, HUD)
    assert window.run(visible) == (0, 0)


def test_the_wheel_scrolls_the_strip_and_not_the_picture(window: Host) -> None:
    before = shown(window, 500, 250)
    window.press(*window.point(300, ROW), "click", "4", "click", "4", "click", "4", "key", "F12")
    until(lambda: "f12" in names(window))
    until(lambda: window.run(visible)[0] < before[0], "earlier ones")
    assert not [event for event in window.run(take_events) if isinstance(event, Scroll)]


def test_a_click_picks_the_one_under_the_mouse(window: Host) -> None:
    shown(window, 500, 0)
    window.press(*window.point(20 + 2 * STEP + SIDE_PX // 2, ROW), "click", "1", "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(take_picked) == 2
    assert not [event for event in window.run(take_events) if isinstance(event, Click | Drag)]
