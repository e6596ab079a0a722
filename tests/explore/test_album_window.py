"""The album as a person uses it: F4, typing, Enter, a click, stars, and the names that the digits open."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from display import press, spelled, until
from program import Program, running

from weightscape.publish import gallery
from weightscape.publish.bookmark import FILE
from weightscape.scene.scene import Scene
from weightscape.window.style import ACCENT

START = Scene(layers=3, width=6)
NEXT = gallery.scene(gallery.listed()[1].file)
OPTIONS = ("--size", "640x400", "--layers", "3", "--width", "6")
# Of the first tile, and of the second, in a window of this size.
FIRST, SECOND = (90, 120), (240, 120)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("album"), *OPTIONS) as program:
        yield program


@pytest.fixture
def at_start(program: Program) -> Program:
    """Go to the first scene, with no bookmarks."""
    while program.scene() != START:
        program.asked_after("backspace")
    entries(program).unlink(missing_ok=True)
    return program


def entries(program: Program) -> Path:
    return program.folder / "captures" / FILE


def names(program: Program) -> list[Any]:
    """List the bookmarks' names; a file that is being replaced is whole all the same."""
    path = entries(program)
    return [each["name"] for each in json.loads(path.read_text("utf-8"))] if path.exists() else []


def is_open(program: Program) -> bool:
    """Look for the frame of the chosen tile."""
    accent = np.round(255 * np.array(ACCENT[:3])).astype(int)
    near = np.abs(program.pixels()[60:340].astype(int) - accent).max(-1) < 4
    return bool(near.sum() > 400)


def opened(program: Program) -> None:
    program.key("f4")
    until(lambda: is_open(program), "the sheet")
    program.key("home")  # it opens at what was opened last


def shut(program: Program) -> None:
    until(lambda: not is_open(program), "the picture without the sheet")


def asked(program: Program, *command: str) -> Scene:
    """Do something and wait for the scene that follows."""
    before = len(program.said("ask"))
    press(program.display, *command)
    until(lambda: len(program.said("ask")) > before, "another scene")
    return program.scene()


def test_f4_opens_and_esc_closes(at_start: Program) -> None:
    opened(at_start)
    at_start.key("escape")
    shut(at_start)
    opened(at_start)
    at_start.key("f4")
    shut(at_start)
    assert at_start.scene() == START


def test_what_is_typed_is_searched_and_enter_opens_it(at_start: Program) -> None:
    opened(at_start)
    assert asked(at_start, *spelled("porcel"), "key", "Return") == gallery.scene("porcelain")
    at_start.told("Porcelain: ")
    shut(at_start)
    assert at_start.asked_after("backspace") == START  # letters were no commands


def test_it_opens_again_where_it_was(at_start: Program) -> None:
    opened(at_start)
    assert asked(at_start, *spelled("figure"), "key", "Return") == gallery.scene("figure-11")
    at_start.key("f4")
    until(lambda: is_open(at_start), "the sheet")
    assert asked(at_start, "key", "Right", "key", "Return") == gallery.scene("figure-12")


def test_keys_before_the_first_frame_are_typed_too(at_start: Program) -> None:
    assert asked(at_start, "key", "F4", *spelled("starb"), "key", "Return") == gallery.scene("starburst")


def test_esc_clears_the_search_before_it_closes(at_start: Program) -> None:
    opened(at_start)
    keys = *spelled("zzz"), "key", "Return", "key", "Escape", "key", "Home", "key", "Return"
    assert asked(at_start, *keys) == gallery.scene(gallery.listed()[0].file)


def test_arrows_walk(at_start: Program) -> None:
    opened(at_start)
    assert asked(at_start, "key", "Right", "key", "Right", "key", "Left", "key", "Return") == NEXT


def test_a_click_opens_and_the_wheel_moves_no_picture(at_start: Program) -> None:
    opened(at_start)
    x, y = at_start.place()
    press(
        at_start.display, "mousemove", str(x + SECOND[0]), str(y + SECOND[1]), "click", "5", "click", "4", "click", "4"
    )
    assert at_start.scene() == START
    assert asked(at_start, "click", "1") == NEXT
    shut(at_start)


def test_a_star_is_given_and_taken_and_given_back(at_start: Program) -> None:
    at_start.said_after("ctrl+b", "starred: seed 43, 3 × 6 tanh")
    assert names(at_start) == ["seed 43, 3 × 6 tanh"]
    at_start.said_after("ctrl+b", "no star any longer: seed 43, 3 × 6 tanh")
    assert names(at_start) == []
    at_start.said_after("ctrl+b", "starred: seed 43, 3 × 6 tanh")
    assert len(names(at_start)) == 1


def test_an_own_scene_is_renamed_removed_brought_back_and_opened(at_start: Program) -> None:
    at_start.said_after("ctrl+b", "starred: ")
    at_start.asked_after("]")
    opened(at_start)
    before = len(at_start.said("notice"))
    press(at_start.display, "key", "Home", "key", "F2", *spelled(" too"), "key", "Return")
    at_start.told("renamed: seed 43, 3 × 6 tanh too", before)
    at_start.said_after("delete", "removed: seed 43, 3 × 6 tanh too (Ctrl+Z brings it back)")
    assert names(at_start) == []
    at_start.said_after("ctrl+z", "back: seed 43, 3 × 6 tanh too")
    assert names(at_start) == ["seed 43, 3 × 6 tanh too"]
    x, y = at_start.place()
    click = "mousemove", str(x + FIRST[0]), str(y + FIRST[1]), "click", "1"
    assert asked(at_start, *click) == START
    at_start.asked_after("backspace")


def test_another_windows_star_is_seen(at_start: Program) -> None:
    scene = replace(START, seed=99)
    opened(at_start)
    entry = {"name": "by another", "scene": json.loads(scene.to_text())}
    entries(at_start).write_text(json.dumps([entry]), "utf-8")
    assert asked(at_start, *spelled("another"), "key", "Return") == scene


def test_a_broken_file_and_a_scene_that_does_not_load_are_told(at_start: Program) -> None:
    entries(at_start).write_text("[", "utf-8")
    at_start.said_after("f4", "not JSON")
    entries(at_start).write_text('[{"name": "future", "scene": {"hue": 1}}]', "utf-8")
    before = len(at_start.said("notice"))
    press(at_start.display, *spelled("future"), "key", "Return")
    at_start.told("hue: this program knows no such field", before)
    assert is_open(at_start)
    at_start.key("escape")
    at_start.key("escape")
    shut(at_start)
    assert at_start.scene() == START


def test_digits_say_what_they_open(at_start: Program) -> None:
    for number, listed in enumerate(gallery.presets(), start=1):
        at_start.said_after(str(number), f"{number} {listed.name}: {listed.about}")
        still = replace(gallery.scene(listed.file), time=0.0)
        until(lambda scene=still: replace(at_start.scene(), time=0.0) == scene, listed.name)
