"""The strip of small pictures: of many it draws those that are seen; the mouse scrolls and picks."""

import dataclasses

from display import until
from guest import HUD, SIZE, Guest, Host, names, show, take_events

from weightscape.window.event import Click, Drag, Scroll
from weightscape.window.message import Thumb
from weightscape.window.over.strip import GAP_PX, SIDE_PX, current

STEP = SIDE_PX + GAP_PX
ROW = 320  # pixels down a window of 400 that the small pictures cross


def strip(count: int, now: int) -> tuple[Thumb, ...]:
    return tuple(Thumb(f"step {n}", is_current=n == now) for n in range(count))


def shown(window: Host, count: int, now: int) -> tuple[int, int]:
    window.run(show, dataclasses.replace(HUD, strip=strip(count, now)))
    return window.run(visible)


def visible(guest: Guest) -> tuple[int, int]:
    return guest.panel.parts.strip.visible


def take_picked(guest: Guest) -> tuple[int | None, int | None]:
    return guest.picked, guest.starred


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
    assert window.run(take_picked) == (2, None)
    assert not [event for event in window.run(take_events) if isinstance(event, Click | Drag)]


def corner_of(window: Host, n: int, is_starred: bool | None, x: int) -> bytes:
    """Show three thumbs with the mouse at x in the row of the stars; return the pixels of one's star."""
    thumbs = tuple(Thumb(f"step {k}", is_current=k == 0, is_starred=is_starred) for k in range(3))
    window.press(*window.point(x, STARS))
    window.run(show, dataclasses.replace(HUD, strip=thumbs))
    return window.run(crop, 14 + n * STEP + SIDE_PX - 26, STARS - 12, 24)


def crop(guest: Guest, left: int, top: int, side: int) -> bytes:
    height = guest.window.size_px[1]
    return bytes(guest.ctx.screen.read(viewport=(left, height - top - side, side, side), components=3, alignment=1))


STARS = 246  # pixels down the window that the stars are at


def test_a_star_is_seen_where_one_is_and_under_the_mouse_where_one_can_be(window: Host) -> None:
    away, on_it = 500, 14 + STEP + SIDE_PX // 2
    bare = corner_of(window, 1, None, away)
    assert corner_of(window, 1, False, away) == bare
    hovered = corner_of(window, 1, None, on_it)
    outline, full = corner_of(window, 1, False, on_it), corner_of(window, 1, True, away)
    assert len({bare, hovered, outline, full}) == 4


def test_a_click_on_a_star_is_none_on_its_picture(window: Host) -> None:
    corner_of(window, 1, False, 500)
    window.press(*window.point(14 + STEP + SIDE_PX - 14, STARS), "click", "1", "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(take_picked) == (None, 1)
