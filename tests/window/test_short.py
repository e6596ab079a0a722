"""Numbers that are too long for the panel's field, and what is seen of them there."""

import dataclasses

import pytest
from display import until
from guest import HUD, Guest, Host, names, show, take_answers

from weightscape.window.control.short import shortened
from weightscape.window.message import Control

LONG = "-0.74364388703715870475,0.13182590420531197049"
CENTER = Control("center", "center", "text", LONG, hint="the point in the middle")


@pytest.mark.parametrize(
    ("text", "room", "told"),
    [
        ("0,0", 3, "0,0"),
        (LONG, 46, LONG),
        (LONG, 30, "-0.7436438870…, 0.1318259042…"),
        (LONG, 15, "-0.743…, 0.131…"),
        ("-1.25e-300,2.123456e-9", 20, "-1.25e-300, 2.12…e-9"),
        ("18446744073709551615", 8, "1844674…"),
        ("x,y,cos_t,sin_t", 9, "x,y,cos_…"),
    ],
)
def test_as_many_digits_are_told_of_each_number_as_fit(text: str, room: int, told: str) -> None:
    assert shortened(text, room, len) == told
    assert len(told) <= room


def test_a_long_center_is_cut_in_its_field_and_whole_in_its_tip_and_under_the_hand(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, controls=(CENTER,)))
    assert window.run(cut) == {"center"}
    window.press(*window.point(560, 36))
    until(lambda: LONG in window.run(hint), "the whole value")
    window.press("click", "1", "key", "End", "key", "9", "key", "Return", "key", "F12")
    until(lambda: "f12" in names(window))
    assert [answer.changes for answer in window.run(take_answers)] == [{"center": LONG + "9"}]
    window.run(show, dataclasses.replace(HUD, controls=(dataclasses.replace(CENTER, value="0,0"),)))
    assert window.run(cut) == set()


def cut(guest: Guest) -> set[str]:
    return guest.panel.parts.knobs.lines.cut


def hint(guest: Guest) -> str:
    return guest.pointed.hint if guest.pointed else ""
