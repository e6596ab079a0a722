"""A window comes back as it was left: after a quit, a polite kill and a rude one; and only where it should."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from display import press, until
from patience import PATIENCE_S
from program import Program, running

from weightscape.explore.keep.history import Step
from weightscape.explore.keep.keeper import TAKEN
from weightscape.explore.keep.session import Lines, Session, session
from weightscape.explore.keep.store import BROKEN, EARLIER, NAME
from weightscape.network.limit import MAX_LAYERS
from weightscape.scene.scene import Scene

WELCOME, SCREEN = "as you left it", "500x350x24"


@contextlib.contextmanager
def window(place: Path, *options: str, is_bare: bool = True, **environment: str) -> Iterator[Program]:
    """Open a window that keeps its session beside all others of this place."""
    folder = place / f"window{len([*place.glob('window*')])}"
    folder.mkdir()
    told = {"WEIGHTSCAPE_STATE_DIR": str(place / "state"), "WEIGHTSCAPE_SIZE": "240x160"} | environment
    with running(folder, *options, is_bare=is_bare, **told) as program:
        yield program


def kept(place: Path) -> Session:
    return session((place / "state" / NAME).read_text())[0]


def written(place: Path, scene: Scene) -> Session:
    """Wait until a scene is the current one of the session on the disk."""

    def found() -> Session | None:
        there = kept(place) if (place / "state" / NAME).exists() else None
        return there if there and there.steps[there.place].scene == scene else None

    there = until(found, "the session to be written")
    assert there
    return there


def welcomes(program: Program) -> list[str]:
    return [each["text"] for each in program.said("notice") if WELCOME in each["text"]]


def test_a_bare_start_goes_on_where_the_last_window_ended(tmp_path: Path) -> None:
    with window(tmp_path) as program:
        assert program.scene() == Scene()
        assert not welcomes(program)
        first = program.asked_after("r")
        second = program.asked_after("]")
        last = program.asked_after("e")
        assert program.asked_after("backspace") == second
        program.key("tab")
        press(program.display, "windowsize", program.window, "300", "220", "windowmove", program.window, "70", "30")
        until(lambda: program.size() == (300, 220) and program.place() == (70, 30), "the window's new place")
        assert program.left_by("escape") == 0
    left = kept(tmp_path)
    assert (left.frame, left.steps[left.place].is_paneled) == ((70, 30, 300, 220), False)  # Esc has closed it

    with window(tmp_path) as program:
        assert program.scene() == second
        program.told("as you left it: Shift+Home for the first picture, Backspace goes back")
        assert (program.size(), program.place()) == ((300, 220), (70, 30))
        assert [program.asked_after("backspace") for _ in range(4)] == [second, second, first, Scene()]
        assert program.asked_after("shift+backspace") == first
        assert program.asked_after("shift+home") == Scene()
        assert program.asked_after("backspace") == first
        assert program.left_by("ctrl+q") == 0
    assert last not in [step.scene for step in kept(tmp_path).steps]  # another way was taken


@pytest.mark.parametrize(
    ("options", "is_bare"), [(("--new",), True), (("--layers", "5"), True), ((), False), (("--scene", "{}"), False)]
)
def test_an_option_or_a_command_starts_anew_and_what_was_left_stays(
    options: tuple[str, ...], is_bare: bool, tmp_path: Path
) -> None:
    left = Session((Step(Scene()), Step(Scene(seed=7))), 1, (10, 10, 300, 200))
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / NAME).write_text(Lines().text(left))
    with window(tmp_path, *options, is_bare=is_bare) as program:
        assert program.scene() == Scene(layers=5 if "--layers" in options else 27)
        program.said_after("backspace", "this is the first picture")
        assert not welcomes(program)
        assert kept(tmp_path) == left
        written(tmp_path, program.asked_after("a"))
    assert session((tmp_path / "state" / EARLIER).read_text())[0] == left


def test_full_screen_panel_and_pause_come_back(tmp_path: Path) -> None:
    options = "--inputs", "x,y,cos_t", "--layers", "4", "--width", "8"
    with window(tmp_path, *options, screen=SCREEN) as program:
        program.key("space")
        program.key("tab")
        program.key("f11")
        until(lambda: program.size() == (500, 350), "full screen")
        until(lambda: (tmp_path / "state" / NAME).exists() and kept(tmp_path).is_fullscreen, "the session on the disk")
        assert program.left_by("ctrl+q") == 0
    with window(tmp_path, screen=SCREEN) as program:
        until(lambda: program.size() == (500, 350), "full screen")
        step = kept(tmp_path).steps[-1]
        assert (step.is_paused, step.is_paneled) == (True, True)
        program.settled()  # time stands still
        assert program.scene() == step.scene
        program.key("f11")
        until(lambda: program.size() == (240, 160), "the size from before")
        assert program.left_by("ctrl+q") == 0


def test_the_second_of_two_windows_writes_nothing_and_a_polite_kill_of_the_first_loses_nothing(tmp_path: Path) -> None:
    with window(tmp_path) as first:
        scene = first.asked_after("r")
        written(tmp_path, scene)
        with window(tmp_path) as second:
            second.told(TAKEN)
            assert second.scene() == Scene()
            second.asked_after("a")
            assert second.left_by("ctrl+q") == 0
        assert kept(tmp_path).steps[-1].scene == scene
        for _ in range(4):
            last = first.asked_after("r")
        first.process.send_signal(signal.SIGTERM)
        assert first.process.wait(timeout=PATIENCE_S) == 0
    assert kept(tmp_path).steps[-1].scene == last


@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.long)])
def test_a_rude_kill_in_the_middle_of_deeds_loses_only_the_last_of_them(times: int, tmp_path: Path) -> None:
    deeds = [Scene()]
    for n in range(times):
        with window(tmp_path) as program:
            left = program.scene()
            assert left in deeds  # one of those since the last that was known to be written
            assert bool(welcomes(program)) == (n > 0)
            sure = program.asked_after("r")
            written(tmp_path, sure)
            press(program.display, "key", "--repeat", str(20 + 7 * n), "--delay", "12", "bracketright")
            program.process.kill()
            program.process.wait()
        # How many of the keys it has taken nobody knows; each adds a layer, and is a step of its own.
        deeds = [replace(sure, layers=layers) for layers in range(sure.layers, MAX_LAYERS + 1)]


def test_a_broken_session_is_set_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / NAME).write_text('{"version": 1, "steps": [')
    with window(tmp_path) as program:
        program.told(f"the last session cannot be used (it is not whole): it is called {BROKEN} now")
        assert program.scene() == Scene()
        assert program.left_by("ctrl+q") == 0
        assert (program.folder / "stderr").read_text() == ""


def test_without_a_home_or_a_folder_the_window_opens_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with window(tmp_path, WEIGHTSCAPE_STATE_DIR=str(tmp_path / "file")) as program:
        program.asked_after("r")
        program.asked_after("r")
        assert program.left_by("ctrl+q") == 0
        told = (program.folder / "stderr").read_text()
        assert told.startswith("weightscape: the session is not kept: ")
        assert told.count("\n") == 1
