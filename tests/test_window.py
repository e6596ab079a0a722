"""The window and its panel, with a real X server, real keys and a real mouse.

The window lives in a process of its own, because a window's GL context would push aside the one that other
tests use. The tests send it functions to run, which get a Guest.
"""

import contextlib
import dataclasses
import importlib.resources
import multiprocessing
import os
import subprocess
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from display import opened_display, press, spelled, until

from weightscape.window.event import (
    Click,
    Drag,
    Event,
    Key,
    Move,
    Refresh,
    Resize,
    Scroll,
    merged,
    pressed,
    printed,
)
from weightscape.window.panel import Answer, Control, Hud, Panel
from weightscape.window.window import Window

SIZE = (640, 400)
HUD = Hud(status=("σ 0.7 ± 0.01", "27 × 30 — tanh"))
SLIDER = Control("scale", "Scale", "float", 0.5, 0.0, 4.0)


class Guest:
    """In the process with the window: what the tests may look at and change."""

    def __init__(self) -> None:
        import moderngl

        from weightscape.gpu.overlay import Overlay

        font = importlib.resources.files("weightscape.assets.font") / "Roboto-Regular.ttf"
        self.window = Window("guest", SIZE)
        self.ctx = moderngl.create_context(require=330)
        self.panel = Panel(self.window, font.read_bytes())
        self.overlay = Overlay(self.ctx)
        self.hud = HUD
        self.events: list[Event] = []
        self.answers: list[Answer] = []

    def step(self) -> None:
        self.events += self.window.poll(0.005)
        answer = self.panel.frame(self.hud)
        self.ctx.screen.use()
        self.ctx.viewport = (0, 0, *self.window.size_px)
        self.ctx.clear(0.25, 0.5, 0.75)
        self.overlay.draw(answer.draw_data, self.window.size_px)
        if answer.changes or answer.submitted is not None or answer.cancelled:
            self.answers.append(dataclasses.replace(answer, draw_data=None))
        values = {c.name: answer.changes.get(c.name, c.value) for c in self.hud.controls or ()}
        controls = self.hud.controls and tuple(
            dataclasses.replace(c, value=values[c.name]) for c in self.hud.controls)
        done = answer.submitted is not None or answer.cancelled
        self.hud = dataclasses.replace(self.hud, controls=controls, prompt=None if done else self.hud.prompt)
        self.window.swap()

    def picture(self) -> bytes:
        return bytes(self.ctx.screen.read(viewport=(0, 0, *self.window.size_px), components=3, alignment=1))


def live(pipe: Connection, display: str) -> None:
    """Run the window until the pipe closes, and every function that comes through it."""
    warnings.simplefilter("error")
    os.environ["DISPLAY"] = display
    guest = Guest()
    with contextlib.suppress(EOFError):
        while True:
            try:
                guest.step()
                answers = [(True, function(guest, *arguments)) for function, arguments in received(pipe)]
            except EOFError:
                raise
            except Exception:
                answers = [(False, traceback.format_exc())]
            for answer in answers:
                pipe.send(answer)
    for closed in (guest.overlay.release, guest.panel.close, guest.window.close, guest.window.close):
        closed()


def received(pipe: Connection) -> Iterator[Any]:
    while pipe.poll():
        yield pipe.recv()


class Host:
    """In the process with the tests: sends functions to the guest, keys and clicks to its window."""

    def __init__(self, display: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.display = display
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=live, args=(end, display), daemon=True)
        self.process.start()
        end.close()
        self.corner = self.run(place)

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        self.pipe.send((function, arguments))
        done, result = self.pipe.recv()
        assert done, result
        return result

    def press(self, *command: str) -> str:
        return press(self.display, *command)

    def point(self, x: int, y: int) -> tuple[str, str, str]:
        return "mousemove", str(self.corner[0] + x), str(self.corner[1] + y)

    def close(self) -> None:
        self.pipe.close()
        self.process.join()
        assert self.process.exitcode == 0


def place(guest: Guest) -> tuple[int, int]:
    import glfw

    return glfw.get_window_pos(guest.window._handle)


def show(guest: Guest, hud: Hud) -> None:
    guest.hud, guest.events, guest.answers = hud, [], []
    guest.step()
    guest.step()


def take_events(guest: Guest) -> list[Event]:
    return [event for event in merged(guest.events) if not isinstance(event, Refresh)]


def take_answers(guest: Guest) -> list[Answer]:
    return guest.answers


def take_prompt(guest: Guest) -> str | None:
    return guest.hud.prompt


def look(guest: Guest, name: str) -> Any:
    return getattr(guest.window, name)


def call(guest: Guest, name: str) -> None:
    getattr(guest.window, name)()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with opened_display() as display:
        host = Host(display)
        yield host
        host.close()


@pytest.fixture
def window(host: Host) -> Host:
    """The window with nothing but a status line, focused, no key held, the mouse in the picture."""
    host.press(*host.point(300, 200))
    until(lambda: host.run(look, "focused"), "the focus")
    host.run(show, HUD)
    return host


def names(host: Host) -> list[str]:
    return [event.name for event in host.run(take_events) if isinstance(event, Key)]


@pytest.mark.parametrize(("keys", "expected"), [
    ("r", "r"), ("shift+r", "shift+r"), ("ctrl+c", "ctrl+c"), ("ctrl+shift+z", "ctrl+shift+z"),
    ("alt+r", "alt+r"), ("bracketleft", "["), ("bracketright", "]"), ("braceleft", "{"), ("braceright", "}"),
    ("0", "0"), ("plus", "+"), ("minus", "-"), ("comma", ","), ("period", "."), ("KP_Add", "+"),
    ("KP_5", "5"), ("space", "space"), ("Tab", "tab"), ("shift+Tab", "shift+tab"), ("Escape", "escape"),
    ("Return", "enter"),
    ("KP_Enter", "enter"), ("BackSpace", "backspace"), ("Delete", "delete"), ("Home", "home"), ("End", "end"),
    ("Prior", "page_up"), ("Next", "page_down"), ("Left", "left"), ("Right", "right"), ("Up", "up"),
    ("shift+Down", "shift+down"), ("F1", "f1"), ("F11", "f11"), ("ctrl+0", "ctrl+0"),
])
def test_a_key_is_named_once_by_what_is_printed_on_it(window: Host, keys: str, expected: str) -> None:
    window.press("key", keys, "key", "F12")
    until(lambda: "f12" in names(window), "the key")
    assert names(window) == [expected, "f12"]


def test_caps_lock_does_not_matter(window: Host) -> None:
    window.press("key", "Caps_Lock", "key", "r", "key", "shift+r", "key", "Caps_Lock", "key", "F12")
    until(lambda: "f12" in names(window))
    assert names(window) == ["r", "shift+r", "f12"]


def test_a_held_key_repeats_and_says_so(window: Host) -> None:
    window.press("keydown", "Left", "keydown", "bracketleft")
    until(lambda: len(window.run(take_events)) > 4, "repeated keys")
    window.press("keyup", "Left", "keyup", "bracketleft")
    events = window.run(take_events)
    assert events[:2] == [Key("left"), Key("[")]
    assert set(events[2:]) <= {Key("left", True), Key("[", True)}


def test_letters_follow_the_layout(window: Host) -> None:
    environment = os.environ | {"DISPLAY": window.display}
    keycode = {"q": "24", "r": "27"}
    try:
        for layout, expected in (("fr", ["a", "r"]), ("ru", ["q", "r"]), ("us", ["q", "r"])):
            subprocess.run(["setxkbmap", layout], env=environment, check=True)
            window.run(show, HUD)
            window.press("key", keycode["q"], "key", keycode["r"], "key", "F12")
            until(lambda: "f12" in names(window))
            assert names(window) == [*expected, "f12"]
    finally:
        subprocess.run(["setxkbmap", "us"], env=environment, check=True)


@pytest.mark.parametrize(("code", "label", "prefix", "expected"), [
    ("R", "r", "", "r"), ("R", "к", "shift+", "shift+r"), ("R", "", "ctrl+", "ctrl+r"), ("Q", "a", "", "a"),
    ("[", "[", "", ""), ("[", "х", "", "["), ("[", "х", "shift+", "{"), ("[", "ü", "", "ü"),
    ("[", "[", "ctrl+", "ctrl+["), ("A", "ı", "", "a"), ("9", "ç", "shift+", "shift+ç"), ("A", "&", "", ""),
])
def test_other_layouts_name_their_keys(code: str, label: str, prefix: str, expected: str) -> None:
    assert pressed(ord(code), label, prefix) == expected
    assert printed(ord(code), label) == printed(ord(code), label).lower()


def test_a_press_that_does_not_move_is_a_click(window: Host) -> None:
    window.press(*window.point(100, 90), "click", "1")
    until(lambda: any(isinstance(event, Click) for event in window.run(take_events)), "the click")
    assert [event for event in window.run(take_events) if not isinstance(event, Move)] == [Click(100, 90)]


def test_a_drag_tells_the_whole_way_and_is_no_click(window: Host) -> None:
    window.press(*window.point(100, 90), "mousedown", "1", *window.point(130, 95), *window.point(160, 80),
                 "mouseup", "1", "key", "F12")
    until(lambda: "f12" in names(window))
    events = window.run(take_events)
    drags = [event for event in events if isinstance(event, Drag)]
    assert (sum(drag.dx for drag in drags), sum(drag.dy for drag in drags)) == (60, -10)
    assert not [event for event in events if isinstance(event, Click)]


def test_the_wheel_tells_where_and_how_far(window: Host) -> None:
    window.press(*window.point(200, 50), "click", "4", "click", "4", "click", "5", "click", "4", "key", "F12")
    until(lambda: "f12" in names(window))
    assert [event for event in window.run(take_events) if isinstance(event, Scroll)] == [Scroll(200, 50, 2)]


def test_the_pointer_moves_in_pixels_from_the_top_left(window: Host) -> None:
    window.press(*window.point(200, 50), *window.point(7, 11))
    until(lambda: Move(7, 11) in window.run(take_events), "the pointer")
    assert window.run(look, "cursor_px") == (7, 11)


def test_a_resize_is_told_once_it_is_there(window: Host) -> None:
    number = window.press("search", "--name", "guest").split()[0]
    window.press("windowsize", number, "500", "300")
    until(lambda: Resize(500, 300) in window.run(take_events), "the new size")
    assert window.run(look, "size_px") == (500, 300)
    window.press("windowsize", number, *map(str, SIZE))
    until(lambda: window.run(look, "size_px") == SIZE, "the old size")


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


def type_into_prompt(host: Host, *command: str) -> None:
    host.run(show, dataclasses.replace(HUD, prompt="Go to seed"))
    host.press(*command)


@pytest.mark.parametrize(("typed", "expected"), [
    (spelled("43 aR{[(~"), "43 aR{[(~"),
    ([*spelled("12"), "key", "BackSpace", "key", "Left", "key", "0"], "01"),
    ([*spelled("old"), "key", "ctrl+a", *spelled("new")], "new"),
    ([*spelled("ab"), "key", "ctrl+a", "key", "ctrl+x", "key", "ctrl+v", "key", "ctrl+v"], "abab"),
    ([], ""),
])
def test_enter_submits_what_was_typed_and_no_command_sees_it(
    window: Host, typed: list[str], expected: str
) -> None:
    type_into_prompt(window, *typed, "key", "Return")
    until(lambda: window.run(take_answers), "the answer")
    assert [answer.submitted for answer in window.run(take_answers)] == [expected]
    window.press("key", "F12")
    until(lambda: "f12" in names(window))
    assert names(window) == ["f12"]


def test_escape_cancels_the_prompt_and_only_that(window: Host) -> None:
    type_into_prompt(window, *spelled("12r"), "key", "Escape", "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(take_answers) == [Answer(cancelled=True)]
    assert names(window) == ["f12"]
    assert window.run(take_prompt) is None


def test_a_second_prompt_starts_empty(window: Host) -> None:
    type_into_prompt(window, *spelled("12"), "key", "Escape")
    until(lambda: window.run(take_answers))
    type_into_prompt(window, *spelled("7"), "key", "Return")
    until(lambda: window.run(take_answers))
    assert [answer.submitted for answer in window.run(take_answers)] == ["7"]


def test_keys_between_the_command_and_its_prompt_are_typed(window: Host) -> None:
    assert window.run(feed_early, ["4", "shift+r", "space", "x", "backspace", "3", "enter"]) == "4R 3"


def test_a_dragged_slider_changes_its_control_and_moves_no_picture(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(*window.point(480, 36), "mousedown", "1", *window.point(560, 36), *window.point(600, 36),
                 "mouseup", "1", *window.point(100, 100), "key", "F12")
    until(lambda: "f12" in names(window))
    values = [answer.changes["scale"] for answer in window.run(take_answers)]
    assert values == sorted(values)
    assert 3.0 < values[-1] <= 4.0
    assert values[-1] == round(values[-1], 3)
    assert not [event for event in window.run(take_events) if isinstance(event, Click | Drag)]


def test_a_typed_number_counts_on_enter_and_nonsense_does_not(window: Host) -> None:
    seed = Control("seed", "Seed", "int", 43, low=0)
    for text, expected in (("18446744073709551615", [2**64 - 1]), ("-1", []), ("soup", [])):
        window.run(show, dataclasses.replace(HUD, controls=(seed,)))
        window.press(*window.point(560, 36), "click", "1", *spelled(text), "key", "Return", "key", "F12")
        until(lambda: "f12" in names(window))
        assert [answer.changes["seed"] for answer in window.run(take_answers)] == expected
        assert names(window) == ["f12"]


def test_a_choice_and_a_tick_answer_with_their_new_value(window: Host) -> None:
    controls = (Control("shape", "Shape", "choice", "uniform", choices=("uniform", "normal")),
                Control("tied", "Tied", "bool", True))
    window.run(show, dataclasses.replace(HUD, controls=controls))
    window.press(*window.point(560, 36), "click", "1")
    until(lambda: window.run(popup_is_open), "the list")
    window.press(*window.point(500, 92), "click", "1")
    until(lambda: len(window.run(take_answers)) == 1, "the choice")
    window.press(*window.point(432, 67), "click", "1")
    until(lambda: len(window.run(take_answers)) == 2, "the tick")
    assert [answer.changes for answer in window.run(take_answers)] == [{"shape": "normal"}, {"tied": False}]


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
    number = window.press("search", "--name", "guest").split()[0]
    rows = (("", "Heading"), *((f"ctrl+shift+f{n}", "a long row of help that has to be wrapped") for n in range(9)))
    window.press("windowsize", number, "260", "200")
    until(lambda: window.run(look, "size_px") == (260, 200), "the new size")
    window.run(show, Hud(status=("a status line that is too long here", "more"), help=rows, notice="saved " * 20))
    left, top, right, bottom = window.run(boxes)[0]
    assert 0 <= left < right <= 260
    assert 0 <= top < bottom <= 200
    window.press("windowsize", number, *map(str, SIZE))
    until(lambda: window.run(look, "size_px") == SIZE, "the old size")


def test_the_overlay_draws_light_letters_on_a_dark_strip(window: Host) -> None:
    brightness = window.run(luminances)
    strip, picture = brightness[-24:], brightness[:-40]
    assert all(abs(value - 0.465) < 0.01 for row in picture for value in row)
    dark, light = min(min(row) for row in strip), max(max(row) for row in strip)
    linear = [((value + 0.055) / 1.055) ** 2.4 for value in (dark, light)]
    assert (linear[1] + 0.05) / (linear[0] + 0.05) > 4.5
    assert any(value > 0.8 for row in strip for value in row[:100])


def test_every_sign_of_the_status_line_is_in_the_font(window: Host) -> None:
    window.run(show, Hud(status=("\ufffd",)))
    missing = window.run(Guest.picture)
    for sign in "σ×±—√∞²…":
        window.run(show, Hud(status=(sign,)))
        assert window.run(Guest.picture) != missing, sign


def test_the_overlay_leaves_the_state_of_gl_as_it_was(window: Host) -> None:
    before, after = window.run(state_around_draw)
    assert before == after


def test_a_new_overlay_draws_the_same_picture(window: Host) -> None:
    before = window.run(Guest.picture)
    window.run(replace_overlay)
    assert window.run(Guest.picture) == before


def test_nothing_grows_over_three_hundred_frames(window: Host) -> None:
    textures, buffers, kilobytes = window.run(run_frames, 300)
    assert max(textures, buffers) <= 1  # the name that asking takes
    assert kilobytes < 2048


def test_without_a_display_the_error_names_the_cure_in_one_line() -> None:
    code = "from weightscape.window.window import Window; Window('x')"
    environment = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    for display in ({}, {"DISPLAY": ":9999"}):
        done = subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment | display,
                              capture_output=True, text=True)
        assert done.returncode == 1
        assert "WindowError: cannot open a window: there is no display" in done.stderr.splitlines()[-1]
        assert "b'" not in done.stderr.splitlines()[-1]


def test_merging_keeps_what_happened_in_order() -> None:
    events = [Move(1, 1), Move(2, 2), Drag(1, 0), Drag(2, 3), Key("r"), Drag(1, 1), Scroll(5, 5, 1),
              Scroll(5, 5, 2), Scroll(6, 5, 1), Resize(3, 3), Resize(4, 4), Refresh(), Refresh()]
    assert merged(events) == [Move(2, 2), Drag(3, 3), Key("r"), Drag(1, 1), Scroll(5, 5, 3), Scroll(6, 5, 1),
                              Resize(4, 4), Refresh()]


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


def boxes(guest: Guest) -> list[tuple[float, float, float, float]]:
    return guest.panel._boxes


def popup_is_open(guest: Guest) -> bool:
    return guest.panel.wants_mouse and guest.panel._popup


def feed_early(guest: Guest, keys: list[str]) -> str | None:
    for name in keys:
        guest.panel.feed(Key(name))
    return guest.panel.frame(dataclasses.replace(HUD, prompt="Go to seed")).submitted


def luminances(guest: Guest) -> list[list[float]]:
    import numpy as np

    width, height = guest.window.size_px
    pixels = np.frombuffer(guest.picture(), "u1").reshape(height, width, 3)[::-1]
    return (pixels @ (0.2126, 0.7152, 0.0722) / 255).tolist()


def state_around_draw(guest: Guest) -> list[Any]:
    """The boxes, and what a half transparent triangle leaves with the depth test on and blending off."""
    import moderngl

    data, ctx = guest.panel.frame(HUD).draw_data, guest.ctx
    target = ctx.simple_framebuffer((64, 48))
    place = "vec4(gl_VertexID / 2 * 4 - 1, gl_VertexID % 2 * 4 - 1, 0, 1)"
    white = ctx.program(vertex_shader=f"#version 330\nvoid main() {{ gl_Position = {place}; }}",
                        fragment_shader="#version 330\nout vec4 c; void main() { c = vec4(0.5); }")
    triangle = ctx.vertex_array(white, [])
    states = []
    for overlaid in (False, True):
        target.use()
        target.viewport, target.scissor = (3, 4, 20, 10), (5, 6, 7, 8)
        ctx.enable_only(moderngl.DEPTH_TEST)
        if overlaid:
            guest.overlay.draw(data, (64, 48))
        state: list[Any] = [ctx.fbo is target, target.viewport, target.scissor, ctx.wireframe]
        target.scissor = None
        for depth in (0.0, 1.0):
            target.clear(depth=depth)
            triangle.render(vertices=3)
            state.append(target.read(components=4))
        states.append(state)
    ctx.enable_only(moderngl.NOTHING)
    for thing in (triangle, white, target):
        thing.release()
    return states


def replace_overlay(guest: Guest) -> None:
    from weightscape.gpu.overlay import Overlay

    guest.overlay.release()
    guest.overlay = Overlay(guest.ctx)
    guest.step()


def run_frames(guest: Guest, count: int) -> tuple[int, int, float]:
    """Draw so many frames; how much the next free GL names and the memory (in kB) have grown."""
    rows = tuple((f"f{number}", "help") for number in range(40))
    variants: list[dict[str, Any]] = [
        {"controls": (SLIDER,)}, {"help": rows, "notice": "saved"}, {"prompt": "Seed"}, {"progress": 0.5}]
    huds = [dataclasses.replace(HUD, **variant) for variant in variants]

    def frames(count: int) -> None:
        for number in range(count):
            guest.hud = huds[number % len(huds)]
            guest.step()

    def next_names() -> tuple[int, int]:
        texture, buffer = guest.ctx.texture((1, 1), 4), guest.ctx.buffer(reserve=4)
        texture.release()
        buffer.release()
        return texture.glo, buffer.glo

    frames(60)
    before, start = next_names(), resident_kb()
    frames(count)
    after = next_names()
    return after[0] - before[0], after[1] - before[1], resident_kb() - start


def resident_kb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024
