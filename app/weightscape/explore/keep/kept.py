"""Small things that are remembered from one window to the next: a JSON file each, in the user's state folder."""

import json
from pathlib import Path
from typing import Any

from weightscape.file.whole_file import FileError, plain_file, whole_file

LONGEST = 65_536  # bytes of such a file


def kept(path: Path) -> Any:
    """Read what is remembered; None where nothing is, or where the file is broken."""
    try:
        with plain_file(path) as file:
            return json.loads(file.read(LONGEST))
    except (FileError, OSError, ValueError, RecursionError):
        return None


def keep(path: Path, value: Any) -> None:
    """Remember a value in place of the one before. Raises FileError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot write into {path.parent}: {error.strerror}") from None
    with whole_file(path) as file:
        file.write(json.dumps(value).encode())
