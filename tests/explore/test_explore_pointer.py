"""What a hand does from press to release is one step back, and Esc goes one step at a time."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from display import held, press, until
from patience import PATIENCE_S
from program import Program, running

from weightscape.explore.keep.history import GESTURE_S
from weightscape.network.view import View, pan
from weightscape.scene.command import BY_KEY, apply
from weightscape.scene.scene import Scene

SIZE = (480, 320)
START = Scene(layers=4, width=8)
OPTIONS = ("--size", "480x320", "--layers", "4", "--width", "8")
# Longer than what joins the wheel's steps, and than a keyboard waits before it repeats.
PAUSE = str(1.3 * GESTURE_S)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("hand"), *OPTIONS) as program:
        yield program


@pytest.fixture
def at_start(program: Program) -> Program:
    while program.scene() != START:
        program.asked_after("backspace")
    return program


def hold(program: Program, key: str, scenes: int) -> None:
    """Hold a key down until it has asked for so many scenes."""
    before = len(program.said("ask"))
    with held(program.display, key):
        until(lambda: len(program.said("ask")) >= before + scenes, f"{scenes} scenes of {key}")
    press(program.display, "sleep", "0.2")


def test_a_held_key_is_one_step_its_first_press_included(at_start: Program) -> None:
    hold(at_start, "Up", 5)
    assert at_start.asked_after("backspace") == START


def test_two_presses_are_two_steps(at_start: Program) -> None:
    once = at_start.asked_after("up")
    at_start.asked_after("up")
    assert at_start.asked_after("backspace") == once
    assert at_start.asked_after("backspace") == START


def test_every_seed_of_a_held_key_is_a_step(at_start: Program) -> None:
    before = len(at_start.said("ask"))
    hold(at_start, "r", 5)
    seeds = [entry["scene"] for entry in at_start.said("ask")[before:]]
    for expected in reversed(seeds[:-1]):
        assert at_start.asked_after("backspace").to_text() == expected
    assert at_start.asked_after("backspace") == START


def test_a_drag_with_a_rest_in_it_is_one_step_and_the_next_drag_another(at_start: Program) -> None:
    views = [START.view, pan(START.view, SIZE, 40.0, 0.0), pan(START.view, SIZE, 80.0, 0.0)]
    for view in views[1:]:
        press(
            at_start.display,
            "mousemove",
            "--window",
            at_start.window,
            "200",
            "150",
            "mousedown",
            "1",
            "mousemove_relative",
            "20",
            "0",
            "sleep",
            PAUSE,
            "mousemove_relative",
            "20",
            "0",
            "mouseup",
            "1",
        )
        until(lambda view=view: is_near(at_start.scene().view, view), "the drag")  # type: ignore[misc]
    assert is_near(at_start.asked_after("backspace").view, views[1])
    assert at_start.asked_after("backspace") == START


def is_near(view: View, other: View) -> bool:
    return all(abs(a - b) < Decimal("1e-9") for a, b in zip(view.center, other.center, strict=True))


def test_a_slider_is_one_step_from_press_to_release(at_start: Program) -> None:
    at_start.key("tab")
    at_start.settled()
    press(at_start.display, "mousemove", "--window", at_start.window, "350", "142", "mousedown", "1")
    until(lambda: at_start.scene() != START, "the slider of the layers")
    for _ in range(3):
        before = at_start.scene()
        press(at_start.display, "mousemove_relative", "12", "0", "sleep", PAUSE)
        until(lambda before=before: at_start.scene() != before, "the slider")  # type: ignore[misc]
    press(at_start.display, "mouseup", "1")
    press(at_start.display, "mousemove", "--window", at_start.window, "20", "20")
    assert at_start.asked_after("backspace") == START
    at_start.key("tab")


def test_escape_leaves_one_thing_a_press_and_each_can_be_undone(at_start: Program) -> None:
    lens = at_start.asked_after("u")
    split = at_start.asked_after("b")
    asked = len(at_start.said("ask"))
    for key in ("tab", "h", "escape", "f2", "escape", "escape"):  # help, then strip, then panel
        at_start.key(key)
    assert at_start.asked_after("escape") == lens
    assert len(at_start.said("ask")) == asked + 1
    assert at_start.asked_after("escape") == replace(lens, lens="outputs")
    at_start.said_after("escape", "Esc again, or Ctrl+Q, quits")
    assert at_start.asked_after("backspace") == lens
    assert at_start.asked_after("backspace") == split


def test_k_without_a_lens_cuts_the_network_in_the_middle(at_start: Program) -> None:
    assert at_start.asked_after("k") == apply(BY_KEY["e"], START, 0)


def test_a_lens_without_layers_names_the_keys_of_those_that_have_some(at_start: Program) -> None:
    at_start.asked_after("p")
    assert "Shift+E rgb" in at_start.said_after("k", "these have: ")


@pytest.mark.parametrize("key", ["?", "h"])
def test_help_opens_by_its_sign_too(at_start: Program, key: str) -> None:
    at_start.settled()
    bare = at_start.pixels()[20:250].copy()
    at_start.key(key)
    until(lambda: (bare != at_start.pixels()[20:250]).mean() > 0.1, "the help")
    at_start.key("escape")
    until(lambda: (bare != at_start.pixels()[20:250]).mean() < 0.01, "the picture")


def test_ctrl_q_quits_at_once(program: Program) -> None:
    program.key("ctrl+q")
    assert program.process.wait(timeout=PATIENCE_S) == 0
