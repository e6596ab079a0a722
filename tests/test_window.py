"""The window under a real mouse: clicks, drags, sizes, full screen, clipboard, closing."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from display import opened_display, until
from guest import SIZE, Guest, Host, call, look, names, opened_host, place, take_events

from weightscape.window.event import Click, Drag, Key, Move, Release, Resize, Scroll


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with opened_host() as host:
        yield host


@pytest.fixture
def window(host: Host) -> Host:
    return host.begin()


def test_a_press_that_does_not_move_is_a_click(window: Host) -> None:
    window.press(*window.point(100, 90), "click", "1")
    until(lambda: any(isinstance(event, Click) for event in window.run(take_events)), "the click")
    assert [event for event in window.run(take_events) if not isinstance(event, Move)] == [Click(100, 90), Release()]


def test_a_drag_tells_the_whole_way_and_is_no_click(window: Host) -> None:
    window.press(*window.point(100, 90), "mousedown", "1", *window.point(130, 95), *window.point(160, 80),
                 "mouseup", "1", "key", "F12")
    until(lambda: "f12" in names(window))
    events = window.run(take_events)
    drags = [event for event in events if isinstance(event, Drag)]
    assert (sum(drag.dx for drag in drags), sum(drag.dy for drag in drags)) == (60, -10)
    assert not [event for event in events if isinstance(event, Click)]
    assert isinstance(events[events.index(drags[-1]) + 1], Release)


def test_the_end_of_a_key_is_told(window: Host) -> None:
    window.press("keydown", "g", "keyup", "g", "key", "F12")
    until(lambda: "f12" in names(window))
    events = window.run(take_events)
    assert events[events.index(Key("g")) + 1] == Release()


def test_the_wheel_tells_where_and_how_far(window: Host) -> None:
    window.press(*window.point(200, 50), "click", "4", "click", "4", "click", "5", "click", "4", "key", "F12")
    until(lambda: "f12" in names(window))
    assert [event for event in window.run(take_events) if isinstance(event, Scroll)] == [Scroll(200, 50, 2)]


def test_the_pointer_moves_in_pixels_from_the_top_left(window: Host) -> None:
    window.press(*window.point(200, 50), *window.point(7, 11))
    until(lambda: Move(7, 11) in window.run(take_events), "the pointer")
    assert window.run(look, "cursor_px") == (7, 11)


def test_a_resize_is_told_once_it_is_there(window: Host) -> None:
    window.resize(500, 300)
    until(lambda: Resize(500, 300) in window.run(take_events), "the new size")
    assert window.run(look, "size_px") == (500, 300)
    window.resize(*SIZE)


def test_full_screen_and_back_restores_size_and_place(window: Host) -> None:
    window.run(call, "toggle_fullscreen")
    until(lambda: window.run(look, "size_px") == (1600, 1000), "full screen")
    assert window.run(look, "is_fullscreen")
    window.run(call, "toggle_fullscreen")
    until(lambda: window.run(look, "size_px") == SIZE, "the old size")
    assert not window.run(look, "is_fullscreen")
    until(lambda: window.run(place) == window.corner, "the old place")


def test_a_window_can_open_in_full_screen_and_close_twice() -> None:
    code = """if True:
        from weightscape.window.window import Window
        for _ in range(2):
            window = Window("whole", (640, 400), fullscreen=True)
            while not (window.focused and window.size_px == (1600, 1000)):
                window.poll(0.01)
                window.swap()
            window.toggle_fullscreen()
            while window.size_px != (640, 400):
                window.poll(0.01)
            window.close()
            window.close()
            assert window.should_close"""
    with opened_display() as display:
        subprocess.run([sys.executable, "-W", "error", "-c", code], env=os.environ | {"DISPLAY": display},
                       check=True, timeout=20)


@pytest.mark.parametrize("text", ['{"seed": 43}', "Größe σ × ± — 漢字 🙂", "a\nb\tc", ""])
def test_the_clipboard_gives_back_what_was_put_in(window: Host, text: str) -> None:
    window.run(put_in_clipboard, text)
    assert window.run(look, "clipboard") == text


def test_the_close_button_asks_and_closes_nothing(window: Host) -> None:
    assert not window.run(look, "should_close")
    window.run(call, "request_close")
    assert window.run(look, "should_close")
    window.run(keep_open)
    assert not window.run(look, "should_close")


def test_another_thread_ends_a_wait(window: Host) -> None:
    assert window.run(wait_for_a_wake) < 10


def put_in_clipboard(guest: Guest, text: str) -> None:
    guest.window.clipboard = text


def keep_open(guest: Guest) -> None:
    import glfw

    glfw.set_window_should_close(guest.window._handle, False)


def wait_for_a_wake(guest: Guest) -> float:
    guest.window.poll(0)
    timer = threading.Timer(0.05, guest.window.wake)
    start = time.monotonic()
    timer.start()
    guest.window.poll(None)
    return time.monotonic() - start
