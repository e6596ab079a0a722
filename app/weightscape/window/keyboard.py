"""What keys are called: by the label printed on them, whatever the layout."""

from __future__ import annotations

import sys
import unicodedata

import glfw

NAMED = {
    getattr(glfw, f"KEY_{name.upper()}"): name
    for name in (
        "space",
        "tab",
        "escape",
        "enter",
        "backspace",
        "delete",
        "home",
        "end",
        "page_up",
        "page_down",
        "left",
        "right",
        "up",
        "down",
        *(f"f{number}" for number in range(1, 13)),
    )
} | {glfw.KEY_KP_ENTER: "enter"}
CONTROL = glfw.MOD_CONTROL | (glfw.MOD_SUPER if sys.platform == "darwin" else 0)
MODIFIERS = ((CONTROL, "ctrl+"), (glfw.MOD_ALT, "alt+"), (glfw.MOD_SHIFT, "shift+"))
US_SHIFTED = str.maketrans("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?')


def prefixed(mods: int) -> str:
    """Name the modifiers held: "ctrl+alt+shift+" or less."""
    return "".join(name for mask, name in MODIFIERS if mods & mask)


def printed(code: int, label: str) -> str:
    """Name a printing key by its label, lower case; by its US sign (code) where the label is not Latin."""
    if "A" <= chr(code) <= "Z" and not (label.isascii() and label.isalpha()):
        return label if label.isascii() and label else chr(code).lower()
    return chr(code) if _is_foreign(label) else label.lower()


def pressed(code: int, label: str, prefix: str) -> str:
    """Name the event of pressing a printing key; "" where the sign that gets typed will tell.

    prefix: "ctrl+alt+shift+" or less.
    """
    name = printed(code, label)
    if name == "=" and prefix == "ctrl+shift+":
        return "ctrl++"  # no sign is typed with Ctrl; the plus stands above this one, or on a key of its own
    if "ctrl+" in prefix or "alt+" in prefix or name.isalpha():
        return prefix + name if name else ""
    if _is_foreign(label):
        return name.translate(US_SHIFTED) if prefix else name
    return ""


def _is_foreign(label: str) -> bool:
    return not label.isascii() and "LATIN" not in unicodedata.name(label[0], "")
