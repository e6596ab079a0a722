"""A film through a pipe, which cannot go back to what it has written, and has no file beside it for the scene."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

from weightscape.file.png import HEAD, text_chunk


@contextmanager
def spooled(target: BinaryIO, comment: str) -> Iterator[BinaryIO]:
    """Hold an animated PNG on the disk until it is whole: its count of frames stands near its beginning.

    `comment` then stands inside, as the scene of a PNG picture does. Raises OSError where the disk has no room.
    """
    with TemporaryFile() as file:
        yield file
        file.seek(0)
        target.write(file.read(HEAD))
        if comment:
            target.write(text_chunk(comment))
        shutil.copyfileobj(file, target)
