"""Bookmarks: the user's own scenes in a readable file beside the captures, which any window or editor may change.

The file is a JSON list of {"name", "made", "scene"}, and "fingerprints" of weights files, whose names are relative to
it. What this program does not know stays there as it is.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from weightscape.file.whole_file import FileError, plain_file, shown, whole_file
from weightscape.network.lock import Lock
from weightscape.publish.caption import misfits, relative, renamed, told
from weightscape.publish.capture import captures, places
from weightscape.publish.gallery import formed, located
from weightscape.scene.scene import FINGERPRINTS, Scene, from_mapping
from weightscape.scene.scene_error import SceneError

FILE = "bookmarks.json"
MAX_FILE = 1 << 24
LONGEST_NAME = 200

_lock = Lock()


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
    """Say which bookmark is there now, or is not any longer; `aside`: what a broken file is called from now on."""

    bookmark: Bookmark
    is_starred: bool
    aside: str = ""


class Bookmarks:
    """Read and change a file of bookmarks: by default the one beside the captures. Any thread may ask."""

    def __init__(self, path: Path | None = None) -> None:
        self._chosen = path
        self._stamp: tuple[object, ...] = ()
        self._seen: tuple[Bookmark, ...] = ()
        self._keys: frozenset[str] = frozenset()
        self.fault = ""  # why the file could not be read

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """List the bookmarks, the newest last; read anew where the file has changed. Raises SettingError."""
        path = self._place()
        stamp = _stamp(path)
        if stamp != self._stamp:
            self.fault = ""
            try:
                entries = _read(path) if path else []
            except FileError as error:
                entries, self.fault = [], str(error)
            self._seen = tuple(map(_bookmark, entries))
            self._keys = frozenset(_key(each.scene) for each in self._seen if each.scene)
            self._stamp = stamp
        return self._seen

    def is_starred(self, scene: Scene) -> bool:
        """Tell whether a scene is among the bookmarks, whatever its time and its probe."""
        return bool(self.bookmarks()) and _key(self._as_filed(scene)) in self._keys

    def star(self, scene: Scene) -> Change:
        """Add a scene under a name of its own, unless it is there. Raises FileError, and ValueError of weights."""
        return self._starred(scene, is_toggled=False)

    def toggle(self, scene: Scene) -> Change:
        """Add a scene, or take it away where it is there. Raises what star() raises."""
        return self._starred(scene, is_toggled=True)

    def remove(self, bookmark: Bookmark) -> Change:
        """Take a bookmark away. Raises FileError."""
        with self._changing() as (entries, aside):
            if bookmark.entry in entries:
                entries.remove(bookmark.entry)
        return Change(bookmark, False, aside)

    def restore(self, bookmark: Bookmark, place: int) -> Change:
        """Put a bookmark back that was taken away from `place`, counted from 0. Raises FileError."""
        with self._changing() as (entries, aside):
            entries.insert(place, bookmark.entry)
        return Change(bookmark, True, aside)

    def rename(self, bookmark: Bookmark, name: str) -> Change:
        """Give a bookmark another name, with a number behind it where that is taken. Raises FileError."""
        with self._changing() as (entries, aside):
            if bookmark.entry in entries and isinstance(bookmark.entry, dict):
                place = entries.index(bookmark.entry)
                taken = {_name(each) for n, each in enumerate(entries) if n != place}
                entries[place] = bookmark.entry | {"name": _unique(name.strip()[:LONGEST_NAME], taken)}
                bookmark = _bookmark(entries[place])
        return Change(bookmark, True, aside)

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
            there = [each for each in map(_bookmark, entries) if each.scene and _key(each.scene) == key]
            if there and is_toggled:
                entries[:] = [each for each in entries if all(each is not old.entry for old in there)]
            if there:
                return Change(there[0], not is_toggled, aside)
            name = _unique(in_words(scene), {_name(each) for each in entries})
            made = datetime.now(UTC).isoformat(timespec="seconds")
            entry = {"name": name, "made": made, "scene": values} | ({FINGERPRINTS: prints} if prints else {})
            entries.append(entry)
        return Change(_bookmark(entry), True, aside)

    @contextmanager
    def _changing(self) -> Iterator[tuple[list[Any], str]]:
        """Give the file's list to be changed, and write it, if it was; nobody else of us changes it meanwhile."""
        path = self._home()
        with _alone(path.parent):
            entries, aside = _read_or_set_aside(path)
            before = list(entries)
            yield entries, aside
            if entries != before:
                _write(path, entries)

    def _place(self) -> Path | None:
        """Tell where the file is; None where there is none."""
        folders = [] if self._chosen else places()
        files = [self._chosen] if self._chosen else [folder / FILE for folder in folders]
        return next((path for path in files if os.path.lexists(path)), None)

    def _home(self) -> Path:
        """Tell where the file is or will be; make its folder. Raises FileError."""
        return self._place() or self._chosen or captures() / FILE

    def _as_filed(self, scene: Scene) -> Scene:
        """Give a scene with its weights files named as the file names them."""
        path = self._place()
        if path is None or not (scene.weights or scene.beside):
            return scene
        return from_mapping(renamed(json.loads(scene.to_text()), lambda name: relative(name, path)))


def in_words(scene: Scene) -> str:
    """Name a scene in a few words."""
    recipe = f"seed {scene.seed}, {scene.layers} × {scene.width} {scene.activation}"
    who = scene.weights.replace("\\", "/").rpartition("/")[2].removesuffix(".npz") or recipe
    return f"{who}{'' if scene.lens == 'outputs' else f', {scene.lens}'}{', split' if scene.beside else ''}"


def _key(scene: Scene) -> str:
    return replace(scene, time=0.0, probe=(0.0, 0.0)).to_text()


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


def _stamp(path: Path | None) -> tuple[object, ...]:
    """Tell what changes with the file."""
    if path is None:
        return (None,)
    try:
        found = path.stat()
    except OSError:
        return path, 0
    return path, found.st_ino, found.st_mtime_ns, found.st_size


def _read(path: Path) -> list[Any]:
    """Read the file's list. Raises FileError, _BrokenError where it is none."""
    with plain_file(path) as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise _BrokenError(f"cannot use {shown(path)}: it has more than {MAX_FILE} bytes")
    try:
        entries = json.loads(data.decode("utf-8-sig") or "[]")
    except json.JSONDecodeError as error:
        where = f"{error.msg}, line {error.lineno}, column {error.colno}"
        raise _BrokenError(f"cannot use {shown(path)}: not JSON: {where}") from None
    except (ValueError, RecursionError) as error:
        raise _BrokenError(f"cannot use {shown(path)}: {error}") from None
    if not isinstance(entries, list):
        raise _BrokenError(f"cannot use {shown(path)}: it is no list of bookmarks")
    return entries


class _BrokenError(FileError):
    """The file holds something else than bookmarks."""


def _read_or_set_aside(path: Path) -> tuple[list[Any], str]:
    """Read the file's list; one that is broken gets another name, so that it is not lost. Raises FileError."""
    if not os.path.lexists(path):
        return [], ""
    try:
        return _read(path), ""
    except _BrokenError:
        stem, number = f"{path.stem}-broken", 1
        aside = path.with_name(f"{stem}.json")
        while os.path.lexists(aside):
            number += 1
            aside = path.with_name(f"{stem}-{number}.json")
        try:
            path.rename(aside)
        except OSError as error:
            raise FileError(f"cannot set {shown(path)} aside, which is broken: {error.strerror}") from None
        return [], aside.name


def _write(path: Path, entries: list[Any]) -> None:
    """Write the list, whole or not at all. Raises FileError."""
    text = ",\n".join(_lines(each) for each in entries)
    with whole_file(path) as file:
        file.write(f"[\n{text}\n]\n".encode())


def _lines(entry: Any) -> str:
    """Write an entry with a line for each thing that it says."""
    if not isinstance(entry, dict):
        return _json(entry)
    return "{" + ",\n ".join(f"{_json(name)}: {_json(value)}" for name, value in entry.items()) + "}"


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a file's name that is no text
        return json.dumps(value)
    return text


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other thread or window change bookmarks meanwhile; what cannot be locked is only read anew."""
    with _lock:
        handle = -1
        if sys.platform != "win32":
            import fcntl

            with suppress(OSError):
                handle = os.open(folder, os.O_RDONLY)
                fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if handle >= 0:
                os.close(handle)
