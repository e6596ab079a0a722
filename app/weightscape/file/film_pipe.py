"""A film through a pipe, which cannot go back to what it has written, and has no file beside it for the scene."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

from weightscape.file.gif_text import comment_block, read_head
from weightscape.file.png import HEAD, text_chunk


@contextmanager
def spooled(target: BinaryIO, suffix: str, comment: str) -> Iterator[BinaryIO]:
    """Hold an animated PNG or a GIF on the disk until it is whole, then hand it on with `comment` inside.

    A PNG counts its frames near its beginning. Raises OSError where the disk has no room.
    """
    with TemporaryFile() as file:
        yield file
        file.seek(0)
        target.write(read_head(file) if suffix == ".gif" else file.read(HEAD))
        if comment:
            target.write(comment_block(comment) if suffix == ".gif" else text_chunk(comment))
        shutil.copyfileobj(file, target)
