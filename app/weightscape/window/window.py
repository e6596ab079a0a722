"""The window: open, poll, swap, close.

It turns what glfw reports into the records of event.py and makes its OpenGL context current. What is
drawn in it, and what an event means, it does not know.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
    merged,
)
from weightscape.window.glfw_window import (
    NOTHING,
    WindowError,
    close,
    middle,
    monitor_under,
    opened,
    refresh_hz,
    set_icon,
    show,
)
from weightscape.window.keyboard import NAMED, prefixed, pressed, printed
from weightscape.window.place import Place, place, put
from weightscape.window.shared_context import SharedContext

__all__ = ["Window", "WindowError"]

SLOP_PX = 3.0  # a hand that clicks moves this far at 96 dots an inch; found by eye


class Window:
    """A window with an OpenGL core context, 3.3 or newer, current in the thread that made it.

    `frame`: where it stood before, in place of a size. `grows`: the size is one for 96 dots an inch; a monitor that is
    scaled gets a larger window, of as many letters.
    """

    def __init__(
        self,
        title: str,
        size: tuple[int, int] = (1280, 800),
        fullscreen: bool = False,
        frame: Place | None = None,
        grows: bool = False,
    ) -> None:
        self.observer: Observer | None = None
        self._events: list[Event] = []
        self._press: tuple[float, float] | None = None
        self._dragging = self._orbiting = self._repeat = False
        self._double = DoubleClick()
        self._title = title
        self.moves = 0  # how often it was moved or resized
        self._is_hand, self._hand = False, NOTHING
        self._refresh_hz = 0.0  # asked for again where the window has been moved or resized: the question is dear
        self._handle: Any = opened(title, size, grows)
        size = glfw.get_window_size(self._handle)
        self._restore = put(self._handle, frame) if frame else (*middle(size), *size)
        self._cursor = self._to_px(*glfw.get_cursor_pos(self._handle))
        self._listen()
        self._is_to_fill = fullscreen
        show(self._handle)
        self._fill()

    def poll(self, timeout: float | None = 0.0) -> list[Event]:
        """Collect what happened, waiting up to timeout seconds for something (None: without end)."""
        self._fill()
        if self._events or (timeout is not None and timeout <= 0):
            glfw.poll_events()
        elif timeout is None:
            glfw.wait_events()
        else:
            glfw.wait_events_timeout(timeout)
        events, self._events = self._events, []
        return merged(events)

    def wake(self) -> None:
        """Make a waiting poll return; any thread may call it."""
        if self._handle is not None:
            glfw.post_empty_event()

    def address(self, function: str) -> int:
        """Tell where a function of the window's OpenGL is, 0 where there is none; its context is current."""
        return int(glfw.get_proc_address(function) or 0)

    def shared_context(self) -> SharedContext:
        """Make a context for another thread, which shares its objects with the window's. Raises WindowError."""
        return SharedContext(self._handle)

    def swap(self) -> None:
        """Show what was drawn, at the screen's pace."""
        glfw.swap_buffers(self._handle)

    def set_icon(self, icons: Sequence[Any]) -> None:
        """Give the window its icon, in several sizes: uint8 (side, side, 4), red, green, blue, alpha."""
        set_icon(self._handle, icons)

    def set_free(self) -> None:
        """Let swaps come at once, not at the screen's pace: for measurements."""
        glfw.swap_interval(0)

    def close(self) -> None:
        """Destroy the window and its context; again is harmless."""
        if self._handle is None:
            return
        self.observer = None
        handle, self._handle = self._handle, None
        close(handle)

    @property
    def should_close(self) -> bool:
        """Whether the user or the program wants the window gone."""
        return self._handle is None or bool(glfw.window_should_close(self._handle))

    def request_close(self) -> None:
        """Ask for the window to be closed, as its close button does."""
        glfw.set_window_should_close(self._handle, True)

    def hide(self) -> None:
        """Take the window off the screen, while what it was made of is put away."""
        glfw.hide_window(self._handle)

    @property
    def is_held(self) -> bool:
        """Whether a mouse button is down."""
        return any(glfw.get_mouse_button(self._handle, button) for button in range(3))

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the framebuffer in pixels; 0, 0 while some systems have it put away."""
        width, height = glfw.get_framebuffer_size(self._handle)
        return width, height

    @property
    def pixel_ratio(self) -> float:
        """Framebuffer pixels for one window unit."""
        width = glfw.get_window_size(self._handle)[0]
        return float(self.size_px[0] / width) if width and self.size_px[0] else 1.0

    @property
    def refresh_hz(self) -> float:
        """How many frames a second the screen under the window shows; 60 where no one knows."""
        if not self._refresh_hz:
            self._refresh_hz = refresh_hz(self._handle) or 60.0
        return self._refresh_hz

    @property
    def content_scale(self) -> float:
        """How much larger than at 96 dots an inch the user wants text, in framebuffer pixels."""
        return float(max(glfw.get_window_content_scale(self._handle))) or 1.0

    @property
    def cursor_px(self) -> tuple[float, float]:
        """Where the pointer is, in framebuffer pixels."""
        return self._cursor

    @property
    def title(self) -> str:
        """The text in the title bar."""
        return self._title

    @title.setter
    def title(self, text: str) -> None:
        if text != self._title:
            self._title = text
            glfw.set_window_title(self._handle, text.replace("\0", ""))

    @property
    def clipboard(self) -> str:
        """The text in the clipboard, "" where there is none."""
        text: Any = glfw.get_clipboard_string(NOTHING)  # bytes or None
        return (text or b"").decode("utf-8", "replace")

    @clipboard.setter
    def clipboard(self, text: str) -> None:
        glfw.set_clipboard_string(NOTHING, text.replace("\0", "").encode("utf-8", "replace").decode())

    @property
    def is_hand(self) -> bool:
        """Whether the pointer is a hand, as over a link."""
        return self._is_hand

    @is_hand.setter
    def is_hand(self, is_hand: bool) -> None:
        if is_hand != self._is_hand:
            self._is_hand = is_hand
            self._hand = self._hand or glfw.create_standard_cursor(glfw.HAND_CURSOR)
            glfw.set_cursor(self._handle, self._hand if is_hand else NOTHING)

    @property
    def focused(self) -> bool:
        """Whether keys come here."""
        return bool(glfw.get_window_attrib(self._handle, glfw.FOCUSED))

    @property
    def iconified(self) -> bool:
        """Whether the window is put away; drawing is then wasted."""
        return bool(glfw.get_window_attrib(self._handle, glfw.ICONIFIED))

    @property
    def frame(self) -> Place:
        """Where the window stands when it does not fill the screen: left, top, width, height in the screen's units."""
        return self._restore if self.is_fullscreen else place(self._handle)

    @property
    def is_fullscreen(self) -> bool:
        """Whether the window has a whole screen for itself."""
        return bool(glfw.get_window_monitor(self._handle))

    def toggle_fullscreen(self) -> None:
        """Fill the screen under the window, or go back to the size and place from before."""
        if self.is_fullscreen:
            glfw.set_window_monitor(self._handle, NOTHING, *self._restore, glfw.DONT_CARE)
            return
        if glfw.get_window_attrib(self._handle, glfw.VISIBLE):
            self._restore = (*glfw.get_window_pos(self._handle), *glfw.get_window_size(self._handle))
        monitor = monitor_under(self._handle)
        mode = glfw.get_video_mode(monitor)
        glfw.set_window_monitor(self._handle, monitor, 0, 0, *mode.size, mode.refresh_rate)

    def _fill(self) -> None:
        """Fill the screen, if that is still to be done and the window is seen: glfw would wait for that for ever."""
        if self._is_to_fill and glfw.get_window_attrib(self._handle, glfw.VISIBLE):
            self._is_to_fill = False
            self.toggle_fullscreen()

    def _to_px(self, x: float, y: float) -> tuple[float, float]:
        return x * self.pixel_ratio, y * self.pixel_ratio

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
            self._events.append(Release())
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
            self._events.append(Key(name, self._repeat))

    @property
    def _has_command(self) -> bool:
        """Whether a key waits that nobody took: what it does may give the keys behind it to somebody else."""
        return any(isinstance(event, Key) for event in self._events)

    def _on_char(self, _window: Any, codepoint: int) -> None:
        text = chr(codepoint)
        if not self._has_command and self.observer and self.observer.on_char(text):
            return self._on_refresh()
        # Letters and space were told by their key, so that Caps Lock and the layout do not matter.
        if text.isascii() and text.isprintable() and not text.isalpha() and text != " ":
            self._events.append(Key(text, self._repeat))

    def _on_cursor(self, _window: Any, x: float, y: float) -> None:
        old, self._cursor = self._cursor, self._to_px(x, y)
        taken = self.observer is not None and self.observer.on_cursor(*self._cursor)
        if self._press is None:
            free = Orbit(self._cursor[0] - old[0], self._cursor[1] - old[1]) if self._orbiting else Move(*self._cursor)
            self._events.append(Refresh() if taken else free)
            return
        start = old if self._dragging else self._press
        dx, dy = self._cursor[0] - start[0], self._cursor[1] - start[1]
        if self._dragging or max(abs(dx), abs(dy)) > SLOP_PX * self.content_scale:
            self._dragging = True
            self._events.append(Drag(dx, dy))

    def _on_button(self, _window: Any, button: int, action: int, mods: int) -> None:
        pressed = action == glfw.PRESS
        taken = self.observer is not None and self.observer.on_button(button, prefixed(mods), pressed)
        if taken:
            self._on_refresh()
        if button == glfw.MOUSE_BUTTON_RIGHT:
            self._orbiting = pressed and not taken
        if button == glfw.MOUSE_BUTTON_LEFT:
            self._on_left(pressed, taken)
        if not pressed:
            self._events.append(Release())

    def _on_left(self, pressed: bool, taken: bool) -> None:
        if not pressed and self._press is not None and not self._dragging:
            is_second = self._double.is_second(*self._press, self.content_scale)
            self._events.append(Click(*self._press, 2 if is_second else 1))
        self._press = self._cursor if pressed and not taken else None
        self._dragging = False

    def _on_scroll(self, _window: Any, dx: float, dy: float) -> None:
        taken = self.observer is not None and self.observer.on_scroll(dx, dy)
        self._events.append(Refresh() if taken else Scroll(*self._cursor, dy))

    def _on_focus(self, _window: Any, focused: int) -> None:
        if self.observer:
            self.observer.on_focus(bool(focused))

    def _on_place(self, *_details: Any) -> None:
        self._refresh_hz = 0.0
        self.moves += 1

    def _on_size(self, _window: Any, width: int, height: int) -> None:
        self._on_place()
        if width > 0 and height > 0:
            self._events.append(Resize(width, height))

    def _on_scale(self, *_details: Any) -> None:
        self._on_size(self._handle, *self.size_px)  # letters are larger, and what lies under them gets another size

    def _on_refresh(self, *_details: Any) -> None:
        self._events.append(Refresh())

    def _on_drop(self, _window: Any, paths: list[str]) -> None:
        self._events.append(Drop(tuple(paths)))
