"""The album: the user's bookmarks and the gallery, as the window's sheet shows them, and the stars given and taken.

Files are written by a thread of their own, small pictures drawn by another.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache

from weightscape.engine.question import Cancelled
from weightscape.explore.paint.artist import Artist, Thumbnail, thumbnail
from weightscape.explore.paint.thumbs import Thumbs
from weightscape.network.view import Size
from weightscape.picture.fault import sentence
from weightscape.publish import gallery
from weightscape.publish.bookmark import Bookmark, Bookmarks, Change
from weightscape.publish.gallery import Listed
from weightscape.scene.colour import moves
from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import Scene
from weightscape.window.message import Tile

# Pixels: of pictures that are soon there, and at last as large as the sheet's largest.
LEVELS = (80, 50), (160, 100), (320, 200)
MOST = 900  # pictures that are remembered, 300 of each level: 76 MB
OWN, SHIPPED = "Yours", "Gallery"

Subject = Listed | Bookmark
Wish = tuple[Subject, Size]


class Album:
    """Hold what the sheet shows; `wake` is called when a picture, or a change of the bookmarks, is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self.bookmarks = Bookmarks()
        self.artist: Artist[Wish] = Artist(self._drawn, wake, MOST)
        self.last: Subject | None = None  # that was opened
        self.shown: tuple[Subject, ...] = ()  # what the tiles of the last frame stand for
        self._tiles: tuple[Tile, ...] = ()  # without what changes from frame to frame
        self.seen: tuple[int, ...] = ()  # the tiles in sight
        self._faults: dict[Subject, str] = {}
        self._removed: list[Change] = []  # the last one last
        self._writer: ThreadPoolExecutor | None = None
        self._writing: list[tuple[Future[Change], Callable[[Change], str]]] = []

    def subjects(self) -> tuple[Subject, ...]:
        """List what the sheet shows, in its order: the newest bookmark first, then the gallery."""
        return *reversed(self.bookmarks.bookmarks()), *gallery.listed()

    def tiles(self, thumbs: Thumbs[Wish], number: Callable[[Subject], int] = lambda _: 0) -> tuple[Tile, ...]:
        """Make a tile for each of the subjects; those in sight get pictures. `number`: of its mark for a morph."""
        subjects = self.subjects()
        if subjects != self.shown:
            marks: dict[Subject, str] = {subject: str(n) for n, subject in enumerate(gallery.presets(), start=1)}
            self.shown, self._tiles = subjects, tuple(_tile(each, marks.get(each, "")) for each in subjects)
        tiles = [*self._tiles]
        for n in self.seen:
            fault = self._faults.get(subjects[n]) if n < len(tiles) else ""
            if fault and not tiles[n].fault:
                tiles[n] = replace(tiles[n], fault=_excuse(subjects[n], fault))
        seen = [n for n in self.seen if n < len(tiles) and not tiles[n].fault]
        textures = thumbs.of([(subjects[n], size) for size in LEVELS for n in seen])
        for place, n in enumerate(seen):  # the finest that is there
            tiles[n] = replace(tiles[n], texture=next(filter(None, textures[place :: len(seen)][::-1]), 0))
        for n, subject in enumerate(subjects):
            if place := number(subject):
                tiles[n] = replace(tiles[n], ordinal=place)
        if self.last in subjects:
            place = subjects.index(self.last)
            tiles[place] = replace(tiles[place], is_last=True)
        return tuple(tiles)

    def open(self, subject: Subject) -> tuple[Scene, list[str]]:
        """Read a subject's scene, and what is to be said of its weights. Raises FileError, SceneError, KeyError."""
        if isinstance(subject, Listed):
            return gallery.scene(subject.file), []
        return self.bookmarks.opened(subject)

    def is_starred(self, scene: Scene) -> bool:
        """Tell whether a scene is among the bookmarks."""
        return self.bookmarks.is_starred(scene)

    def toggle(self, scene: Scene) -> None:
        """Star a scene, under the name that it had, or take its star away; fetch() tells what came of it."""
        old = [each for each in self._removed if self.bookmarks.shows(each.bookmark, scene)]
        if old and not self._writing and not self.bookmarks.is_starred(scene):
            self._removed.remove(old[-1])
            self._change(lambda: self.bookmarks.restore(old[-1]), self._toggled)
        else:
            self._change(lambda: self.bookmarks.toggle(scene), self._toggled)

    def remove(self, bookmark: Bookmark) -> None:
        """Take a bookmark away; restore() brings it back."""

        def told(change: Change) -> str:
            self._removed.append(change)
            return f"removed: {change.bookmark.name} (Ctrl+Z brings it back)"

        self._change(lambda: self.bookmarks.remove(bookmark), told)

    def restore(self) -> str:
        """Put back what was removed last; tell what is done, or that there is nothing to do."""
        if not self._removed:
            return "no bookmark was removed"
        last = self._removed.pop()
        self._change(lambda: self.bookmarks.restore(last), lambda change: f"back: {change.bookmark.name}")
        return f"bringing {last.bookmark.name} back"

    def rename(self, bookmark: Bookmark, name: str) -> None:
        """Give a bookmark another name."""
        self._change(lambda: self.bookmarks.rename(bookmark, name), lambda change: f"renamed: {change.bookmark.name}")

    def fetch(self) -> list[str | Exception]:
        """Tell what became of the changes since the last time, a sentence each, or what went wrong."""
        done = [each for each in self._writing if each[0].done()]
        self._writing = [each for each in self._writing if each not in done]
        return [self._result(*each) for each in done]

    def close(self) -> None:
        """Finish what is being written, and stop drawing."""
        if self._writer:
            self._writer.shutdown()
        self.artist.close()

    def _result(self, future: Future[Change], told: Callable[[Change], str]) -> str | Exception:
        fault = future.exception()
        if fault:
            return fault if isinstance(fault, Exception) else RuntimeError(str(fault))
        change = future.result()
        aside = f"; the old file was broken and is called {change.aside} now" if change.aside else ""
        return f"{told(change)}{aside}"

    def _toggled(self, change: Change) -> str:
        if change.is_starred:
            return f"starred: {change.bookmark.name} (F4 shows all, Ctrl+B takes the star away)"
        self._removed.append(change)
        return f"no star any longer: {change.bookmark.name} (Ctrl+B gives it back)"

    def _change(self, work: Callable[[], Change], told: Callable[[Change], str]) -> None:
        """Change the bookmarks in a thread that does one thing after the other."""
        self._writer = self._writer or ThreadPoolExecutor(1, "album")
        future = self._writer.submit(work)
        self._writing.append((future, told))
        future.add_done_callback(lambda _: self._wake())

    def _drawn(self, wish: Wish, cancelled: Callable[[], bool]) -> Thumbnail:
        """Draw a subject small; remember why that cannot be."""
        subject, size = wish
        try:
            return thumbnail(self.open(subject)[0], size, cancelled)
        except Cancelled:
            raise
        except Exception as error:
            self._faults[subject] = sentence(error, "drawing it")
            raise


def _tile(subject: Subject, mark: str) -> Tile:
    """Say what there is to be said of a subject without its picture."""
    if isinstance(subject, Listed):
        found = _scene(subject)
        words = f"{subject.file} {_words(found) if found else ''}"
        return Tile(subject.name, SHIPPED, subject.told, words, mark=mark)
    about = f"{subject.name}, starred {subject.made[:10]}" if subject.made else subject.name
    fault = _excuse(subject, subject.fault) if subject.fault else ""
    return Tile(subject.name, OWN, about, _words(subject.scene) if subject.scene else "", fault=fault, is_own=True)


def _excuse(subject: Subject, fault: str) -> str:
    return f"{subject.name} cannot be opened: {fault}"


@cache
def _scene(subject: Listed) -> Scene | None:
    """Read a shipped scene once."""
    try:
        return gallery.scene(subject.file)
    except (KeyError, ValueError):
        return None


def _words(scene: Scene) -> str:
    """Say by what words a scene is found: its network's and its lens's."""
    own = "" if scene.weights else f"seed {scene.seed} {scene.layers} × {scene.width} x {scene.activation} {scene.rule}"
    kind = "" if scene.weights else "tied" if scene.tied else "independent"
    lens = f"{scene.lens} {LENSES[scene.lens].help}"
    film = "film time" if moves(scene) else ""
    return " ".join([own, kind, scene.weights, lens, film, "split" if scene.beside else ""])
