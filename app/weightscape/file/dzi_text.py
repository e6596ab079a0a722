"""Reads the comment in a DeepZoom picture's description (.dzi), which is XML: `<!-- weightscape {...} -->`."""

import re

from weightscape.file.png import KEYWORD, MAX_TEXT
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown

# Two hyphens cannot stand in a comment; JSON has an escape for one.
COMMENT = re.compile(rf"<!--\s*{KEYWORD}\s(.*?)-->", re.DOTALL)
MAX_FILE = 4 * MAX_TEXT


def read_dzi_text(path: FilePath) -> str | None:
    """Find the text in the comment; None where there is none. Raises FileError for what is long or no UTF-8."""
    with plain_file(path) as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise FileError(f"cannot use {shown(path)}: a DeepZoom description has at most {MAX_FILE} bytes")
    try:
        found = COMMENT.search(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileError(f"cannot use {shown(path)}: it is not UTF-8 text") from None
    return found[1].strip() if found else None
