"""The help: every key and mouse action in a row, with what it does, from the table of commands."""

from weightscape.scene.command import COMMANDS, LENS, LOOK, NET

# Neighbours that are one row of the help: their keys fit side by side.
PAIRS = {
    ("fewer_layers", "more_layers"): "fewer, more layers",
    ("narrower", "wider"): "narrower, wider layers",
    ("narrower_raw", "wider_raw"): "narrower, wider, same scale",
    ("scale_up", "scale_down"): "larger, smaller weights",
    ("scale_up_fine", "scale_down_fine"): "the same, finely",
    ("zoom_in", "zoom_out"): "zoom in, out at the centre",
    ("turn_left", "turn_right"): "turn the camera",
    ("time_back", "time_on"): "time a step back, on",
    ("layer_on", "layer_back"): "the lens's next layer, the one before",
    ("unit_on", "unit_back"): "the lens's next unit, the one before",
    ("copy", "paste"): "copy the scene as text, paste one",
    ("larger_text", "smaller_text"): "larger, smaller text",
    ("close", "quit"): "close or leave one thing, quit",
}

MOUSE = (
    ("Wheel", "zoom at the cursor"),
    ("Drag", "pan"),
    ("Right-drag", "turn the landscape"),
    ("Drop", "open a picture, scene or weights; two: side by side"),
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


def help_rows() -> list[tuple[str, str, str]]:
    """List (group, keys, help) of every command and mouse action, keys apart by spaces, groups together."""
    rows = [(LOOK, action, text) for action, text in MOUSE]
    first, second = ({pair[n]: text for pair, text in PAIRS.items()} for n in (0, 1))
    for command in COMMANDS:
        keys = "1–9" if command.name == "preset" else " ".join(map(key_label, command.keys))
        if command.name in second:
            keys = f"{rows.pop()[1]} {keys}"
        told = first.get(command.name) or second.get(command.name) or command.help
        rows.append((command.group, keys, told))
    order = (NET, LOOK, LENS, "Window")
    return sorted(rows, key=lambda row: order.index(row[0]))
