"""Where parts of the window meet: the panel's keys and the album, the tour and time that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from display import until
from program import Program, running

from weightscape.explore.keep.session import session
from weightscape.explore.keep.store import NAME
from weightscape.scene.scene import Scene
from weightscape.scene.tour import stations

START = Scene(layers=3, width=4)
OPTIONS = ("--size", "640x400", "--layers", "3", "--width", "4")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path, *OPTIONS) as program:
        program.settled()
        yield program


def test_f6_leads_from_the_album_into_the_panel(program: Program) -> None:
    program.key("f4")
    program.said_after("f12", "no such key")  # a function key is not typed into the album
    program.key("f6")
    program.said_after("f12", "no such key")  # nor into the panel
    program.key("down")
    assert program.asked_after("right") == Scene(layers=4, width=4)
    program.key("escape")  # gives the keys back
    program.key("escape")  # closes the panel
    assert program.asked_after("r").seed != START.seed


def test_the_tour_that_lets_time_run_is_one_step(tmp_path: Path) -> None:
    with running(tmp_path, "--inputs", "x,y,cos_t", *OPTIONS) as program:
        program.key("space")
        program.said_after("f12", "no such key")
        still = program.scene()
        program.key("shift+f2")
        program.told(f"station 1 of {len(stations())}")
        program.key("backspace")
        until(lambda: program.scene() == still, "the scene before the tour")
        path = program.folder / "state" / NAME
        until(lambda: path.exists() and kept(path) == (still.inputs, True), "time that stands still again")


def kept(path: Path) -> tuple[tuple[str, ...], bool]:
    """Read of the current step, as it is on the disk, the inputs and whether time stands still."""
    found = session(path.read_text())[0]
    step = found.steps[found.place]
    return step.scene.inputs, step.is_paused
