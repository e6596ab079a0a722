"""The card of a first start, explanations and the help, under real keys and a real mouse."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from display import press, until
from program import Program, running

from weightscape.explore.tell.card import LINES
from weightscape.window.style import POPUP

Box = tuple[int, int, int, int]
# Of a window of 640x400: the card, the panel, what is left of the panel beside its seventh row, and the upper part of
# the help, which only one with many rows reaches.
CARD, PANEL, BESIDE, HELP = (20, 180, 300, 350), (340, 20, 620, 340), (60, 200, 320, 350), (90, 20, 540, 90)
SIZE = "--size", "640x400", "--layers", "3"


def share(program: Program, box: Box) -> float:
    """Tell how much of a box has the ground that cards and tips stand on."""
    left, top, right, bottom = box
    pixels = program.pixels()[top:bottom, left:right].astype(int)
    ground = np.array([round(255 * part) for part in POPUP[:3]])
    return float((np.abs(pixels - ground).max(axis=-1) < 8).mean())


def colourful(program: Program, box: Box) -> float:
    """Tell how much of a box has a colour, as pictures have and cards have not."""
    left, top, right, bottom = box
    pixels = program.pixels()[top:bottom, left:right].astype(int)
    return float((np.ptp(pixels, axis=-1) > 20).mean())


def point(program: Program, x: int, y: int) -> tuple[str, str, str]:
    left, top = program.place()
    return "mousemove", str(left + x), str(top + y)


def click_the_cross(program: Program) -> None:
    """Click into the upper right corner of the card: where its ground begins in the rows and ends in the columns."""
    left, top, right, bottom = 0, 100, 400, 370
    pixels = program.pixels()[top:bottom, left:right].astype(int)
    is_ground = np.abs(pixels - [round(255 * part) for part in POPUP[:3]]).max(axis=-1) < 8
    rows, columns = np.nonzero(is_ground.mean(axis=1) > 0.4)[0], np.nonzero(is_ground.mean(axis=0) > 0.3)[0]
    press(program.display, *point(program, left + int(columns.max()) - 14, top + int(rows.min()) + 14), "click", "1")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("guide"), *SIZE) as program:
        program.settled()
        yield program


def test_a_first_start_has_a_card_that_remembers_and_goes(tmp_path: Path) -> None:
    state = tmp_path / "fresh"
    with running(tmp_path, *SIZE, WEIGHTSCAPE_STATE_DIR=str(state)) as program:
        until(lambda: share(program, CARD) > 0.6, "the card")
        program.asked_after("r")
        until(lambda: (state / "card.json").exists(), "the file")
        assert json.loads((state / "card.json").read_text()) == {"done": ["reroll"]}
        assert share(program, CARD) > 0.5
        press(program.display, *point(program, 150, 280), "click", "1")
        program.asked_after("r")
        assert share(program, CARD) > 0.5, "a click on its lines leaves it"
        click_the_cross(program)
        until(lambda: share(program, CARD) < 0.3, "the card to go")
        assert len(json.loads((state / "card.json").read_text())["done"]) == len(LINES)
    (tmp_path / "again").mkdir()
    with running(tmp_path / "again", *SIZE, WEIGHTSCAPE_STATE_DIR=str(state)) as program:
        program.settled()
        assert share(program, CARD) < 0.3


def test_a_small_window_has_no_card(tmp_path: Path) -> None:
    with running(tmp_path, "--size", "320x240", WEIGHTSCAPE_STATE_DIR=str(tmp_path / "fresh")) as program:
        program.settled()
        assert share(program, (20, 20, 300, 200)) < 0.3


def test_an_explanation_stands_beside_the_panel(program: Program) -> None:
    program.key("tab")
    until(lambda: program.pixels()[30:34, 350:600].mean() < 60, "the panel")
    assert share(program, BESIDE) < 0.3
    press(program.display, *point(program, 360, 299))
    until(lambda: share(program, BESIDE) > 0.4, "the explanation")
    until(lambda: colourful(program, (50, 240, 120, 300)) > 0.5, "its first picture")
    assert share(program, PANEL) < 0.3  # nothing stands on the panel, which is not so dark
    program.key("tab")
    until(lambda: share(program, BESIDE) < 0.3, "it to go with the panel")


def test_a_value_in_a_list_is_explained_beside_the_list(program: Program) -> None:
    program.key("tab")
    until(lambda: program.pixels()[30:34, 350:600].mean() < 60, "the panel")
    listed, beside = (430, 40, 590, 190), (30, 120, 320, 280)
    press(program.display, *point(program, 520, 206), "click", "1")
    until(lambda: share(program, listed) > 0.6, "the list")
    press(program.display, *point(program, 520, 120))
    until(lambda: share(program, beside) > 0.4, "the explanation")
    until(lambda: colourful(program, (35, 185, 100, 250)) > 0.5, "its first picture")
    assert share(program, listed) > 0.6  # nothing stands on the list
    program.key("escape")
    program.key("tab")
    until(lambda: share(program, beside) < 0.3, "it to go with the panel")


def test_the_chip_is_explained_above_the_line(program: Program) -> None:
    press(program.display, *point(program, 470, 388))
    until(lambda: share(program, (330, 260, 620, 360)) > 0.25, "the explanation")
    press(program.display, *point(program, 300, 100))
    until(lambda: share(program, (330, 260, 620, 360)) < 0.2, "it to go")


def test_what_is_typed_into_the_help_finds_a_row_and_enter_does_it(program: Program) -> None:
    tied = program.scene().tied
    program.key("h")
    until(lambda: share(program, HELP) > 0.5, "the help")
    for sign in "tie":
        program.key(sign)
    scene = program.asked_after("enter")
    assert scene.tied is not tied
    until(lambda: share(program, HELP) < 0.3, "the help to close")
    assert program.asked_after("r").seed != scene.seed  # a key again


def test_the_words_in_the_status_line_open_the_help_and_its_rows_are_buttons(program: Program) -> None:
    press(program.display, *point(program, 610, 388), "click", "1")
    until(lambda: share(program, HELP) > 0.5, "the help")
    seed, before = program.scene().seed, len(program.said("ask"))
    press(program.display, *point(program, 100, 94), "click", "1")  # R
    until(lambda: len(program.said("ask")) > before, "another network")
    assert program.scene().seed != seed
    until(lambda: share(program, HELP) < 0.3, "the help to close")


def test_escape_empties_the_search_and_then_closes_the_help(program: Program) -> None:
    program.key("h")
    until(lambda: share(program, HELP) > 0.5, "the help")
    for sign in "zoom":
        program.key(sign)
    until(lambda: share(program, HELP) < 0.3, "fewer rows")
    program.key("escape")
    until(lambda: share(program, HELP) > 0.5, "all rows")
    program.key("escape")
    until(lambda: share(program, HELP) < 0.3, "the help to close")
