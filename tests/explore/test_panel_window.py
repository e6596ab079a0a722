"""The panel in the program, by keys and by its buttons: what becomes a deed, what is only looked at, what is kept."""

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from display import press, until
from program import Program, running

from weightscape.explore.paint.flow import QUICK_S
from weightscape.file.png import read_text
from weightscape.scene.scene import Scene

START = Scene(layers=5, width=8)
OPTIONS = "--layers", "5", "--width", "8"
ONE = "--layers", "1", "--width", "2"  # for windows whose picture does not matter
STATUS_PX = 27
REROLL, RECORD = (370, 40), (582, 40)  # the buttons, in a window of 640 x 400


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path, "--size", "640x400", *OPTIONS) as program:
        yield program


def keys(program: Program, text: str) -> None:
    for key in text.split():
        program.key(key)


def click(program: Program, place: tuple[int, int]) -> None:
    x, y = program.place()
    press(program.display, "mousemove", str(x + place[0]), str(y + place[1]), "click", "1")


def test_f6_enters_the_panel_and_escape_leaves_it_and_closes_it(program: Program) -> None:
    keys(program, "f6 down")
    assert program.asked_after("right") == replace(START, layers=6)
    assert program.asked_after("backspace") == START
    program.key("escape")
    assert program.asked_after("right") == replace(START, scale=0.7021)  # the picture's again
    keys(program, "f6 f6")
    assert program.asked_after("left").scale == pytest.approx(0.7, abs=1e-4)
    program.key("escape")
    assert not [entry for entry in program.said("notice") if "quits" in entry["text"]]
    program.said_after("escape", "Esc again")


def lay(program: Program, key: str) -> None:
    """Press a key that covers much of the window, or bares it, and wait until that is seen."""
    program.settled()
    bare = program.pixels()
    program.key(key)
    until(lambda: np.mean(bare != program.pixels()) > 0.2, f"what {key} opens")


def test_what_is_laid_over_the_panel_takes_the_keys(program: Program) -> None:
    keys(program, "f6 down")
    lay(program, "f1")
    assert program.asked_after("right") == replace(START, scale=0.7021)  # as without a panel


@pytest.mark.parametrize("sheet", ["f1", "f4"])
def test_the_panel_takes_the_help_and_the_album_away(program: Program, sheet: str) -> None:
    lay(program, sheet)
    lay(program, "f6")
    program.key("down")
    assert program.asked_after("right") == replace(START, layers=6)
    keys(program, "escape escape")
    program.said_after("escape", "Esc again")  # neither the sheet nor the panel is left


def test_what_is_typed_and_cannot_be_is_told(program: Program) -> None:
    keys(program, "f6 down 9 9 9 9")
    program.said_after("enter", "layers: '9999' is not a whole number in 1..")
    assert program.scene() == START


def test_f6_and_what_follows_in_the_same_moment_reaches_the_panel(program: Program) -> None:
    press(program.display, "key", "F6", "key", "Down", "key", "1", "key", "2", "key", "Return")
    until(lambda: program.scene() == replace(START, layers=12), "the typed layers")


def test_what_is_typed_counts_when_tab_goes_on(program: Program) -> None:
    keys(program, "f6 7 7 tab")
    until(lambda: program.scene() == replace(START, seed=77), "the first number")
    keys(program, "1 2 tab")
    until(lambda: program.scene() == replace(START, seed=77, layers=12), "both numbers")
    program.settled()  # nothing but a key makes the next frame
    program.key("escape")
    assert program.asked_after("backspace") == replace(START, seed=77)
    assert program.asked_after("backspace") == START


def test_a_choice_is_looked_at_and_taken_back_or_taken(program: Program) -> None:
    keys(program, "f6 down down down enter")
    looked = program.asked_after("down")
    assert looked.activation == "sigmoid"
    assert program.asked_after("escape") == START
    program.key("enter")
    assert program.asked_after("down") == looked
    assert program.asked_after("enter") == looked
    assert program.asked_after("backspace") == START
    program.key("backspace")  # the panel was opened
    program.said_after("backspace", "first picture")  # what was only looked at was no deed


def test_what_is_said_is_said_of_the_choice_that_is_looked_at(program: Program) -> None:
    keys(program, "f6 end enter")
    assert program.asked_after("s").lens == "slice"
    assert program.asked_after("s").lens == "stretch"
    program.settled()
    until(lambda: (left(program)[:-STATUS_PX] > 200).sum() > 300, "the legend's writing")
    looked = left(program).copy()
    assert program.asked_after("enter").lens == "stretch"
    program.settled()
    until(lambda: (left(program) == looked).all(), "the same picture with the same words")


def test_keys_that_come_while_the_program_is_busy_go_where_they_lead(program: Program) -> None:
    program.settled()
    before = len(program.said("ask"))
    os.kill(program.process.pid, signal.SIGSTOP)
    keys(program, "f6 end enter s")
    os.kill(program.process.pid, signal.SIGCONT)
    until(lambda: len(program.said("ask")) > before and program.scene().lens == "slice", "the choice")
    assert not list((program.folder / "captures").glob("*")), "s saves no picture"


def left(program: Program) -> npt.NDArray[np.uint8]:
    """Cut out what is seen at the left, without what the status line says of time and speed."""
    pixels = program.pixels()[:, :300].copy()
    pixels[-STATUS_PX:, 120:] = 0
    return pixels


def test_what_is_saved_and_copied_is_the_scene_that_was_taken(program: Program) -> None:
    keys(program, "f6 down down down enter")
    assert program.asked_after("down") != START
    program.key("ctrl+s")
    (path,) = until(lambda: list((program.folder / "captures").glob("*.png")), "the file")
    assert json.dumps(json.loads(str(read_text(path, "weightscape")))["scene"], ensure_ascii=False) == START.to_text()
    program.said_after("ctrl+c", "scene copied")
    assert program.asked_after("escape") == START
    keys(program, "escape")
    until(lambda: program.asked_after("up") != START, "another scene")
    assert program.asked_after("ctrl+v") == START


def test_a_film_does_not_show_what_is_only_looked_at(program: Program) -> None:
    program.settled()
    program.said_after("v", "recording")
    keys(program, "f6 down down down enter")
    assert program.asked_after("down") != START
    program.settled()
    other = program.pixels()[:, :300].astype(int)
    assert program.asked_after("escape") == START
    program.settled()
    assert np.abs(program.pixels()[:, :300] - other).mean() > 10
    keys(program, "escape v")
    (path,) = until(lambda: program.films(), "the film")
    with av.open(str(path)) as film:
        frames = [picture.to_ndarray(format="rgb24").astype(int) for picture in film.decode(video=0)]
    assert max(np.abs(frame - frames[0]).mean() for frame in frames) < 3


def test_a_choice_that_cannot_be_seen_says_so_and_leaves_the_picture(program: Program) -> None:
    keys(program, "f6 end enter")
    assert program.asked_after("r").lens == "rgb"
    program.settled()
    time.sleep(2.0 * QUICK_S)  # what comes sooner is a hand that moves: only why there is no picture comes so soon then
    before = len(program.said("notice"))
    program.key("r")
    program.told("relu", before)
    until(lambda: program.scene() == START, "the picture from before")
    program.settled()
    assert len([entry for entry in program.said("notice")[before:] if "relu" in entry["text"]]) == 1


def test_the_buttons_do_what_the_keys_do(program: Program) -> None:
    program.key("tab")
    until(lambda: any("!reroll" in entry["places"] for entry in program.said("panel")), "the buttons")
    before = len(program.said("ask"))
    click(program, REROLL)
    until(lambda: len(program.said("ask")) > before, "another network")
    assert program.scene() == replace(START, seed=program.scene().seed)
    assert program.scene().seed != START.seed
    assert program.asked_after("backspace") == START
    click(program, RECORD)
    program.told("recording")
    click(program, RECORD)
    program.told("finishing the film")


def test_the_size_of_text_is_kept(tmp_path: Path) -> None:
    for n in range(2):
        folder = tmp_path / str(n)
        folder.mkdir()
        state = {"WEIGHTSCAPE_STATE_DIR": str(tmp_path / "state")}
        with running(folder, "--size", "640x400", *OPTIONS, "--scale", "0.01", **state) as program:
            program.settled()
            if not n:
                until(lambda: status_height(program) == 27, "the text at first")
                program.said_after("ctrl+=", "text 110 %")
                program.said_after("ctrl+=", "text 125 %")
            until(lambda: status_height(program) == 34, "larger text")
            if n:
                program.said_after("ctrl+0", "text 100 %")
                program.said_after("ctrl+-", "text 90 %")
    assert json.loads((tmp_path / "state" / "text-size.json").read_text()) == 0.9


def test_a_scaled_monitor_gets_a_larger_window_with_larger_letters(tmp_path: Path) -> None:
    with running(tmp_path, *ONE, "--scale", "0.01", screen="2600x1500x24", dpi=192) as program:
        program.settled()
        assert program.size() == (2560, 1440)
        until(lambda: status_height(program) == 54, "letters twice as large")


def test_a_window_does_not_grow_over_the_monitor_and_a_wanted_size_is_kept(tmp_path: Path) -> None:
    for n, (options, size) in enumerate([((), (1500, 800)), (("--size", "640x400"), (640, 400))]):
        (folder := tmp_path / str(n)).mkdir()
        with running(folder, *ONE, *options, screen="1500x800x24", dpi=192) as program:
            assert program.size() == size


def status_height(program: Program) -> int:
    """Count the dark rows at the lower edge of a grey picture."""
    column = program.pixels()[:, 2].max(-1)
    return int(np.argmin(column[::-1] < 60))
