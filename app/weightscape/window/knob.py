"""The knobs at the right edge: a widget for each control, fitting its kind. What they turn they do not know."""

from __future__ import annotations

import math
from typing import Any

from .message import Control, Value
from .sheet import Sheet


class Knobs:
    """Draws controls and collects what the user changed."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._im = sheet, sheet.im
        self._changes: dict[str, Value] = {}
        self._drafts: dict[str, str] = {}
        self._folds = False

    def take_changes(self) -> dict[str, Value]:
        """Hand over the new values since the last call, by name."""
        changes, self._changes, self._folds = self._changes, {}, False
        return changes

    def fold_list(self) -> None:
        """Close the open list of choices in the next frame."""
        self._folds = True

    def draw(self, controls: tuple[Control, ...], quiet: bool) -> None:
        """Draw the controls under each other; quiet: without hints, for the mouse is busy."""
        sheet, im, s = self._sheet, self._im, self._sheet.scale
        labels = max((sheet.width(control.label) for control in controls), default=0)
        width = round(min(labels + 232 * s, sheet.size[0] - 24 * s))
        labels = min(labels, 0.4 * width)
        im.set_next_window_pos((sheet.size[0] - width - 12 * s, 12 * s))
        im.set_next_window_size_constraints((width, 0), (width, sheet.room))
        sheet.begin("controls", im.WindowFlags_.always_auto_resize)
        for control in controls:
            hint = "" if quiet else control.hint
            im.align_text_to_frame_padding()
            im.text_unformatted(sheet.fit(control.label, labels))
            self._hint(hint)
            im.same_line(labels + 26 * s)
            im.set_next_item_width(-1)
            old = self._changes.get(control.name, control.value)
            new = self._widget(control, old)
            self._hint(hint)
            if new != old:
                self._changes[control.name] = new
        im.end()

    def _widget(self, control: Control, value: Value) -> Value:
        """Show the fitting widget and return its value."""
        if control.kind == "bool":
            return bool(self._im.checkbox(f"##{control.name}", bool(value))[1])
        if control.kind == "choice":
            return self._choice(control, str(value))
        if control.kind == "text" or control.low is None or control.high is None:
            return self._typed(control, value)
        return self._slider(control, value, control.low, control.high)

    def _slider(self, control: Control, value: Any, low: float, high: float) -> Value:
        flags = self._im.SliderFlags_
        flag = flags.always_clamp | (flags.logarithmic if control.logarithmic else flags.none)
        name = f"##{control.name}"
        if control.kind == "int":
            return int(self._im.slider_int(name, int(value), int(low), int(high), "%d", flag)[1])
        decimals = max(3 - math.floor(math.log10(max(high - low, 1e-30))), 0)
        form = "%.4g" if control.logarithmic else f"%.{decimals}f"
        changed, new = self._im.slider_float(name, float(value), low, high, form, flag)
        # The slider counts in single precision; what it shows is what was meant.
        return min(max(float(form % new), low), high) if changed else value

    def _choice(self, control: Control, value: str) -> str:
        if self._im.begin_combo(f"##{control.name}", value):
            if self._folds:
                self._im.close_current_popup()
            for choice in control.choices:
                if self._im.selectable(choice, choice == value)[0]:
                    value = choice
            self._im.end_combo()
        return value

    def _typed(self, control: Control, value: Value) -> Value:
        """A line of text; it counts when Enter is pressed or the field is left."""
        shown = self._drafts.get(control.name, f"{value:.12g}" if isinstance(value, float) else str(value))
        _, text = self._im.input_text(f"##{control.name}", shown, self._im.InputTextFlags_.auto_select_all)
        if self._im.is_item_active():
            self._drafts[control.name] = text
            return value
        self._drafts.pop(control.name, None)
        return _parsed(control, text, value) if self._im.is_item_deactivated_after_edit() else value

    def _hint(self, text: str) -> None:
        if text and self._im.is_item_hovered() and self._im.begin_tooltip():
            self._im.push_text_wrap_pos(min(320 * self._sheet.scale, self._sheet.size[0] - 40 * self._sheet.scale))
            self._im.text_unformatted(text)
            self._im.pop_text_wrap_pos()
            self._im.end_tooltip()


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
