"""One weight as a person changes it: Alt and the wheel, clicks that let it swing, a sheet of two; undone exactly."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from display import press, until
from PIL import Image
from program import Program, running
from weighing import (
    BELOW,
    BESIDE,
    FEW,
    FIRST,
    HEIGHT,
    LAST,
    ONE,
    OPTIONS,
    SIZE,
    TWO,
    WIDTH,
    at,
    away,
    back,
    begin_sheet,
    members,
    outputs,
    steps,
    value,
    weight,
    wheel,
)

from weightscape import render
from weightscape.explore.sheeting import MIDDLE, SIDE
from weightscape.explore.touching import FINE_STEP, STEP
from weightscape.file.png import KEYWORD, read_text
from weightscape.network.edit import MAX_EDITS, edits_of
from weightscape.picture.placement import placed
from weightscape.scene.scene import from_mapping, from_text


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("weight"), *OPTIONS) as program:
        yield program


@pytest.fixture
def weights(program: Program) -> Program:
    """Go to the first scene, the pointer on no weight."""
    away(program)
    while members(program) or program.scene() != FIRST:
        before = program.scene(), members(program)
        program.key("escape" if before[1] else "backspace")
        until(lambda before=before: (program.scene(), members(program)) != before, "the step before")  # type: ignore[misc]
    program.settled()
    return program


def test_ctrl_backspace_takes_all_changed_weights_back_in_one_step(weights: Program) -> None:
    for cell in (ONE, TWO):
        press(weights.display, *at(weights, cell), *wheel("4"))
        until(lambda cell=cell: cell in edits_of(weights.scene().edits), "a changed weight")  # type: ignore[misc]
    changed = weights.scene()
    assert weights.asked_after("ctrl+backspace") == replace(changed, edits="")
    back(weights, changed)


def test_alt_and_the_wheel_change_a_weight_in_one_step_and_backspace_brings_it_back(weights: Program) -> None:
    by = weight(ONE).deviation
    press(weights.display, *at(weights, ONE), *wheel("4", "4", "4"))
    until(lambda: value(weights, ONE) == pytest.approx(weight(ONE).original + 3 * STEP * by, abs=1e-3), "three steps")
    assert [*edits_of(weights.scene().edits)] == [ONE]
    assert weights.scene().beside == BESIDE.beside
    assert from_text(weights.scene().to_text()) == weights.scene()
    before = value(weights, ONE)
    press(weights.display, *wheel("5", shift=True))
    until(lambda: value(weights, ONE) != before, "a fine step")
    assert value(weights, ONE) == pytest.approx(before - FINE_STEP * by, abs=1e-4)
    changed = weights.scene()
    back(weights, FIRST)
    weights.key("shift+backspace")
    until(lambda: weights.scene() == changed, "the change again")


def test_the_picture_beside_is_that_of_the_changed_network(weights: Program) -> None:
    press(weights.display, *at(weights, ONE), *wheel("5", "5", "5", "5"))
    until(lambda: edits_of(weights.scene().edits), "an edit")
    weights.settled()
    seen = placed(weights.scene(), SIZE, BELOW, (0, 0, WIDTH, HEIGHT - BELOW))[1]
    wanted = render(seen.scene, size=seen.size, engine="numpy", samples=1)
    assert not np.array_equal(wanted, render(replace(seen.scene, edits=""), size=seen.size, engine="numpy", samples=1))

    def is_there() -> bool:
        high = min(seen.size[1], HEIGHT - BELOW)
        found = weights.pixels()[seen.top : seen.top + high, seen.left : seen.left + seen.size[0]]
        return bool(np.mean(found == wanted[:high]) > 0.99)

    until(is_there, "the changed network's outputs")


def test_back_where_it_was_the_edit_is_gone_and_ctrl_click_and_ctrl_backspace_bring_it_back(weights: Program) -> None:
    press(weights.display, *at(weights, ONE), *wheel("4", "4"))
    until(lambda: edits_of(weights.scene().edits), "an edit")
    press(weights.display, *wheel("5", "5"))
    until(lambda: weights.scene() == BESIDE, "no edit")
    for undo in (("keydown", "ctrl", "click", "1", "keyup", "ctrl"), ("key", "ctrl+BackSpace")):
        away(weights)
        press(weights.display, *at(weights, ONE), *wheel("4"))
        until(lambda: edits_of(weights.scene().edits), "an edit")
        press(weights.display, *undo)
        until(lambda: weights.scene() == BESIDE, f"no edit after {undo}")


def test_another_cell_is_another_step(weights: Program) -> None:
    press(weights.display, *at(weights, ONE), *wheel("4"))
    until(lambda: ONE in edits_of(weights.scene().edits), "the first")
    first = weights.scene()
    press(weights.display, *at(weights, TWO, first), *wheel("4"))
    until(lambda: TWO in edits_of(weights.scene().edits), "the second")
    back(weights, first)
    back(weights, FIRST)


def test_a_click_lets_it_swing_and_another_one_stops_it_as_one_step(weights: Program) -> None:
    asked = len(weights.said("ask"))
    press(weights.display, *at(weights, ONE), "click", "1")
    weights.told("it swings: a click or Space stops it")

    def values() -> set[float]:
        found = (from_text(each["scene"]) for each in weights.said("ask")[asked:])
        return {edits_of(each.edits).get(ONE, weight(ONE).original) for each in found}

    until(lambda: len(values()) > 3, "values on the way")
    notices = len(weights.said("notice"))
    x, y = weights.place()
    press(weights.display, "mousemove", str(x + 500), str(y + 100), "click", "1")
    weights.told("weight 2:3:4: ", notices)
    stopped = weights.scene()
    assert [*edits_of(stopped.edits)] == [ONE]
    until(lambda: steps(weights)[-2:] == [FIRST, stopped], "one step")
    back(weights, FIRST)


def test_esc_gives_a_swing_up_as_if_it_never_had_been(weights: Program) -> None:
    press(weights.display, *at(weights, ONE), *wheel("4"))
    until(lambda: edits_of(weights.scene().edits), "an edit")
    before = weights.scene()
    press(weights.display, *at(weights, TWO, before), "click", "1")
    until(lambda: TWO in edits_of(weights.scene().edits), "the swing")
    weights.key("escape")
    until(lambda: weights.scene() == before, "the scene before")
    until(lambda: steps(weights)[-2:] == [FIRST, before], "the steps before")
    back(weights, FIRST)


def test_a_double_click_leads_to_the_unit(weights: Program) -> None:
    press(weights.display, *at(weights, ONE), "click", "--repeat", "2", "--delay", "40", "1")
    until(lambda: weights.scene().lens == "unit", "the unit")
    assert weights.scene() == replace(FIRST, lens="unit", layer=2, unit=4)
    back(weights, FIRST)


def test_two_marked_weights_make_a_sheet_of_which_a_click_takes_a_picture(weights: Program) -> None:
    begin_sheet(weights)
    found = members(weights)
    assert found[MIDDLE] == replace(FIRST, lens="outputs")
    assert {cell for each in found for cell in edits_of(each.edits)} == {ONE, TWO}
    x, y = weights.place()
    press(weights.display, "mousemove", str(x + WIDTH - 20), str(y + 20), "click", "1")
    until(lambda: not members(weights), "the picture that was taken")
    assert weights.scene() == replace(FIRST, edits=found[SIDE - 1].edits)
    back(weights, FIRST)


def test_keys_walk_the_sheet_enter_takes_and_esc_leaves(weights: Program) -> None:
    begin_sheet(weights)
    found = members(weights)
    weights.asked_after("+")
    assert members(weights)[MIDDLE] == found[MIDDLE]
    assert members(weights) != found
    weights.asked_after("-")
    assert members(weights) == found
    away(weights)  # points at the first picture
    press(weights.display, "key", "Right", "key", "Down", "key", "Return")
    until(lambda: not members(weights), "the picture that was taken")
    assert weights.scene() == replace(FIRST, edits=found[SIDE + 1].edits)
    back(weights, FIRST)
    begin_sheet(weights)
    weights.key("escape")
    until(lambda: not members(weights), "no sheet")
    assert weights.scene() == FIRST


def test_a_picture_that_is_saved_holds_the_changed_weight(weights: Program) -> None:
    press(weights.display, *at(weights, ONE), *wheel("4", "4", "4"))
    until(lambda: edits_of(weights.scene().edits), "an edit")
    weights.settled()
    notices = len(weights.said("notice"))
    weights.key("s")
    weights.told("saved", notices)
    (path,) = (weights.folder / "captures").glob("*.png")
    saved = from_mapping(json.loads(read_text(path, KEYWORD) or "{}")["scene"])
    assert saved == weights.scene()
    with Image.open(path) as picture:
        assert np.array_equal(np.asarray(picture), render(saved, size=picture.size, engine="numpy", samples=1))


def test_v_films_a_swing_which_is_one_step(weights: Program) -> None:
    press(weights.display, *at(weights, LAST), "click", "1")
    weights.told("it swings")
    weights.key("v")
    weights.told("recording")
    first, far = value(weights, LAST), 2 * weight(LAST).deviation
    until(lambda: abs(value(weights, LAST) - first) > far, "a way of the swing")
    weights.key("space")
    weights.told("weight 4:6:1: ")
    weights.settled()  # is filmed, too
    weights.key("v")
    (path,) = until(weights.films, "the film")
    with av.open(str(path)) as film:
        frames = [outputs(picture.to_ndarray(format="rgb24")) for picture in film.decode(video=0)]
    assert max(np.abs(frame - frames[0]).max() for frame in frames) > FEW
    until(lambda: [*edits_of(steps(weights)[-1].edits)] == [LAST], "the step")
    back(weights, FIRST)


def test_the_65th_weight_is_refused_in_a_sentence(tmp_path: Path) -> None:
    full = ",".join([f"3:{k // 7}:{k % 7}=0.5" for k in range(49)] + [f"2:0:{k % 7}=0.5" for k in range(7)])
    full = ",".join([full, *(f"2:1:{k}=0.5" for k in range(7)), "2:2:0=0.5"])
    with running(tmp_path, *OPTIONS, "--edits", full) as program:
        scene = program.scene()
        assert len(edits_of(scene.edits)) == MAX_EDITS
        program.settled()
        for deed in (wheel("4"), ("click", "1")):
            notices = len(program.said("notice"))
            away(program)
            press(program.display, *at(program, ONE), *deed)
            program.told("64 weights are changed, which is the limit", notices)
        assert program.scene() == scene
        assert program.said("fault") == []


def test_elsewhere_alt_and_the_wheel_say_where_weights_are(weights: Program) -> None:
    scene = weights.asked_after("u")
    x, y = weights.place()
    notices = len(weights.said("notice"))
    press(weights.display, "mousemove", str(x + 300), str(y + 200), *wheel("4"))
    weights.told("W shows them", notices)
    assert weights.scene() == scene


def test_nothing_of_all_this_was_a_fault(weights: Program) -> None:
    assert weights.said("fault") == []
    assert (weights.folder / "stderr").read_text() == ""
