"""The user interface over the picture: status line, notice, caption, help, controls, a line to type in.

It is given plain data (Hud) and gives plain data back (Answer); imgui lays it out. It has never heard of a
network, and what it drew is handed on as imgui draw data for somebody with a GPU.
"""

from __future__ import annotations

import time
from typing import Any

from weightscape.window.control.knob import Knobs
from weightscape.window.control.panel_keys import PanelKeys
from weightscape.window.double_click import DoubleClick
from weightscape.window.event import Event, Key
from weightscape.window.imgui_context import closed, opened
from weightscape.window.input_queue import InputQueue
from weightscape.window.message import Answer, Button, Control, Hud, Legend, Thumb, Value
from weightscape.window.over.album import Album
from weightscape.window.over.album_choice import keeps, typed
from weightscape.window.over.card import draw_card
from weightscape.window.over.help import Help
from weightscape.window.over.legend import draw_legend
from weightscape.window.over.notice import LinkedNotice
from weightscape.window.over.prompt import Prompt
from weightscape.window.over.station import StationCard
from weightscape.window.over.status import draw_caption, draw_notice, draw_status, draw_veil, status_height
from weightscape.window.over.strip import Strip, current
from weightscape.window.over.tip import draw_tip
from weightscape.window.sheet import Box, Sheet
from weightscape.window.window import Window

# Who talks to the panel finds the words here.
__all__ = ["Answer", "Button", "Control", "Hud", "Legend", "Panel", "Thumb", "Value"]

SMALLEST = 320, 240  # lengths that large text leaves to a window


class Panel:
    """Draws a Hud and watches the window's input. Needs no GL context."""

    def __init__(self, window: Window, font: bytes) -> None:
        self._im, self._context = opened(window, font)
        self._window = window
        self._io: Any = self._im.get_io()
        self._sheet, self._queue = Sheet(self._im), InputQueue(self._im)
        self._help, self._knobs, self._strip = Help(self._sheet), Knobs(self._sheet), Strip(self._sheet)
        self._prompt, self.keys = Prompt(self._sheet, self._queue), PanelKeys(self._knobs, self._queue)
        self._station = StationCard(self._sheet)
        self._album = Album(self._sheet)
        self._linked = LinkedNotice(self._sheet)
        self.text_size = 1.0
        self._hud = Hud()
        self._shape: object = None
        self._key, self._is_card_closed = "", False
        self._is_typing = self._is_grabbed = self._is_hovered = self._has_popup = False
        self._clock = time.perf_counter()
        self._double = DoubleClick()
        window.observer = self

    def frame(self, hud: Hud) -> Answer:
        """Lay out the hud and tell what the user changed since the last frame."""
        im = self._im
        im.set_current_context(self._context)
        self._prompt.ask(hud.prompt)
        self._settle(hud)
        im.render()
        self._window.is_hand = self._linked.covers(*self._window.cursor_px)
        return self._answer()

    def _settle(self, hud: Hud) -> None:
        """Lay out the hud until all input has been taken in; the last round is not ended."""
        self._hud, im, queued = hud, self._im, self._context.input_events_queue
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
            waits = waits or self._knobs.is_settling or self.keys.has_early
            busy = bool(self._queue or len(queued) or waits)
            if not (rounds or busy):
                break
            im.end_frame()
            self._io.delta_time = 1e-4
        self._is_typing = bool(self._io.want_text_input or self._knobs.lines.wanted)
        self._knobs.lines.is_left = False

    def _catch_up(self) -> None:
        """Take in what came before a key, for that tells whose the key is; the next frame tells what it changes."""
        if self._queue and self._hud.controls is not None:
            self._im.set_current_context(self._context)
            self._settle(self._hud)
            self._im.end_frame()

    def _answer(self) -> Answer:
        knobs = self._knobs
        is_taken_back = knobs.take_undo()
        submitted, cancelled = self._prompt.take()
        picked, starred = self._strip.take()
        deeds, seen = self._album.take()
        key, is_card_closed = self._key, self._is_card_closed
        self._key, self._is_card_closed = "", False
        return Answer(
            changes=knobs.take_changes(),
            submitted=submitted,
            cancelled=cancelled,
            picked=picked,
            starred=starred,
            visible=self._strip.visible,
            draw_data=self._im.get_draw_data(),
            is_taken_back=is_taken_back,
            deeds=deeds,
            seen=seen,
            turned=self._station.take(),
            is_linked=self._linked.take(),
            pointed=self._sheet.pointed,
            key=key,
            is_card_closed=is_card_closed,
            preview=knobs.choices.preview,
            pressed=knobs.toolbar.take(),
            is_held=self.keys.held != "",
            refused=knobs.lines.take_refused(),
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
    def places(self) -> dict[str, Box]:
        """Tell where the controls, headings (#), buttons (!) and choices of the open list (=) are."""
        return self._sheet.items

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

    def feed_album(self, key: str) -> None:
        """Type a key that arrived after the album was opened and before its first frame."""
        self._album.feed(key)

    def take(self, event: Key) -> bool:
        """Take a key that came behind a command, which may have given the keys away; tell whether it is taken."""
        prefix, plus, name = event.name.rpartition("+") if len(event.name) > 1 else ("", "", event.name)
        is_taken, text = self.on_key(name, prefix + plus, True), typed(event.name)
        self.on_key(name, prefix + plus, False)
        return (text != "" and self.on_char(text)) or is_taken

    def close(self) -> None:
        """Let go of the window; again is harmless."""
        if self._context is None:
            return
        if self._window.observer is self:
            self._window.observer = None
        closed(self._im, self._context)
        self._context = None

    def on_key(self, name: str, prefix: str, pressed: bool) -> bool:
        if pressed:
            self._catch_up()
        else:
            self.keys.release(name)
        if pressed and name == "escape" and self._prompt.is_asking:
            self._prompt.cancel()
            return True
        if pressed and not self._prompt.is_asking and self.keys.press(name, prefix):
            return True
        if pressed and self._album.is_open and not self._prompt.is_asking and keeps(prefix + name):
            self._album.press(prefix + name)
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
        if self._album.is_open and not self._prompt.is_asking:
            self._album.type(text)
            return True
        if not self._wants_keys:
            return self.keys.type(text)
        self._queue.text(text)
        return True

    def on_cursor(self, x: float, y: float) -> bool:
        self._queue.move(x, y)
        self.keys.is_walking = False
        was, self._is_hovered = self._is_hovered, self._is_over(x, y) or self._linked.covers(x, y)
        return self._is_grabbed or self._is_hovered or was  # also when leaving, for its highlight must go

    def on_button(self, button: int, prefix: str, pressed: bool) -> bool:
        taken = self._is_over(*self._window.cursor_px) if pressed else self._is_grabbed
        self._is_grabbed = taken and pressed
        if pressed and button == 0 and self._linked.covers(*self._window.cursor_px):
            self._linked.click()
            return True  # nothing below it is clicked
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
        x, y = self._window.cursor_px
        slider = "" if self._has_popup else self._knobs.sliders.at(x, y)
        is_second = self._double.is_second(x, y, self._sheet.scale)
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
        covers = hud.strip is None, hud.album is None, hud.station, hud.card
        parts = hud.help, hud.search, hud.prompt, names, current(hud.strip), self._strip.visible, covers
        old, self._shape = self._shape, (parts, self._sheet.size, self._sheet.scale)
        return old != self._shape

    def _build(self, hud: Hud) -> None:
        self._sheet.clear()
        self._help.scrolls = False
        if hud.veil is not None:
            draw_veil(self._sheet, hud.veil)
        if hud.status or hud.pinned or hud.progress is not None:
            self._key = draw_status(self._sheet, hud) or self._key
        if hud.legend is not None and hud.veil is None:
            draw_legend(self._sheet, hud.legend)
        if hud.strip is not None:
            self._strip.draw(hud.strip)
        else:
            self._strip.put_away()
        if hud.album is not None:
            self._album.draw(hud.album, hud.notice)
        else:
            self._album.put_away()
        if hud.controls is not None and hud.album is None:
            self.keys.take_early()
            self._knobs.draw(hud.controls, hud.buttons, quiet=self._is_grabbed or self.keys.is_walking)
        else:
            self.keys.put_away()
        if hud.help is not None:
            self._key = self._help.draw(hud.help, hud.search) or self._key
        if hud.station is not None:
            self._station.draw(hud.station)
        self._prompt.draw()
        below = self._say(hud)
        tip = draw_tip(self._sheet, hud.tip)
        if hud.card is not None:
            self._is_card_closed |= draw_card(self._sheet, hud.card, below, tip)
        self._has_popup = self._im.is_popup_open("", self._im.PopupFlags_.any_popup)

    def _say(self, hud: Hud) -> Box | None:
        """Draw the notice or the caption; tell where it is."""
        self._linked.put_away()
        if self._album.says_notice:
            return None
        if hud.notice and hud.link:
            return self._linked.draw(hud.notice, hud.link, self._window.cursor_px)
        if hud.notice:
            return draw_notice(self._sheet, hud.notice)
        return draw_caption(self._sheet, hud.caption) if hud.caption else None
