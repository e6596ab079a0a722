"""Whether a window could open here, asked of the environment alone: no window library is loaded."""

import os
import sys


def display() -> str:
    """Name the display a window would open on; "" where there surely is none."""
    if not sys.platform.startswith("linux"):
        return "the desktop"
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(name):
            return f"{name}={os.environ[name]}"
    return ""
