"""The autopilot as a person has it: Shift+Z sets out, any key stops, V films; one step of the history, kept as ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from display import press, until
from program import Program, running

from weightscape.scene.scene import Scene, from_text

START = Scene(layers=8, width=12)
OPTIONS = ("--size", "320x240", "--layers", "8", "--width", "12")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("pilot"), *OPTIONS) as program:
        yield program


def seen(program: Program) -> list[Scene]:
    return [from_text(entry["scene"]) for entry in program.said("fly")]


def is_on(program: Program) -> bool:
    said = program.said("flight")
    return bool(said) and said[-1]["is_on"]


def set_out(program: Program) -> None:
    before = len(program.said("fly"))
    program.said_after("shift+z", "autopilot: any key stops")
    until(lambda: len(program.said("fly")) > before + 5, "a flight")


def test_it_flies(program):
    set_out(program)
    until(lambda: seen(program)[-1].radius < 1.5, "zoom")
    import time
    time.sleep(8)
    s = seen(program)
    print(len(s), s[-1].radius, program.said("notice")[-3:], program.said("fault"))
    from PIL import Image
    Image.fromarray(program.pixels()).save("/tmp/pilotwork/win.png")
    program.asked_after("backspace")
    assert program.scene() == START
