"""The help: every key and mouse action in a row, with what it does, from the table of commands."""

from dataclasses import dataclass, replace

from weightscape.scene.command import COMMANDS, LENS, LOOK, NET

# Neighbours that are one row of the help: their keys fit side by side.
PAIRS = {
    ("fewer_layers", "more_layers"): "fewer, more layers",
    ("narrower", "wider"): "narrower, wider layers",
    ("narrower_raw", "wider_raw"): "narrower, wider, same scale",
    ("scale_up", "scale_down"): "larger, smaller weights",
    ("scale_up_fine", "scale_down_fine"): "the same, finely",
    ("bias_up", "bias_down"): "larger, smaller biases (not rule fixed)",
    ("zoom_in", "zoom_out"): "zoom in, out at the centre",
    ("turn_left", "turn_right"): "turn the camera",
    ("time_back", "time_on"): "time a step back, on",
    ("layer_on", "layer_back"): "the lens's next layer, the one before",
    ("unit_on", "unit_back"): "the lens's next unit, the one before",
    ("next_figure", "last_figure"): "the next figure or station, the one before",
    ("copy", "paste"): "copy the scene as text, paste one or a link",
    ("larger_text", "smaller_text"): "larger, smaller text",
    ("close", "quit"): "close or leave one thing, quit",
}

MOUSE = (
    ("Wheel", "zoom at the cursor"),
    ("Double-click", "zoom in twofold there"),
    ("Drag", "pan"),
    ("Right-drag", "turn the landscape"),
    ("Drop", "open a file, or two side by side"),
)
# What the mouse does in the lens weights.
WEIGHT = (
    ("Alt+Wheel", "change the weight under the cursor, finely with Shift"),
    ("Click", "let a weight swing; Shift: mark two for a sheet; Ctrl: as it was"),
)
LABELS = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "page_down": "PageDown",
    "page_up": "PageUp",
}


def key_label(key: str) -> str:
    """Write a key for people: "ctrl+z" -> "Ctrl+Z", "up" -> "↑"."""
    if len(key) == 1:
        return key.upper()
    return "+".join(LABELS.get(part, part.capitalize()) for part in key.split("+"))


FIRST = "First"
# The twelve rows that a newcomer reads first, by their first command, or by what the mouse does.
MOST_USEFUL = (
    "reroll",
    "back",
    "Wheel",
    "Drag",
    "fewer_layers",
    "scale_up",
    "activation",
    "cut",
    "atlas",
    "preset",
    "screenshot",
    "panel",
)


@dataclass(frozen=True)
class Entry:
    """A row of the help; keys apart by spaces. commands and presses (keys as events name them): none of the mouse's."""

    group: str
    keys: str
    help: str
    commands: tuple[str, ...] = ()
    presses: tuple[str, ...] = ()


def help_entries() -> list[Entry]:
    """List every command and mouse action, groups together, those to be read first in a group before the others."""
    entries = [Entry(LOOK, action, text) for action, text in MOUSE]
    first, second = ({pair[n]: text for pair, text in PAIRS.items()} for n in (0, 1))
    for command in COMMANDS:
        is_preset = command.name == "preset"
        keys, presses = " ".join(map(key_label, command.keys)), command.keys
        names: tuple[str, ...] = (command.name,)
        if is_preset:
            keys, presses = "1–9", presses[:1]
        if command.name in second:
            before = entries.pop()
            keys, names, presses = f"{before.keys} {keys}", before.commands + names, before.presses + presses
        told = first.get(command.name) or second.get(command.name) or command.help
        entries.append(Entry(command.group, keys, told, names, presses))
    entries += [Entry(LENS, action, text) for action, text in WEIGHT]
    order = (NET, LOOK, LENS, "Window")
    useful = {(each.commands or (each.keys,))[0]: each for each in entries}
    top = [replace(useful.pop(name), group=FIRST) for name in MOST_USEFUL]
    return top + sorted(useful.values(), key=lambda each: order.index(each.group))


def help_rows() -> list[tuple[str, str, str]]:
    """List (group, keys, help) of every command and mouse action."""
    return [(each.group, each.keys, each.help) for each in help_entries()]
