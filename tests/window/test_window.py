"""The window under a real mouse: clicks, drags, sizes, full screen, clipboard, closing."""

import os
import subprocess
import sys
import threading

import pytest
from display import opened_display, until
from guest import SIZE, Guest, Host, call, look, names, place, take_events
from patience import ran, started

from weightscape.window.event import Click, Drag, Key, Move, Release, Resize, Scroll
from weightscape.window.glfw_window import refresh_hz


def test_a_press_that_does_not_move_is_a_click(window: Host) -> None:
    window.press(*window.point(100, 90), "click", "1")
    until(lambda: any(isinstance(event, Click) for event in window.run(take_events)), "the click")
    assert [event for event in window.run(take_events) if not isinstance(event, Move)] == [Click(100, 90), Release()]


def patient(guest: Guest, seconds: float) -> None:
    """Let double clicks take so long, and forget the click before."""
    from weightscape.window import double_click

    double_click.SECONDS = seconds
    guest.window._listener._double = double_click.DoubleClick()


def test_the_second_of_two_clicks_in_one_place_is_told_and_the_third_is_a_first_one(window: Host) -> None:
    window.run(patient, 600.0)
    window.press(*window.point(100, 90), "click", "--repeat", "3", "1")
    window.press(*window.point(130, 90), "click", "1", *window.point(132, 90), "click", "1", "key", "F12")
    until(lambda: "f12" in names(window))
    window.run(patient, 0.4)
    clicks = [event for event in window.run(take_events) if isinstance(event, Click)]
    assert clicks == [Click(100, 90), Click(100, 90, 2), Click(100, 90), Click(130, 90), Click(132, 90, 2)]


def test_a_drag_tells_the_whole_way_and_is_no_click(window: Host) -> None:
    window.press(
        *window.point(100, 90),
        "mousedown",
        "1",
        *window.point(130, 95),
        *window.point(160, 80),
        "mouseup",
        "1",
        "key",
        "F12",
    )
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


def test_the_screens_rate_is_known_or_taken_to_be_60_and_asked_for_again_elsewhere(window: Host) -> None:
    told = window.run(told_hz)
    assert window.run(look, "refresh_hz") == (told or 60.0) > 0.0
    assert window.run(moved_hz) == 50.0


def test_the_pointer_moves_in_pixels_from_the_top_left(window: Host) -> None:
    window.press(*window.point(200, 50), *window.point(7, 11))
    until(lambda: Move(7, 11) in window.run(take_events), "the pointer")
    assert window.run(look, "cursor_px") == (7, 11)


def test_a_resize_is_told_once_it_is_there(window: Host) -> None:
    window.resize(500, 300)
    until(lambda: Resize(500, 300) in window.run(take_events), "the new size")
    assert window.run(look, "size_px") == (500, 300)
    window.resize(*SIZE)


def test_another_scale_of_letters_is_told_as_a_new_size(window: Host) -> None:
    window.run(scaled)
    assert Resize(*SIZE) in window.run(take_events)


def scaled(guest: Guest) -> None:
    """Do as glfw does when the window comes to another monitor."""
    guest.window._listener._on_scale(guest.window._handle, 2.0, 2.0)
    guest.step()


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
        done = ran(sys.executable, "-W", "error", "-c", code, env=os.environ | {"DISPLAY": display})
    assert done.returncode == 0, done.stderr


# A window manager that puts every new window on another workspace: it takes the wish to be shown, and shows nothing.
MANAGER = """if True:
    import ctypes, time
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XDefaultRootWindow.restype = ctypes.c_void_p, ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    x11.XSelectInput(display, ctypes.c_ulong(x11.XDefaultRootWindow(display)), ctypes.c_long(1 << 20))
    x11.XSync(display, 0)
    print("ready", flush=True)
    time.sleep(1000.0)"""


@pytest.mark.parametrize("fullscreen", [False, True])
def test_a_window_that_is_not_seen_yet_keeps_nobody_waiting(fullscreen: bool) -> None:
    code = f"""if True:
        import glfw
        from weightscape.window.window import Window
        window = Window("elsewhere", (640, 400), fullscreen={fullscreen})
        for _ in range(3):
            window.poll(0.01)
            window.swap()
        assert not glfw.get_window_attrib(window._handle, glfw.VISIBLE)
        window.close()"""
    with opened_display() as display:
        environment = os.environ | {"DISPLAY": display}
        manager = started(sys.executable, "-c", MANAGER, env=environment, stdout=subprocess.PIPE)
        try:
            assert manager.stdout
            assert manager.stdout.readline() == "ready\n"
            done = ran(sys.executable, "-W", "error", "-c", code, env=environment)
        finally:
            manager.kill()
            manager.communicate()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.every
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
    window.run(wait_for_a_wake)


def put_in_clipboard(guest: Guest, text: str) -> None:
    guest.window.clipboard = text


def keep_open(guest: Guest) -> None:
    import glfw

    glfw.set_window_should_close(guest.window._handle, False)


def wait_for_a_wake(guest: Guest) -> None:
    called = threading.Event()

    def call() -> None:
        called.set()
        guest.window.wake()

    threading.Timer(0.05, call).start()
    while not called.is_set():  # something else may end a wait as well
        guest.window.poll(None)


def told_hz(guest: Guest) -> float:
    return refresh_hz(guest.window._handle)


def moved_hz(guest: Guest) -> float:
    """Move the window to where the screen has 50 Hz; tell what it then knows."""
    import glfw

    x, y = glfw.get_window_pos(guest.window._handle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("weightscape.window.window.refresh_hz", lambda _: 50.0)
        for shift in (1, 0):
            before = guest.window.moves
            glfw.set_window_pos(guest.window._handle, x + shift, y)
            until(lambda before=before: [guest.window.poll(0.01)] and guest.window.moves > before, "another place")
            known = guest.window.refresh_hz
    guest.window._refresh_hz = 0.0
    return known
