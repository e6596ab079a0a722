"""The comment inside a GIF, written ahead of its first picture and read there; never its pixels.

Format: GRAPHICS INTERCHANGE FORMAT(sm) Version 89a, https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from collections.abc import Iterator
from typing import BinaryIO

from weightscape.file.png import MAX_TEXT
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown

SIGNATURE = b"GIF89a"
SCREEN = 13  # bytes of the signature and of the logical screen
EXTENSION, COMMENT = b"\x21", b"\xfe"
PIECE = 255  # bytes of a sub-block
MAX_EXTENSIONS = 1000


def comment_block(text: str) -> bytes:
    """Make a comment extension, which may stand behind the bytes of read_head()."""
    data = text.encode()
    pieces = (data[i : i + PIECE] for i in range(0, len(data), PIECE))
    return EXTENSION + COMMENT + b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def read_head(file: BinaryIO) -> bytes:
    """Read the signature, the logical screen and the colours of all pictures. Raises ValueError on faults."""
    head = _exactly(file, SCREEN)
    flags = head[10]
    return head + (_exactly(file, 3 << (flags & 7) + 1) if flags & 0x80 else b"")


def read_gif_text(path: FilePath) -> str | None:
    """Find the first comment ahead of the pictures of a GIF file; None where there is none, and for another file.

    Raises FileError where the file is damaged, or the text is longer than 64 KiB or no UTF-8.
    """
    with plain_file(path) as file:
        try:
            if file.read(len(SIGNATURE)) != SIGNATURE:
                return None
            file.seek(0)
            return next(_comments(file), None)
        except UnicodeDecodeError as fault:
            raise FileError(f"cannot read {shown(path)}: its comment is not Unicode text") from fault
        except ValueError as fault:
            raise FileError(f"cannot read {shown(path)}: {fault}") from fault


def _comments(file: BinaryIO) -> Iterator[str]:
    """Yield the comments up to the first picture; raise ValueError on faults."""
    read_head(file)
    for _ in range(MAX_EXTENSIONS):
        if file.read(1) != EXTENSION:
            return
        is_comment = _exactly(file, 1) == COMMENT
        data = b""
        for piece in _pieces(file):
            data += piece if is_comment else b""
            if len(data) > MAX_TEXT:
                raise ValueError("its comment is too long")
        if is_comment:
            yield data.decode()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while length := _exactly(file, 1)[0]:
        yield _exactly(file, length)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ValueError("the GIF is truncated")
    return data
