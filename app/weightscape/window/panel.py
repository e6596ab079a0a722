"""The user interface over the picture: status line, notice, caption, help, controls, a line to type in.

It is given plain data (Hud) and gives plain data back (Answer); imgui lays it out. It has never heard of a
network, and what it drew is handed on as imgui draw data for somebody with a GPU.
"""

from __future__ import annotations

import time
from typing import Any

from weightscape.window.event import Event, Key, typed
from weightscape.window.imgui_context import closed, opened
from weightscape.window.input_queue import InputQueue
from weightscape.window.message import Answer, Button, Control, Hud, Legend, Thumb, Value
from weightscape.window.over.status import status_height
from weightscape.window.over.strip import current
from weightscape.window.panel_input import PanelInput
from weightscape.window.parts import Parts
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
        self.parts = Parts(self._sheet, self._queue)
        self.keys = self.parts.keys
        self.input = PanelInput(window, self._sheet, self._queue, self.parts, self._catch_up)
        self.text_size = 1.0
        self._hud = Hud()
        self._shape: object = None
        self._clock = time.perf_counter()
        window.observer = self.input

    def frame(self, hud: Hud) -> Answer:
        """Lay out the hud and tell what the user changed since the last frame."""
        im = self._im
        im.set_current_context(self._context)
        self.parts.prompt.ask(hud.prompt)
        self.parts.knobs.forget_told()
        self._settle(hud)
        im.render()
        self._window.is_hand = self.parts.linked.covers(*self._window.cursor_px)
        return self._answer()

    def _settle(self, hud: Hud) -> None:
        """Lay out the hud until all input has been taken in; the last round is not ended."""
        self._hud, im, queued = hud, self._im, self._context.input_events_queue
        # Sizes, focus and input settle over several rounds. All are done here, so that a program which
        # draws only when something happened still shows the end of it.
        rounds, busy = 3 if self._prepare(hud) else 0, bool(self._queue)
        while True:
            if not self.parts.knobs.lines.is_opening:  # what is typed waits for the line to type in
                self._queue.hand_over()
            im.new_frame()
            self.parts.draw(hud, self._window.cursor_px, self.input.is_grabbed)
            self.input.has_popup = im.is_popup_open("", im.PopupFlags_.any_popup)
            rounds = max(rounds - 1, 1 if busy else 0)
            waits = self.parts.knobs.lines.is_opening or (self.parts.prompt.has_early_keys and rounds)
            waits = waits or self.parts.knobs.is_settling or self.keys.has_early
            busy = bool(self._queue or len(queued) or waits)
            if not (rounds or busy):
                break
            im.end_frame()
            self._io.delta_time = 1e-4
        self.input.is_typing = bool(self._io.want_text_input or self.parts.knobs.lines.wanted)
        self.parts.knobs.lines.is_left = False

    def _catch_up(self) -> None:
        """Take in what came before a key, for that tells whose the key is; the next frame tells what it changes."""
        if self._queue and self._hud.controls is not None:
            self._im.set_current_context(self._context)
            self._settle(self._hud)
            self._im.end_frame()

    def _answer(self) -> Answer:
        knobs = self.parts.knobs
        is_taken_back = knobs.take_undo()
        submitted, cancelled = self.parts.prompt.take()
        picked, starred, marked = self.parts.strip.take()
        slid, pressed = self.parts.morph.take()
        deeds, seen = self.parts.album.take()
        key, is_card_closed = self.parts.take()
        return Answer(
            changes=knobs.take_changes(),
            submitted=submitted,
            cancelled=cancelled,
            picked=picked,
            starred=starred,
            visible=self.parts.strip.visible,
            draw_data=self._im.get_draw_data(),
            is_taken_back=is_taken_back,
            deeds=deeds,
            seen=seen,
            turned=self.parts.station.take(),
            is_linked=self.parts.linked.take(),
            pointed=self._sheet.pointed,
            key=key or pressed,
            is_card_closed=is_card_closed,
            preview=knobs.choices.preview,
            pressed=knobs.toolbar.take(),
            left=(*self.parts.prompt.take_left(), *self.keys.take_left()),
            is_held=self.keys.held != "",
            refused=knobs.lines.take_refused(),
            marked=marked,
            slid=slid,
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
    def margins(self) -> Box | None:
        """Tell how far from the left, upper, right and lower edge things stand that stay; None before there are any."""
        return self.parts.margins

    @property
    def visible_steps(self) -> tuple[int, int]:
        """Tell the first small picture of the strip that is seen, and the first after them."""
        return self.parts.strip.visible

    @property
    def has_room(self) -> bool:
        """Tell whether the controls have room where they stand."""
        return self.parts.has_room

    @property
    def places(self) -> dict[str, Box]:
        """Tell where the controls, headings (#), buttons (!) and choices of the open list (=) are."""
        return self._sheet.items

    @property
    def boxes(self) -> dict[str, Box]:
        """Tell where the parts are: the windows by name, "said" the notice or the caption, "legend" and "classes"."""
        parts = self.parts
        more = {"said": parts.said, "legend": parts.legend, "classes": parts.classes}
        return self._sheet.boxes | {name: box for name, box in more.items() if box}

    @property
    def folded(self) -> frozenset[str]:
        """The headings whose controls are folded away."""
        return self.parts.knobs.groups.folded

    @folded.setter
    def folded(self, names: frozenset[str]) -> None:
        self.parts.knobs.groups.folded = names

    def feed(self, event: Event) -> None:
        """Type a key that arrived after the prompt was asked for and before its first frame."""
        if isinstance(event, Key):
            self.parts.prompt.feed(event.name)

    def feed_album(self, key: str) -> None:
        """Type a key that arrived after the album was opened and before its first frame."""
        self.parts.album.feed(key)

    def take(self, event: Key) -> bool:
        """Take a key that came behind a command, which may have given the keys away; tell whether it is taken."""
        prefix, plus, name = event.name.rpartition("+") if len(event.name) > 1 else ("", "", event.name)
        is_taken, text = self.input.on_key(name, prefix + plus, True), typed(event.name)
        self.input.on_key(name, prefix + plus, False)
        return (text != "" and self.input.on_char(text)) or is_taken

    def close(self) -> None:
        """Let go of the window; again is harmless."""
        if self._context is None:
            return
        if self._window.observer is self.input:
            self._window.observer = None
        closed(self._im, self._context)
        self._context = None

    def _prepare(self, hud: Hud) -> bool:
        """Take in the time and the window's size; tell whether the parts will have other places."""
        now = time.perf_counter()
        self._io.delta_time = min(max(now - self._clock, 1e-4), 1.0)
        self._clock = now
        self._sheet.fit_to(self._window.size_px, self.scale)
        self._io.display_size = self._sheet.size
        names = None if hud.controls is None else [control.name for control in hud.controls]
        covers = hud.strip is None, hud.album is None, hud.station, hud.card, hud.notice, hud.veil, hud.morph is None
        parts = hud.help, hud.search, hud.prompt, names, current(hud.strip), self.parts.strip.visible, covers
        old, self._shape = self._shape, (parts, self._sheet.size, self._sheet.scale)
        return old != self._shape
