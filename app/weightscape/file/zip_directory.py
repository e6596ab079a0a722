"""Opens a zip archive once its directory is known to be small: zipfile reads all of it at once.

Format: .ZIP File Format Specification (APPNOTE.TXT), sections 4.3.14 to 4.3.16.
"""

import io
import struct
import zipfile
import zlib
from typing import BinaryIO

from weightscape.file.layer_form import MAX_MEMBERS, check_file

MAX_DIRECTORY = 256  # bytes of it a member
END, LOCATOR, END_64 = b"PK\5\6", b"PK\6\7", b"PK\6\6"
# What zipfile raises for damaged archives, besides ValueError; OSError for an offset before the file.
FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, OverflowError)


def opened(file: BinaryIO, kind: str, most: int = MAX_MEMBERS) -> zipfile.ZipFile:
    """Open the archive in a file that is said to be a `kind`, such as ".npz", of `most` members at most.

    Raises ValueError, and FAULTS.
    """
    size = file.seek(0, io.SEEK_END)
    check_file(size)
    file.seek(max(0, size - 42))
    tail = file.read(42).rjust(42, b"\0")
    sign, members, directory, comment = struct.unpack("<4s6xHI4xH", tail[20:])
    if sign != END or comment:
        raise ValueError(f"it is not a {kind} file, or it is truncated")
    if tail.startswith(LOCATOR):
        members, directory = _large(file, struct.unpack("<8xQ4x", tail[:20])[0])
    if members > most or directory > MAX_DIRECTORY * most:
        raise ValueError(f"the {kind} has more than {most} members")
    return zipfile.ZipFile(file)


def _large(file: BinaryIO, place: int) -> tuple[int, int]:
    """Read how many members there are, and the directory's bytes, as the 64-bit end of an archive has them."""
    file.seek(min(place, 1 << 62))
    sign, members, directory = struct.unpack("<4s28xQQ", file.read(48))
    if sign != END_64:
        raise zipfile.BadZipFile("its end is in another place than it says")
    return members, directory
