"""A large picture's finished bands of rows, kept in a folder beside it until the picture is whole.

FILE.part holds `manifest.json`, which says what picture the bands are of, and a file for each band. Every file has its
own check, and appears whole: what is cut short or altered is as good as missing.
"""

import json
import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.file.whole_file import HALF, REASON, FileError, FilePath, lock, plain_file, shown, whole_file

Band = npt.NDArray[Any]
MANIFEST, LOCK = "manifest.json", "lock"
NAME = re.compile(r"[0-9]{10}\.band")
MARK = b"WSBAND\0\1"
# Mark; first row, rows, width, channels; type of a number; CRC of all else.
HEAD = struct.Struct(">8s4I4sI")
MAX_MANIFEST = 1 << 20
MAX_VALUE = 60  # characters of a value that are told


class BandFolder:
    """Keep bands of a picture for a file at `path`. `rows`: how high a band is, but for the last.

    Made by opened_bands(), which raises FileError.
    """

    def __init__(self, path: FilePath, rows: int) -> None:
        self.place, self.rows = folder_of(path), rows

    def has(self, band: tuple[int, ...], kind: npt.DTypeLike = np.uint8) -> bool:
        """Tell whether a band (top, rows, width, channels) is there, by its length alone."""
        with suppress(OSError):
            return os.stat(self._name(band[0])).st_size == HEAD.size + _size(band, kind)
        return False

    def read(self, band: tuple[int, ...], kind: npt.DTypeLike = np.uint8) -> Band | None:
        """Read a band (top, rows, width, channels); None where it is missing, cut short or altered."""
        try:
            with plain_file(self._name(band[0])) as file:
                head, data = file.read(HEAD.size), file.read(_size(band, kind) + 1)
        except FileError:
            return None
        is_whole = len(data) == _size(band, kind) and head == _head(band, kind, data)
        return np.frombuffer(data, kind).reshape(band[1:]) if is_whole else None

    def write(self, top: int, pixels: Band) -> None:
        """Keep a band, whole or not at all. Raises FileError."""
        data = np.ascontiguousarray(pixels).data.cast("B")
        with whole_file(self._name(top)) as file:
            file.write(_head((top, *pixels.shape), pixels.dtype, data))
            file.write(data)

    def clear(self) -> None:
        """Delete the bands, and then what is said of them; what is not this program's stays."""
        halves = self._names(HALF)  # of killed writers: this program alone has the folder
        for name in [*halves, *self._names(NAME), MANIFEST]:
            with suppress(OSError):
                os.unlink(os.path.join(self.place, name))

    def count(self) -> int:
        """Count the bands."""
        return len(self._names(NAME))

    def _names(self, form: re.Pattern[str]) -> list[str]:
        with suppress(OSError):
            return [name for name in os.listdir(self.place) if form.fullmatch(name)]
        return []

    def _name(self, top: int) -> str:
        return os.path.join(self.place, f"{top:010}.band")


def folder_of(path: FilePath) -> str:
    """Name the folder of a picture's bands."""
    return f"{os.fspath(path)}.part"


def kept_about(path: FilePath) -> tuple[dict[str, Any], int]:
    """Read what the bands beside a file are of, and how many rows each has. Raises FileError where nothing tells."""
    place = os.path.join(folder_of(path), MANIFEST)
    try:
        with plain_file(place) as file:
            text = file.read(MAX_MANIFEST + 1)
        found = json.loads(text) if len(text) <= MAX_MANIFEST else None
        if isinstance(found, dict) and found == _manifest(found["about"], found["rows"]):
            return found["about"], found["rows"]
    except (FileError, ValueError, KeyError, RecursionError):
        pass
    raise FileError(f"{shown(place)} is damaged: --fresh starts anew")


@contextmanager
def opened_bands(path: FilePath, about: Mapping[str, Any], rows: int, fresh: bool = False) -> Iterator[BandFolder]:
    """Open the folder of a file's bands for this program alone, and make it where it is missing.

    `about`, a JSON object: all that a band's numbers depend on. `rows` is for new bands; old ones keep theirs. `fresh`:
    old ones are not wanted. An empty folder does not outlive the block. Raises FileError: another program has the
    folder, its bands are of another picture, or it cannot be written.
    """
    folder = BandFolder(path, rows)
    handle = _locked(folder.place, path)
    try:
        now = json.loads(json.dumps(about))
        if not fresh and folder.count():
            kept, folder.rows = kept_about(path)
            if kept != now:
                differs = difference(kept, now)
                raise FileError(f"{shown(folder.place)} holds other bands, {differs}: --fresh starts anew")
        else:
            folder.clear()
            with whole_file(os.path.join(folder.place, MANIFEST)) as file:
                file.write(json.dumps(_manifest(now, rows), indent=1).encode())
        yield folder
    finally:
        if not folder.count():
            folder.clear()
        _leave(folder.place, handle)


def difference(kept: Any, now: Any) -> str:
    """Say in a few words what differs first in two JSON objects: "seed 43, not 44"."""
    for name in [*now, *(name for name in kept if name not in now)]:
        one, other = kept.get(name), now.get(name)
        if one != other:
            both = isinstance(one, dict) and isinstance(other, dict)
            return difference(one, other) if both else f"{name} {_told(one)}, not {_told(other)}"
    return ""


def _told(value: Any) -> str:
    text = value if isinstance(value, str) and value.isprintable() else json.dumps(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}..."


def _manifest(about: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """Say what bands are of, with a check: a manifest that was altered tells nothing."""
    if not (isinstance(rows, int) and rows > 0 and isinstance(about, dict)):
        raise ValueError
    said = json.dumps([about, rows], sort_keys=True).encode()
    return {"about": about, "rows": rows, "check": f"{zlib.crc32(said):08x}"}


def _head(band: tuple[int, ...], kind: npt.DTypeLike, data: bytes | memoryview) -> bytes:
    said = HEAD.pack(MARK, *band, np.dtype(kind).str.encode(), 0)
    return HEAD.pack(MARK, *band, np.dtype(kind).str.encode(), zlib.crc32(data, zlib.crc32(said)))


def _size(band: tuple[int, ...], kind: npt.DTypeLike) -> int:
    _, rows, width, channels = band
    return rows * width * channels * np.dtype(kind).itemsize


def _locked(place: str, path: FilePath) -> int:
    """Make the folder and lock it; what a program that has just finished takes away is made again."""
    name = os.path.join(place, LOCK)
    while True:
        try:
            with suppress(FileExistsError):
                os.mkdir(place)
            handle = os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except OSError as fault:
            reason = REASON.get(fault.errno or 0, fault.strerror)
            raise FileError(f"cannot keep bands in {shown(place)}: {reason}") from fault
        try:
            lock(handle)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.stat(name)):
                    return handle
        except BlockingIOError:
            os.close(handle)
            raise FileError(f"{shown(path)} is being made by another program: {shown(place)} is locked") from None
        except OSError:  # a file system without locks
            return handle
        os.close(handle)


def _leave(place: str, handle: int) -> None:
    """Unlock a folder, and take it away if nothing is left in it."""
    is_done = not os.path.lexists(os.path.join(place, MANIFEST))
    if is_done and os.name == "posix":
        with suppress(OSError):
            os.unlink(os.path.join(place, LOCK))
    os.close(handle)
    if is_done:
        with suppress(OSError):
            if os.name != "posix":  # which deletes no open file
                os.unlink(os.path.join(place, LOCK))
            os.rmdir(place)
