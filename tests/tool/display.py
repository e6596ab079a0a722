"""A screen for tests that open windows: an X server of our own, real keys and a real mouse.

with opened_display() as name:        # ":3"
    press(name, "key", "shift+r")     # any xdotool command
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from patience import PATIENCE_S
from patience import until as until

# A key that a busy machine holds for long is no key held; one that a test holds repeats after so long.
NOT_HELD_MS, HELD_MS = 5000, 300


@contextlib.contextmanager
def opened_display(size: str = "1600x1000x24", *options: str) -> Iterator[str]:
    """Start Xvfb on a free display and yield its name; skip (or fail, where GL is required) without it."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            unavailable(f"{tool} is missing: apt-get install {tool.lower()}")
    reader, writer = os.pipe()
    # Without -noreset the server starts over when its last window closes, and refuses the next one meanwhile.
    command = [
        "Xvfb",
        "-displayfd",
        str(writer),
        "-screen",
        "0",
        size,
        "-noreset",
        "+extension",
        "GLX",
        "-ardelay",
        str(NOT_HELD_MS),
        *options,
    ]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()  # "" when the server died
        if not number:
            unavailable(f"Xvfb does not start (exit code {server.wait()}): apt-get install xvfb libgl1")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def _opened_x11(display: str) -> tuple[Any, ctypes.c_void_p]:
    """Load X's own library, with a connection to the display."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XDefaultRootWindow.restype = ctypes.c_void_p, ctypes.c_ulong
    return x11, ctypes.c_void_p(x11.XOpenDisplay(display.encode()))


def _repeat_after(display: str, delay_ms: int) -> None:
    """Let a key that is held repeat after so long, and 25 times a second from then on."""
    x11, server = _opened_x11(display)
    core_keyboard, interval_ms = 0x100, 40
    assert x11.XkbSetAutoRepeatRate(server, core_keyboard, delay_ms, interval_ms)
    x11.XCloseDisplay(server)


@contextlib.contextmanager
def held(display: str, key: str) -> Iterator[None]:
    """Hold a key down meanwhile; it repeats as soon as a keyboard's does, not as late as those of other tests."""
    _repeat_after(display, HELD_MS)
    press(display, "keydown", key)
    try:
        yield
    finally:
        press(display, "keyup", key)
        _repeat_after(display, NOT_HELD_MS)


def scale_letters(display: str, dpi: int) -> None:
    """Tell programs of the display that its user wants letters for so many dots an inch, as desktops do on X11."""
    (x11, server), text = _opened_x11(display), f"Xft.dpi:\t{dpi}\n".encode()
    root = ctypes.c_ulong(x11.XDefaultRootWindow(server))
    resources, string, replace = ctypes.c_ulong(23), ctypes.c_ulong(31), 0  # numbers of X's own
    x11.XChangeProperty(server, root, resources, string, 8, replace, text, len(text))
    x11.XCloseDisplay(server)


def unavailable(reason: str) -> NoReturn:
    """Skip the test, or fail it where WEIGHTSCAPE_GL=required says that a skip is not good enough."""
    if os.environ.get("WEIGHTSCAPE_GL") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def press(display: str, *command: str) -> str:
    """Run one xdotool command chain on the display and return what it printed."""
    environment = os.environ | {"DISPLAY": display}
    done = subprocess.run(
        ["xdotool", *command], env=environment, check=True, capture_output=True, text=True, timeout=PATIENCE_S
    )
    return done.stdout


def spelled(text: str) -> list[str]:
    """Write text as xdotool key commands; its own "type" swallows the commands that follow."""
    return [word for sign in text for word in ("key", f"0x{ord(sign):x}")]
