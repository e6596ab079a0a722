"""What a live page says, as the window says it: keys and help, its buttons, and what its words mean."""

from typing import Any

from weightscape.scene.command import BY_NAME, GLIDING, Command
from weightscape.scene.key_help import FIRST, MOUSE, Entry, help_entries, key_label
from weightscape.scene.mean_field import EDGE
from weightscape.scene.term import SAME, TERMS

# The commands that a page knows, beside those that change the scene.
ACTIONS = (
    *("type_seed", "pause", "layer_on", "layer_back", "unit_on", "unit_back", "back", "forward", "screenshot"),
    *("copy", "paste", "copy_link", "help", "fullscreen", "close"),
)
# Lenses that a page has no picture of, what it lays over none, colours that it cannot judge, and single weights.
WITHOUT = (
    *("units", "atlas", "height", "slice", "probe", "weights", "regions", "stretch", "norms", "winner", "role"),
    *("split", "axes", "contour", "pretty", "unedit"),
)
GALLERY = "album"
# Rows that are a page's own: group, keys, help, commands.
FINGERS = (
    Entry(FIRST, "Drag", "pan with a finger"),
    Entry(FIRST, "Pinch", "zoom between two fingers"),
    Entry(FIRST, "Double-tap", "zoom in twofold there"),
)
CLOSE = Entry("Window", "Esc", "close what is open, then leave the lens", ("close",))
SHEET = Entry("Window", "F4", "the gallery, to choose from", (GALLERY,))
# A narrow page has room for the first ones and the last: command, and the word under its sign.
BUTTONS = (
    ("reroll", "new"),
    ("back", "undo"),
    ("fewer_layers", "shallower"),
    ("more_layers", "deeper"),
    ("screenshot", "save"),
    ("activation", "activation"),
    ("cut", "inside"),
    ("colours", "colours"),
    ("help", "more"),
)
# More letters on a key's cap leave its row no room.
LONGEST_CAP = 16
TOLD_TERMS = ("seen", "zoom", "angle", "time", "colour", "scale", "tied", "phase")


def words(has_gallery: bool = False) -> dict[str, Any]:
    """Collect them as values that JSON holds; only a page with a gallery has the key that opens one."""
    buttons = (*BUTTONS[:2], (GALLERY, "gallery"), *BUTTONS[2:]) if has_gallery else BUTTONS
    known = [*filter(_is_known, help_entries()), CLOSE, *([SHEET] if has_gallery else [])]
    first = sum(each.group == FIRST for each in known)
    return {
        "help": [_row(each) for each in (*known[:first], *FINGERS, *known[first:])],
        "buttons": [{"word": word, **_cap(BY_NAME[name])} for name, word in buttons],
        "gliding": GLIDING,
        "edge": EDGE,
        "terms": {name: _term(f"status={name}") for name in TOLD_TERMS},
    }


def known_keys() -> set[str]:
    """List the keys of commands that a page knows."""
    known = filter(_is_known, help_entries())
    return {key for each in known for name in each.commands for key in BY_NAME[name].keys}


def _term(name: str) -> str:
    return TERMS[SAME.get(name, name)]


def _is_known(entry: Entry) -> bool:
    if not entry.commands:
        return entry.keys in [keys for keys, _ in MOUSE[:3]]
    return all(name in ACTIONS or (BY_NAME[name].change and name not in WITHOUT) for name in entry.commands)


def _row(entry: Entry) -> dict[str, Any]:
    caps = [_cap(BY_NAME[name]) for name in entry.commands] or [{"keys": [entry.keys]}]
    by = "finger" if entry in FINGERS else "" if entry.commands else "mouse"
    return {"group": entry.group, "help": entry.help, "caps": caps, "by": by}


def _cap(command: Command) -> dict[str, Any]:
    first, *others = map(key_label, command.keys)
    room = LONGEST_CAP - len(first)
    keys = [first, *(key for key in others if len("".join(others)) <= room)]
    return {"keys": keys, "name": command.name, "help": command.help}
