"""Which input is the panel's: the window's observer. The panel's parts get it; the rest becomes events."""

from __future__ import annotations

from collections.abc import Callable

from weightscape.window.double_click import DoubleClick
from weightscape.window.input_queue import InputQueue
from weightscape.window.over.album_choice import keeps
from weightscape.window.parts import Parts
from weightscape.window.sheet import Sheet
from weightscape.window.window import Window


class PanelInput:
    """Hands keys and the mouse to the parts that they are for.

    The panel tells of each frame whether somebody is typing, and whether a list is open. `catch_up` has it take in what
    came before a key, for that tells whose the key is.
    """

    def __init__(
        self, window: Window, sheet: Sheet, queue: InputQueue, parts: Parts, catch_up: Callable[[], object]
    ) -> None:
        self._window, self._sheet, self._queue, self._parts = window, sheet, queue, parts
        self._catch_up = catch_up
        self.is_typing = self.is_grabbed = self.has_popup = False
        self._is_hovered = False
        self._double = DoubleClick()

    def on_key(self, name: str, prefix: str, pressed: bool) -> bool:
        if pressed:
            self._catch_up()
        else:
            self._parts.keys.release(name)
        if pressed and name == "escape" and self._parts.prompt.is_asking:
            self._parts.prompt.cancel()
            return True
        if pressed and not self._parts.prompt.is_asking and self._parts.keys.press(name, prefix):
            return True
        if pressed and self._parts.album.is_open and not self._parts.prompt.is_asking and keeps(prefix + name):
            self._parts.album.press(prefix + name)
            return True
        if pressed and self._parts.help.scrolls and name in ("page_up", "page_down"):
            self._parts.help.turn(1 if name == "page_down" else -1)
            return True
        if pressed and (not self.wants_keys or (name[:1] == "f" and name != "f")):
            return False  # a command; F11 is one even while somebody types
        self._queue.key(name, prefix, pressed)
        if pressed and name in ("enter", "escape"):
            self._parts.knobs.lines.is_left = True
            if self._parts.prompt.is_asking:
                self._parts.prompt.end()
        return pressed

    def on_char(self, text: str) -> bool:
        if self._parts.album.is_open and not self._parts.prompt.is_asking:
            self._parts.album.type(text)
            return True
        if not self.wants_keys:
            return self._parts.keys.type(text)
        self._queue.text(text)
        return True

    def on_cursor(self, x: float, y: float) -> bool:
        self._queue.move(x, y)
        self._parts.keys.is_walking = False
        was, self._is_hovered = self._is_hovered, self._is_over(x, y) or self._parts.linked.covers(x, y)
        return self.is_grabbed or self._is_hovered or was  # also when leaving, for its highlight must go

    def on_button(self, button: int, prefix: str, pressed: bool) -> bool:
        taken = self._is_over(*self._window.cursor_px) if pressed else self.is_grabbed
        self.is_grabbed = taken and pressed
        if pressed and button == 0 and self._parts.linked.covers(*self._window.cursor_px):
            self._parts.linked.click()
            return True  # nothing below it is clicked
        if pressed and not taken:
            self._parts.keys.leave()
        if not (taken and pressed and button == 0 and self._types_in(prefix)):
            self._queue.button(button, prefix, pressed)
        return taken

    def on_scroll(self, dx: float, dy: float, prefix: str) -> bool:
        taken, turns = self._is_over(*self._window.cursor_px), "ctrl+" in prefix or "alt+" in prefix
        slider = self._parts.knobs.sliders.at(*self._window.cursor_px) if turns and not self.has_popup else ""
        if slider:
            self._parts.knobs.nudge(slider, dy)
        elif taken:
            self._queue.wheel(dx, dy)
        return taken

    def on_focus(self, focused: bool) -> None:
        self._queue.focus(focused)
        self._parts.keys.held = ""

    @property
    def wants_keys(self) -> bool:
        """Tell whether keys are letters now."""
        lines = self._parts.knobs.lines
        return self._parts.prompt.is_asking or ((self.is_typing or lines.wanted != "") and not lines.is_left)

    def _is_over(self, x: float, y: float) -> bool:
        return self.has_popup or self._sheet.covers(x, y)

    def _types_in(self, prefix: str) -> bool:
        """Let a double click on a slider, or a click with Ctrl, make it a line to type in; tell whether it does."""
        x, y = self._window.cursor_px
        slider = "" if self.has_popup else self._parts.knobs.sliders.at(x, y)
        is_second = self._double.is_second(x, y, self._sheet.scale)
        if not slider or not (is_second or "ctrl+" in prefix):
            return False
        if is_second:
            self._queue.forget_click()
        self._parts.knobs.type_in(slider, undo=is_second)
        return True
