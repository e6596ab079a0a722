"""Whether a desktop is set to move little, asked of the system: no window library is loaded."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

# A desktop that does not answer by then is taken to be as any other.
PATIENCE_S = 2.0
# winuser.h: whether Windows animates what is inside windows.
SPI_GETCLIENTAREAANIMATION = 0x1042
# What tells it in words, and the word that means little motion: of macOS, of GNOME and the desktops that follow it.
COMMANDS = {
    "darwin": (("defaults", "read", "com.apple.universalaccess", "reduceMotion"), "1"),
    "linux": (("gsettings", "get", "org.gnome.desktop.interface", "enable-animations"), "false"),
}


def is_reduced(platform: str = sys.platform) -> bool:
    """Tell whether the user has asked the system for less motion; no where that is not known."""
    if platform == "win32":
        return _is_still(getattr(ctypes, "windll", None))
    command, word = COMMANDS.get(platform, ((), ""))
    return bool(command) and _said(command) == word


def _is_still(windll: Any) -> bool:
    """Ask Windows by SystemParametersInfoW whether controls and other things inside windows are animated."""
    is_animated = ctypes.c_int(1)  # BOOL
    try:
        asked = windll.user32.SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(is_animated), 0)
    except (AttributeError, OSError):
        return False
    return bool(asked) and not is_animated.value


def _said(command: tuple[str, ...]) -> str:
    """Tell what a program says, "" where there is none, or no such setting."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return "" if result.returncode else result.stdout.strip()
