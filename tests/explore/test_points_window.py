"""Points over the window's picture: the file's very pixels, moved with the view, undone, dropped, counted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from display import press, until
from program import Program, running
from spirals import written

import weightscape
from weightscape.file.png import read_text
from weightscape.publish.caption import KEYWORD
from weightscape.scene.scene import Scene

SIZE = "480x360"
# What the status line and the words on the right do not cover.
ROWS, COLUMNS = slice(0, 330), slice(0, 250)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("points")
    net, data = written(folder)
    with running(folder, "--size", SIZE, "--weights", net, "--points", data, screen="500x400x24") as program:
        yield program


def expected(scene: Scene, program: Program) -> Any:
    return weightscape.render(scene, size=program.size(), engine="numpy")[ROWS, COLUMNS]


def is_shown(scene: Scene, program: Program) -> bool:
    """Tell whether the window has a file's pixels; kept ones of another view may be rounded otherwise."""
    gap = np.abs(expected(scene, program).astype(int) - program.pixels()[ROWS, COLUMNS])
    return bool(gap.max() <= 1 and np.count_nonzero(gap) < 20)


def test_the_window_shows_the_files_pixels_and_goes_back(program: Program) -> None:
    scene = program.scene()
    assert scene.points.endswith("spirals.csv")
    until(lambda: is_shown(scene, program), "the points")
    bare = expected(replace(scene, points=""), program)
    assert (bare != expected(scene, program)).any(-1).sum() > 1000

    lined = program.asked_after("shift+g")
    assert lined == replace(scene, contour=True)
    until(lambda: is_shown(lined, program), "the contour")
    near = program.asked_after("+")
    until(lambda: program.scene().radius == pytest.approx(scene.radius / 1.25), "the zoom")
    near = program.scene()
    until(lambda: is_shown(near, program), "the points nearer")
    largest = program.asked_after("g")
    until(lambda: is_shown(largest, program), "the points over the largest output")
    for before in (near, lined, scene):
        program.key("backspace")
        until(lambda before=before: program.scene() == before, "the step before")
        until(lambda before=before: is_shown(before, program), "its picture")


def test_it_moves_with_a_drag(program: Program) -> None:
    scene = program.scene()
    x, y = program.place()
    press(program.display, "mousemove", str(x + 100), str(y + 100), "mousedown", "1")
    press(program.display, "mousemove", str(x + 130), str(y + 120), "mousemove", str(x + 137), str(y + 129))
    press(program.display, "mouseup", "1")
    until(lambda: program.scene().center != scene.center, "the drag")
    until(lambda: is_shown(program.scene(), program), "the picture beside")
    program.key("backspace")
    until(lambda: is_shown(scene, program), "the picture before")


def test_numbers_stand_above_the_status_line_and_go_again(program: Program) -> None:
    scene = program.scene()
    until(lambda: is_shown(scene, program), "the picture")
    bare = program.pixels().astype(int)
    assert program.asked_after("shift+x") == replace(scene, axes=True)
    until(lambda: np.abs(program.pixels() - bare)[280:340].max(-1).__gt__(100).sum() > 60, "numbers below")
    assert (np.abs(program.pixels() - bare)[40:280, :30].max(-1) > 100).sum() > 30
    program.key("shift+x")
    until(lambda: is_shown(scene, program), "the picture without them")


def test_what_is_saved_is_the_picture_with_its_points(program: Program) -> None:
    scene = program.scene()
    program.said_after("s", "picture saved")
    saved = max((program.folder / "captures").glob("*.png"))
    text = str(read_text(saved, KEYWORD))
    assert '"points": "../spirals.csv"' in text
    assert '"../spirals.csv": "' in text.partition("fingerprints")[2]
    assert "spirals" in saved.name
    assert scene == program.scene()


def test_dots_are_counted_in_the_corner(program: Program) -> None:
    until(lambda: any("classes" in each["parts"] for each in program.said("panel")), "the words")
    left, top, right, bottom = program.said("panel")[-1]["parts"]["classes"]
    assert 250 < left < right <= 480
    assert 0 <= top < bottom < 200


def test_a_dropped_table_lies_over_the_picture(tmp_path: Path) -> None:
    _, data = written(tmp_path, ".npy")
    with running(tmp_path, "--size", SIZE, data, screen="500x400x24") as program:
        program.told("opened spirals.npy (Backspace goes back)")
        until(lambda: program.scene() == Scene(points=data), "the points over a random network")
        until(lambda: is_shown(Scene(points=data), program), "their picture")
        assert program.asked_after("backspace") == Scene()
        until(lambda: is_shown(Scene(), program), "the picture without them")


def test_a_table_that_does_not_fit_is_told(tmp_path: Path) -> None:
    (tmp_path / "five.csv").write_text("1,2,3,4,5\n")
    with running(tmp_path, "--size", SIZE, str(tmp_path / "five.csv"), screen="500x400x24") as program:
        program.told("five.csv: it has 5 columns; want 2")
        assert program.scene() == Scene()
