"""The knobs at the right edge: a widget for each control, fitting its kind. What they turn they do not know."""

from __future__ import annotations

from typing import Any

from weightscape.window.control.choice import Choices
from weightscape.window.control.group import Groups
from weightscape.window.control.line import Lines
from weightscape.window.control.slider import Sliders
from weightscape.window.control.toolbar import Toolbar
from weightscape.window.control.track import nudged
from weightscape.window.focus import Focus
from weightscape.window.message import Button, Control, Value
from weightscape.window.sheet import Sheet
from weightscape.window.style import ACCENT, TEXT

HOW = "double click: type; Alt+drag, Ctrl+wheel: finely"
GRIP_PX = 6
EDGE_PX = 12  # beside, above and below the panel
LOWEST_PX = 60  # that of it is seen, wherever it was moved
SETTLING_ROUNDS = 2  # imgui needs to give things their places


class Knobs:
    """Draws controls and collects what the user changed. The panel can be moved, and made wider at its left edge."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._im = sheet, sheet.im
        self.focus = Focus()
        self.lines, self.choices, self.sliders = Lines(sheet), Choices(sheet), Sliders(sheet)
        self.groups, self.toolbar = Groups(sheet, self.focus), Toolbar(sheet, self.focus)
        self.controls: dict[str, Control] = {}
        self._changes: dict[str, Value] = {}
        self._told: dict[str, Value] = {}  # changes handed over since the controls were last given
        self._takes_back = False
        self._wide: float | None = None
        self._corner: tuple[float, float] | None = None  # right upper, from the window's; None: not moved
        self._is_widening = False
        self._shape: object = None
        self._rounds = 0

    def take_changes(self) -> dict[str, Value]:
        """Hand over the new values since the last call, by name."""
        self._told, self._changes = self._changes, {}
        return self._told

    def forget_told(self) -> None:
        """Take in that new controls will be drawn, which have the changes handed over, or refuse them."""
        self._told = {}

    def take_undo(self) -> bool:
        """Tell whether the last change is to be taken back."""
        takes_back, self._takes_back = self._takes_back, False
        return takes_back

    def value(self, name: str) -> Any:
        """Tell a control's value, as it was last changed."""
        told = self._told.get(name, self.controls[name].value)
        return self._changes.get(name, told)

    def change(self, name: str, value: Value) -> None:
        """Give a control a value."""
        if value != self.value(name):
            self._changes[name] = value

    def nudge(self, name: str, steps: float) -> None:
        """Move a slider by fine steps."""
        self.change(name, nudged(self.controls[name], self.value(name), steps))

    def type_in(self, name: str, undo: bool = False) -> None:
        """Let a number or text be typed, until Enter; undo: what a slider's last press has changed is taken back."""
        self.lines.open(name)
        before = self.sliders.take_pressed(name) if undo else None
        if before is not None:
            self._takes_back = self.controls[name].value != before
            self._changes[name] = before

    @property
    def is_settling(self) -> bool:
        """Whether what was drawn will have other places in the next round."""
        return self._rounds > 0 or self.choices.is_changing

    def put_away(self) -> None:
        """Have no controls."""
        self.controls = {}
        self.sliders.clear()
        self.lines.put_away()
        self.choices.put_away()
        self.focus.begin()
        self.focus.leave()
        self.focus.finish()

    def span(self, controls: tuple[Control, ...]) -> tuple[float, float]:
        """Tell from where to where across the window controls stand."""
        left, width = self._left(self._width(controls)), self._width(controls)
        return left, left + width

    def _labels(self, controls: tuple[Control, ...]) -> float:
        return max((self._sheet.width(control.label) for control in controls), default=0)

    def _width(self, controls: tuple[Control, ...]) -> int:
        sheet, s = self._sheet, self._sheet.scale
        return round(min(max(self._wide or 0.0, self._labels(controls) + 232 * s), sheet.size[0] - 24 * s))

    def _left(self, width: float) -> int:
        room, right = self._sheet.size[0] - width, (self._corner or self._home)[0]
        return round(min(max(room - right, 0.0), room))

    @property
    def _home(self) -> tuple[float, float]:
        return EDGE_PX * self._sheet.scale, EDGE_PX * self._sheet.scale

    def draw(self, controls: tuple[Control, ...], buttons: tuple[Button, ...], quiet: bool) -> None:
        """Draw the buttons, and the controls under each other; quiet: without hints, for the mouse is busy."""
        im = self._im
        width = self._width(controls)
        labels = min(self._labels(controls), 0.4 * width)
        self.controls = {control.name: control for control in controls}
        self.sliders.clear()
        self.lines.begin(set(self.controls))
        self.choices.begin()
        self.focus.begin()
        self._begin(width)
        if buttons:
            self.toolbar.draw(buttons, quiet)
        start = im.get_cursor_screen_pos()
        group, is_seen = "", True
        for control in controls:
            if control.group != group:
                group = control.group
                is_seen = self.groups.draw(group)
            if is_seen:
                self._row(control, labels, quiet)
        self._grip(width, start.y)
        im.end()
        self.focus.finish()
        self.choices.finish()
        self._settle()

    def _settle(self) -> None:
        shape = self.groups.folded, self.focus.at, self.focus.is_on
        self._rounds = SETTLING_ROUNDS if shape != self._shape else max(self._rounds - 1, 0)
        self._shape = shape

    def _row(self, control: Control, labels: float, quiet: bool) -> None:
        """Draw a control with its label before it."""
        sheet, im, name = self._sheet, self._im, control.name
        text = "" if quiet else control.hint
        im.align_text_to_frame_padding()
        im.text_colored(
            ACCENT if self.focus.is_on and name == self.focus.at else TEXT, sheet.fit(control.label, labels)
        )
        sheet.point_at_item(name, text)
        im.same_line(labels + 26 * sheet.scale)
        im.set_next_item_width(-1)
        self.change(name, self._widget(control, self.value(name)))
        sheet.item(name, self.focus)
        if self.focus.is_on and im.is_item_clicked():
            self.focus.put(name)
        more = HOW if self.sliders.has(name) else str(control.value) if name in self.lines.cut else ""
        sheet.point_at_item(name, f"{text}\n{more}" if text and more else text)

    def _begin(self, width: float) -> None:
        """Open the panel where it was, inside the window whatever its size; the hand may move it."""
        sheet, im, s = self._sheet, self._im, self._sheet.scale
        top, floor = (self._corner or self._home)[1], sheet.size[1] - sheet.strip - EDGE_PX * s
        top = round(min(top, max(floor - LOWEST_PX * s, 0.0)))
        is_held = bool(im.is_mouse_down(0)) and not self._is_widening
        if not is_held:
            im.set_next_window_pos((self._left(width), top))
        im.set_next_window_size_constraints((width, 0), (width, max(floor - top, LOWEST_PX * s)))
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
            return self.choices.draw(control, str(value))
        is_line = control.kind == "text" or control.low is None or control.high is None
        if is_line or control.name == self.lines.wanted:
            return self.lines.draw(control, value)
        return self.sliders.draw(control, value)
