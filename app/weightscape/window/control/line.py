"""Lines to type in: of controls that are always one, and of a slider that becomes one. Drafts count when entered."""

from __future__ import annotations

import math
from typing import Any

from weightscape.window.control.short import shortened
from weightscape.window.message import Control, Value
from weightscape.window.sheet import Sheet
from weightscape.window.style import CLEAR, TEXT

# So many rounds imgui may take to give a field the keys.
OPENING_ROUNDS = 10


class Lines:
    """Draws lines, and remembers what is being typed into which."""

    def __init__(self, sheet: Sheet) -> None:
        self._im: Any = sheet.im
        self._sheet = sheet
        self.cut: set[str] = set()  # the lines of this frame that do not show all of their text
        self._drafts: dict[str, str] = {}
        self._opening = 0  # rounds until the line must have the keys
        self.wanted = ""  # the line that is asked for, until it is left
        self.active = ""  # the line that has the keys
        self.is_left = False  # Enter or Escape is on its way: what follows is not for the line
        self._refused = ""  # why what was typed does not count, until that is told

    def open(self, name: str) -> None:
        """Give the keys to a line, in the next frames."""
        self.wanted, self._opening = name, OPENING_ROUNDS

    def put_away(self) -> None:
        """Have no line."""
        self.wanted, self.active, self._opening = "", "", 0

    def take_refused(self) -> str:
        """Hand over, once, why what was typed last does not count; "" where it does."""
        refused, self._refused = self._refused, ""
        return refused

    @property
    def is_opening(self) -> bool:
        """Whether a line was asked for, which has not got the keys yet."""
        return self._opening > 0

    def begin(self, names: set[str]) -> None:
        """Begin a frame with controls of these names."""
        self.active, self.cut = "", set()
        self._opening = max(self._opening - 1, 0)
        if self.wanted not in names:
            self.put_away()

    def draw(self, control: Control, value: Value) -> Value:
        """Draw a line and tell the value; it counts when Enter is pressed or the field is left."""
        name, im = control.name, self._im
        if self.wanted == name and self._opening:
            im.set_keyboard_focus_here()
        shown = self._drafts.get(name, f"{value:.12g}" if isinstance(value, float) else str(value))
        room = im.calc_item_width() - 2 * im.get_style().frame_padding.x
        short = shown if name in self._drafts else shortened(shown, room, self._sheet.width)
        im.push_style_color(im.Col_.text, TEXT if short == shown else CLEAR)
        _, text = im.input_text(f"##{name}", shown, im.InputTextFlags_.auto_select_all)
        im.pop_style_color()
        if short != shown:
            self._write(name, short)
        if im.is_item_active():
            self._drafts[name], self.active = text, name
            if self.wanted == name:
                self._opening = 0
            return value
        self._drafts.pop(name, None)
        if self.wanted == name and not self._opening:
            self.wanted = ""
        return self._read(control, text, value) if im.is_item_deactivated_after_edit() else value

    def _write(self, name: str, short: str) -> None:
        """Write what fits over the line drawn last; typed is all of it."""
        im, low = self._im, self._im.get_item_rect_min()
        self.cut.add(name)
        if not im.is_item_active():
            padding = im.get_style().frame_padding
            ink = self._sheet.ink(TEXT)
            im.get_window_draw_list().add_text((low.x + padding.x, low.y + padding.y), ink, short)

    def commit(self, control: Control, value: Value) -> Value:
        """Leave the line that has the keys; tell its value."""
        draft = self._drafts.pop(control.name, None)
        self._im.internal.clear_active_id()
        self.put_away()
        return value if draft is None else self._read(control, draft, value)

    def _read(self, control: Control, text: str, old: Value) -> Value:
        """Read what was typed; the old value, and why, where it cannot be."""
        new = _parsed(control, text)
        if new is None:
            self._refused = f"{control.label}: {text!r} is not {_asked(control)}"
            return old
        return new


def _parsed(control: Control, text: str) -> Value | None:
    """Read what was typed; None where it makes no sense or is out of range."""
    if control.kind == "text":
        return text
    try:
        new = int(text) if control.kind == "int" else float(text)
    except ValueError:
        return None
    low, high = _limits(control)
    return new if low <= new <= high and abs(new) != math.inf else None


def _asked(control: Control) -> str:
    """Say what a control's number may be."""
    kind = "a whole number" if control.kind == "int" else "a number"
    low, high = ("" if abs(end) == math.inf else f"{end:.12g}" for end in _limits(control))
    return f"{kind} in {low}..{high}" if low or high else kind


def _limits(control: Control) -> tuple[float, float]:
    """Tell between which numbers a control's must lie."""
    low = -math.inf if control.low is None else control.low
    high = math.inf if control.high is None else control.high
    return control.limits or (low, high)
