"""An mp4 that can be played while it grows: whatever ends the program, what was filmed until then is there."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from weightscape.file.film_file import FilmFile
from weightscape.file.film_frame import Size
from weightscape.file.video import (
    FORMATS,
    FRAGMENTS,
    FilmWriter,
    check_library,
    encoded,
    film_rate,
    opened_container,
    telling,
)
from weightscape.file.whole_file import REASON, FileError, FilePath, shown, whole_file

WHOLE = FORMATS[".mp4"]
# Half a second of film at a time is complete in the file. An encoder that looks ahead would hold back more, and take
# more memory; a more thorough one, for a file a seventh smaller, would take twice the time from what is filmed.
LIVE = {"preset": "veryfast", "tune": "zerolatency"}
GROWING = replace(
    WHOLE,
    codecs=tuple(replace(codec, options=codec.options | LIVE) for codec in WHOLE.codecs),
    options=FRAGMENTS,
    buffer=1 << 24,
)


class _Pieces(io.FileIO):
    """Holds whole pieces only: one that does not fit is taken back."""

    def write(self, data: Any, /) -> int:
        place, rest = self.tell(), memoryview(data)
        try:
            while rest:
                rest = rest[super().write(rest) :]
        except OSError:
            self.truncate(place)
            raise
        return len(data)


def unfinished(path: FilePath) -> str:
    """Name the file that a film is until it ends: a.mp4 grows as a.unfinished.mp4."""
    stem, suffix = os.path.splitext(os.fspath(path))
    return f"{stem}.unfinished{suffix}"


def rest_words(path: FilePath) -> str:
    """Say where growing_film(path) has left what was filmed; "" where it has left nothing."""
    rest = unfinished(path)
    return f"what was filmed is {shown(rest)}" if os.path.exists(rest) else ""


@contextmanager
def growing_film(path: FilePath, size: Size, fps: float | Fraction, comment: str = "") -> Iterator[FilmWriter]:
    """Open an mp4 of `size` (width, height, even) as film_writer() does, playable as unfinished(path) until the end.

    When the block ends the film is copied to `path`, with its index first, and the unfinished one is removed. Where
    something fails, what was filmed stays under that name, unless it is nothing. Raises FileError, also where that name
    is taken, and ValueError for a rate out of range or no frame.
    """
    check_library(path)
    rate, draft = film_rate(path, fps), unfinished(path)
    if os.path.lexists(draft):
        raise FileError(f"cannot write {shown(path)}: {shown(draft)} is there, of a film without an end: move it")
    with _told(path), _Pieces(draft, "xb") as file:
        try:
            with encoded(path, file, GROWING, size, rate, comment) as film:
                yield film
            _copy(draft, path, comment)
        except BaseException:
            if os.fstat(file.fileno()).st_size == 0:
                os.unlink(draft)
            raise
    os.unlink(draft)


@contextmanager
def _told(path: FilePath) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise FileError(f"cannot write {shown(path)}: {REASON.get(fault.errno or 0, fault.strerror)}") from fault


def _copy(draft: str, path: FilePath, comment: str) -> None:
    """Copy a film, without encoding it again, into one with its index first."""
    import av

    with whole_file(path) as whole:
        file = FilmFile(whole)
        told = partial(telling, path, file)
        with told(), av.open(draft, format=WHOLE.name) as old, opened_container(told, file, WHOLE) as new:
            new.metadata["comment"] = comment
            source = old.streams.video[0]
            stream = new.add_stream_from_template(source)
            for packet in old.demux(source):
                if packet.dts is not None:  # the last, empty one has none
                    packet.stream = stream
                    new.mux(packet)
            new.close()
