"""Posters: pictures that take long, whose finished bands are kept beside the file until it is whole.

What is kept says all that its numbers depend on. Bands of two scenes, engines, methods, processors or drivers are never
mixed.
"""

import os
import shutil
import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any

from weightscape import __version__
from weightscape.draw.lettering import told_letters
from weightscape.engine.choice import ENGINES
from weightscape.engine.question import EngineError
from weightscape.file.band_folder import BandFolder, folder_of, kept_about, opened_bands
from weightscape.file.whole_file import STDOUT, FileError, shown
from weightscape.lens.catalogue import parts
from weightscape.lens.lens import Span
from weightscape.network.fingerprint import fingerprint
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.picture.banding import Arithmetic, Banding, Pixels
from weightscape.picture.network_memory import network
from weightscape.picture.points_memory import fingerprint_of
from weightscape.picture.span import spans
from weightscape.publish.caption import told as told_scene
from weightscape.publish.keeping import going_on, kept_words
from weightscape.scene.scene import Scene

# Bands are kept of pictures that take so many operations, about a minute on two cores, or have so many pixels.
KEPT_WORK, KEPT_PIXELS = 2e12, 1 << 26
# A kept band has so many bytes, or operations, at the most; but what is made at a time is one at least.
BAND_BYTES, BAND_WORK = 1 << 23, 1e11
CHANNELS, AUTO = 3, "auto"

Tell = Callable[[str], object]
# Makes the bands of these spans, and gives each with its span, in any order.
Elsewhere = Callable[[Sequence[Span]], Generator[tuple[Span, Pixels], None, None]]


def is_kept(path: str, banding: Banding) -> bool:
    """Tell whether a picture is worth it: it takes long, is made in bands, and goes to a file."""
    is_long = banding.work >= KEPT_WORK or banding.size[0] * banding.size[1] >= KEPT_PIXELS
    return is_long and banding.is_streamed and not _is_stream(path)


def kept_engine(path: str, size: Size, wanted: str) -> str:
    """Name the engine to open: where it is left open, the one that has made bands beside the file."""
    if wanted == AUTO and os.path.lexists(folder_of(path)):
        with suppress(FileError, KeyError):
            about = kept_about(path)[0]
            is_one = len(about["engine"]) == 1 and about["engine"][0] in ENGINES
            return str(about["engine"][0]) if is_one and about["size"] == told_size(size) else wanted
    return wanted


@contextmanager
def kept_bands(
    path: str,
    scene: Scene,
    samples: int,
    banding: Banding,
    fresh: bool = False,
    tell: Tell = ignore,
    elsewhere: Elsewhere | None = None,
) -> Iterator[Iterator[Pixels]]:
    """Give a picture's bands, those that are kept beside `path` first of all; in the block they become the file.

    `tell` hears, before the first band, how much of the disk will be taken. `elsewhere` makes bands that are missing.
    Once the block ends nothing is kept; where it ends before its time, what is raised says how to go on. Raises
    FileError for a folder of other bands and for want of room, EngineError where another engine answers than before.
    """
    poster = Poster(path, scene, samples, banding, tell, elsewhere)
    with ExitStack() as stack, going_on(poster.kept):
        yield poster.bands(stack, fresh)
        poster.finish()


class Poster:
    """Hand out a picture's bands, and keep what is made anew."""

    def __init__(
        self, path: str, scene: Scene, samples: int, banding: Banding, tell: Tell, elsewhere: Elsewhere | None = None
    ) -> None:
        self._path, self._scene, self._samples = path, scene, samples
        self._banding, self._tell, self._elsewhere = banding, tell, elsewhere
        self._folder: BandFolder | None = None

    def bands(self, stack: ExitStack, fresh: bool) -> Iterator[Pixels]:
        """Give the bands from the top; the folder, opened with the first, is closed with the stack."""
        banding, made_by = self._banding, self._banding.arithmetic()
        about = told_about(self._path, self._scene, banding, self._samples, made_by)
        folder = stack.enter_context(opened_bands(self._path, about, kept_rows(banding, self._samples), fresh))
        (width, height), kind = banding.size, banding.tone.kind
        bands = [(top, rows, width, CHANNELS) for top, rows in spans(height, folder.rows)]
        there = [band for band in bands if folder.has(band, kind)]
        rows_there = sum(band[1] for band in there)
        self._make_room((height - rows_there) * width * _pixel_bytes(banding), folder.place, len(there), len(bands))
        self._folder = folder
        if there:
            banding.skip(rows_there)
        if self._elsewhere:
            self._gather([band[:2] for band in bands if not folder.has(band, kind)], folder)
        for band in bands:
            pixels = folder.read(band, kind) if folder.has(band, kind) else None
            if pixels is None:
                pixels = banding.make(*band[:2])
                _check(banding.arithmetic(), made_by)
                folder.write(band[0], pixels)
            yield pixels

    def _gather(self, missing: Sequence[Span], folder: BandFolder) -> None:
        """Keep bands that are made elsewhere, in whatever order they come."""
        assert self._elsewhere
        with closing(self._elsewhere(missing)) as made:
            for (top, rows), pixels in made:
                folder.write(top, pixels)
                self._banding.skip(rows)

    def kept(self) -> str:
        """Say what is kept, and how it goes on; "" where nothing is."""
        if self._folder is None:
            return ""
        height, rows = self._banding.size[1], self._folder.rows
        return kept_words(self._folder.count(), -(-height // rows), "bands", self._folder.place)

    def finish(self) -> None:
        """Keep nothing any more."""
        if self._folder:
            self._folder.clear()

    def _make_room(self, missing: int, place: str, done: int, count: int) -> None:
        """Tell how much of the disk what is missing and the file take. Raises FileError where there is less."""
        width, height = self._banding.size
        needed = missing + width * height * _pixel_bytes(self._banding)
        free = shutil.disk_usage(place).free
        if needed > free:
            taken = f"with its bands it takes up to {told_bytes(needed)}, and {told_bytes(free)} are free"
            raise FileError(f"cannot write {shown(self._path)}: {taken}")
        begun = (
            f"goes on with {done} of {count} bands of"
            if done
            else f"{count} band{'s are' if count > 1 else ' is'} kept in"
        )
        room = f"that takes up to {told_bytes(needed)}, {told_bytes(free)} are free"
        self._tell(f"{begun} {shown(place)} until the picture is whole; {room}")


def told_about(path: str, scene: Scene, banding: Banding, samples: int, made_by: Arithmetic) -> dict[str, Any]:
    """Say all that a band's numbers depend on, as a JSON object."""
    return {
        "program": __version__,
        "engine": made_by.engines,
        "processor or driver": made_by.machines,
        "method": made_by.methods,
        "size": told_size(banding.size),
        "samples": samples,
        "depth": banding.tone.kind.name,
        "dither": banding.tone.dither,
        "scene": told_scene(scene, path),
        "networks": [fingerprint(network(part.scene)) for part in parts(scene, banding.size)],
        "points": [fingerprint_of(part.scene.points) for part in parts(scene, banding.size) if part.scene.points],
    } | told_letters(banding.size)


def kept_rows(banding: Banding, samples: int) -> int:
    """Tell how high kept bands are: few enough files, and little enough work that is lost with one."""
    width, height = banding.size
    rows = min(BAND_BYTES / (_pixel_bytes(banding) * width), height * BAND_WORK / max(banding.work, 1.0))
    return min(max(int(rows) // banding.step, 1) * banding.step, height)


def _pixel_bytes(banding: Banding) -> int:
    return CHANNELS * banding.tone.kind.itemsize


def told_size(size: Size) -> str:
    """Write a size as it is asked for: 640x480."""
    return f"{size[0]}x{size[1]}"


def told_bytes(count: float) -> str:
    """Write a number of bytes: 6.4 GB."""
    unit = "bytes"
    for larger in ("kB", "MB", "GB"):
        if count < 999.5:
            break
        count, unit = count / 1000.0, larger
    return f"{count:.2g} {unit}" if count < 10.0 else f"{count:.0f} {unit}"


def _check(now: Arithmetic, before: Arithmetic) -> None:
    if now != before:
        what = ", ".join(f"{', '.join(each.engines)} ({', '.join(each.machines)})" for each in (before, now))
        raise EngineError(f"another engine has begun to answer than before: {what}")


def _is_stream(path: str) -> bool:
    if path == STDOUT:
        return True
    with suppress(OSError):
        return not stat.S_ISREG(os.stat(path).st_mode)
    return False
