"""The tour in the window, by keys and by mouse: its card stands while things are tried, and leads on and back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from display import press, until
from program import Program, running

from weightscape.explore.tell.tour import Tour
from weightscape.scene.command import BY_KEY, apply
from weightscape.scene.figure import FIGURES
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.tour import stations
from weightscape.window.style import ACCENT

SCENES = [each.scene for each in stations()]
START = Scene(layers=3, width=4)
SIZE = (640, 400)
STATUS_PX = 27


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path, "--size", "640x400", "--layers", "3", "--width", "4") as program:
        yield program


def test_who_comes_back_goes_on_where_the_tour_was_left() -> None:
    tour = Tour()
    assert (tour.card(SCENES[0]), tour.told) == (None, "")
    assert tour.begin() == SCENES[0]
    assert tour.turn(1) == SCENES[1]
    tour.is_on = False
    assert tour.card(SCENES[1]) is None
    assert tour.begin() == SCENES[1]
    tour.turn(len(SCENES) - 2)
    assert tour.begin() == SCENES[0], "after the last it begins anew"


def test_the_tour_has_two_ends() -> None:
    tour = Tour()
    tour.begin()
    assert tour.is_last(-1)
    for scene in SCENES[1:]:
        assert not tour.is_last(1)
        assert tour.turn(1) == scene
    assert tour.is_last(1)


def test_the_card_is_of_the_station_that_is_seen_and_stays_over_other_pictures() -> None:
    tour = Tour()
    tour.begin()
    tour.turn(1)
    elsewhere = replace(SCENES[1], time=0.3, probe=(0.5, -0.5))
    for seen, number in ((SCENES[1], 2), (START, 2), (SCENES[0], 1), (replace(SCENES[0], seed=9), 1), (elsewhere, 2)):
        card = tour.card(seen)
        assert card
        assert (card.number, card.count, card.title) == (number, 12, stations()[number - 1].title)


def asked(program: Program) -> list[Scene]:
    return [from_text(entry["scene"]) for entry in program.said("ask")]


def still(scene: Scene) -> Scene:
    return replace(scene, time=0.0)


def blue(program: Program, left: int, right: int) -> bool:
    """Tell whether there is writing of the titles' colour in the lower half between two columns."""
    seen = program.pixels()[SIZE[1] // 2 : SIZE[1] - STATUS_PX, left:right].astype(int)
    return bool((np.abs(seen - np.round(255 * np.array(ACCENT[:3]))).max(axis=-1) < 24).sum() > 40)


def leads_to(program: Program, key: str, scene: Scene) -> None:
    """Press a key and wait for a scene: a chart is asked for again where a card leaves it other room."""
    program.key(key)
    until(lambda: still(program.scene()) == still(scene), f"the scene of {key}")


def test_the_whole_tour_by_keys(tmp_path: Path) -> None:
    with running(tmp_path, "--size", "320x240", "--layers", "3", "--width", "4") as program:
        walk(program)


def walk(program: Program) -> None:
    """Go through all stations and back from the last."""
    assert program.asked_after("shift+f2") == SCENES[0]
    program.said_after("page_up", "the tour begins here")
    for number, scene in enumerate(SCENES[1:], 2):
        leads_to(program, "page_down", scene)
        program.told(f"station {number} of 12: {stations()[number - 1].title}")
    program.said_after("page_down", "the tour ends here")
    back = len(program.said("ask"))
    program.key("backspace")  # to a station whose time has run
    until(lambda: SCENES[-2] in [still(each) for each in asked(program)[back:]], "the last but one")
    program.key("page_up")
    program.told("station 10 of 12")


def test_things_are_tried_and_the_tour_goes_on_and_back_and_ends(program: Program) -> None:
    program.asked_after("shift+f2")
    until(lambda: blue(program, 12, 300), "the card")
    tried = apply(BY_KEY["up"], SCENES[0], 0)
    leads_to(program, "up", tried)
    leads_to(program, "page_down", SCENES[1])
    leads_to(program, "backspace", tried)
    leads_to(program, "backspace", SCENES[0])
    leads_to(program, "page_down", SCENES[1])
    until(lambda: blue(program, 12, 300), "the card, again")
    program.key("escape")  # leaves the tour, not the lens
    until(lambda: not blue(program, 12, 300), "the card to go")
    assert program.scene() == SCENES[1]
    leads_to(program, "escape", replace(SCENES[1], lens="outputs"))
    leads_to(program, "shift+f2", SCENES[1])


def test_backspace_leads_back_on_the_tour_too(program: Program) -> None:
    program.asked_after("shift+f2")
    leads_to(program, "page_down", SCENES[1])
    leads_to(program, "page_down", SCENES[2])
    leads_to(program, "backspace", SCENES[1])
    program.settled()
    leads_to(program, "page_down", SCENES[2])


def test_the_strip_begins_with_the_tour_and_a_click_on_the_card_goes_on(program: Program) -> None:
    x, y = program.place()
    program.settled()
    program.key("f2")
    until(lambda: blue(program, 0, 640), "the strip, its tour's frame or name")
    press(program.display, "mousemove", str(x + 60), str(y + SIZE[1] - 110), "click", "1")
    until(lambda: program.scene() == SCENES[0], "the first station")
    program.settled()
    press(program.display, "mousemove", str(x + 480), str(y + SIZE[1] - 138), "click", "1")
    until(lambda: program.scene() == SCENES[1], "the second station")
    program.key("f2")
    press(program.display, "mousemove", str(x + 164), str(y + SIZE[1] - 110), "click", "1")
    until(lambda: program.scene() == FIGURES[0].panels[0].scene, "the figure, which ends the tour")
    leads_to(program, "right", FIGURES[1].panels[0].scene)
    leads_to(program, "left", FIGURES[0].panels[0].scene)
    program.key("escape")
    leads_to(program, "page_down", FIGURES[1].panels[0].scene)
