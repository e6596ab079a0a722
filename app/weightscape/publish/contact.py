"""A contact sheet: scenes as small pictures in rows, each with its name, in one PNG. A row is held at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from weightscape.draw.plate import FAINT, PAPER, Plate, bytes_of, fitted
from weightscape.engine.choice import Choice, opened
from weightscape.engine.question import Engine
from weightscape.file.png import write_png
from weightscape.file.whole_file import FileError
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.picture.bands import picture_bands
from weightscape.picture.questions import PrecisionName
from weightscape.picture.render import SIZES, is_allowed
from weightscape.picture.watch import Progress, Watch
from weightscape.publish import gallery
from weightscape.publish.bookmark import Bookmark, Bookmarks
from weightscape.scene.scene import Scene
from weightscape.settings import gpu

Pixels = npt.NDArray[np.uint8]

MOST_COLUMNS = 100
GAP, NAME_PX, NOTE_PX, LINE_PX = 16, 15.0, 12.0, 20


@dataclass(frozen=True)
class Subject:
    """A scene by name, with a note in smaller letters; `load` reads it."""

    name: str
    note: str
    load: Callable[[], Scene]


@dataclass(frozen=True)
class Contact:
    """Say how a sheet is made: each picture's size, how many stand side by side, points a pixel, engine, precision."""

    size: Size = (320, 200)
    columns: int = 6
    samples: int = 4
    engine: str = "auto"
    precision: PrecisionName = "auto"


def shipped() -> list[Subject]:
    """List the gallery's scenes."""
    return [Subject(each.name, each.file, partial(gallery.scene, each.file)) for each in gallery.listed()]


def own() -> list[Subject]:
    """List the user's bookmarks, the newest first. Raises FileError where there are none, or they cannot be read."""
    store = Bookmarks()
    found = [*reversed(store.bookmarks())]
    if not found:
        raise FileError(store.fault or "no bookmarks yet: Ctrl+B in the window stars what is seen")
    return [Subject(each.name, each.made[:10], partial(_starred, store, each)) for each in found]


def _starred(store: Bookmarks, bookmark: Bookmark) -> Scene:
    return store.opened(bookmark)[0]


def parse_columns(text: str) -> int:
    """Read how many pictures stand side by side. Raises ValueError with value and range."""
    if text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= MOST_COLUMNS:
        return int(text)
    raise ValueError(f"{text!r} is not a whole number in 1..{MOST_COLUMNS}")


def sheet_size(count: int, contact: Contact) -> Size:
    """Tell the size of a sheet of so many scenes. Raises ValueError where no picture may be so large."""
    columns = min(contact.columns, count)
    size = columns * (contact.size[0] + GAP) + GAP, -(-count // columns) * _step(contact) + GAP
    if not is_allowed(size):
        raise ValueError(f"the sheet would have {size[0]}x{size[1]} pixels, which is not in {SIZES}")
    return size


def write_contact(
    path: str,
    subjects: Sequence[Subject],
    contact: Contact,
    opening: Callable[[Choice], object] = ignore,
    progress: Progress = ignore,
    failed: Callable[[str], object] = ignore,
) -> None:
    """Write a sheet of scenes; one that cannot be shown is a grey box, and `failed` hears why.

    Raises FileError, EngineError, and ValueError for a sheet that is too large.
    """
    size = sheet_size(len(subjects), contact)
    with opened(contact.engine, gpu=gpu()) as choice:
        write_png(path, size, _bands(subjects, contact, choice, opening, progress, failed), {})


def _step(contact: Contact) -> int:
    return contact.size[1] + 2 * LINE_PX + GAP


def _bands(
    subjects: Sequence[Subject],
    contact: Contact,
    choice: Choice,
    opening: Callable[[Choice], object],
    progress: Progress,
    failed: Callable[[str], object],
) -> Iterator[Pixels]:
    """Make the sheet from the top, a row of pictures at a time."""
    opening(choice)
    width, columns = sheet_size(len(subjects), contact)[0], min(contact.columns, len(subjects))
    yield _paper(GAP, width)
    for start in range(0, len(subjects), columns):
        row = _paper(_step(contact), width)
        for n, subject in enumerate(subjects[start : start + columns]):
            watch = Watch(progress=progress).share(start + n, len(subjects))
            left = GAP + n * (contact.size[0] + GAP)
            part = row[: contact.size[1], left : left + contact.size[0]]
            try:
                part[:] = _picture(subject, contact, choice.engine, watch)
            except (FileError, ValueError) as error:  # SceneError is one, too
                part[:] = bytes_of(FAINT)
                failed(f"{subject.name}: {error}")
            row[contact.size[1] : contact.size[1] + 2 * LINE_PX, left : left + contact.size[0]] = _label(
                subject, contact.size[0]
            )
        yield row


def _picture(subject: Subject, contact: Contact, engine: Engine, watch: Watch) -> Pixels:
    bands = picture_bands(engine, subject.load(), contact.size, contact.samples, contact.precision, watch)
    return np.concatenate(list(bands))


def _label(subject: Subject, width: int) -> Pixels:
    """Write a name, and the note under it: uint8 (2 lines, width, 3)."""
    plate = Plate((width, 2 * LINE_PX))
    plate.text(0, 4, fitted(subject.name, width, NAME_PX), NAME_PX)
    plate.text(0, LINE_PX + 4, fitted(subject.note, width, NOTE_PX), NOTE_PX, FAINT)
    return np.asarray(plate.cut([(0, 0, width, 2 * LINE_PX)])[0], np.uint8)


def _paper(rows: int, columns: int) -> Pixels:
    return np.full((rows, columns, 3), bytes_of(PAPER), np.uint8)
