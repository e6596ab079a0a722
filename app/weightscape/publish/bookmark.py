"""Bookmarks: the user's own scenes in a readable file beside the captures, which any window or editor may change.

The file is a JSON list of {"name", "made", "scene"}, and "fingerprints" of weights files, whose names are relative to
it. What this program does not know stays there as it is.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from weightscape.file.weights import without_suffix
from weightscape.file.whole_file import FileError
from weightscape.publish.bookmark_file import alone, read, read_or_set_aside, stamp, write
from weightscape.publish.caption import misfits, relative, renamed, told
from weightscape.publish.capture import captures, places
from weightscape.publish.gallery import formed, located
from weightscape.scene.lens_name import lens_word
from weightscape.scene.naming import network_name
from weightscape.scene.scene import FINGERPRINTS, Scene, from_mapping
from weightscape.scene.scene_error import SceneError

FILE = "bookmarks.json"
LONGEST_NAME = 200
# What runs on while a scene is looked at makes no other bookmark of it.
COMPARED = tuple(each.name for each in fields(Scene) if each.name not in ("time", "probe"))

Key = tuple[object, ...]


@dataclass(frozen=True)
class Bookmark:
    """A scene by name, as it stands in the file; None where it is none, and then `fault` says why.

    Names of weights files in it are relative to the file: what can be shown is what Bookmarks.opened() gives.
    """

    name: str
    made: str = ""
    scene: Scene | None = None
    fault: str = ""
    entry: Any = field(default=None, hash=False)


@dataclass(frozen=True)
class Change:
    """Say which bookmark is there now, or is not any longer, and its place in the list.

    `aside`: what a broken file is called from now on.
    """

    bookmark: Bookmark
    is_starred: bool
    place: int
    aside: str = ""


class Bookmarks:
    """Read and change a file of bookmarks: by default the one beside the captures. Any thread may ask."""

    def __init__(self, path: Path | None = None) -> None:
        self._chosen = path
        self._stamp: tuple[object, ...] = ()
        self._seen: tuple[Bookmark, ...] = ()
        self._keys: frozenset[Key] = frozenset()
        self.fault = ""  # why the file could not be read

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """List the bookmarks, the newest last; read anew where the file has changed. Raises SettingError."""
        path = self._place()
        now = stamp(path)
        if now != self._stamp:
            self.fault = ""
            try:
                entries = read(path) if path else []
            except FileError as error:
                entries, self.fault = [], str(error)
            known = {json.dumps(each.entry): each for each in self._seen}
            self._seen = tuple(known.get(json.dumps(each)) or _bookmark(each) for each in entries)
            self._keys = frozenset(_key(each.scene) for each in self._seen if each.scene)
            self._stamp = now
        return self._seen

    def is_starred(self, scene: Scene) -> bool:
        """Tell whether a scene is among the bookmarks, whatever its time and its probe."""
        return bool(self.bookmarks()) and _key(self._as_filed(scene)) in self._keys

    def shows(self, bookmark: Bookmark, scene: Scene) -> bool:
        """Tell whether a bookmark is of a scene, whatever its time and its probe."""
        return bookmark.scene is not None and _key(bookmark.scene) == _key(self._as_filed(scene))

    def star(self, scene: Scene) -> Change:
        """Add a scene under a name of its own, unless it is there. Raises FileError, and ValueError of weights."""
        return self._starred(scene, is_toggled=False)

    def toggle(self, scene: Scene) -> Change:
        """Add a scene, or take it away where it is there. Raises what star() raises."""
        return self._starred(scene, is_toggled=True)

    def remove(self, bookmark: Bookmark) -> Change:
        """Take a bookmark away. Raises FileError."""
        with self._changing() as (entries, aside):
            place = entries.index(bookmark.entry) if bookmark.entry in entries else len(entries)
            del entries[place : place + 1]
        return Change(bookmark, False, place, aside)

    def restore(self, change: Change) -> Change:
        """Put back a bookmark that was taken away. Raises FileError."""
        with self._changing() as (entries, aside):
            if change.bookmark.entry not in entries:
                entries.insert(change.place, change.bookmark.entry)
        return replace(change, is_starred=True, aside=aside)

    def rename(self, bookmark: Bookmark, name: str) -> Change:
        """Give a bookmark another name, with a number behind it where that is taken. Raises FileError."""
        with self._changing() as (entries, aside):
            place = entries.index(bookmark.entry) if bookmark.entry in entries else -1
            if place >= 0 and isinstance(bookmark.entry, dict):
                taken = {_name(each) for n, each in enumerate(entries) if n != place}
                entries[place] = bookmark.entry | {"name": _unique(name.strip()[:LONGEST_NAME], taken)}
                bookmark = _bookmark(entries[place])
        return Change(bookmark, True, place, aside)

    def opened(self, bookmark: Bookmark) -> tuple[Scene, list[str]]:
        """Give a bookmark's scene with weights that are found from here, and what is to be said of those.

        Weights files are read for that. Raises SceneError where the bookmark has no scene, FileError.
        """
        if bookmark.scene is None:
            raise SceneError("scene", bookmark.fault)
        found = located(_carried(bookmark.entry), self._place() or FILE)
        return from_mapping(found["scene"]), misfits(found)

    def _starred(self, scene: Scene, is_toggled: bool) -> Change:
        path = self._home()
        values = told(scene, path)
        prints = values.pop(FINGERPRINTS, None)
        key = _key(from_mapping(values))
        with self._changing() as (entries, aside):
            for place, old in enumerate(map(_bookmark, entries)):
                if old.scene and _key(old.scene) == key:
                    if is_toggled:
                        del entries[place]
                    return Change(old, not is_toggled, place, aside)
            name = _unique(in_words(scene), {_name(each) for each in entries})
            made = datetime.now(UTC).isoformat(timespec="seconds")
            entry = {"name": name, "made": made, "scene": values} | ({FINGERPRINTS: prints} if prints else {})
            entries.append(entry)
        return Change(_bookmark(entry), True, len(entries) - 1, aside)

    @contextmanager
    def _changing(self) -> Iterator[tuple[list[Any], str]]:
        """Give the file's list to be changed, and write it, if it was; nobody else of us changes it meanwhile."""
        path = self._home()
        with alone(path.parent):
            entries, aside = read_or_set_aside(path)
            before = list(entries)
            yield entries, aside
            if entries != before:
                write(path, entries)

    def _place(self) -> Path | None:
        """Tell where the file is; None where there is none."""
        return next((path for path in self._files if os.path.lexists(path)), None)

    @cached_property
    def _files(self) -> list[Path]:
        """List where the file may be; settings are read once, for stars are asked for by the hundred."""
        return [self._chosen] if self._chosen else [folder / FILE for folder in places()]

    def _home(self) -> Path:
        """Tell where the file is or will be; make its folder. Raises FileError."""
        return self._place() or self._chosen or captures() / FILE

    def _as_filed(self, scene: Scene) -> Scene:
        """Give a scene with its weights files named as the file names them."""
        path = self._place()
        if path is None or not (scene.weights or scene.points or scene.beside):
            return scene
        return from_mapping(renamed(json.loads(scene.to_text()), lambda name: relative(name, path)))


def in_words(scene: Scene) -> str:
    """Name a scene in a few words."""
    who = without_suffix(network_name(scene))
    return f"{who}{'' if scene.lens == 'outputs' else f', {lens_word(scene.lens)}'}{', split' if scene.beside else ''}"


def _key(scene: Scene) -> Key:
    """Tell what makes a scene another bookmark."""
    return tuple(getattr(scene, name) for name in COMPARED)


def _unique(name: str, taken: set[str]) -> str:
    names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 2)))
    return next(each for each in names if each not in taken)


def _name(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return " ".join(name.split()) if isinstance(name, str) else ""


def _carried(entry: Any) -> dict[str, Any]:
    return formed({name: entry[name] for name in ("scene", FINGERPRINTS) if name in entry})


def _bookmark(entry: Any) -> Bookmark:
    """Read an entry of the file, whatever stands there."""
    made = entry.get("made") if isinstance(entry, dict) else ""
    known = Bookmark(_name(entry) or "no name", made if isinstance(made, str) else "", entry=entry)
    if not isinstance(entry, dict) or "scene" not in entry:
        return replace(known, fault="it has no scene")
    try:
        return replace(known, scene=from_mapping(_carried(entry)["scene"]))
    except (ValueError, TypeError, OverflowError) as error:  # SceneError is a ValueError
        return replace(known, fault=str(error))
