"""Reads a text attribute in the header of an OpenEXR picture, of one part or several; never its pixels.

Format: OpenEXR File Layout, https://openexr.com/en/latest/OpenEXRFileLayout.html
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from weightscape.file.png import MAX_TEXT
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown

MAGIC = b"\x76\x2f\x31\x01"
VERSION = 2
MULTI_PART = 0x1000
MAX_NAME = 255  # bytes of a name, of a type
MAX_ATTRIBUTES = 10_000  # of all parts


def read_exr_text(path: FilePath, name: str) -> str | None:
    """Find the first attribute `name` of the type string; None where there is none.

    Raises FileError where the file is no OpenEXR picture or its header damaged, or the text is longer than 64 KiB or
    no UTF-8.
    """
    with plain_file(path) as file:
        try:
            return next((_text(file, size) for found, size in _strings(file) if found == name.encode()), None)
        except UnicodeDecodeError as fault:
            raise FileError(f"cannot read {shown(path)}: its text is not Unicode") from fault
        except ValueError as fault:
            raise FileError(f"cannot read {shown(path)}: {fault}") from fault


def _strings(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield name and size of each attribute that is text, which the file then stands at; raise ValueError on faults."""
    magic, version = struct.unpack("<4sI", _exactly(file, 8))
    if magic != MAGIC or version & 0xFF != VERSION:
        raise ValueError("it is not an OpenEXR picture")
    is_first = True  # of its part
    for _ in range(MAX_ATTRIBUTES):
        name = _name(file)
        if not name:
            if is_first or not version & MULTI_PART:
                return
            is_first = True
            continue
        is_first = False
        kind = _name(file)
        (size,) = struct.unpack("<i", _exactly(file, 4))
        if size < 0:
            raise ValueError("the OpenEXR header is damaged")
        place = file.tell() + size
        if kind == b"string":
            yield name, size
        file.seek(place)
    raise ValueError(f"the OpenEXR header has more than {MAX_ATTRIBUTES} attributes")


def _text(file: BinaryIO, size: int) -> str:
    if size > MAX_TEXT:
        raise ValueError("its text is too long")
    return _exactly(file, size).decode()


def _name(file: BinaryIO) -> bytes:
    """Read up to the next null character."""
    name = bytearray()
    while (letter := _exactly(file, 1)) != b"\0":
        name += letter
        if len(name) > MAX_NAME:
            raise ValueError("the OpenEXR header is damaged")
    return bytes(name)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ValueError("the OpenEXR header is truncated")
    return data
