"""The knobs at the right edge: a widget for each control, fitting its kind. What they turn they do not know."""

from __future__ import annotations

import math
from typing import Any

from .message import Control, Value
from .sheet import Sheet
from .style import ACCENT
from .track import nudged, place, stops, value_at, written

Box = tuple[float, float, float, float]


HOW = "double click: type; wheel or Alt: finely"
FINELY = 0.1  # of the way that the hand goes
# So many rounds imgui may take to give a field the keys.
OPENING_ROUNDS = 10
GRIP_PX = 6


class Knobs:
    """Draws controls and collects what the user changed. The panel can be moved, and made wider at its left edge."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._im = sheet, sheet.im
        self._changes: dict[str, Value] = {}
        self._drafts: dict[str, str] = {}
        self._folds = self._takes_back = False
        self._sliders: dict[str, tuple[Box, Control]] = {}
        self._typing, self._opening = "", 0  # a slider that is typed into, and rounds until it must have the keys
        self._pressed: tuple[str, Value] = "", 0  # a slider and its value when the mouse went down on it
        self._fine = 0.0  # place on the track, while the hand moves finely
        self._wide: float | None = None
        self._corner: tuple[float, float] | None = None  # right upper, from the window's; None: not moved
        self._is_widening = False

    def take_changes(self) -> dict[str, Value]:
        """Hand over the new values since the last call, by name."""
        changes, self._changes, self._folds = self._changes, {}, False
        return changes

    def take_undo(self) -> bool:
        """Tell whether the last change is to be taken back."""
        takes_back, self._takes_back = self._takes_back, False
        return takes_back

    def fold_list(self) -> None:
        """Close the open list of choices in the next frame."""
        self._folds = True

    def slider_at(self, x: float, y: float) -> str:
        """Name the slider at a place; "" for none."""
        for name, ((left, top, right, bottom), _) in self._sliders.items():
            if left <= x < right and top <= y < bottom:
                return name
        return ""

    def nudge(self, name: str, steps: float) -> None:
        """Move a slider by fine steps."""
        control = self._sliders[name][1]
        value: Any = self._changes.get(name, control.value)
        new = nudged(control, value, steps)
        if new != value:
            self._changes[name] = new

    def type_in(self, name: str, undo: bool) -> None:
        """Make a slider a line to type in, until Enter; undo: what its last press has changed is taken back."""
        self._typing, self._opening = name, OPENING_ROUNDS
        if undo and self._pressed[0] == name:
            self._takes_back = self._sliders[name][1].value != self._pressed[1]
            self._changes[name] = self._pressed[1]
            self._pressed = "", 0

    @property
    def is_opening(self) -> bool:
        """Whether a slider is becoming a line to type in, which has not got the keys yet."""
        return self._opening > 0

    @property
    def is_typing(self) -> bool:
        """Whether a slider is a line to type in."""
        return bool(self._typing)

    def put_away(self) -> None:
        """Have no controls."""
        self._sliders, self._typing, self._opening = {}, "", 0

    def draw(self, controls: tuple[Control, ...], quiet: bool) -> None:
        """Draw the controls under each other; quiet: without hints, for the mouse is busy."""
        sheet, im, s = self._sheet, self._im, self._sheet.scale
        labels = max((sheet.width(control.label) for control in controls), default=0)
        width = round(min(max(self._wide or 0.0, labels + 232 * s), sheet.size[0] - 24 * s))
        labels = min(labels, 0.4 * width)
        self._sliders, self._opening = {}, max(self._opening - 1, 0)
        if not any(control.name == self._typing for control in controls):
            self._typing, self._opening = "", 0
        self._begin(width)
        start = im.get_cursor_screen_pos()
        for control in controls:
            hint = "" if quiet else control.hint
            im.align_text_to_frame_padding()
            im.text_unformatted(sheet.fit(control.label, labels))
            self._hint(control.name, hint)
            im.same_line(labels + 26 * s)
            im.set_next_item_width(-1)
            old = self._changes.get(control.name, control.value)
            new = self._widget(control, old)
            self._hint(control.name, f"{hint}\n{HOW}" if hint and control.name in self._sliders else hint)
            if new != old:
                self._changes[control.name] = new
        self._grip(width, start.y)
        im.end()

    def _begin(self, width: float) -> None:
        """Open the panel where it was, inside the window whatever its size; the hand may move it."""
        sheet, im, s = self._sheet, self._im, self._sheet.scale
        right, top = self._corner or (12 * s, 12 * s)
        is_held = bool(im.is_mouse_down(0)) and not self._is_widening
        if not is_held:
            left = min(max(sheet.size[0] - right - width, 0.0), sheet.size[0] - width)
            im.set_next_window_pos((round(left), round(min(top, max(sheet.room - 60 * s, 0.0)))))
        im.set_next_window_size_constraints((width, 0), (width, sheet.room))
        sheet.begin("controls", im.WindowFlags_.always_auto_resize, moves=True)
        if is_held:
            place = im.get_window_pos()
            self._corner = sheet.size[0] - place.x - width, max(place.y, 0.0)

    def _grip(self, width: float, top: float) -> None:
        """Let the left edge be dragged, beside all controls."""
        im, s, place = self._im, self._sheet.scale, self._im.get_window_pos()
        end = im.get_cursor_screen_pos()
        im.set_cursor_screen_pos((place.x, top))
        im.invisible_button("##grip", (GRIP_PX * s, max(end.y - top - 8 * s, 1.0)))
        self._is_widening = bool(im.is_item_active())
        if self._is_widening:
            self._wide = width - im.get_io().mouse_delta.x
        if self._is_widening or im.is_item_hovered():
            edge = (place.x + s, top), (place.x + 2 * s, end.y - 8 * s)
            im.get_window_draw_list().add_rect_filled(*edge, self._sheet.ink(ACCENT))

    def _widget(self, control: Control, value: Value) -> Value:
        """Show the fitting widget and return its value."""
        if control.kind == "bool":
            return bool(self._im.checkbox(f"##{control.name}", bool(value))[1])
        if control.kind == "choice":
            return self._choice(control, str(value))
        if control.kind == "text" or control.low is None or control.high is None:
            return self._typed(control, value)
        if control.name == self._typing:
            return self._typed_in(control, value)
        return self._slider(control, value)

    def _slider(self, control: Control, value: Any) -> Value:
        """A slider over the track's places; what it shows is the value."""
        im, flags = self._im, self._im.SliderFlags_
        at = place(control, value)
        shown = written(control, value).replace("%", "%%")
        flag = flags.always_clamp | flags.no_input
        changed, new = im.slider_float(f"##{control.name}", at, 0.0, 1.0, shown, flag)
        low, high = im.get_item_rect_min(), im.get_item_rect_max()
        self._sliders[control.name] = (low.x, low.y, high.x, high.y), control
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

    def _typed_in(self, control: Control, value: Value) -> Value:
        """The line in place of a slider that was double clicked."""
        if self._opening:
            self._im.set_keyboard_focus_here()
        new = self._typed(control, value)
        if self._im.is_item_active():
            self._opening = 0
        elif not self._opening:
            self._typing = ""
        return new

    def _choice(self, control: Control, value: str) -> str:
        self._fit_list()
        if self._im.begin_combo(f"##{control.name}", value):
            if self._folds:
                self._im.close_current_popup()
            for choice in control.choices:
                if self._im.selectable(choice, choice == value)[0]:
                    value = choice
                self._hint(f"{control.name}={choice}", control.hint)
            self._im.end_combo()
        return value

    def _fit_list(self) -> None:
        """Let the next list be no higher than the room below or above it, and go where the room is."""
        im, sheet = self._im, self._sheet
        top = im.get_cursor_screen_pos().y
        below = sheet.size[1] - sheet.strip - top - im.get_frame_height()
        # imgui keeps lists and hints away from all edges by this, and so from what covers the lower one.
        gap, edge = 4 * sheet.scale, max(sheet.strip, 4 * sheet.scale)
        im.get_style().display_safe_area_padding = (gap, edge)
        room = max(top - edge, below) - gap
        im.set_next_window_size_constraints((0.0, 0.0), (sheet.size[0], max(room, 3 * im.get_frame_height())))

    def _typed(self, control: Control, value: Value) -> Value:
        """A line of text; it counts when Enter is pressed or the field is left."""
        shown = self._drafts.get(control.name, f"{value:.12g}" if isinstance(value, float) else str(value))
        _, text = self._im.input_text(f"##{control.name}", shown, self._im.InputTextFlags_.auto_select_all)
        if self._im.is_item_active():
            self._drafts[control.name] = text
            return value
        self._drafts.pop(control.name, None)
        return _parsed(control, text, value) if self._im.is_item_deactivated_after_edit() else value

    def _hint(self, name: str, text: str) -> None:
        if text:
            self._sheet.point_at_item(name, text)


def _parsed(control: Control, text: str, old: Value) -> Value:
    """Read what was typed; the old value where it makes no sense or is out of range."""
    if control.kind == "text":
        return text
    try:
        new = int(text) if control.kind == "int" else float(text)
    except ValueError:
        return old
    low = -math.inf if control.low is None else control.low
    high = math.inf if control.high is None else control.high
    return new if low <= new <= high and abs(new) != math.inf else old
