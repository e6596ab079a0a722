"""A flight as a person makes one: Shift+Z, a view that moves by itself, whatever stops it, its film, one step."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from display import press, until
from program import Program, running

from weightscape.explore.act.pilot_action import HINT
from weightscape.explore.keep.session import session
from weightscape.explore.keep.store import NAME
from weightscape.explore.piloting import REDUCED_PACE
from weightscape.scene.flight import TWOFOLD_IN_S
from weightscape.scene.mix import point
from weightscape.scene.scene import Scene, from_text

START = Scene(layers=6, width=8, inputs=("x", "y", "cos_t"))
OPTIONS = ("--size", "320x240", "--layers", "6", "--width", "8", "--inputs", "x,y,cos_t")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("pilot"), *OPTIONS) as program:
        program.key("space")  # time stands
        program.said_after("f12", "no such key")
        yield program


def steps(program: Program) -> list[Scene]:
    found = session((program.folder / "state" / NAME).read_text())[0]
    return [step.scene for step in found.steps]


def takes_off(program: Program, count: int = 8) -> None:
    """Press Shift+Z, and wait until so many frames have flown."""
    before = len(program.said("fly"))
    program.said_after("shift+z", HINT)
    flies_on(program, before + count)


def flies_on(program: Program, count: int) -> None:
    until(lambda: len(program.said("fly")) >= count, "a view that moves")


def landed(program: Program) -> Scene:
    """Wait for the end; tell the scene that is seen then, which is the last one that was flown to."""
    until(lambda: not program.said("flight")[-1]["is_on"], "the end")
    last = from_text(program.said("fly")[-1]["scene"])
    until(lambda: program.scene() == last, "the place")
    program.settled()
    return last


def is_on(program: Program) -> bool:
    return bool(program.said("flight")[-1]["is_on"])


def test_it_moves_the_picture_and_shift_z_stops_it(program: Program) -> None:
    program.settled()
    before = program.pixels().astype(int)
    first = program.scene()
    takes_off(program)
    until(lambda: from_text(program.said("fly")[-1]["scene"]).radius < 0.7 * first.radius, "a nearer view")
    program.key("shift+z")
    last = landed(program)
    assert last.looking(first.view) == first  # nothing but the view
    assert np.abs(program.pixels().astype(int) - before).mean() > 2.0
    until(lambda: steps(program)[-1] == last, "the place in the session")
    assert program.asked_after("backspace") == first
    assert program.asked_after("shift+backspace") == last
    assert program.asked_after("backspace") == first


@pytest.mark.parametrize("key", ["escape", "f12"])
def test_keys_stop_it(program: Program, key: str) -> None:
    first = program.scene()
    takes_off(program)
    program.key(key)
    landed(program)
    assert program.asked_after("backspace") == first


def test_a_key_that_stops_it_does_what_it_always_does(program: Program) -> None:
    first = program.scene()
    takes_off(program)
    asked = len(program.said("ask"))
    program.key("]")
    until(lambda: any(from_text(e["scene"]).layers == 7 for e in program.said("ask")[asked:]), "a layer more")
    assert not is_on(program)
    last = from_text(program.said("fly")[-1]["scene"])
    assert program.scene() == replace(last, layers=7)
    assert program.asked_after("backspace") == last
    assert program.asked_after("backspace") == first


def test_a_click_stops_it_and_does_nothing_else(program: Program) -> None:
    first = program.scene()
    press(program.display, "mousemove", "--window", program.window, "150", "100")
    takes_off(program)
    press(program.display, "click", "1")
    landed(program)
    assert program.asked_after("backspace") == first


def test_the_wheel_stops_it(program: Program) -> None:
    first = program.scene()
    press(program.display, "mousemove", "--window", program.window, "150", "100")
    takes_off(program)
    press(program.display, "click", "5")
    until(lambda: not is_on(program), "the end")
    last = from_text(program.said("fly")[-1]["scene"])
    until(lambda: program.scene().radius > last.radius, "a wheel that zooms")
    program.settled()
    assert program.asked_after("backspace") == last
    assert program.asked_after("backspace") == first


def test_the_mouse_that_moves_does_not(program: Program) -> None:
    takes_off(program)
    press(program.display, "mousemove", "--window", program.window, "80", "60")
    flies_on(program, len(program.said("fly")) + 10)
    assert is_on(program)
    program.key("escape")
    landed(program)
    program.asked_after("backspace")


def test_time_and_weights_vary_when_told(program: Program) -> None:
    first = program.scene()
    takes_off(program, 5)
    program.said_after("space", "time runs: Space stops it")
    until(lambda: from_text(program.said("fly")[-1]["scene"]).time > first.time, "time that runs")
    program.said_after("w", "weights wander: W stops them")
    until(lambda: len(point(first.seed, from_text(program.said("fly")[-1]["scene"]).mix)) > 1, "other weights")
    assert is_on(program)
    program.said_after("w", "weights rest: W lets them wander")
    program.said_after("space", "time stands: Space lets it run")
    program.key("escape")
    last = landed(program)
    assert last.mix
    assert program.asked_after("backspace").to_text() == first.to_text()


def test_it_is_filmed_without_a_hand(program: Program) -> None:
    first = program.scene()
    takes_off(program)
    program.said_after("v", "recording")
    assert is_on(program)
    flies_on(program, len(program.said("fly")) + 60)
    program.said_after("v", "finishing the film")
    assert is_on(program)
    program.key("escape")
    landed(program)
    whole = program.folder / "captures"
    (path,) = until(lambda: [p for p in whole.glob("*.mp4") if "unfinished" not in p.name], "a film that is whole")
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]
    assert len(frames) > 5
    assert np.abs(frames[-1] - frames[0]).mean() > 1.0
    assert program.asked_after("backspace") == first


def test_a_chart_and_a_flat_world_say_so(program: Program) -> None:
    program.asked_after("w")
    program.said_after("shift+z", "the autopilot flies over the plane, and weights shows a chart")
    assert not is_on(program)
    program.asked_after("backspace")
    assert program.said("fault") == []


def test_a_flat_world_is_told(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, "--scale", "0") as program:
        before = len(program.said("notice"))
        program.key("shift+z")
        program.told("the autopilot finds nothing here: the picture is flat, from farther away, too", before)
        until(lambda: not is_on(program), "the end")
        assert {from_text(entry["scene"]).view for entry in program.said("fly")} <= {START.view}


def test_reduced_motion_flies_slowly(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, WEIGHTSCAPE_MOTION="reduced") as program:
        takes_off(program)
        until(lambda: from_text(program.said("fly")[-1]["scene"]).radius < 0.9 * START.radius, "a nearer view")
        last = program.said("fly")[-1]
        took_s = last["t"] - program.said("flight")[0]["t"]
        quickest = math.log(2.0) / TWOFOLD_IN_S * REDUCED_PACE
        assert math.log(START.radius / from_text(last["scene"]).radius) <= quickest * took_s
