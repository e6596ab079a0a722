"""Waiting for a picture begins where another network or lens is asked for, and leaving has to be meant."""

from dataclasses import replace

from weightscape.explore.leaving import LEAVE_S, Leaving
from weightscape.explore.paint.waiting import LATE_S, Waiting
from weightscape.scene.scene import Scene

START = Scene()
OTHER = replace(START, lens="stretch")


def seen_at(now_s: float) -> Waiting:
    waiting = Waiting()
    waiting.ask(START, now_s)
    waiting.see(START, now_s)
    return waiting


def test_another_lens_is_late_after_a_while_and_until_it_is_seen() -> None:
    waiting = seen_at(5.0)
    assert not waiting.is_late(99.0)
    waiting.ask(OTHER, 10.0)
    assert (waiting.is_late(10.0), waiting.next_s(10.0)) == (False, 10.0 + LATE_S)
    assert waiting.is_late(10.0 + LATE_S)
    waiting.see(START, 11.0)
    assert waiting.is_late(11.0)
    waiting.see(OTHER, 12.0)
    assert not waiting.is_late(99.0)


def test_a_view_or_a_time_that_changes_is_not_waited_for() -> None:
    waiting = seen_at(5.0)
    waiting.ask(replace(START, radius=0.1, time=0.5, probe=(0.5, 0.5)), 10.0)
    assert not waiting.is_on


def test_of_many_wishes_the_first_counts_but_each_picture_is_worth_more_patience() -> None:
    waiting = seen_at(5.0)
    for n in range(1, 5):
        waiting.ask(replace(START, seed=n), 10.0 + n * LATE_S / 2)
    assert waiting.is_late(10.0 + 2 * LATE_S)
    waiting.see(replace(START, seed=2), 11.0)
    assert not waiting.is_late(11.0)
    assert waiting.is_late(11.0 + LATE_S)


def test_what_will_not_come_is_not_waited_for() -> None:
    waiting = seen_at(5.0)
    waiting.ask(OTHER, 10.0)
    waiting.end()
    assert not waiting.is_late(99.0)


def test_escape_has_to_be_pressed_twice_soon() -> None:
    leaving = Leaving()
    assert leaving.asked(10.0, is_saving=False, is_sure=False) == "Esc again, or Ctrl+Q, quits"
    assert leaving.asked(10.0 + LEAVE_S, is_saving=False, is_sure=False)
    assert leaving.asked(10.0 + 1.5 * LEAVE_S, is_saving=False, is_sure=False) == ""
    assert not leaving.is_hurried


def test_who_is_sure_is_asked_only_for_a_picture_that_is_being_saved() -> None:
    assert Leaving().asked(10.0, is_saving=False, is_sure=True) == ""
    leaving = Leaving()
    assert "still saving" in leaving.asked(10.0, is_saving=True, is_sure=True)
    assert leaving.asked(11.0, is_saving=True, is_sure=True) == ""
    assert leaving.is_hurried


def test_escape_is_asked_for_the_picture_too() -> None:
    leaving = Leaving()
    assert "Esc again" in leaving.asked(10.0, is_saving=True, is_sure=False)
    assert "still saving" in leaving.asked(11.0, is_saving=True, is_sure=False)
    assert leaving.asked(12.5, is_saving=True, is_sure=False) == ""
