"""Sliders: a value on its track. The wheel with Ctrl or Alt, and a drag with Alt, move it finely."""

from __future__ import annotations

from typing import Any

from weightscape.window.control.track import place, stops, value_at, written
from weightscape.window.message import Control, Value
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT

Box = tuple[float, float, float, float]
FINELY = 0.1  # of the way that the hand goes


class Sliders:
    """Draws sliders, and remembers where they are and what the hand began with."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._im = sheet, sheet.im
        self._boxes: dict[str, Box] = {}
        self._pressed: tuple[str, Value] = "", 0  # a slider and its value when the mouse went down on it
        self._fine = 0.0  # place on the track, while the hand moves finely

    def clear(self) -> None:
        """Begin anew, with nothing drawn."""
        self._boxes = {}

    def has(self, name: str) -> bool:
        """Tell whether a control is drawn as a slider."""
        return name in self._boxes

    def at(self, x: float, y: float) -> str:
        """Name the slider at a place; "" for none."""
        for name, (left, top, right, bottom) in self._boxes.items():
            if left <= x < right and top <= y < bottom:
                return name
        return ""

    def take_pressed(self, name: str) -> Value | None:
        """Tell the value that a slider had when the hand came down on it, None where it did not, or once told."""
        pressed, value = self._pressed
        if pressed != name:
            return None
        self._pressed = "", 0
        return value

    def draw(self, control: Control, value: Any) -> Value:
        """Draw a slider over the track's places; what it shows is the value."""
        im, flags = self._im, self._im.SliderFlags_
        at = place(control, value)
        shown = written(control, value).replace("%", "%%")
        flag = flags.always_clamp | flags.no_input
        changed, new = im.slider_float(f"##{control.name}", at, 0.0, 1.0, shown, flag)
        low, high = im.get_item_rect_min(), im.get_item_rect_max()
        self._boxes[control.name] = low.x, low.y, high.x, high.y
        if im.is_item_activated():
            self._pressed, self._fine = (control.name, value), at
        if im.is_item_active() and im.get_io().key_alt:
            self._fine += FINELY * im.get_io().mouse_delta.x / max(high.x - low.x, 1.0)
            return value_at(control, min(max(self._fine, 0.0), 1.0))
        self._mark(control, low, high)
        return value_at(control, new) if changed else value

    def _mark(self, control: Control, low: Any, high: Any) -> None:
        """Draw a tick where the control wants one."""
        if control.mark is None or not stops(control)[0][1] <= control.mark <= stops(control)[-1][1]:
            return
        s, grab = self._sheet.scale, self._im.get_style().grab_min_size
        left, right = low.x + 2 * s + grab / 2, high.x - 2 * s - grab / 2
        x = round(left + (right - left) * place(control, control.mark))
        draw, ink = self._im.get_window_draw_list(), self._sheet.ink(ACCENT)
        draw.add_rect_filled((x - s, high.y - 6 * s), (x + s, high.y), ink)
        draw.add_rect_filled((x - s, low.y), (x + s, low.y + 4 * s), ink)
