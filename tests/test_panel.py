"""The panel under real keys and a real mouse: what is typed, dragged and chosen, and that no command sees it."""

import dataclasses
from collections.abc import Iterator

import pytest
from display import spelled, until
from guest import HUD, SLIDER, Guest, Host, names, opened_host, show, take_answers, take_events

from weightscape.window.event import Click, Drag, Key
from weightscape.window.panel import Answer, Control


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with opened_host() as host:
        yield host


@pytest.fixture
def window(host: Host) -> Host:
    return host.begin()


def type_into_prompt(host: Host, *command: str) -> None:
    host.run(show, dataclasses.replace(HUD, prompt="Go to seed"))
    host.press(*command)


@pytest.mark.parametrize(("typed", "expected"), [
    (spelled("43 aR{[(~"), "43 aR{[(~"),
    ([*spelled("12"), "key", "BackSpace", "key", "Left", "key", "0"], "01"),
    ([*spelled("old"), "key", "ctrl+a", *spelled("new")], "new"),
    ([*spelled("ab"), "key", "ctrl+a", "key", "ctrl+x", "key", "ctrl+v", "key", "ctrl+v"], "abab"),
    ([], ""),
])
def test_enter_submits_what_was_typed_and_no_command_sees_it(
    window: Host, typed: list[str], expected: str
) -> None:
    type_into_prompt(window, *typed, "key", "Return")
    until(lambda: window.run(take_answers), "the answer")
    assert [answer.submitted for answer in window.run(take_answers)] == [expected]
    window.press("key", "F12")
    until(lambda: "f12" in names(window))
    assert names(window) == ["f12"]


def test_escape_cancels_the_prompt_and_only_that(window: Host) -> None:
    type_into_prompt(window, *spelled("12r"), "key", "Escape", "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(take_answers) == [Answer(cancelled=True)]
    assert names(window) == ["f12"]
    assert window.run(take_prompt) is None


def test_a_second_prompt_starts_empty(window: Host) -> None:
    type_into_prompt(window, *spelled("12"), "key", "Escape")
    until(lambda: window.run(take_answers))
    type_into_prompt(window, *spelled("7"), "key", "Return")
    until(lambda: window.run(take_answers))
    assert [answer.submitted for answer in window.run(take_answers)] == ["7"]


def test_keys_between_the_command_and_its_prompt_are_typed(window: Host) -> None:
    assert window.run(feed_early, ["4", "shift+r", "space", "x", "backspace", "3", "enter"]) == "4R 3"


def test_a_dragged_slider_changes_its_control_and_moves_no_picture(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(*window.point(480, 36), "mousedown", "1", *window.point(560, 36), *window.point(600, 36),
                 "mouseup", "1", *window.point(100, 100), "key", "F12")
    until(lambda: "f12" in names(window))
    values = [answer.changes["scale"] for answer in window.run(take_answers)]
    assert values == sorted(values)
    assert 3.0 < values[-1] <= 4.0
    assert values[-1] == round(values[-1], 3)
    assert not [event for event in window.run(take_events) if isinstance(event, Click | Drag)]


def test_a_typed_number_counts_on_enter_and_nonsense_does_not(window: Host) -> None:
    seed = Control("seed", "Seed", "int", 43, low=0)
    for text, expected in (("18446744073709551615", [2**64 - 1]), ("-1", []), ("soup", [])):
        window.run(show, dataclasses.replace(HUD, controls=(seed,)))
        window.press(*window.point(560, 36), "click", "1", *spelled(text), "key", "Return", "key", "F12")
        until(lambda: "f12" in names(window))
        assert [answer.changes["seed"] for answer in window.run(take_answers)] == expected
        assert names(window) == ["f12"]


def test_a_choice_and_a_tick_answer_with_their_new_value(window: Host) -> None:
    controls = (Control("shape", "Shape", "choice", "uniform", choices=("uniform", "normal")),
                Control("tied", "Tied", "bool", True))
    window.run(show, dataclasses.replace(HUD, controls=controls))
    window.press(*window.point(560, 36), "click", "1")
    until(lambda: window.run(popup_is_open), "the list")
    window.press(*window.point(500, 92), "click", "1")
    until(lambda: len(window.run(take_answers)) == 1, "the choice")
    window.press(*window.point(432, 67), "click", "1")
    until(lambda: len(window.run(take_answers)) == 2, "the tick")
    assert [answer.changes for answer in window.run(take_answers)] == [{"shape": "normal"}, {"tied": False}]


def take_prompt(guest: Guest) -> str | None:
    return guest.hud.prompt


def popup_is_open(guest: Guest) -> bool:
    return guest.panel._has_popup


def feed_early(guest: Guest, keys: list[str]) -> str | None:
    for name in keys:
        guest.panel.feed(Key(name))
    return guest.panel.frame(dataclasses.replace(HUD, prompt="Go to seed")).submitted
