"""The file of bookmarks: a JSON list, read with care, written whole or not at all, changed by one at a time.

What stands in the list is nobody's business here.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from weightscape.file.whole_file import FileError, plain_file, shown, whole_file
from weightscape.network.lock import Lock

MAX_FILE = 1 << 24

_lock = Lock()


class BrokenError(FileError):
    """The file holds something else than bookmarks."""


def stamp(path: Path | None) -> tuple[object, ...]:
    """Tell what changes with the file."""
    if path is None:
        return (None,)
    try:
        found = path.stat()
    except OSError:
        return path, 0
    return path, found.st_ino, found.st_mtime_ns, found.st_size


def read(path: Path) -> list[Any]:
    """Read the file's list. Raises FileError, BrokenError where it is none."""
    with plain_file(path) as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise BrokenError(f"cannot use {shown(path)}: it has more than {MAX_FILE} bytes")
    try:
        entries = json.loads(data.decode("utf-8-sig").strip() or "[]")
    except json.JSONDecodeError as error:
        where = f"{error.msg}, line {error.lineno}, column {error.colno}"
        raise BrokenError(f"cannot use {shown(path)}: not JSON: {where}") from None
    except (ValueError, RecursionError) as error:
        raise BrokenError(f"cannot use {shown(path)}: {error}") from None
    if not isinstance(entries, list):
        raise BrokenError(f"cannot use {shown(path)}: it is no list of bookmarks")
    return entries


def read_or_set_aside(path: Path) -> tuple[list[Any], str]:
    """Read the file's list; one that is broken gets another name, so that it is not lost. Raises FileError."""
    if not os.path.lexists(path):
        return [], ""
    try:
        return read(path), ""
    except BrokenError:
        stem, number = f"{path.stem}-broken", 1
        aside = path.with_name(f"{stem}.json")
        while os.path.lexists(aside):
            number += 1
            aside = path.with_name(f"{stem}-{number}.json")
        try:
            path.rename(aside)
        except OSError as error:
            raise FileError(f"cannot set {shown(path)} aside, which is broken: {error.strerror}") from None
        return [], aside.name


def write(path: Path, entries: list[Any]) -> None:
    """Write the list, whole or not at all. Raises FileError."""
    text = ",\n".join(_lines(each) for each in entries)
    with whole_file(path) as file:
        file.write(f"[\n{text}\n]\n".encode())


def _lines(entry: Any) -> str:
    """Write an entry with a line for each thing that it says."""
    if not isinstance(entry, dict):
        return _json(entry)
    return "{" + ",\n ".join(f"{_json(name)}: {_json(value)}" for name, value in entry.items()) + "}"


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a file's name that is no text
        return json.dumps(value)
    return text


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let no other thread or window change bookmarks meanwhile; what cannot be locked is only read anew."""
    with _lock:
        handle = -1
        if sys.platform != "win32":
            import fcntl

            with suppress(OSError):
                handle = os.open(folder, os.O_RDONLY)
                fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if handle >= 0:
                os.close(handle)
