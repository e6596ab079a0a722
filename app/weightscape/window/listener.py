"""What glfw reports of a window, as the records of event.py; an observer sees it first, and may take it."""

from __future__ import annotations

import sys
from typing import Any

import glfw

from weightscape.window.double_click import DoubleClick
from weightscape.window.event import (
    Click,
    Drag,
    Drop,
    Event,
    Key,
    Move,
    Observer,
    Orbit,
    Refresh,
    Release,
    Resize,
    Scroll,
)
from weightscape.window.glfw_window import content_scale, pixel_ratio, size_px
from weightscape.window.keyboard import NAMED, prefixed, pressed, printed

SLOP_PX = 3.0  # a hand that clicks moves this far at 96 dots an inch; found by eye
HELD = (
    (glfw.MOD_CONTROL, (glfw.KEY_LEFT_CONTROL, glfw.KEY_RIGHT_CONTROL)),
    (glfw.MOD_ALT, (glfw.KEY_LEFT_ALT, glfw.KEY_RIGHT_ALT)),
    (glfw.MOD_SHIFT, (glfw.KEY_LEFT_SHIFT, glfw.KEY_RIGHT_SHIFT)),
    (glfw.MOD_SUPER, (glfw.KEY_LEFT_SUPER, glfw.KEY_RIGHT_SUPER)),
)


class Listener:
    """Listens to a window from now on. events: what nobody has fetched yet."""

    def __init__(self, handle: Any) -> None:
        self.observer: Observer | None = None
        self.events: list[Event] = []
        self.moves = 0  # how often the window was moved or resized
        self._handle = handle
        self._press: tuple[float, float] | None = None
        self._dragging = self._orbiting = self._repeat = False
        self._double = DoubleClick()
        self.cursor = self._to_px(*glfw.get_cursor_pos(handle))
        self._listen()

    def _to_px(self, x: float, y: float) -> tuple[float, float]:
        ratio = pixel_ratio(self._handle)
        return x * ratio, y * ratio

    def _listen(self) -> None:
        listeners = {
            "key": self._on_key,
            "char": self._on_char,
            "cursor_pos": self._on_cursor,
            "mouse_button": self._on_button,
            "scroll": self._on_scroll,
            "drop": self._on_drop,
            "window_pos": self._on_place,
            "framebuffer_size": self._on_size,
            "window_focus": self._on_focus,
            "window_refresh": self._on_refresh,
            "window_content_scale": self._on_scale,
        }
        for name, listener in listeners.items():
            getattr(glfw, f"set_{name}_callback")(self._handle, listener)

    def _on_key(self, _window: Any, key: int, scancode: int, action: int, mods: int) -> None:
        if action == glfw.RELEASE:
            self.events.append(Release())
        self._repeat = action == glfw.REPEAT  # the char that may follow has no such mark of its own
        prefix = prefixed(mods)
        label = "" if key in NAMED else glfw.get_key_name(key, scancode) or ""
        name = NAMED.get(key) or printed(key, label)
        is_asked = action == glfw.RELEASE or not self._has_command
        if is_asked and self.observer and self.observer.on_key(name, prefix, action != glfw.RELEASE):
            return self._on_refresh()
        name = prefix + name if key in NAMED else pressed(key, label, prefix)
        # AltGr+Q is a typed @ on some keyboards, no q; and super belongs to the desktop, but on a Mac.
        altgr = "alt+" not in prefix and glfw.get_key(self._handle, glfw.KEY_RIGHT_ALT) and key not in NAMED
        desktop = mods & glfw.MOD_SUPER and sys.platform != "darwin"
        if name and action != glfw.RELEASE and not altgr and not desktop:
            self.events.append(Key(name, self._repeat))

    @property
    def _held(self) -> str:
        """Name the modifiers held, "ctrl+alt+" or less: a wheel does not tell them."""
        return prefixed(sum(mask for mask, keys in HELD if any(glfw.get_key(self._handle, key) for key in keys)))

    @property
    def _has_command(self) -> bool:
        """Whether a key waits that nobody took: what it does may give the keys behind it to somebody else."""
        return any(isinstance(event, Key) for event in self.events)

    def _on_char(self, _window: Any, codepoint: int) -> None:
        text = chr(codepoint)
        if not self._has_command and self.observer and self.observer.on_char(text):
            return self._on_refresh()
        # Letters and space were told by their key, so that Caps Lock and the layout do not matter.
        if text.isascii() and text.isprintable() and not text.isalpha() and text != " ":
            self.events.append(Key(text, self._repeat))

    def _on_cursor(self, _window: Any, x: float, y: float) -> None:
        old, self.cursor = self.cursor, self._to_px(x, y)
        taken = self.observer is not None and self.observer.on_cursor(*self.cursor)
        if self._press is None:
            free = Orbit(self.cursor[0] - old[0], self.cursor[1] - old[1]) if self._orbiting else Move(*self.cursor)
            self.events.append(Refresh() if taken else free)
            return
        start = old if self._dragging else self._press
        dx, dy = self.cursor[0] - start[0], self.cursor[1] - start[1]
        if self._dragging or max(abs(dx), abs(dy)) > SLOP_PX * content_scale(self._handle):
            self._dragging = True
            self.events.append(Drag(dx, dy))

    def _on_button(self, _window: Any, button: int, action: int, mods: int) -> None:
        pressed = action == glfw.PRESS
        taken = self.observer is not None and self.observer.on_button(button, prefixed(mods), pressed)
        if taken:
            self._on_refresh()
        if button == glfw.MOUSE_BUTTON_RIGHT:
            self._orbiting = pressed and not taken
        if button == glfw.MOUSE_BUTTON_LEFT:
            self._on_left(pressed, taken, prefixed(mods))
        if not pressed:
            self.events.append(Release())

    def _on_left(self, pressed: bool, taken: bool, prefix: str) -> None:
        if not pressed and self._press is not None and not self._dragging:
            is_second = self._double.is_second(*self._press, content_scale(self._handle))
            self.events.append(Click(*self._press, 2 if is_second else 1, "shift+" in prefix, "ctrl+" in prefix))
        self._press = self.cursor if pressed and not taken else None
        self._dragging = False

    def _on_scroll(self, _window: Any, dx: float, dy: float) -> None:
        held = self._held
        taken = self.observer is not None and self.observer.on_scroll(dx, dy, held)
        # With Shift held some systems turn the wheel sideways.
        self.events.append(Refresh() if taken else Scroll(*self.cursor, dy or (dx if "shift+" in held else 0.0), held))

    def _on_focus(self, _window: Any, focused: int) -> None:
        if self.observer:
            self.observer.on_focus(bool(focused))

    def _on_place(self, *_details: Any) -> None:
        self.moves += 1

    def _on_size(self, _window: Any, width: int, height: int) -> None:
        self._on_place()
        if width > 0 and height > 0:
            self.events.append(Resize(width, height))

    def _on_scale(self, *_details: Any) -> None:
        # Letters are larger, and what lies under them gets another size.
        self._on_size(self._handle, *size_px(self._handle))

    def _on_refresh(self, *_details: Any) -> None:
        self.events.append(Refresh())

    def _on_drop(self, _window: Any, paths: list[str]) -> None:
        self.events.append(Drop(tuple(paths)))
