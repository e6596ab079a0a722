"""A morph as a person makes one: pictures are marked, Ctrl+M, the bar by key and mouse, its film; nothing is lost."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from display import press, spelled, until
from program import Program, running

from weightscape.explore.keep.session import session
from weightscape.explore.keep.store import NAME
from weightscape.file.png import read_text
from weightscape.picture.render import render
from weightscape.publish import gallery
from weightscape.publish.caption import KEYWORD
from weightscape.scene.morph import Morph
from weightscape.scene.scene import Scene, from_mapping
from weightscape.window.over.strip import GAP_PX, SIDE_PX

START = Scene(layers=3, width=4)
SIZE = (320, 240)
OPTIONS = ("--size", "320x240", "--layers", "3", "--width", "4")
# Nobody waits for the end of the way.
QUICKLY = "from weightscape.explore import morphing\nmorphing.WAY_S = 1.0\n"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with running(tmp_path_factory.mktemp("morph"), *OPTIONS, WEIGHTSCAPE_MOTION="reduced") as program:
        yield program


@pytest.fixture
def walked(program: Program) -> list[Scene]:
    """Go three steps from the first scene; the last but one is seen, and nothing is marked or open."""
    while program.scene() != START:
        program.asked_after("backspace")
    scenes = [START, *(program.asked_after(key) for key in ("r", "+", "r"))]
    program.asked_after("backspace")
    return scenes


def parts(program: Program) -> dict[str, Any]:
    panels = program.said("panel")
    return {**panels[-1]["parts"], **panels[-1]["places"]} if panels else {}


def opened(program: Program, key: str, part: str) -> None:
    program.key(key)
    until(lambda: part in parts(program), part)


def begun(program: Program) -> None:
    """Mark the newest step and the first one by keys; morph between them."""
    opened(program, "f3", "strip")
    assert program.asked_after("end") != program.asked_after("home")
    program.said_after("space", "marked")
    program.asked_after("end")
    program.said_after("ctrl+space", "2 marked: Ctrl+M morphs between them")
    morphs = len(program.said("morph"))
    program.key("ctrl+m")
    until(lambda: len(program.said("morph")) > morphs, "the morph")
    until(lambda: "morph" in parts(program), "its bar")


def steps(program: Program) -> list[Scene]:
    found = session((program.folder / "state" / NAME).read_text())[0]
    return [step.scene for step in found.steps]


def click(program: Program, place: str, share: float = 0.5) -> None:
    left, top, right, bottom = parts(program)[place]
    at = str(round(left + share * (right - left))), str(round((top + bottom) / 2))
    press(program.display, "mousemove", "--window", program.window, *at, "click", "1")


def test_nothing_marked_says_how(program: Program) -> None:
    program.said_after("ctrl+m", "mark pictures in the gallery (F4) or the history (F3)")


def test_keys_move_it_and_esc_leaves_every_step_as_it_was(program: Program, walked: list[Scene]) -> None:
    begun(program)
    morph = Morph((walked[0], walked[3]))
    assert program.scene() == walked[0]  # it does not play by itself: motion is reduced
    assert program.asked_after("end") == walked[3]
    assert program.asked_after("home") == walked[0]
    assert program.asked_after("right") == morph.seen(1 / 40)
    assert program.asked_after("shift+right") == morph.seen(1 / 40 + 1 / 1000)
    assert program.asked_after("left") == morph.seen(1 / 40 + 1 / 1000 - 1 / 40)
    assert program.asked_after("escape") == walked[3]
    until(lambda: "morph" not in parts(program), "no bar")
    until(lambda: steps(program) == walked, "all steps")
    for scene in walked[2::-1]:
        assert program.asked_after("backspace") == scene


def test_the_mouse_moves_it_and_enter_keeps_one_step(program: Program, walked: list[Scene]) -> None:
    begun(program)
    program.asked_after("right")
    asked = len(program.said("ask"))
    click(program, "!morph", 0.6)
    until(lambda: len(program.said("ask")) > asked, "the place that was clicked")
    part = next(n / 1000 for n in range(400, 800) if Morph((walked[0], walked[3])).seen(n / 1000) == program.scene())
    assert part == pytest.approx(0.6, abs=0.05)
    asked = len(program.said("ask"))
    press(program.display, "click", "4")
    until(lambda: len(program.said("ask")) > asked, "the wheel's step")
    kept = program.scene()
    assert kept == Morph((walked[0], walked[3])).seen(round(part + 0.01, 3))
    assert kept.radius != walked[0].radius * 0.8  # the wheel has not zoomed
    click(program, "!morph enter")
    program.told("kept: a step of the history")
    until(lambda: "morph" not in parts(program), "no bar")
    until(lambda: steps(program) == [*walked, kept], "one step more")
    assert program.asked_after("backspace") == walked[3]
    assert program.asked_after("shift+backspace") == kept
    program.asked_after("backspace")


def test_a_scene_on_the_way_is_saved_and_copied_as_any_other(program: Program, walked: list[Scene]) -> None:
    begun(program)
    for _ in range(9):
        middle = program.asked_after("right")
    program.settled()
    program.said_after("s", "picture saved")
    (path,) = (program.folder / "captures").glob("weightscape-*.png")
    assert from_mapping(json.loads(read_text(path, KEYWORD))["scene"]) == middle
    program.said_after("ctrl+c", "copied")
    other = program.asked_after("r")  # another deed goes on from it
    until(lambda: "morph" not in parts(program), "no bar")
    assert other.radius == middle.radius
    assert program.asked_after("ctrl+v") == middle
    assert program.asked_after("backspace") == other
    assert program.asked_after("backspace") == middle
    assert program.asked_after("backspace") == walked[3]


def test_it_plays_loops_and_is_filmed(program: Program, walked: list[Scene]) -> None:
    begun(program)
    asked = len(program.said("ask"))
    program.key("space")
    until(lambda: len(program.said("ask")) > asked + 3, "a morph that plays")
    click(program, "!morph space")
    click(program, "!morph l")
    assert program.asked_after("end") == walked[0]  # a loop ends as it begins
    program.key("l")
    program.said_after("v", "filming one whole way")
    until(lambda: [*(program.folder / "captures").glob("*-morph.mp4")], "the film")
    (path,) = (program.folder / "captures").glob("*-morph.mp4")
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        told = json.loads(container.metadata["comment"])
    film = Morph((walked[0], walked[3]), 120)
    assert len(frames) == 120
    assert from_mapping(told["scene"]) == walked[0]
    assert told["animation"]["frames"] == 120
    height, width = frames[0].shape[:2]
    for k in (0, 40, 119):
        seen = render(film.at(k), size=(width, height), engine="numpy").astype(float)
        assert np.abs(frames[k] - seen).mean() < 6.0  # what a film's colours lose
    program.asked_after("escape")
    assert program.said("fault") == []


def test_pictures_of_the_strip_are_marked_by_mouse(program: Program, walked: list[Scene]) -> None:
    opened(program, "f3", "strip")
    assert program.asked_after("home") == START
    y = str(round(sum(parts(program)["strip"][1::2]) / 2 - 12))
    for n in (0, 1):
        x = str(14 + SIDE_PX // 2 + n * (SIDE_PX + GAP_PX))
        before = len(program.said("notice"))
        press(program.display, "mousemove", "--window", program.window, x, y)
        press(program.display, "keydown", "ctrl", "click", "1", "keyup", "ctrl")
        program.told(f"{n + 1} marked", before)
    assert program.scene() == START  # a click with Ctrl goes nowhere
    morphs = len(program.said("morph"))
    program.key("ctrl+m")
    until(lambda: len(program.said("morph")) > morphs, "the morph")
    assert program.asked_after("end") == walked[1]
    assert program.asked_after("escape") == START


def test_pictures_of_the_gallery_are_marked_and_a_refusal_names_them(program: Program, walked: list[Scene]) -> None:
    opened(program, "f4", "album")
    press(program.display, *spelled("starb"))
    program.said_after("ctrl+space", "1 marked: Ctrl+M morphs from what is seen to it")
    words = "layers: no morph from seed .* to Starburst: 3 and 27 differ, and a morph keeps it"
    before = len(program.said("notice"))
    program.key("ctrl+m")
    until(lambda: [e for e in program.said("notice")[before:] if re.fullmatch(words, e["text"])], "the refusal")
    press(program.display, "key", "Escape", *spelled("figure-11"))
    program.said_after("ctrl+space", "2 marked")
    program.key("ctrl+m")
    until(lambda: "album" not in parts(program) and "morph" in parts(program), "the morph")
    assert program.scene() == gallery.scene("starburst")
    assert program.asked_after("end") == gallery.scene("figure-11")
    assert program.asked_after("escape") == walked[2]
    assert program.said("fault") == []


def test_it_plays_by_itself_where_motion_is_not_reduced(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS, before=QUICKLY) as program:
        program.asked_after("r")
        opened(program, "f3", "strip")
        program.asked_after("left")
        program.said_after("space", "1 marked")
        program.asked_after("right")
        asked = len(program.said("ask"))
        program.key("ctrl+m")
        until(lambda: len(program.said("ask")) > asked + 3, "a morph that plays")
        until(lambda: program.scene() == START, "its end")
        assert program.asked_after("escape") != START
