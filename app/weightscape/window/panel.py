"""The user interface over the picture: status line, notice, caption, help, controls, a line to type in.

It is given plain data (Hud) and gives plain data back (Answer); imgui lays it out. It has never heard of a
network, and what it drew is handed on as imgui draw data for somebody with a GPU.
"""

from __future__ import annotations

import math
import time
from typing import Any

from .event import Event, Key
from .help import Help
from .imgui_context import closed, opened
from .input_queue import InputQueue
from .knob import Knobs
from .message import Answer, Button, Control, Hud, Thumb, Value
from .panel_keys import PanelKeys
from .prompt import Prompt
from .sheet import Sheet
from .status import draw_caption, draw_notice, draw_recording, draw_status, draw_veil, status_height
from .strip import Strip
from .window import Window

# Who talks to the panel finds the words here.
__all__ = ["Answer", "Button", "Control", "Hud", "Panel", "Thumb", "Value"]

SMALLEST = 320, 240  # lengths that large text leaves to a window
DOUBLE_CLICK_S, DOUBLE_CLICK_PX = 0.4, 6.0


class Panel:
    """Draws a Hud and watches the window's input. Needs no GL context."""

    def __init__(self, window: Window, font: bytes) -> None:
        self._im, self._context = opened(window, font)
        self._window = window
        self._io: Any = self._im.get_io()
        self._sheet, self._queue = Sheet(self._im), InputQueue(self._im)
        self._help, self._knobs, self._strip = Help(self._sheet), Knobs(self._sheet), Strip(self._sheet)
        self._prompt, self.keys = Prompt(self._sheet, self._queue), PanelKeys(self._knobs, self._queue)
        self.text_size = 1.0
        self._shape: object = None
        self._is_typing = self._is_grabbed = self._is_hovered = self._has_popup = False
        self._clock = time.perf_counter()
        self._clicked = 0.0, 0.0, -math.inf  # where the mouse was pressed last, and when
        window.observer = self

    def frame(self, hud: Hud) -> Answer:
        """Lay out the hud and tell what the user changed since the last frame."""
        im, queued = self._im, self._context.input_events_queue
        im.set_current_context(self._context)
        self._prompt.ask(hud.prompt)
        # Sizes, focus and input settle over several rounds. All are done here, so that a program which
        # draws only when something happened still shows the end of it.
        rounds, busy = 3 if self._prepare(hud) else 0, bool(self._queue)
        while True:
            if not self._knobs.lines.is_opening:  # what is typed waits for the line to type in
                self._queue.hand_over()
            im.new_frame()
            self._build(hud)
            rounds = max(rounds - 1, 1 if busy else 0)
            waits = self._knobs.lines.is_opening or (self._prompt.has_early_keys and rounds)
            waits = waits or self._knobs.is_settling
            busy = bool(self._queue or len(queued) or waits)
            if not (rounds or busy):
                break
            im.end_frame()
            self._io.delta_time = 1e-4
        im.render()
        self._is_typing = bool(self._io.want_text_input or self._knobs.lines.wanted)
        self._knobs.lines.is_left = False
        return self._answer()

    def _answer(self) -> Answer:
        knobs = self._knobs
        back, changes = knobs.take_undo(), knobs.take_changes()
        return Answer(
            changes,
            *self._prompt.take(),
            self._strip.take(),
            self._im.get_draw_data(),
            back,
            knobs.choices.preview,
            knobs.toolbar.take(),
            self.keys.held != "",
        )

    @property
    def scale(self) -> float:
        """Tell the pixels of a length meant for 96 dots an inch; large text leaves small windows some room."""
        own, (width, height) = self._window.content_scale, self._window.size_px
        most = max(min(width / SMALLEST[0], height / SMALLEST[1]), own)
        return min(own * self.text_size, most)

    @property
    def status_px(self) -> int:
        """Tell how high the status line is."""
        return status_height(self.scale)

    @property
    def folded(self) -> frozenset[str]:
        """The headings whose controls are folded away."""
        return self._knobs.groups.folded

    @folded.setter
    def folded(self, names: frozenset[str]) -> None:
        self._knobs.groups.folded = names

    def feed(self, event: Event) -> None:
        """Type a key that arrived after the prompt was asked for and before its first frame."""
        if isinstance(event, Key):
            self._prompt.feed(event.name)

    def take(self, event: Key) -> bool:
        """Take a key that arrived after the controls were given the keys; tell whether it is theirs."""
        prefix, plus, name = event.name.rpartition("+") if len(event.name) > 1 else ("", "", event.name)
        return self.keys.has_focus and self.keys.feed(name, prefix + plus)

    def close(self) -> None:
        """Let go of the window; again is harmless."""
        if self._context is None:
            return
        if self._window.observer is self:
            self._window.observer = None
        closed(self._im, self._context)
        self._context = None

    def on_key(self, name: str, prefix: str, pressed: bool) -> bool:
        if not pressed:
            self.keys.release(name)
        if pressed and name == "escape" and self._prompt.is_asking:
            self._prompt.cancel()
            return True
        if pressed and not self._prompt.is_asking and self.keys.press(name, prefix):
            return True
        if pressed and self._help.scrolls and name in ("page_up", "page_down"):
            self._help.turn(1 if name == "page_down" else -1)
            return True
        if pressed and (not self._wants_keys or (name[:1] == "f" and name != "f")):
            return False  # a command; F11 is one even while somebody types
        self._queue.key(name, prefix, pressed)
        if pressed and name in ("enter", "escape"):
            self._knobs.lines.is_left = True
        return pressed

    def on_char(self, text: str) -> bool:
        if not self._wants_keys:
            return self.keys.type(text)
        self._queue.text(text)
        return True

    def on_cursor(self, x: float, y: float) -> bool:
        self._queue.move(x, y)
        self.keys.is_walking = False
        was, self._is_hovered = self._is_hovered, self._is_over(x, y)
        return self._is_grabbed or self._is_hovered or was  # also when leaving, for its highlight must go

    def on_button(self, button: int, prefix: str, pressed: bool) -> bool:
        taken = self._is_over(*self._window.cursor_px) if pressed else self._is_grabbed
        self._is_grabbed = taken and pressed
        if pressed and not taken:
            self.keys.leave()
        if not (taken and pressed and button == 0 and self._types_in(prefix)):
            self._queue.button(button, prefix, pressed)
        return taken

    def on_scroll(self, dx: float, dy: float) -> bool:
        taken = self._is_over(*self._window.cursor_px)
        slider = "" if self._has_popup else self._knobs.sliders.at(*self._window.cursor_px)
        if slider:
            self._knobs.nudge(slider, dy)
        elif taken:
            self._queue.wheel(dx, dy)
        return taken

    def on_focus(self, focused: bool) -> None:
        self._queue.focus(focused)
        self.keys.held = ""

    @property
    def _wants_keys(self) -> bool:
        lines = self._knobs.lines
        return self._prompt.is_asking or ((self._is_typing or lines.wanted != "") and not lines.is_left)

    def _is_over(self, x: float, y: float) -> bool:
        return self._has_popup or self._sheet.covers(x, y)

    def _types_in(self, prefix: str) -> bool:
        """Let a double click on a slider, or a click with Ctrl, make it a line to type in; tell whether it does."""
        (x, y), now = self._window.cursor_px, time.perf_counter()
        slider, (left, top, then) = "" if self._has_popup else self._knobs.sliders.at(x, y), self._clicked
        near = DOUBLE_CLICK_PX * self._sheet.scale
        is_second = now - then < DOUBLE_CLICK_S and max(abs(x - left), abs(y - top)) < near
        self._clicked = x, y, -math.inf if is_second else now
        if not slider or not (is_second or "ctrl+" in prefix):
            return False
        if is_second:
            self._queue.forget_click()
        self._knobs.type_in(slider, undo=is_second)
        return True

    def _prepare(self, hud: Hud) -> bool:
        """Take in the time and the window's size; tell whether the parts will have other places."""
        now = time.perf_counter()
        self._io.delta_time = min(max(now - self._clock, 1e-4), 1.0)
        self._clock = now
        self._sheet.fit_to(self._window.size_px, self.scale)
        self._io.display_size = self._sheet.size
        names = None if hud.controls is None else [control.name for control in hud.controls]
        parts = hud.help, hud.prompt, names, hud.strip is None
        old, self._shape = self._shape, (parts, self._sheet.size, self._sheet.scale)
        return old != self._shape

    def _build(self, hud: Hud) -> None:
        self._sheet.clear()
        self._help.scrolls = False
        if hud.veil is not None:
            draw_veil(self._sheet, hud.veil)
        if hud.status or hud.pinned or hud.progress is not None:
            draw_status(self._sheet, hud.status, hud.pinned, hud.progress)
        if hud.strip is not None:
            self._strip.draw(hud.strip)
        if hud.controls is not None:
            self.keys.take_early()
            self._knobs.draw(hud.controls, hud.buttons, quiet=self._is_grabbed or self.keys.is_walking)
        else:
            self._knobs.put_away()
        if hud.help is not None:
            self._help.draw(hud.help)
        self._prompt.draw()
        if hud.notice:
            draw_notice(self._sheet, hud.notice)
        elif hud.caption:
            draw_caption(self._sheet, hud.caption)
        if hud.recording:
            draw_recording(self._sheet, hud.recording)
        self._has_popup = self._im.is_popup_open("", self._im.PopupFlags_.any_popup)
