"""A context for another thread whose objects are shared with a window's: that of a hidden window of one pixel."""

from __future__ import annotations

import threading
from typing import Any

import glfw

from weightscape.window.glfw_window import NOTHING, opened_beside


class SharedContext:
    """Hold a context beside a window's, for one thread at a time.

    It is made and closed in the window's thread, while the window's own context is current there: some systems share
    with no other. Raises WindowError where none can be had.
    """

    def __init__(self, window: Any) -> None:
        self._handle: Any = opened_beside(window)
        self._thread: threading.Thread | None = None

    def take(self) -> None:
        """Make it current in this thread."""
        glfw.make_context_current(self._handle)
        self._thread = threading.current_thread()

    def leave(self) -> None:
        """Make it current nowhere; the thread that took it calls this."""
        glfw.make_context_current(NOTHING)
        self._thread = None

    def address(self, function: str) -> int:
        """Tell where a function of OpenGL is, 0 where there is none; the context is current in this thread."""
        return int(glfw.get_proc_address(function) or 0)

    def close(self) -> None:
        """Destroy it; what a thread that hangs has not left is the system's to destroy. Again is harmless."""
        handle, self._handle = self._handle, None
        if handle is not None and self._thread is None:
            glfw.destroy_window(handle)
