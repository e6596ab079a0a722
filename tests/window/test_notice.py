"""A notice with a link: a click on it is told, and reaches nothing else."""

import dataclasses

import numpy as np
import numpy.typing as npt
import pytest
from display import until
from guest import HUD, SIZE, Guest, Host, call, look, show, take_answers, take_events

from weightscape.window.event import Click
from weightscape.window.message import Row
from weightscape.window.panel import Control, Hud
from weightscape.window.style import ACCENT

SAID = Hud(status=HUD.status, notice="picture saved: a.png in /pictures", link="open the folder")
AT = (SIZE[0] // 2, SIZE[1] - 50)  # in the notice's middle


def clicks(guest: Guest) -> int:
    return sum(answer.is_linked for answer in guest.answers)


def blue(guest: Guest) -> int:
    """Count the pixels of the link's colour in the lower part of the window."""
    seen = np.frombuffer(guest.picture(), np.uint8).reshape(SIZE[1], SIZE[0], 3)[:100].astype(int)
    return int((np.abs(seen - np.round(255 * np.array(ACCENT[:3]))).max(-1) < 24).sum())


def test_a_click_on_the_notice_is_told_and_is_no_click_into_the_picture(window: Host) -> None:
    window.run(show, SAID)
    window.press(*window.point(*AT), "click", "1", *window.point(100, 90), "click", "1", "key", "F12")
    until(lambda: Click(100, 90) in window.run(take_events), "the click beside it")
    assert [event for event in window.run(take_events) if isinstance(event, Click)] == [Click(100, 90)]
    assert window.run(clicks) == 1


def test_a_notice_without_a_link_is_nothing_to_click(window: Host) -> None:
    window.run(show, Hud(notice=SAID.notice))
    window.press(*window.point(*AT), "click", "1", "key", "F12")
    until(lambda: Click(*map(float, AT)) in window.run(take_events), "the click")
    assert window.run(take_answers) == []


@pytest.mark.parametrize(
    "below",
    [
        {"help": tuple(Row("r", f"row {n}") for n in range(60))},
        {"controls": tuple(Control(str(n), str(n), "float", 0.5, 0.0, 1.0) for n in range(14))},
    ],
    ids=["help", "panel"],
)
def test_what_lies_below_the_notice_is_not_clicked(window: Host, below: dict[str, object]) -> None:
    hud = Hud(status=HUD.status, notice="x" * 60, link="open the folder", **below)  # type: ignore[arg-type]
    window.run(show, hud)
    window.press(*window.point(*AT), "click", "1", "key", "F12")
    until(lambda: window.run(clicks) == 1, "the click")
    (answer,) = window.run(take_answers)
    assert (answer.picked, answer.changes) == (None, {})


def test_the_link_is_underlined_and_the_pointer_a_hand_while_the_mouse_is_over_it(window: Host) -> None:
    window.run(show, SAID)
    bare = window.run(blue)
    assert bare > 0
    assert not window.run(look, "is_hand")
    window.press(*window.point(*AT))
    until(lambda: window.run(look, "is_hand"), "the hand")
    assert window.run(blue) > bare + 50
    window.run(show, HUD)
    assert not window.run(look, "is_hand")
    assert window.run(blue) == 0


def test_the_wheel_over_a_notice_is_the_pictures(window: Host) -> None:
    window.run(show, SAID)
    window.press(*window.point(*AT), "click", "4", "key", "F12")
    until(lambda: window.run(take_events), "the wheel")
    assert not window.run(look, "is_held")
    window.run(call, "wake")


def test_where_there_is_room_a_notice_stands_beside_the_controls(window: Host) -> None:
    controls = tuple(Control(str(n), str(n), "float", 0.5, 0.0, 1.0) for n in range(14))
    window.resize(900, 400)
    window.run(show, Hud(status=HUD.status, controls=controls))
    bare = window.run(seen)
    for hud in (SAID, Hud(caption="x" * 300)):
        window.run(show, dataclasses.replace(hud, status=HUD.status, controls=controls))
        changed = (window.run(seen) != bare).any(axis=(0, 2))
        left = min(box[0] for box in window.run(boxes) if box[0] > 300)
        assert changed[: int(left)].any()
        assert not changed[int(left) :].any()
    window.resize(*SIZE)


def seen(guest: Guest) -> npt.NDArray[np.uint8]:
    width, height = guest.window.size_px
    return np.frombuffer(guest.picture(), np.uint8).reshape(height, width, 3)


def boxes(guest: Guest) -> list[tuple[float, float, float, float]]:
    return list(guest.panel._sheet.boxes.values())
