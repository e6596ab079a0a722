"""Keys are called by what is printed on them, pressed on a real X server in several layouts."""

import os

import pytest
from guest import HUD, Host, names, show, take_events
from patience import ran, until

from weightscape.window.event import Key, Release
from weightscape.window.keyboard import pressed, printed


@pytest.mark.every
@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("r", "r"),
        ("shift+r", "shift+r"),
        ("ctrl+c", "ctrl+c"),
        ("ctrl+shift+z", "ctrl+shift+z"),
        ("alt+r", "alt+r"),
        ("bracketleft", "["),
        ("bracketright", "]"),
        ("braceleft", "{"),
        ("braceright", "}"),
        ("0", "0"),
        ("plus", "+"),
        ("minus", "-"),
        ("comma", ","),
        ("period", "."),
        ("KP_Add", "+"),
        ("KP_5", "5"),
        ("space", "space"),
        ("Tab", "tab"),
        ("shift+Tab", "shift+tab"),
        ("Escape", "escape"),
        ("Return", "enter"),
        ("KP_Enter", "enter"),
        ("BackSpace", "backspace"),
        ("Delete", "delete"),
        ("Home", "home"),
        ("End", "end"),
        ("Prior", "page_up"),
        ("Next", "page_down"),
        ("Left", "left"),
        ("Right", "right"),
        ("Up", "up"),
        ("shift+Down", "shift+down"),
        ("F1", "f1"),
        ("F11", "f11"),
        ("ctrl+0", "ctrl+0"),
        ("ctrl+equal", "ctrl+="),
        ("ctrl+plus", "ctrl++"),
        ("ctrl+minus", "ctrl+-"),
        ("ctrl+KP_Add", "ctrl++"),
    ],
)
def test_a_key_is_named_once_by_what_is_printed_on_it(window: Host, keys: str, expected: str) -> None:
    window.press("key", keys, "key", "F12")
    until(lambda: "f12" in names(window), "the key")
    assert names(window) == [expected, "f12"]


def test_caps_lock_does_not_matter(window: Host) -> None:
    window.press("key", "Caps_Lock", "key", "r", "key", "shift+r", "key", "Caps_Lock", "key", "F12")
    until(lambda: "f12" in names(window))
    assert names(window) == ["r", "shift+r", "f12"]


def test_a_held_key_repeats_and_says_so(window: Host) -> None:
    window.press("keydown", "Left", "keydown", "bracketleft")
    until(lambda: len(window.run(take_events)) > 4, "repeated keys")
    window.press("keyup", "Left", "keyup", "bracketleft")
    events = window.run(take_events)
    assert events[:2] == [Key("left"), Key("[")]
    # Letting go may have been heard by now, or not yet.
    assert set(events[2:]) <= {Key("left", True), Key("[", True), Release()}


def test_letters_follow_the_layout(window: Host) -> None:
    environment = os.environ | {"DISPLAY": window.display}
    keycode = {"q": "24", "r": "27"}
    try:
        for layout, expected in (("fr", ["a", "r"]), ("ru", ["q", "r"]), ("us", ["q", "r"])):
            ran("setxkbmap", layout, env=environment, check=True)
            window.run(show, HUD)
            window.press("key", keycode["q"], "key", keycode["r"], "key", "F12")
            until(lambda: "f12" in names(window))
            assert names(window) == [*expected, "f12"]
    finally:
        ran("setxkbmap", "us", env=environment, check=True)


@pytest.mark.parametrize(
    ("code", "label", "prefix", "expected"),
    [
        ("R", "r", "", "r"),
        ("R", "к", "shift+", "shift+r"),
        ("R", "", "ctrl+", "ctrl+r"),
        ("Q", "a", "", "a"),
        ("[", "[", "", ""),
        ("[", "х", "", "["),
        ("[", "х", "shift+", "{"),
        ("[", "ü", "", "ü"),
        ("[", "[", "ctrl+", "ctrl+["),
        ("A", "ı", "", "a"),
        ("9", "ç", "shift+", "shift+ç"),
        ("A", "&", "", ""),
    ],
)
def test_other_layouts_name_their_keys(code: str, label: str, prefix: str, expected: str) -> None:
    assert pressed(ord(code), label, prefix) == expected
    assert printed(ord(code), label) == printed(ord(code), label).lower()
