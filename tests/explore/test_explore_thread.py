"""The window's own thread makes no network and evaluates nothing, and nothing keeps it from closing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from display import press, until
from program import Program, running

# Notes in which thread networks are made and fields computed.
BEFORE = """
import threading
from weightscape.picture import network_memory
from weightscape.engine.processor.numpy_engine import NumpyEngine

def noted(function):
    def call(*arguments, **named):
        with open({file!r}, "a") as file:
            file.write(threading.current_thread().name + "\\n")
        return function(*arguments, **named)
    return call

network_memory.draw = noted(network_memory.draw)
network_memory.read = noted(network_memory.read)
NumpyEngine.field = noted(NumpyEngine.field)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("thread")
    options = ("--size", "480x320", "--layers", "4", "--width", "8")
    with running(folder, *options, before=BEFORE.format(file=str(folder / "threads"))) as program:
        yield program


def threads(program: Program) -> set[str]:
    return set((program.folder / "threads").read_text().split())


def test_no_key_and_no_click_makes_a_network_in_the_windows_thread(program: Program) -> None:
    for key in ("r", "u", "delete", "k", ";", "b", "t", "z", "b", "9", "p", "shift+u", "delete", "1", "tab", "m"):
        before = len(program.said("ask"))
        program.key(key)
        if key != "tab":
            until(lambda before=before: len(program.said("ask")) > before, f"a scene after {key}")  # type: ignore[misc]
    press(program.display, "mousemove", "--window", program.window, "60", "60", "click", "1")
    until(lambda: program.scene().lens == "unit", "the unit that was clicked")
    program.asked_after("w")
    change_a_weight(program)
    program.settled()
    assert {"painter", "errand"} <= threads(program)
    assert "MainThread" not in threads(program)
    assert program.said("fault") == []


def change_a_weight(program: Program) -> None:
    """Turn the wheel over the matrices, wherever one is."""
    for y in range(60, 300, 30):
        for x in range(60, 440, 60):
            where = ("mousemove", "--window", program.window, str(x), str(y))
            press(program.display, *where, "keydown", "alt", "click", "4", "keyup", "alt")
            if program.scene().edits:
                break
    until(lambda: program.scene().edits, "a changed weight")


def test_while_a_picture_is_saved_leaving_is_asked_twice_and_then_soon(tmp_path: Path) -> None:
    with running(tmp_path, "--size", "480x320", "--layers", "256", "--width", "512") as program:
        program.key("s")
        program.told("saving the picture")
        program.said_after("ctrl+q", "still saving a picture: once more quits without it")
        assert program.process.poll() is None
        assert program.left_by("ctrl+q") == 0
        assert (tmp_path / "stderr").read_text() == ""
        assert list((tmp_path / "captures").glob("*")) == []
