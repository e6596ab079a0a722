"""The window: open, poll, swap, close.

It makes its OpenGL context current, and hands out what its listener has heard. What is drawn in it, and what an event
means, it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import glfw

from weightscape.window.event import Event, Observer, merged
from weightscape.window.glfw_window import (
    NOTHING,
    WindowError,
    close,
    content_scale,
    middle,
    monitor_under,
    opened,
    pixel_ratio,
    refresh_hz,
    set_icon,
    show,
    size_px,
)
from weightscape.window.listener import Listener
from weightscape.window.place import Place, place, put
from weightscape.window.shared_context import SharedContext

__all__ = ["Window", "WindowError"]


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
        self._title = title
        self._is_hand, self._hand = False, NOTHING
        self._refresh_hz, self._hz_moves = 0.0, 0  # asked again once the window has been moved: the question is dear
        self._handle: Any = opened(title, size, grows)
        size = glfw.get_window_size(self._handle)
        self._restore = put(self._handle, frame) if frame else (*middle(size), *size)
        self._listener = Listener(self._handle)
        self._is_to_fill = fullscreen
        show(self._handle)
        self._fill()

    def poll(self, timeout: float | None = 0.0) -> list[Event]:
        """Collect what happened, waiting up to timeout seconds for something (None: without end)."""
        self._fill()
        listener = self._listener
        if listener.events or (timeout is not None and timeout <= 0):
            glfw.poll_events()
        elif timeout is None:
            glfw.wait_events()
        else:
            glfw.wait_events_timeout(timeout)
        events, listener.events = listener.events, []
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
        self._listener.observer = None
        handle, self._handle = self._handle, None
        close(handle)

    @property
    def observer(self) -> Observer | None:
        """Who sees raw input before it becomes events."""
        return self._listener.observer

    @observer.setter
    def observer(self, observer: Observer | None) -> None:
        self._listener.observer = observer

    @property
    def moves(self) -> int:
        """How often the window was moved or resized."""
        return self._listener.moves

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
        return size_px(self._handle)

    @property
    def pixel_ratio(self) -> float:
        """Framebuffer pixels for one window unit."""
        return pixel_ratio(self._handle)

    @property
    def refresh_hz(self) -> float:
        """How many frames a second the screen under the window shows; 60 where no one knows."""
        if not self._refresh_hz or self._hz_moves != self.moves:
            self._refresh_hz, self._hz_moves = refresh_hz(self._handle) or 60.0, self.moves
        return self._refresh_hz

    @property
    def content_scale(self) -> float:
        """How much larger than at 96 dots an inch the user wants text, in framebuffer pixels."""
        return content_scale(self._handle)

    @property
    def cursor_px(self) -> tuple[float, float]:
        """Where the pointer is, in framebuffer pixels."""
        return self._listener.cursor

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
