"""A shader's text without comments, and without what stands behind switches that are never set."""

import re
from collections.abc import Collection

COMMENT = re.compile(r"\s*//.*")


def lean(text: str, unset: Collection[str]) -> str:
    """Leave out what a compiler would not read where none of the names `unset` is defined, comments, and empty lines.

    Other conditions stay as they are. Raises ValueError for conditions that are not closed.
    """
    kept: list[str] = []
    # Of each open condition: whether it is known, and whether its lines count.
    opened: list[tuple[bool, bool]] = []
    for line in map(_bare, text.splitlines()):
        word, *rest = line.split(maxsplit=2) or [""]
        if word in ("#else", "#endif") and not opened:
            raise ValueError(f"{line!r} has no condition")
        is_known = bool(opened) and opened[-1][0]
        if word in ("#ifdef", "#ifndef", "#if"):
            is_known = word != "#if" and rest[0] in unset
            opened.append((is_known, not is_known or word == "#ifndef"))
        elif word == "#else" and is_known:
            opened[-1] = True, not opened[-1][1]
        elif word == "#endif":
            opened.pop()
        is_switch = is_known and word in ("#ifdef", "#ifndef", "#else", "#endif")
        if line and not is_switch and all(counts for _, counts in opened):
            kept.append(line)
    if opened:
        raise ValueError("a condition stays open")
    return "\n".join(kept) + "\n"


def _bare(line: str) -> str:
    return COMMENT.sub("", line).strip()
