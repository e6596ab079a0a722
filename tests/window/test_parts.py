"""No part lies over another, whatever is open, in small windows and in large ones."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from guest import HUD, SIZE, SLIDER, Guest, Host, show

from weightscape.window.message import Hud, Row, Station, Thumb, Tile
from weightscape.window.parts import LEAST_PX, NARROWEST_PX
from weightscape.window.sheet import Box, meet
from weightscape.window.style import FONT_PX

CONTROLS = tuple(replace(SLIDER, name=f"scale {n}") for n in range(20))
STRIP = tuple(Thumb(f"step {n}", is_current=n == 3) for n in range(9))
CARD = Station(2, 12, "S-curves add up", "Along a line a unit is an S-curve. " * 3, "}", "More units, more bends.")
HELP = (Row("", "First"), *(Row(f"f{n}", "what a key does, in some words", (f"f{n}",)) for n in range(60)))
STATES: dict[str, dict[str, Any]] = {
    "panel": {"controls": CONTROLS},
    "strip": {"controls": CONTROLS, "strip": STRIP},
    "strip alone": {"strip": STRIP},
    "station": {"controls": CONTROLS, "station": CARD},
    "first start": {"controls": CONTROLS, "card": (Row("r", "another network"), Row("", "nothing breaks"))},
    "prompt": {"controls": CONTROLS, "prompt": "Seed"},
    "help": {"controls": CONTROLS, "help": HELP, "search": ""},
    "album": {"controls": CONTROLS, "album": tuple(Tile(f"scene {n}", "Gallery") for n in range(30))},
    "refused": {"controls": CONTROLS, "veil": "this lens wants relu: press A, or Enter"},
}
SAID = {
    "nothing": {},
    "a notice": {"notice": "F12: no such key, H has them all"},
    "a link": {"notice": "picture saved: weightscape-43-4.png in " + "/captures" * 9, "link": "open the folder"},
}
SIZES = [(640, 400), (400, 400), (1280, 720)]


@pytest.mark.every
@pytest.mark.spread(4)
@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_no_part_lies_over_another_and_none_is_cut(window: Host, size: Any, state: str, said: str) -> None:
    window.resize(*size)
    window.run(show, Hud(status=HUD.status, **STATES[state], **SAID[said]))
    boxes, status = window.run(boxes_of), window.run(status_px)
    window.resize(*SIZE)
    assert boxes
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1] - status
    for one, other in combinations(boxes, 2):
        assert not meet(one, other), (one, other)


@pytest.mark.parametrize("size", SIZES)
def test_controls_beside_a_strip_are_some_rows_or_none(window: Host, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.run(show, Hud(status=HUD.status, **STATES["strip"]))
    _, *controls = window.run(boxes_of)
    window.resize(*SIZE)
    assert len(controls) == (size[1] - 27 - 155 >= LEAST_PX + 24)
    assert all(bottom - top >= LEAST_PX for _, top, _, bottom in controls)


def test_a_chart_has_what_stays_free(window: Host) -> None:
    window.run(show, HUD)
    status = window.run(status_px)
    assert window.run(margins) == (0, 0, 0, status)
    window.run(show, replace(HUD, controls=CONTROLS))
    left, top, right, bottom = window.run(margins)
    (panel,) = window.run(boxes_of)
    assert (left, top, SIZE[0] - right, bottom) == (0, 0, panel[0], status)
    assert SIZE[0] - right >= NARROWEST_PX
    window.run(show, replace(HUD, controls=CONTROLS, notice="it goes again"))
    assert window.run(margins) == (left, top, right, bottom)
    window.run(show, replace(HUD, strip=STRIP))
    assert window.run(margins)[3] > status + 6 * FONT_PX


def test_a_chart_stands_above_a_caption_that_stays_with_it_and_above_no_other(window: Host) -> None:
    window.run(show, replace(HUD, caption="what the figure shows"))
    assert window.run(margins)[3] == window.run(status_px)
    window.run(show, replace(HUD, caption="what the figure shows", is_caption_kept=True))
    above = window.run(margins)[3]
    assert SIZE[1] - above == min(top for _, top, _, _ in window.run(boxes_of)) > SIZE[1] / 2
    window.run(show, replace(HUD, caption="what the figure shows", is_caption_kept=True, notice="saved"))
    assert window.run(margins)[3] == above
    window.run(show, HUD)


def test_what_is_said_stands_above_the_words_of_the_picture(window: Host) -> None:
    for said in ({"caption": "finer than a pixel"}, {"notice": "F12: no such key"}):
        window.run(show, replace(HUD, **said))
        bottom = max(box[3] for box in window.run(boxes_of))
        window.run(show, replace(HUD, foot=30, **said))
        assert max(box[3] for box in window.run(boxes_of)) == bottom - 30 < SIZE[1] - window.run(status_px) - 30
        assert window.run(margins)[3] == window.run(status_px)


def boxes_of(guest: Guest) -> list[Box]:
    """List the parts of a frame."""
    return [*guest.panel.boxes.values()]


def status_px(guest: Guest) -> int:
    return guest.panel.status_px


def margins(guest: Guest) -> Box | None:
    return guest.panel.margins
