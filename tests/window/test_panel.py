"""The panel under real keys and a real mouse: what is typed, dragged and chosen, and that no command sees it."""

import dataclasses

import pytest
from display import spelled, until
from guest import HUD, SLIDER, Guest, Host, names, show, take_answers, take_events

from weightscape.window.event import Click, Drag, Key, Scroll
from weightscape.window.panel import Answer, Control

MANY = tuple(dataclasses.replace(SLIDER, name=f"scale {n}") for n in range(40))


def type_into_prompt(host: Host, *command: str) -> None:
    host.run(show, dataclasses.replace(HUD, prompt="Go to seed"))
    host.press(*command)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (spelled("43 aR{[(~"), "43 aR{[(~"),
        ([*spelled("12"), "key", "BackSpace", "key", "Left", "key", "0"], "01"),
        ([*spelled("old"), "key", "ctrl+a", *spelled("new")], "new"),
        ([*spelled("ab"), "key", "ctrl+a", "key", "ctrl+x", "key", "ctrl+v", "key", "ctrl+v"], "abab"),
        ([], ""),
    ],
)
def test_enter_submits_what_was_typed_and_no_command_sees_it(window: Host, typed: list[str], expected: str) -> None:
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
    keys = ["4", "shift+r", "space", "x", "backspace", "3", "enter"]
    assert window.run(feed_early, keys) == ("4R 3", False, ())


@pytest.mark.parametrize(("last", "submitted"), [("enter", "4"), ("escape", None)])
def test_keys_behind_the_one_that_ends_a_prompt_are_not_its_own(window: Host, last: str, submitted: str | None) -> None:
    assert window.run(feed_early, ["4", last, "f12", "r"]) == (submitted, last == "escape", ("f12", "r"))


def test_a_dragged_slider_changes_its_control_and_moves_no_picture(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(
        *window.point(480, 36),
        "mousedown",
        "1",
        *window.point(560, 36),
        *window.point(600, 36),
        "mouseup",
        "1",
        *window.point(100, 100),
        "key",
        "F12",
    )
    until(lambda: "f12" in names(window))
    values = [answer.changes["scale"] for answer in window.run(take_answers)]
    assert values == sorted(values)
    assert 3.0 < values[-1] <= 4.0
    assert values[-1] == round(values[-1], 3)
    assert not [event for event in window.run(take_events) if isinstance(event, Click | Drag)]


def test_a_double_click_on_a_slider_types_and_takes_the_first_click_back(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(
        *window.point(600, 36),
        "click",
        "--repeat",
        "2",
        "--delay",
        "60",
        "1",
        *spelled("3.25"),
        "key",
        "Return",
        "key",
        "F12",
    )
    until(lambda: "f12" in names(window))
    values = [answer.changes["scale"] for answer in window.run(take_answers)]
    assert values[-1] == 3.25
    assert set(values[:-1]) <= {0.5, values[0]}  # what the first click did, and that taken back
    assert names(window) == ["f12"]
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(*window.point(600, 36), "click", "--repeat", "2", "--delay", "60", "1", "key", "Escape", "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(value_of, "scale") == 0.5


def test_a_click_with_ctrl_types_too(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(
        *window.point(600, 36),
        "keydown",
        "ctrl",
        "click",
        "1",
        "keyup",
        "ctrl",
        *spelled("2"),
        "key",
        "Return",
        "key",
        "F12",
    )
    until(lambda: "f12" in names(window))
    assert [answer.changes for answer in window.run(take_answers)] == [{"scale": 2.0}]


@pytest.mark.parametrize("key", ["ctrl", "alt"])
def test_the_wheel_over_a_slider_moves_it_finely_with_ctrl_or_alt(window: Host, key: str) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    turns = "click", "4", "click", "4", "click", "5", "click", "4"
    window.press(*window.point(560, 36), "keydown", key, *turns, "keyup", key, "key", "F12")
    until(lambda: "f12" in names(window))
    assert window.run(value_of, "scale") == pytest.approx(0.508)
    assert names(window) == ["f12"]
    assert not [event for event in window.run(take_events) if isinstance(event, Scroll)]


def test_the_wheel_alone_over_a_slider_scrolls_the_panel(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=MANY))
    top = window.run(top_of, MANY[0].name)
    window.press(*window.point(560, 36), "keydown", "ctrl", "click", "4", "keyup", "ctrl", "click", "5", "key", "F12")
    until(lambda: "f12" in names(window))
    until(lambda: window.run(top_of, MANY[0].name) < top, "the controls to move")
    assert [answer.changes for answer in window.run(take_answers)] == [{MANY[0].name: pytest.approx(0.504)}]
    assert not [event for event in window.run(take_events) if isinstance(event, Scroll)]


def test_dragging_with_alt_moves_a_slider_finely(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(
        *window.point(460, 36),
        "keydown",
        "alt",
        "mousedown",
        "1",
        *window.point(500, 36),
        *window.point(540, 36),
        "mouseup",
        "1",
        "keyup",
        "alt",
        "key",
        "F12",
    )
    until(lambda: "f12" in names(window))
    assert 0.6 < window.run(value_of, "scale") < 0.8  # a tenth of 80 of about 190 pixels


def test_the_panel_can_be_moved_and_widened_and_stays_inside(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    left, top, right, _ = window.run(box)
    window.press(
        *window.point(int(left) + 3, 30),
        "mousedown",
        "1",
        *window.point(int(left) - 37, 30),
        *window.point(int(left) - 77, 30),
        "mouseup",
        "1",
        "key",
        "F12",
    )
    until(lambda: "f12" in names(window))
    assert window.run(box)[::2] == (left - 80, right)
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    window.press(
        *window.point(int(right) - 6, 17),
        "mousedown",
        "1",
        *window.point(int(right) - 46, 57),
        *window.point(int(right) - 106, 117),
        "mouseup",
        "1",
        "key",
        "F12",
    )
    until(lambda: "f12" in names(window))
    assert window.run(box)[:3] == (left - 180, top + 100, right - 100)
    window.resize(300, 240)
    window.run(show, dataclasses.replace(HUD, controls=(SLIDER,)))
    left, top, right, bottom = window.run(box)
    assert 0 <= left < right <= 300
    assert 0 <= top < bottom <= 240
    window.resize(640, 400)
    window.run(put_back)


def test_a_typed_number_counts_on_enter_and_nonsense_is_told(window: Host) -> None:
    seed = Control("seed", "Seed", "int", 43, low=0)
    refused = "Seed: {!r} is not a whole number in 0..".format
    for text, expected in (
        ("18446744073709551615", [({"seed": 2**64 - 1}, "")]),
        ("-1", [({}, refused("-1"))]),
        ("soup", [({}, refused("soup"))]),
    ):
        window.run(show, dataclasses.replace(HUD, controls=(seed,)))
        window.press(*window.point(560, 36), "click", "1", *spelled(text), "key", "Return", "key", "F12")
        until(lambda: "f12" in names(window))
        assert [(answer.changes, answer.refused) for answer in window.run(take_answers)] == expected
        assert names(window) == ["f12"]


def test_a_choice_and_a_tick_answer_with_their_new_value(window: Host) -> None:
    controls = (
        Control("shape", "Shape", "choice", "uniform", choices=("uniform", "normal")),
        Control("tied", "Tied", "bool", True),
    )
    window.run(show, dataclasses.replace(HUD, controls=controls))
    window.press(*window.point(560, 36), "click", "1")
    until(lambda: window.run(popup_is_open), "the list")
    window.press(*window.point(500, 92), "click", "1")
    until(lambda: len(window.run(take_answers)) == 1, "the choice")
    window.press(*window.point(432, 67), "click", "1")
    until(lambda: len(window.run(take_answers)) == 2, "the tick")
    assert [answer.changes for answer in window.run(take_answers)] == [{"shape": "normal"}, {"tied": False}]


def test_a_list_near_the_lower_edge_opens_upwards_and_covers_no_status_line(window: Host) -> None:
    choices = tuple(f"choice {n}" for n in range(14))
    knobs = tuple(Control(f"c{n}", f"C{n}", "choice", "choice 3", choices=choices) for n in range(10))
    for n in (0, 5, 9):
        window.run(show, dataclasses.replace(HUD, controls=knobs))
        row = 36 + 31 * n
        window.press(*window.point(560, row), "click", "1")
        until(lambda: window.run(popup_is_open), "the list")
        top, bottom = window.run(list_box)
        assert top >= 0
        assert bottom <= 400 - 27
        assert bottom <= row or top >= row  # beside what it belongs to, not over it
        window.press("key", "Escape")
        until(lambda: not window.run(popup_is_open), "the list to close")


def list_box(guest: Guest) -> tuple[float, float]:
    """Find the open list: the window that imgui opened last."""
    popup = guest.panel._context.open_popup_stack[0].window
    return popup.pos.y, popup.pos.y + popup.size.y


def take_prompt(guest: Guest) -> str | None:
    return guest.hud.prompt


def value_of(guest: Guest, name: str) -> object:
    return next(control.value for control in guest.hud.controls or () if control.name == name)


def box(guest: Guest) -> tuple[float, float, float, float]:
    return guest.panel._sheet.boxes["controls"]


def put_back(guest: Guest) -> None:
    guest.panel.parts.knobs._corner = guest.panel.parts.knobs._wide = None


def popup_is_open(guest: Guest) -> bool:
    return guest.panel.input.has_popup


def feed_early(guest: Guest, keys: list[str]) -> tuple[str | None, bool, tuple[str, ...]]:
    for name in keys:
        guest.panel.feed(Key(name))
    answer = guest.panel.frame(dataclasses.replace(HUD, prompt="Go to seed"))
    return answer.submitted, answer.cancelled, answer.left


def top_of(guest: Guest, name: str) -> float:
    return guest.panel.places[name][1]
