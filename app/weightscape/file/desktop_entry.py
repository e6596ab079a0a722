"""What a desktop is told of a program: an entry for its menu, and types of files. Text alone, nothing is written.

Formats: Desktop Entry Specification 1.5, https://specifications.freedesktop.org/desktop-entry-spec/1.5/ (escapes of
values in section 4, of Exec in section 7); Shared MIME-info Database 0.21,
https://specifications.freedesktop.org/shared-mime-info-spec/0.21/.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.freedesktop.org/standards/shared-mime-info"


@dataclass(frozen=True)
class FileType:
    """Name a type of files: those whose names fit the patterns, which are also of the type `parent`."""

    name: str
    comment: str
    parent: str
    patterns: tuple[str, ...]


def entry(
    name: str, comment: str, command: Sequence[str], types: Sequence[str], categories: Sequence[str], icon: str
) -> str:
    """Write an entry of the menu that runs a command, with one file where one was chosen."""
    rows = {
        "Type": "Application",
        "Version": "1.0",
        "Name": name,
        "Comment": comment,
        "Exec": f"{' '.join(map(quoted, command))} %f",
        "Icon": icon,
        "Terminal": "false",
        "Categories": _listed(categories),
        "MimeType": _listed(types),
        "StartupWMClass": icon,
        "StartupNotify": "false",  # a window of glfw's does not tell that it is there
    }
    return "[Desktop Entry]\n" + "".join(f"{key}={escaped(value)}\n" for key, value in rows.items())


def quoted(argument: str) -> str:
    """Write an argument of Exec: in quotes, what is special there behind a backslash, and percent signs doubled."""
    return '"' + re.sub(r'(["`$\\])', r"\\\1", argument).replace("%", "%%") + '"'


def escaped(value: str) -> str:
    """Write a value of an entry: backslashes and ends of lines as the format has them."""
    for sign, written in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        value = value.replace(sign, written)
    return value


def mime_package(types: Sequence[FileType]) -> str:
    """Write a package of file types."""
    rows = []
    for each in types:
        rows += [f"  <mime-type type={quoteattr(each.name)}>", f"    <comment>{escape(each.comment)}</comment>"]
        rows += [f"    <sub-class-of type={quoteattr(each.parent)}/>"]
        rows += [f"    <glob pattern={quoteattr(pattern)}/>" for pattern in each.patterns]
        rows += ["  </mime-type>"]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<mime-info xmlns={quoteattr(NAMESPACE)}>",
            *rows,
            "</mime-info>",
            "",
        ]
    )


def _listed(values: Sequence[str]) -> str:
    return "".join(f"{value};" for value in values)
