"""Nothing that is done is lost: every command can be undone, and F3 shows all steps and goes to each."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from display import held, press, until
from program import Program, running

from weightscape.explore.keep.history import Step
from weightscape.explore.keep.session import session
from weightscape.explore.keep.store import NAME
from weightscape.scene.scene import Scene
from weightscape.window.over.strip import GAP_PX, SIDE_PX

# Each command has something to change here: untied, of another rule, through a lens with a layer and units.
START = Scene(layers=5, width=8, rule="lecun", tied=False, radius=2.0, angle=5.0, lens="rgb", layer=2, units=(1, 2, 3))
SIZE = (640, 400)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("past"), "--size", "640x400", "--scene", START.to_text()) as program:
        yield program


@pytest.fixture
def at_start(program: Program) -> Program:
    while program.scene() != START:
        program.asked_after("backspace")
    return program


def step(program: Program) -> Step:
    """Read the current step of the session on the disk."""
    found = session((program.folder / "state" / NAME).read_text())[0]
    return found.steps[found.place]


def text(program: Program) -> str:
    return str(program.said("ask")[-1]["scene"])


def drawn(program: Program) -> int:
    return len(program.said("frame"))


def test_panel_and_pause_can_be_undone_and_done_again(tmp_path: Path) -> None:
    options = "--size", "320x200", "--inputs", "x,y,cos_t", "--layers", "3", "--width", "4"
    with running(tmp_path, *options) as program:
        for key, paused, paneled in (
            ("space", True, False),
            ("tab", True, True),
            ("backspace", True, False),
            ("backspace", False, False),
            ("shift+backspace", True, False),
            ("shift+backspace", True, True),
            ("escape", True, False),  # Esc has closed the panel: a deed, too
            ("backspace", True, True),
        ):
            program.key(key)
            until(
                lambda now=(paused, paneled): (  # type: ignore[misc]
                    (program.folder / "state" / NAME).exists()
                    and (step(program).is_paused, step(program).is_paneled) == now
                ),
                f"{key} to be written",
            )
        assert len(json.loads((program.folder / "state" / NAME).read_text())["steps"]) == 4


def test_the_probe_can_be_undone_as_one_gesture(at_start: Program) -> None:
    press(at_start.display, "mousemove", "--window", at_start.window, "20", "20")
    lens = at_start.asked_after("p")
    for x in (100, 150, 200):
        before = text(at_start)
        press(at_start.display, "mousemove", "--window", at_start.window, str(x), "100")
        until(lambda before=before: text(at_start) != before, "the probe")  # type: ignore[misc]
    last = at_start.scene()
    at_start.asked_after("a")
    assert at_start.asked_after("backspace") == last
    assert at_start.asked_after("backspace") == lens
    assert at_start.asked_after("backspace") == START
    assert at_start.asked_after("shift+backspace") == lens


def test_f3_shows_the_steps_walks_goes_and_closes(at_start: Program) -> None:
    scenes = [START, *(at_start.asked_after(key) for key in ("a", "r", "]", "c"))]
    at_start.settled()
    bare = at_start.pixels().copy()
    at_start.key("f3")
    strip = slice(SIZE[1] - 165, SIZE[1] - 40)
    until(lambda: np.mean(bare[strip] != at_start.pixels()[strip]) > 0.5, "the strip")
    assert at_start.asked_after("left") == scenes[3]
    assert at_start.asked_after("left") == scenes[2]
    assert at_start.asked_after("right") == scenes[3]
    press(at_start.display, "mousemove", "--window", at_start.window, "20", "20")  # so that the strip has no tooltip
    before = len(at_start.said("ask"))
    x = 14 + SIDE_PX // 2 + 1 * (SIDE_PX + GAP_PX)
    press(at_start.display, "mousemove", "--window", at_start.window, str(x), str(SIZE[1] - 100), "click", "1")
    until(lambda: len(at_start.said("ask")) > before, "the step that was clicked")
    assert at_start.scene() == scenes[1]
    assert at_start.asked_after("right") == scenes[2]  # those gone back from are still there
    press(at_start.display, "mousemove", "--window", at_start.window, "20", "20")
    asked = len(at_start.said("ask"))
    at_start.key("escape")
    at_start.key("f3")
    at_start.key("f3")
    assert at_start.asked_after("right").scale > scenes[2].scale  # closed: the arrow is the scale's again
    assert len(at_start.said("ask")) == asked + 1


def test_in_the_strip_keys_go_to_its_ends_and_by_pages(at_start: Program) -> None:
    scenes = [START, *(at_start.asked_after("r") for _ in range(9))]
    at_start.key("f3")
    until(lambda: at_start.said("panel") and "strip" in at_start.said("panel")[-1]["parts"], "the strip")
    assert at_start.asked_after("home") == START
    assert at_start.asked_after("end") == scenes[-1]
    most = SIZE[0] // (SIDE_PX + GAP_PX) + 1  # pictures that are seen at once, some in part
    assert 3 <= 9 - scenes.index(at_start.asked_after("page_up")) <= most
    assert at_start.asked_after("home") == START
    at_start.said_after("page_up", "this is the first picture")
    assert 3 <= scenes.index(at_start.asked_after("page_down")) <= most
    assert at_start.asked_after("end") == scenes[-1]
    at_start.key("f3")


def test_f2_and_f3_are_never_open_at_once_and_esc_closes_either(at_start: Program) -> None:
    at_start.settled()
    for keys in (("f2", "f3", "escape"), ("f3", "f2", "escape"), ("f3", "h", "escape"), ("h", "f3", "escape")):
        for key in keys:
            at_start.key(key)
    at_start.asked_after("escape")  # nothing is open any more: this one leaves the lens


def test_holding_backspace_shows_where_it_goes(at_start: Program) -> None:
    for _ in range(8):
        at_start.asked_after("r")
    at_start.settled()
    with held(at_start.display, "BackSpace"):
        until(lambda: at_start.scene() == START, "the first picture")
    assert at_start.asked_after("right") != START  # the strip is open
    at_start.key("f3")
