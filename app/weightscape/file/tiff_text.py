"""Reads the description inside a TIFF picture, classic or BigTIFF, of either byte order; never its pixels.

Formats: TIFF, Revision 6.0, sections 2 and 8; BigTIFF, https://www.awaresystems.be/imaging/tiff/bigtiff.html
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from weightscape.file.png import KEYWORD, MAX_TEXT
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown

DESCRIPTION = 270
ASCII = 2
MAX_DIRECTORIES = 64
MAX_ENTRIES = 1024
ORDERS = {b"II": "<", b"MM": ">"}


@dataclass(frozen=True)
class _Form:
    """Say how numbers stand in a file: struct formats of a directory's count, an entry, and a place."""

    count: str
    entry: str
    place: str


def read_tiff_text(path: FilePath) -> str | None:
    """Find the first description (tag 270) of a TIFF file, less a KEYWORD before it; None where there is none.

    Raises FileError where the file is no TIFF or damaged, or the text is longer than 64 KiB or no UTF-8.
    """
    with plain_file(path) as file:
        try:
            text = next(_descriptions(file), None)
            return text and text.removeprefix(f"{KEYWORD} ")
        except UnicodeDecodeError as fault:
            raise FileError(f"cannot read {shown(path)}: its description is not Unicode text") from fault
        except ValueError as fault:
            raise FileError(f"cannot read {shown(path)}: {fault}") from fault


def _descriptions(file: BinaryIO) -> Iterator[str]:
    """Yield the descriptions of the directories, one after the other; raise ValueError on faults."""
    form, place = _head(file)
    size = struct.calcsize(form.place)
    for _ in range(MAX_DIRECTORIES):
        if not place:
            return
        (count,) = struct.unpack(form.count, _read(file, place, struct.calcsize(form.count)))
        if count > MAX_ENTRIES:
            raise ValueError(f"the TIFF has a directory of {count} entries, at most {MAX_ENTRIES} are read")
        place += struct.calcsize(form.count)
        length = struct.calcsize(form.entry)
        data = _read(file, place, count * length + size)
        for tag, kind, letters, value in struct.iter_unpack(form.entry, data[:-size]):
            if (tag, kind) == (DESCRIPTION, ASCII):
                yield _text(file, letters, value, form.place)
        (place,) = struct.unpack(form.place, data[-size:])
    raise ValueError(f"the TIFF has more than {MAX_DIRECTORIES} directories")


def _head(file: BinaryIO) -> tuple[_Form, int]:
    """Read the form of the file, and where its first directory lies."""
    start = _read(file, 0, 8)
    order = ORDERS.get(start[:2], "")
    (version,) = struct.unpack(f"{order or '<'}H", start[2:4])
    if order and version == 42:
        return _Form(f"{order}H", f"{order}HHI4s", f"{order}I"), struct.unpack(f"{order}I", start[4:])[0]
    if order and version == 43 and struct.unpack(f"{order}HH", start[4:]) == (8, 0):
        return _Form(f"{order}Q", f"{order}HHQ8s", f"{order}Q"), struct.unpack(f"{order}Q", _read(file, 8, 8))[0]
    raise ValueError("it is not a TIFF picture")


def _text(file: BinaryIO, letters: int, value: bytes, place: str) -> str:
    """Take text from its entry, which holds it where it is short, and else says where it lies."""
    if letters > MAX_TEXT + len(KEYWORD) + 2:  # the blank, and the null at its end
        raise ValueError("its description is too long")
    data = value[:letters] if letters <= len(value) else _read(file, struct.unpack(place, value)[0], letters)
    return data.partition(b"\0")[0].decode()


def _read(file: BinaryIO, place: int, count: int) -> bytes:
    if place >= 1 << 62:
        raise ValueError("the TIFF is truncated")
    file.seek(place)
    data = file.read(count)
    if len(data) != count:
        raise ValueError("the TIFF is truncated")
    return data
