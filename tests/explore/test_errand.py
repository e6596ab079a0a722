"""Errands: the latest counts, what it was of must still be there, and keys wait for a scene that is being opened."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from display import until
from patience import PATIENCE_S

from weightscape.engine.question import Cancelled
from weightscape.explore.act.lens_action import pick
from weightscape.explore.task.errand import Errand, Errands
from weightscape.lens.lens import Part
from weightscape.network.interrupt import check
from weightscape.scene.scene import Scene
from weightscape.window.event import Click, Key


def done(errands: Errands, deeds: int = 0) -> Callable[[], object] | None:
    """Wait until nothing is under way."""
    found: list[Any] = []

    def is_over() -> bool:
        found.append(errands.fetch(deeds))
        return errands.name == ""

    until(is_over, "the errand")
    return next((each for each in found if each), None)


def test_what_was_found_is_handed_over_in_the_asking_thread() -> None:
    errands, seen = Errands(lambda: None), []
    errands.send(Errand("looking", lambda _: threading.current_thread().name, seen.append, 0))
    assert errands.name == "looking"
    then = done(errands)
    assert then
    assert seen == []
    then()
    assert seen == ["errand"]


def test_what_went_wrong_is_raised_there_too() -> None:
    errands = Errands(lambda: None)
    errands.send(Errand("looking", lambda _: 1 // 0, print, 0))
    then = done(errands)
    assert then
    with pytest.raises(ZeroDivisionError):
        then()


def test_of_a_scene_that_is_gone_nobody_wants_to_hear() -> None:
    errands = Errands(lambda: None)
    errands.send(Errand("looking", lambda _: 1, print, deeds=3))
    assert done(errands, deeds=4) is None
    errands.send(Errand("opening", lambda _: 1, print))
    assert done(errands, deeds=4)


@pytest.mark.parametrize("is_planning", [False, True])
def test_a_new_errand_stops_the_old_one(is_planning: bool) -> None:
    errands, ended = Errands(lambda: None), threading.Event()

    def endless(cancelled: Callable[[], bool]) -> None:
        try:
            while not cancelled():
                if is_planning:
                    check()
        except Cancelled:
            assert is_planning
        ended.set()

    errands.send(Errand("first", endless, print, 0))
    errands.send(Errand("second", lambda _: 2, print, 0))
    assert ended.wait(PATIENCE_S)
    assert done(errands)
    errands.cancel()
    assert errands.name == ""


def test_keys_wait_for_a_scene_that_is_being_opened_but_escape_does_not() -> None:
    errands, go = Errands(lambda: None), threading.Event()
    assert not errands.keeps(Key("r"))
    errands.send(Errand("opening", lambda _: go.wait(PATIENCE_S), print))
    keys = Key("r"), Key("escape"), Click(), Key("a")
    assert [errands.keeps(key) for key in keys] == [True, False, False, True]
    assert errands.kept() == []
    go.set()
    assert done(errands)
    assert errands.kept() == [Key("r"), Key("a")]
    assert errands.kept() == []
    errands.send(Errand("looking", lambda _: 1, print, 0))
    assert not errands.keeps(Key("r"))


def test_keys_for_a_scene_that_is_given_up_are_forgotten_but_not_those_for_another_one() -> None:
    errands, go = Errands(lambda: None), threading.Event()
    errands.send(Errand("opening", lambda _: go.wait(PATIENCE_S), print))
    assert errands.keeps(Key("r"))
    errands.cancel()
    assert errands.kept() == []
    errands.send(Errand("opening", lambda _: go.wait(PATIENCE_S), print))
    assert errands.keeps(Key("a"))
    errands.send(Errand("opening another", lambda _: 1, print))
    assert done(errands)
    assert errands.kept() == [Key("a")]
    go.set()


def test_a_click_takes_no_place_of_a_scene_that_is_being_opened() -> None:
    errands, go, scene = Errands(lambda: None), threading.Event(), Scene(layers=2, width=4, lens="units", layer=1)
    explorer: Any = SimpleNamespace(errands=errands, scene=scene, fault="", history=SimpleNamespace(deeds=0))
    explorer.under_cursor = lambda x, y: (Part(scene, (90, 60)), (x, y))
    pick(explorer, 20.0, 30.0)
    assert errands.name == "looking"
    errands.send(Errand("opening", lambda _: go.wait(PATIENCE_S), print))
    pick(explorer, 20.0, 30.0)
    assert errands.name == "opening"
    go.set()
