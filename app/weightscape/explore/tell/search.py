"""The help's search line: which keys are typed into it, and which rows of the help are left."""

import re

from weightscape.scene.key_help import Entry, key_label

LONGEST = 24
# Keys that close the help as long as nothing is typed.
CLOSING = ("h", "?")

# What people, and the window's buttons and chip, call what a command does.
ALSO = {
    "back": "undo",
    "forward": "redo",
    "bookmark": "favourite",
    "screenshot": "save picture",
    "scale_up": "calm chaos chaotic edge",
    "norms": "calm chaos chaotic edge",
}


class Search:
    """Hold what is typed. All signs are, but for a first H or ?, which close the help; Shift+H begins with an H."""

    def __init__(self) -> None:
        self.text = ""

    def takes(self, name: str) -> bool:
        """Take a key that is for the line, and tell whether it was: no other key is."""
        sign = name[-1] if len(name) == 1 or (name.startswith("shift+") and len(name) == len("shift+") + 1) else ""
        if self.text and name in ("escape", "backspace"):
            self.text = self.text[:-1] if name == "backspace" else ""
        elif sign and (self.text or name not in CLOSING):
            self.text = (self.text + sign)[:LONGEST]
        elif self.text and name == "space":
            self.text = (self.text + " ")[:LONGEST]
        else:
            return False
        return True

    def finds(self, entry: Entry) -> bool:
        """Tell whether each word that is typed begins a word of an entry, or is one of its keys."""
        also = " ".join(ALSO.get(command, "") for command in entry.commands)
        words = re.findall(
            r"[\w|]+", f"{entry.group} {entry.help} {' '.join(entry.commands)} {also}".lower().replace("_", " ")
        )
        keys = {key_label(press).lower() for press in entry.presses} | {press.lower() for press in entry.presses}
        keys |= {part for key in keys for part in key.split("+")} | set(entry.keys.lower().split())
        return all(
            any(word.startswith(part) for word in words) or part in keys or (len(part) > 1 and is_in(part, keys))
            for part in self.text.lower().split()
        )


def is_in(part: str, keys: set[str]) -> bool:
    """Tell whether the name of a key begins so."""
    return any(key.startswith(part) for key in keys)
