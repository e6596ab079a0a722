"""The panel in the program: what the hand does on a slider is one step, and digits typed there are no gallery."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from display import press, spelled, until
from program import Program, running

from weightscape.scene.scene import Scene, from_text

START = Scene(layers=5, width=8)
SCALE = 440, 297  # a place on the scale's slider


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path, "--size", "640x400", "--layers", "5", "--width", "8") as program:
        program.settled()
        bare = program.pixels().copy()
        program.key("tab")
        until(lambda: (bare != program.pixels()).mean() > 0.1, "the panel")
        yield program


def at(program: Program, *command: str) -> None:
    x, y = program.place()
    press(program.display, "mousemove", str(x + SCALE[0]), str(y + SCALE[1]), *command)


def test_a_number_typed_after_a_double_click_is_one_step(program: Program) -> None:
    at(program, "click", "--repeat", "2", "--delay", "80", "1", *spelled("0.999"), "key", "Return")
    until(lambda: program.scene().scale == 0.999, "the typed scale")
    assert {from_text(entry["scene"]).seed for entry in program.said("ask")} == {START.seed}  # no gallery
    assert program.asked_after("backspace") == START


def test_the_wheel_with_ctrl_over_a_slider_is_fine_and_zooms_nothing(program: Program) -> None:
    at(program, "keydown", "ctrl", "click", "4", "keyup", "ctrl")
    until(lambda: program.scene() != START, "a change")
    assert program.scene().scale == pytest.approx(0.7021)
    assert program.scene().view == START.view
