"""imgui's context for a window: without files of its own, with one font and the window's clipboard."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from weightscape.window.glfw_window import WindowError
from weightscape.window.style import FONT_PX
from weightscape.window.window import Window


def opened(window: Window, font: bytes) -> tuple[Any, Any]:
    """Make a context and make it current; return imgui and it. Raises WindowError where a library is missing."""
    try:
        from imgui_bundle import imgui  # late: it wants X11 libraries, and glfw loaded before it
    except ImportError as error:
        raise WindowError(f"the panel lacks a library: install libegl1 libgl1 ({error})") from error
    im: Any = imgui
    context, io = im.create_context(), im.get_io()
    io.set_ini_filename("")
    io.set_log_filename("")
    io.backend_flags |= im.BackendFlags_.renderer_has_textures
    io.config_input_text_cursor_blink = False  # a still picture stays still
    io.config_mac_osx_behaviors = False  # the window has already made ctrl of the command key
    platform = im.get_platform_io()
    platform.platform_get_clipboard_text_fn = lambda _: window.clipboard
    platform.platform_set_clipboard_text_fn = lambda _, text: setattr(window, "clipboard", text)
    with tempfile.TemporaryDirectory() as folder:  # imgui reads the whole file at once
        path = os.path.join(folder, "font.ttf")
        with open(path, "wb") as file:
            file.write(font)
        io.fonts.add_font_from_file_ttf(path, FONT_PX)
    return im, context


def closed(im: Any, context: Any) -> None:
    """Destroy a context."""
    im.set_current_context(context)
    platform = im.get_platform_io()
    platform.platform_get_clipboard_text_fn = platform.platform_set_clipboard_text_fn = None
    im.destroy_context(context)
