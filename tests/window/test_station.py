"""A station's card: where it stands, and what its buttons and keys do."""

import dataclasses

import pytest
from display import until
from guest import HUD, SIZE, SLIDER, Guest, Host, names, show, take_answers, take_events

from weightscape.window.event import Release
from weightscape.window.message import Station
from weightscape.window.panel import Answer

Box = tuple[float, float, float, float]
WORDS = "A sentence of about as many words as the tour's sentences have, which is to say not few of them. "
CARD = Station(
    3, 12, "From afar a star, from close by a slope", 2 * WORDS, "Shift+M", "Try it, and look at what comes of it."
)
STATUS_PX = 27
# From the card's right upper corner to the middle of its buttons.
DOWN, LEAVE, FOLD, ON, BACK = 22, 34, 69, 130, 215


def boxes(guest: Guest) -> list[Box]:
    return [*guest.panel._sheet.boxes.values()]


def card(window: Host) -> Box:
    return window.run(boxes)[-1]


def click(window: Host, left: float) -> None:
    _, top, right, _ = card(window)
    window.press(*window.point(round(right - left), round(top + DOWN)), "click", "1")


@pytest.mark.parametrize("size", [(640, 400), (1280, 720), (400, 300)])
def test_a_card_stands_above_the_status_line_and_beside_the_controls(window: Host, size: tuple[int, int]) -> None:
    window.resize(*size)
    controls = tuple(dataclasses.replace(SLIDER, name=f"scale {n}") for n in range(20))
    window.run(show, dataclasses.replace(HUD, station=CARD))
    (alone,) = window.run(boxes)
    window.run(show, dataclasses.replace(HUD, station=CARD, controls=controls))
    narrow, *beside = sorted(window.run(boxes))
    window.resize(*SIZE)
    for left, top, right, bottom in (alone, narrow):
        assert 0 < left < right < size[0]
        assert 0 < top < bottom < size[1] - STATUS_PX
    if size[0] >= 640:
        assert narrow[2] < beside[0][0]
        assert alone[3] - alone[1] < 0.4 * size[1]


def test_its_buttons_lead_back_and_on_and_out(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, station=CARD))
    for left in (BACK, ON, LEAVE):
        click(window, left)
    until(lambda: len(window.run(take_answers)) == 3, "three answers")
    assert window.run(take_answers) == [Answer(turned="back"), Answer(turned="on"), Answer(turned="leave")]
    seen = window.run(take_events)
    assert [each for each in seen if not isinstance(each, Release)] == []  # no click into the picture beneath


def test_a_folded_card_is_its_first_line_until_the_next_station(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, station=CARD))
    high = card(window)
    click(window, FOLD)
    until(lambda: card(window)[1] > high[1] + 40, "the folded card")
    assert window.run(take_answers) == []
    window.run(show, dataclasses.replace(HUD, station=dataclasses.replace(CARD, number=4)))
    assert card(window) == high


def test_its_keys_are_the_commands(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, station=CARD))
    window.press("key", "Next", "key", "Prior", "key", "Escape", "key", "M", "key", "F12")
    until(lambda: "f12" in names(window), "the keys")
    assert names(window) == ["page_down", "page_up", "escape", "shift+m", "f12"]
