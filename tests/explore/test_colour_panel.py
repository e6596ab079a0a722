"""Colours by the mouse in the panel, whose lists show them, and from palettes that are dropped on the window."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from display import press, until
from program import Program, running

import weightscape
from weightscape.scene.palette import PALETTES, READINGS, table
from weightscape.scene.scene import Scene
from weightscape.window.over.status import status_height

SIZE = (720, 720)
START = Scene(layers=5, width=8)
OPTIONS = ("--size", "720x720", "--layers", "5", "--width", "8")
GPL = "GIMP Palette\nName: dawn\n#\n8 16 32 night\n192 80 120\n255 230 190 day\n"
# Ctrl+O drops the file that a list names.
BEFORE = """
from pathlib import Path
from weightscape.explore.act import action, response
from weightscape.window.event import Drop

def drop(explorer, key):
    response.take(explorer, Drop((Path({list!r}).read_text(),)))

action.ACTIONS |= {{"open": drop}}
"""
MARKS = [0, 122, 255]  # entries of a table that are among those shown
Box = tuple[int, int, int, int]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("panel")
    before = BEFORE.format(list=str(folder / "list"))
    with running(folder, *OPTIONS, screen="800x800x24", before=before) as program:
        program.key("tab")
        until(lambda: program.said("panel") and places(program), "the panel")
        yield program


def places(program: Program) -> dict[str, list[float]]:
    return dict(program.said("panel")[-1]["places"])


def box(program: Program, name: str) -> Box:
    left, top, right, bottom = until(lambda: places(program).get(name), name)
    return int(left), int(top), int(right), int(bottom)


def point(program: Program, name: str, across: float = 0.5, *then: str) -> None:
    """Bring the mouse to a part of the panel."""
    (x, y), (left, top, right, bottom) = program.place(), box(program, name)
    place = str(int(x + left + across * (right - left))), str(y + (top + bottom) // 2)
    press(program.display, "mousemove", *place, *then)


def click(program: Program, name: str, across: float = 0.5) -> None:
    point(program, name, across, "click", "1")


def shows(program: Program, scene: Scene) -> None:
    """Wait until the scene is the current one, and its picture is what a file has, left of the panel."""
    until(lambda: program.scene() == scene, f"{scene.to_text()}")
    x, y = program.place()
    press(program.display, "mousemove", str(x + 5), str(y + 5))  # where nothing is explained
    rows, columns = slice(120, SIZE[1] - status_height(1.0) - 120), slice(0, 300)
    expected = weightscape.render(scene, size=SIZE, engine="numpy")[rows, columns].astype(int)
    until(
        lambda: np.mean(np.abs(expected - program.pixels()[rows, columns]).max(-1) > 2) < 0.02, f"{scene.reading} seen"
    )


def undone(program: Program, scenes: list[Scene]) -> None:
    """Go back through scenes, the first one last."""
    for scene in reversed(scenes):
        program.key("backspace")
        shows(program, scene)
    assert program.said("fault") == []


def test_reading_and_palette_are_chosen_gamma_and_invert_set_and_all_is_undone(program: Program) -> None:
    scenes = [START]
    for name, choice in (("reading", "oklch"), ("reading", "palette"), ("palette", "fire")):
        click(program, name)
        click(program, f"{name}={choice}")
        scenes.append(replace(scenes[-1], **{name: choice}))
        shows(program, scenes[-1])
    click(program, "gamma", 0.9)
    gamma = until(lambda: program.scene().gamma != 1.0 and program.scene().gamma, "another gamma")
    assert 2.0 < gamma < 4.0
    scenes.append(replace(scenes[-1], gamma=gamma))
    shows(program, scenes[-1])
    click(program, "invert")
    scenes.append(replace(scenes[-1], invert=True))
    shows(program, scenes[-1])
    undone(program, scenes[:-1])


def test_a_cycle_is_set_by_the_mouse_and_undone(program: Program) -> None:
    click(program, "cycle", 0.75)
    until(lambda: program.scene().cycle > 1.0, "a cycle")
    until(lambda: program.scene().time > 0.0, "time runs")
    program.key("backspace")
    until(lambda: program.scene().cycle == 0.0, "no cycle")
    until(lambda: replace(program.scene(), time=0.0) == START, "the scene before")


def test_a_choice_that_is_pointed_at_is_seen_and_none_is_kept(program: Program) -> None:
    before = program.scene()
    click(program, "reading")
    point(program, "reading=hsv")
    point(program, "reading=hsv", 0.4)
    rows, columns = slice(120, 500), slice(0, 40)  # left of what is explained
    expected = weightscape.render(replace(before, reading="hsv"), size=SIZE, engine="numpy")[rows, columns].astype(int)
    until(lambda: np.mean(np.abs(expected - program.pixels()[rows, columns]).max(-1) > 2) < 0.02, "a look at hsv")
    program.key("escape")
    shows(program, before)


def swatch(program: Program, name: str) -> Any:
    """Find a choice's own colours: pixels along the middle of its line, but for its name's."""
    left, top, right, bottom = box(program, name)
    return program.pixels()[(top + bottom) // 2, left + (right - left) // 3 : right].astype(int)


def test_each_palette_in_sight_shows_its_colours(program: Program) -> None:
    click(program, "outputs")
    click(program, "outputs=1")
    until(lambda: program.scene().outputs == 1, "one output")
    click(program, "palette")
    for name in PALETTES[:8]:
        ends = table(name)[MARKS].astype(int)

        def is_seen(name: str = name, ends: Any = ends) -> bool:
            line = swatch(program, f"palette={name}")
            return bool(all(np.abs(line - end).max(-1).min() <= 8 for end in ends))

        until(is_seen, f"the colours of {name}")
    click(program, "palette=magma")
    until(lambda: program.scene().palette == "magma", "magma")
    until(lambda: not any("=" in part for part in places(program)), "the list to close")
    line = swatch(program, "palette")
    assert all(np.abs(line - end).max(-1).min() <= 8 for end in table("magma")[MARKS].astype(int))
    program.key("backspace")
    program.key("backspace")
    until(lambda: replace(program.scene(), time=0.0) == START, "three outputs")


def test_readings_show_different_colours(program: Program) -> None:
    click(program, "reading")
    lines = [until(lambda name=name: swatch(program, f"reading={name}").tolist(), name) for name in READINGS]
    assert len({str(line) for line in lines}) == len(READINGS)
    program.key("escape")


def test_a_dropped_palette_colours_the_picture_and_goes_back(program: Program, tmp_path: Path) -> None:
    before = program.scene()
    (tmp_path / "dawn.gpl").write_text(GPL)
    (program.folder / "list").write_text(str(tmp_path / "dawn.gpl"))
    program.said_after("ctrl+o", "dawn.gpl: 3 colours as 3 stops")
    shows(program, replace(before, reading="palette", stops="#081020@0 #c05078@0.5 #ffe6be@1"))
    program.key("backspace")
    shows(program, before)


def test_a_dropped_file_that_is_no_palette_is_told_and_changes_nothing(program: Program, tmp_path: Path) -> None:
    before = program.scene()
    (tmp_path / "other.gpl").write_text("GIMP Gradient\n1 2 3\n")
    (program.folder / "list").write_text(str(tmp_path / "other.gpl"))
    assert "\n" not in program.said_after("ctrl+o", "other.gpl")
    assert program.scene() == before
