"""The buttons above the panel's controls: commands of the table, to be pressed by mouse."""

from weightscape.scene.command import BY_NAME
from weightscape.scene.key_help import key_label
from weightscape.window.message import Button

# Command, word and icon.
ROW = (
    ("reroll", "reroll", "reroll"),
    ("back", "undo", "undo"),
    ("forward", "redo", "redo"),
    ("screenshot", "save", "save"),
    ("record", "record", "record"),
)


def buttons(is_recording: bool) -> tuple[Button, ...]:
    """Make the row of buttons; the last one ends a film that is being made."""
    row = tuple(Button(name, word, icon, _hint(name)) for name, word, icon in ROW)
    return (*row[:-1], Button("record", "stop", "stop", "end the film (V)", is_on=True)) if is_recording else row


def _hint(name: str) -> str:
    command = BY_NAME[name]
    return f"{command.help} ({' or '.join(key_label(key) for key in command.keys)})"
