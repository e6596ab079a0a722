"""A handle on a window of glfw's: opened with an OpenGL context, 3.3 or newer, or the reason and cure in one line."""

from __future__ import annotations

import contextlib
import ctypes
import re
from collections.abc import Iterator, Sequence
from typing import Any

import glfw

# Whatever happens after the window is open (a compositor that tells no positions, an empty clipboard) is no
# reason to stop, nor to write into the user's terminal.
glfw.ERROR_REPORTING = "log"

NOTHING: Any = None  # glfw takes it for "no monitor" and "no window"; its type hints do not know
HINTS = {
    # macOS has no other contexts than these two ask for (glfw.org/faq, 4.1).
    glfw.OPENGL_FORWARD_COMPAT: 1,
    glfw.OPENGL_PROFILE: glfw.OPENGL_CORE_PROFILE,
    glfw.SRGB_CAPABLE: 0,
    glfw.VISIBLE: 0,
}
# By what name desktops find the program's own entry, with its icon; and since which version of glfw.
APP_ID = "weightscape"
APP_HINTS = {"X11_CLASS_NAME": (3, 3), "X11_INSTANCE_NAME": (3, 3), "WAYLAND_APP_ID": (3, 4)}
# Versions asked for in turn: some drivers give exactly that one. The same as gpu/device.py's.
LADDER = ((4, 5), (4, 3), (4, 1), (3, 3))
SMALLEST = (240, 180)
# pyGLFW shows glfw's number and bytes as they are: (65550) b'X11: ...'
SHOWN = re.compile(r"""(?:\(\d+\) )?b(?P<quote>['"])(?P<said>.*)(?P=quote)""", re.DOTALL)
OPEN: list[Any] = []  # glfw itself ends with the last of them


class WindowError(RuntimeError):
    """No window can be had here; the text is one line with the reason and the cure."""


def opened(title: str, size: tuple[int, int], grows: bool = False) -> Any:
    """Open a hidden window and make its context current. Raises WindowError.

    grows: the size is meant for 96 dots an inch, and grows with the monitor's scale as far as the monitor has room.
    """
    with _errors_raised():
        glfw.init()
        glfw.default_window_hints()
        for hint, value in HINTS.items():
            glfw.window_hint(hint, value)
        for name, since in APP_HINTS.items():
            if glfw.get_version()[:2] >= since:
                glfw.window_hint_string(getattr(glfw, name), APP_ID)
        glfw.window_hint(glfw.SCALE_TO_MONITOR, int(grows))  # where a window's unit is a pixel: X11 and Windows
        handle = _highest(title.replace("\0", ""), size)
        glfw.make_context_current(handle)
        glfw.swap_interval(1)
    if grows:
        _keep_inside(handle, size)
    glfw.set_window_size_limits(handle, *SMALLEST, glfw.DONT_CARE, glfw.DONT_CARE)
    OPEN.append(handle)
    return handle


def opened_beside(handle: Any) -> Any:
    """Open a hidden window of one pixel whose context shares its objects with another window's. Raises WindowError."""
    version = (glfw.CONTEXT_VERSION_MAJOR, glfw.CONTEXT_VERSION_MINOR)
    with _errors_raised():
        glfw.default_window_hints()
        for hint, value in HINTS.items():
            glfw.window_hint(hint, value)
        for hint in version:  # the same as the other's: some drivers share between equals alone
            glfw.window_hint(hint, glfw.get_window_attrib(handle, hint))
        return glfw.create_window(1, 1, "", NOTHING, handle)


def show(handle: Any) -> None:
    """Put the window on the screen and let keys come to it, as soon as the system does.

    On X11 glfw's own way waits until the window is seen, and for ever, with a whole core, where a window manager puts
    it on another workspace (github.com/glfw/glfw/issues/2395): there the window is mapped without it.
    """
    if glfw.get_platform() != glfw.PLATFORM_X11:
        glfw.show_window(handle)
        return
    display: Any = getattr(glfw, "get_x11_display")()  # noqa: B009 - untyped, and not there on other systems
    x11 = ctypes.CDLL("libX11.so.6")  # glfw has it loaded
    x11.XMapWindow(ctypes.c_void_p(display), ctypes.c_ulong(glfw.get_x11_window(handle)))
    glfw.focus_window(handle)  # sends what waits, too


def set_icon(handle: Any, icons: Sequence[Any]) -> None:
    """Give the window its icon, in several sizes: uint8 (side, side, 4). Wayland and macOS take none from a window."""
    if glfw.get_platform() in (glfw.PLATFORM_X11, glfw.PLATFORM_WIN32):
        images: Any = [(icon.shape[1], icon.shape[0], icon.tolist()) for icon in icons]
        glfw.set_window_icon(handle, len(images), images)


def close(handle: Any) -> None:
    """Destroy the window and its context."""
    glfw.destroy_window(handle)
    OPEN.remove(handle)
    if not OPEN:
        glfw.terminate()


def middle(size: tuple[int, int]) -> tuple[int, int]:
    """Tell where a window of this size stands in the middle of the first screen."""
    monitor = glfw.get_primary_monitor()
    left, top, width, height = glfw.get_monitor_workarea(monitor) if monitor else (0, 0, *size)
    return left + max(width - size[0], 0) // 2, top + max(height - size[1], 0) // 2


def monitor_under(handle: Any) -> Any:
    """Find the monitor that shows the middle of the window, or the first one."""
    left, top = glfw.get_window_pos(handle)
    width, height = glfw.get_window_size(handle)
    x, y = left + width / 2, top + height / 2
    for monitor in glfw.get_monitors():
        at_x, at_y = glfw.get_monitor_pos(monitor)
        (wide, high), *_ = glfw.get_video_mode(monitor)
        if at_x <= x < at_x + wide and at_y <= y < at_y + high:
            return monitor
    return glfw.get_primary_monitor()


def size_px(window: Any) -> tuple[int, int]:
    """Width and height of the framebuffer in pixels; 0, 0 while some systems have it put away."""
    width, height = glfw.get_framebuffer_size(window)
    return width, height


def pixel_ratio(window: Any) -> float:
    """Framebuffer pixels for one window unit."""
    width, pixels = glfw.get_window_size(window)[0], size_px(window)[0]
    return float(pixels / width) if width and pixels else 1.0


def content_scale(window: Any) -> float:
    """How much larger than at 96 dots an inch the user wants text, in framebuffer pixels."""
    return float(max(glfw.get_window_content_scale(window))) or 1.0


def refresh_hz(handle: Any) -> float:
    """Tell how many frames a second the monitor under the window shows, 0 where that is unknown."""
    monitor = monitor_under(handle)
    mode = glfw.get_video_mode(monitor) if monitor else None
    return float(mode.refresh_rate) if mode else 0.0


def _keep_inside(handle: Any, size: tuple[int, int]) -> None:
    """Let a window that has grown from this size leave no monitor that the size itself does not."""
    now: tuple[int, int] = glfw.get_window_size(handle)
    monitor = glfw.get_primary_monitor()
    room = glfw.get_monitor_workarea(monitor)[2:] if monitor else now
    new = tuple(max(min(grown, most), asked) for grown, most, asked in zip(now, room, size, strict=True))
    if new != now:
        glfw.set_window_size(handle, *new)


def _highest(title: str, size: tuple[int, int]) -> Any:
    """Create a window with the highest version that can be had; the last one's failure is the reason there is none."""
    for version in LADDER[:-1]:
        with contextlib.suppress(glfw.GLFWError):
            return _created(title, size, version)
    return _created(title, size, LADDER[-1])


def _created(title: str, size: tuple[int, int], version: tuple[int, int]) -> Any:
    for hint, value in zip((glfw.CONTEXT_VERSION_MAJOR, glfw.CONTEXT_VERSION_MINOR), version, strict=True):
        glfw.window_hint(hint, value)
    return glfw.create_window(*size, title, NOTHING, NOTHING)


@contextlib.contextmanager
def _errors_raised() -> Iterator[None]:
    reporting, glfw.ERROR_REPORTING = glfw.ERROR_REPORTING, "exception"
    try:
        yield
    except glfw.GLFWError as error:
        if not OPEN:
            glfw.ERROR_REPORTING = "ignore"
            glfw.terminate()
        raise WindowError(_cure(str(error))) from error
    finally:
        glfw.ERROR_REPORTING = reporting


def _cure(text: str) -> str:
    """Say in one line what glfw found missing and what helps."""
    if any(sign in text for sign in ("DISPLAY", "open display", "connect to", "detect any", "platform")):
        cure = "there is no display"
    elif "version" in text.lower():
        cure = "the graphics driver is too old: OpenGL 3.3 is needed; update the driver"
    else:
        cure = "a library is missing: install libegl1 libgl1, or update the graphics driver"
    shown = SHOWN.fullmatch(text)
    said = " ".join((shown["said"] if shown else text).split())
    return f"cannot open a window: {cure} ({said})"
