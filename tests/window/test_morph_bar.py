"""The bar of a morph: where it stands, and what its slider and buttons answer."""

import dataclasses

import pytest
from display import until
from guest import HUD, SIZE, Guest, Host, show, take_answers, take_events

from weightscape.window.event import Click, Drag, Scroll
from weightscape.window.message import MorphBar

Box = tuple[float, float, float, float]
BAR = MorphBar(0.25, "Porcelain to Lava", (0.0, 0.5, 1.0))
STATUS_PX = 27


def places(guest: Guest) -> dict[str, Box]:
    return dict(guest.panel.places)


def bar(guest: Guest) -> Box:
    return guest.panel.boxes["morph"]


def slid(window: Host, place: float, within: float) -> bool:
    """Tell whether the slider was moved to a place last."""
    found = [each.slid for each in window.run(take_answers) if each.slid is not None]
    return bool(found) and abs(found[-1] - place) <= within


@pytest.mark.parametrize("size", [(640, 400), (1280, 720), (320, 240)])
def test_it_stands_above_the_status_line_with_all_of_its_buttons(window: Host, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.run(show, dataclasses.replace(HUD, morph=BAR))
    left, top, right, bottom = window.run(bar)
    found = window.run(places)
    window.resize(*SIZE)
    assert (left, right) == (0, size[0])
    assert bottom == size[1] - STATUS_PX
    assert bottom - top < 0.4 * size[1]
    names = ["space", "", "l", "v", "enter", "escape"]
    boxes = [found[f"!morph {name}".rstrip()] for name in names]
    edges = [edge for box in boxes for edge in box[::2]]
    assert edges == sorted(edges)  # side by side, none over another
    assert 0 < edges[0] < edges[-1] < size[0]


@pytest.mark.parametrize("key", ["space", "l", "v", "enter", "escape"])
def test_a_button_stands_for_its_key(window: Host, key: str) -> None:
    window.run(show, dataclasses.replace(HUD, morph=BAR))
    left, top, right, bottom = window.run(places)[f"!morph {key}"]
    window.press(*window.point(round((left + right) / 2), round((top + bottom) / 2)), "click", "1")
    until(lambda: [each.key for each in window.run(take_answers)] == [key], key)


def test_a_drag_and_the_wheel_move_it_and_no_picture(window: Host) -> None:
    window.run(show, dataclasses.replace(HUD, morph=BAR))
    left, top, right, bottom = window.run(places)["!morph"]
    y = round((top + bottom) / 2)
    window.press(*window.point(round(left + 0.5 * (right - left)), y), "mousedown", "1")
    window.press(*window.point(round(left + 0.8 * (right - left)), y), "mouseup", "1")
    until(lambda: slid(window, 0.8, 0.06), "the drag")
    window.run(show, dataclasses.replace(HUD, morph=BAR))
    window.press("click", "4")
    until(lambda: slid(window, 0.26, 1e-9), "the wheel")
    assert [each for each in window.run(take_events) if isinstance(each, Click | Drag | Scroll)] == []
