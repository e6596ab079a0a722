"""The zoom glides in a real window: views in between are seen, and the end is exactly what a step gives."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from display import held, press, until
from program import Program, running

import weightscape
from weightscape.explore.act.zooming import DOUBLE_CLICK, WHEEL
from weightscape.network.view import zoom
from weightscape.scene.command import BY_KEY, LENS_KEYS, apply
from weightscape.scene.scene import Scene, from_text

SIZE = (240, 160)
START = Scene(layers=4, width=8)
OPTIONS = ("--size", "240x160", "--layers", "4", "--width", "8")
AT = (100, 60)
STATUS_PX = 40
# However slow a machine is, there are frames on the way.
SLOWLY = """
from weightscape.explore import glide
glide.EASED, glide.STEADY = glide.Pace(1.0), glide.Pace(0.5, is_steady=True)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("glide"), *OPTIONS, before=SLOWLY) as program:
        yield program


@pytest.fixture
def at_start(program: Program) -> Program:
    while program.scene() != START:
        program.asked_after("backspace")
    program.settled()
    at(program, *AT)
    return program


def at(program: Program, x: int, y: int, *deeds: str) -> None:
    press(program.display, "mousemove", "--window", program.window, str(x), str(y), *deeds)


def on_the_way(program: Program, before: int) -> list[float]:
    """Read the radii of views in between that were asked for, after so many entries of the diary."""
    return [from_text(entry["scene"]).radius for entry in program.diary()[before:] if entry["event"] == "glide"]


def arrives(program: Program, before: int) -> None:
    """Wait until a view has arrived, after so many entries of the diary."""
    until(lambda: any(entry["event"] == "arrive" for entry in program.diary()[before:]), "the end")


def zoomed(scene: Scene, factor: float) -> Scene:
    return scene.looking(zoom(scene.view, SIZE, (float(AT[0]), float(AT[1])), factor))


def test_a_step_of_the_wheel_glides_and_ends_where_it_leads(at_start: Program) -> None:
    before = len(at_start.diary())
    at(at_start, *AT, "click", "4")
    arrives(at_start, before)
    assert at_start.scene().to_text() == zoomed(START, WHEEL).to_text()
    radii = on_the_way(at_start, before)
    assert len(radii) > 3
    assert radii == sorted(radii, reverse=True)
    assert START.radius > radii[0] > radii[-1] > at_start.scene().radius
    at_start.settled()
    entries = [entry["event"] for entry in at_start.diary()[before:]]
    assert entries.index("first") > entries.index("arrive"), "on the way the old picture is seen, which is finer"
    expected = weightscape.render(at_start.scene(), size=SIZE, engine="numpy").astype(int)
    until(lambda: np.abs(expected - at_start.pixels())[:-STATUS_PX].max() <= 1, "the picture of the end")
    assert at_start.asked_after("backspace") == START


def test_what_is_seen_moves_before_the_end(at_start: Program) -> None:
    first = at_start.pixels()[:-STATUS_PX].astype(int)
    end = weightscape.render(zoomed(START, WHEEL), size=SIZE, engine="numpy")[:-STATUS_PX].astype(int)
    arrived = len(at_start.said("arrive"))

    def is_between() -> bool:
        seen = at_start.pixels()[:-STATUS_PX].astype(int)
        return bool(min(np.abs(seen - first).mean(), np.abs(seen - end).mean()) > 0.5)

    def is_seen_on_the_way() -> bool:
        nonlocal arrived
        if len(at_start.said("arrive")) > arrived:  # once more, for this machine was too slow to look
            at_start.asked_after("backspace")
            arrived = len(at_start.said("arrive"))
        at(at_start, *AT, "click", "4")
        until(lambda: is_between() or len(at_start.said("arrive")) > arrived, "a view in between")
        return is_between()

    until(is_seen_on_the_way, "a view in between")
    until(lambda: len(at_start.said("arrive")) > arrived, "the end")


def test_further_steps_on_the_way_add_up_and_are_one_step_back(at_start: Program) -> None:
    before = len(at_start.diary())
    at(at_start, *AT, "click", "4", "sleep", "0.1", "click", "4", "sleep", "0.1", "click", "4")
    expected = zoomed(zoomed(zoomed(START, WHEEL), WHEEL), WHEEL)
    until(lambda: at_start.scene().to_text() == expected.to_text(), "the end")
    radii = on_the_way(at_start, before)
    assert radii == sorted(radii, reverse=True)
    at_start.settled()
    assert at_start.scene().to_text() == expected.to_text()
    assert at_start.asked_after("backspace") == START


def test_another_deed_on_the_way_is_of_the_goal(at_start: Program) -> None:
    at(at_start, *AT, "click", "4", "key", "bracketright")
    until(lambda: at_start.scene() == apply(BY_KEY["]"], zoomed(START, WHEEL), 0), "a layer more")
    assert at_start.asked_after("backspace") == zoomed(START, WHEEL)


@pytest.mark.parametrize(("key", "sign"), [("plus", "+"), ("minus", "-")])
def test_a_tap_is_one_step_and_a_held_key_whole_steps_that_are_one_back(at_start: Program, key: str, sign: str) -> None:
    step = BY_KEY[sign]
    assert at_start.asked_after(sign) == apply(step, START, 0)
    assert at_start.asked_after("backspace") == START

    at_start.settled()
    before = len(at_start.diary())
    farthest = START
    for _ in range(3):
        farthest = apply(step, farthest, 0)
    low, high = sorted((farthest.radius, START.radius * (farthest.radius / START.radius) ** 3))
    with held(at_start.display, key):
        until(lambda: any(low < r < high for r in on_the_way(at_start, before)[-1:]), "three steps")
    at_start.settled()
    steps, end = [START], at_start.scene()
    while len(steps) < 100 and steps[-1] != end:
        steps.append(apply(step, steps[-1], 0))
    assert steps[-1].to_text() == end.to_text()
    radii = on_the_way(at_start, before)
    assert radii == sorted(radii, reverse=sign == "+")
    assert at_start.asked_after("backspace") == START


def test_home_glides_back(at_start: Program) -> None:
    near = at_start.asked_after("+")
    at_start.settled()
    before = len(at_start.diary())
    assert at_start.asked_after("home") == START
    arrives(at_start, before)
    radii = on_the_way(at_start, before)
    assert len(radii) > 3
    assert near.radius < min(radii)
    assert max(radii) < START.radius


def double_clicked(program: Program, before: int) -> None:
    """Click twice, so often until both are near enough for one double click."""

    def clicked() -> bool:
        at(program, *AT, "click", "--repeat", "2", "--delay", "60", "1")
        press(program.display, "sleep", "0.5")
        return len(program.said("glide")) > before

    until(clicked, "a double click")


def test_a_double_click_zooms_in_twofold_at_the_cursor(at_start: Program) -> None:
    before = len(at_start.diary())
    double_clicked(at_start, len(at_start.said("glide")))
    arrives(at_start, before)
    assert at_start.scene().to_text() == zoomed(START, DOUBLE_CLICK).to_text()
    assert at_start.asked_after("backspace") == START


def test_a_double_click_into_a_drawing_picks_and_zooms_nothing(at_start: Program) -> None:
    atlas = at_start.asked_after(LENS_KEYS["units"])
    at_start.settled()
    at(at_start, AT[0], 100, "click", "--repeat", "2", "--delay", "60", "1")
    until(lambda: at_start.scene().lens == "unit", "the unit that was clicked")
    press(at_start.display, "sleep", "0.5")
    assert at_start.scene().view == atlas.view
    assert at_start.asked_after("backspace") == atlas


def test_a_probe_that_moves_on_the_way_does_not_end_it(at_start: Program) -> None:
    chart = at_start.asked_after(LENS_KEYS["probe"])
    at_start.settled()
    before = len(at_start.diary())
    at(at_start, *AT, "click", "4")
    until(lambda: on_the_way(at_start, before), "the way")
    at(at_start, AT[0] + 50, AT[1] + 20)
    until(lambda: at_start.scene().radius != chart.radius, "the end")
    radii = on_the_way(at_start, before)
    assert len(radii) > 3
    assert radii == sorted(radii, reverse=True)
    assert at_start.scene().radius == pytest.approx(WHEEL * chart.radius)
    moved = {entry["scene"] for entry in at_start.diary()[before:] if entry["event"] == "glide"}
    assert len({from_text(text).probe for text in moved}) > 1, "the probe has followed meanwhile"


def test_time_goes_on_while_a_view_glides(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, "--inputs", "x,y,cos_t,sin_t", before=SLOWLY) as program:
        before = len(program.diary())
        at(program, *AT, "click", "4")
        until(lambda: program.scene().radius != START.radius, "the end")
        scenes = [from_text(entry["scene"]) for entry in program.diary()[before:] if entry["event"] == "glide"]
        assert len({scene.time for scene in scenes}) > 3
        assert program.scene().view == zoomed(START, WHEEL).view


def test_reduced_motion_jumps(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, before=SLOWLY, WEIGHTSCAPE_MOTION="reduced") as program:
        program.settled()
        asked = len(program.said("ask"))
        at(program, *AT, "click", "4")
        until(lambda: len(program.said("ask")) > asked, "the zoom")
        assert program.scene().to_text() == zoomed(START, WHEEL).to_text()
        assert program.asked_after("backspace") == START
        assert program.asked_after("+") == apply(BY_KEY["+"], START, 0)
        assert program.said("glide") == []
