"""Units' roles in the window: one walks back along the network by clicks, and silences units by key, exactly undone."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from display import press, until
from program import Program, running

import weightscape
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import DrawnLens
from weightscape.lens.role_layout import layout
from weightscape.network.edit import MAX_EDITS
from weightscape.network.view import Size
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene
from weightscape.window.over.status import status_height

SIZE = (480, 320)
BELOW = status_height(1.0)
CHART: Size = (SIZE[0], SIZE[1] - BELOW)
START = Scene(layers=5, width=8, tied=False)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    options = ("--size", "480x320", "--layers", "5", "--width", "8", "--independent")
    with running(tmp_path_factory.mktemp("role"), *options) as program:
        yield program


@pytest.fixture(autouse=True)
def back_at_the_start(program: Program) -> Iterator[None]:
    yield
    while program.scene() != START:
        program.asked_after("backspace")
    assert program.said("fault") == []


def point_at(program: Program, x: float, y: float) -> None:
    press(program.display, "mousemove", "--window", program.window, str(round(x)), str(round(y)))
    until(lambda: press(program.display, "getmouselocation") is not None, "the cursor")


def click_at(program: Program, x: float, y: float) -> None:
    press(program.display, "mousemove", "--window", program.window, str(round(x)), str(round(y)), "click", "1")


def unit_in(scene: Scene, layer: int, unit: int) -> tuple[int, int]:
    """Find where in an atlas a unit is."""
    shown = CATALOGUE[scene.lens]
    assert isinstance(shown, DrawnLens)
    assert shown.pick
    for x in range(5, CHART[0], 6):
        for y in range(20, CHART[1], 6):
            found = shown.pick(scene, network(scene), CHART, (float(x), float(y)))
            if found and (found.layer, found.unit) == (layer, unit):
                return x, y
    raise AssertionError("no such unit is seen")


def is_as_in_a_file(program: Program) -> None:
    program.settled()
    expected = weightscape.render(program.scene(), size=CHART, engine="numpy").astype(int)

    def is_there() -> bool:
        return bool(np.mean(np.abs(expected - program.pixels()[: CHART[1]]).max(-1) > 1) < 0.01)

    until(is_there, "the file's picture")


def test_a_click_on_an_input_walks_back_and_backspace_returns(program: Program) -> None:
    first = program.asked_after("shift+u")
    assert (first.lens, first.layer, first.unit) == ("role", 2, 0)
    is_as_in_a_file(program)
    box = layout(CHART, 8, False).inputs[1]
    click_at(program, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    until(lambda: program.scene().layer == 1, "the input's role")
    second = program.scene()
    assert second == replace(first, layer=1, unit=second.unit)
    is_as_in_a_file(program)
    assert program.asked_after("backspace") == first
    assert program.asked_after("k").layer == 3
    assert program.asked_after("backspace") == first


def test_over_an_atlas_the_key_leads_to_the_unit_under_the_cursor(program: Program) -> None:
    scene = program.asked_after("shift+m")
    program.settled()
    point_at(program, *unit_in(scene, 3, 5))
    program.key("shift+u")
    until(lambda: program.scene() == replace(scene, lens="role", layer=3, unit=5), "the role of the unit pointed at")
    program.told("a click on an input tells what drives it")
    program.asked_after("backspace")
    point_at(program, 3, 3)
    program.key("shift+u")
    until(lambda: program.scene() == replace(scene, lens="role", layer=1, unit=0), "the role of the first unit")


def test_delete_silences_the_unit_that_is_seen_and_one_step_back_is_the_scene_before(program: Program) -> None:
    scene = program.asked_after("shift+u")
    silenced = program.asked_after("delete")
    assert silenced == replace(scene, silenced="2:0")
    program.told("unit 2:0 silenced: Delete brings it back")
    is_as_in_a_file(program)
    assert program.asked_after("backspace").to_text() == scene.to_text()
    assert program.asked_after("shift+backspace") == silenced
    assert program.asked_after("delete").to_text() == scene.to_text()
    program.told("unit 2:0 is heard again")


def test_delete_silences_the_unit_under_the_cursor_in_an_atlas_which_crosses_it_out(program: Program) -> None:
    scene = program.asked_after("shift+m")
    program.settled()
    point_at(program, *unit_in(scene, 2, 6))
    program.key("delete")
    until(lambda: program.scene() == replace(scene, silenced="2:6"), "the unit silenced")
    is_as_in_a_file(program)
    program.key("delete")
    until(lambda: program.scene() == scene, "the unit heard again")
    point_at(program, *unit_in(scene, 0, 1))
    program.said_after("delete", "output 1 is the picture itself and cannot be silenced")
    point_at(program, 3, 3)
    program.said_after("delete", "point at a unit in an atlas")


def test_elsewhere_delete_says_where_to_point(program: Program) -> None:
    program.said_after("delete", "point at a unit in an atlas (M, Shift+M), or look at one (U, Shift+U)")
    assert program.scene() == START


def test_in_a_split_view_the_half_under_the_cursor_is_meant(program: Program) -> None:
    program.asked_after("u")
    scene = program.asked_after("b")
    program.settled()
    point_at(program, 100, 100)
    silenced = program.asked_after("delete")
    assert silenced == replace(scene, silenced="2:0")


def test_one_more_than_the_limit_is_told(tmp_path: object) -> None:
    units = ",".join(f"1:{n}" for n in range(MAX_EDITS))
    options = ("--size", "480x320", "--layers", "3", "--width", "80", "--lens", "unit", "--layer", "2")
    with running(tmp_path, *options, "--silenced", units) as program:  # type: ignore[arg-type]
        before = program.scene()
        program.said_after("delete", f"{MAX_EDITS} units are silenced, the limit: bring one of them back first")
        assert program.scene() == before
