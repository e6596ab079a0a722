"""Scenes from files: the shipped ones by name, and what a picture, film or JSON file carries. Renders nothing."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.draw.lettering import KEYWORD as LETTERS
from weightscape.file.dzi_text import read_dzi_text
from weightscape.file.exr_text import MAGIC, read_exr_text
from weightscape.file.film_comment import read_comment
from weightscape.file.gif_text import read_gif_text
from weightscape.file.png import SIGNATURE, read_text
from weightscape.file.tiff_text import read_tiff_text
from weightscape.file.video import FORMATS, beside
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown
from weightscape.picture.network_memory import is_shipped
from weightscape.publish.caption import INK, KEYWORD, STRAYS, files_of, fits, renamed
from weightscape.scene.json_text import MAX_TEXT, json_object
from weightscape.scene.scene import FINGERPRINTS, Scene, from_text
from weightscape.scene.scene_error import SceneError

# How files of these kinds begin: four bytes from a place on.
MARKS = {
    (0, SIGNATURE[:4]): ".png",
    (4, b"ftyp"): ".mp4",
    (0, b"\x1a\x45\xdf\xa3"): ".webm",
    (0, b"GIF8"): ".gif",
    **{(0, mark): ".tif" for mark in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")},
    (0, MAGIC): ".exr",
    **{(0, mark): ".dzi" for mark in (b"<?xm", b"<Ima", b"<!--")},
}
READERS: dict[str, Callable[[FilePath], str | None]] = {
    ".tif": read_tiff_text,
    ".exr": lambda path: read_exr_text(path, KEYWORD),
    ".dzi": read_dzi_text,
}

# Which scenes are shipped, in the order that they are shown in.
TABLE = "gallery.json"
KEYS = 9  # the first ones are on the keys 1 to 9


@dataclass(frozen=True)
class Listed:
    """A shipped scene: the name of its file, what it is called, and a line about it."""

    file: str
    name: str
    about: str = ""

    @property
    def told(self) -> str:
        """Tell the name, and the line."""
        return f"{self.name}: {self.about}" if self.about else self.name


@cache
def listed() -> tuple[Listed, ...]:
    """List the shipped scenes as they are shown: those of the table, then any other."""
    rows = json.loads((resources.files("weightscape.assets") / TABLE).read_text("utf-8"))
    table = tuple(Listed(**row) for row in rows)
    others = sorted(set(_shipped()) - {each.file for each in table})
    return *table, *(Listed(file, file.replace("-", " ").capitalize()) for file in others)


def presets() -> tuple[Listed, ...]:
    """List the scenes on the keys 1 to 9."""
    return listed()[:KEYS]


def names() -> tuple[str, ...]:
    """List the shipped scenes' files, as --scene has them."""
    return tuple(sorted(_shipped()))


def scene(name: str) -> Scene:
    """Read the shipped scene `name`. Raises KeyError where there is none."""
    return from_text(_shipped()[name].read_text("utf-8"))


def inside(path: FilePath) -> dict[str, Any]:
    """Read what a picture or film made here, or a JSON file, carries, as carried() gives it.

    Relative names of weights and points are taken from beside the file that names them. Where none is there, one with a
    fingerprint may be in the current folder if it fits, and is missing otherwise; another, of older files and of those
    written by hand, may be there, too, and is then listed under STRAYS. Nothing else is checked. Raises FileError for
    a file that cannot be read or carries nothing, SceneError for a text that is something else.
    """
    return located(carried(_text(path)), path)


def located(found: dict[str, Any], path: FilePath) -> dict[str, Any]:
    """Find the files of weights and points that are named in what the file at `path` carries, as inside() tells."""
    prints = found.get(FINGERPRINTS, {})
    places, strays = {}, []
    for name in files_of(found["scene"]):
        places[name] = _beside(name, path, prints.get(name, "")) or name
        if places[name] == name and name in prints and not is_shipped(name):
            places[name] = os.path.join(os.path.dirname(path), name)  # where it should be
        elif not _beside(name, path) and os.path.isfile(name):
            strays.append(name)
    found["scene"] = renamed(found["scene"], lambda name: places[name])
    if prints:
        found[FINGERPRINTS] = {places.get(name, name): seen for name, seen in prints.items()}
    return found | ({STRAYS: strays} if strays else {})


def _beside(name: str, path: FilePath, seen: str = "") -> str:
    """Find the weights file that the file at `path` names, seen from where that lies or a link to it; else "".

    Of several the one with the fingerprint `seen` is meant, also in the current folder.
    """
    folders = os.path.dirname(path), os.path.dirname(os.path.realpath(path))
    there = [place for folder in folders if os.path.isfile(place := os.path.join(folder, name))]
    here = os.path.join(os.curdir, name)
    fitting = (place for place in (*there, here) if seen and os.path.isfile(place) and fits(place, seen))
    return next(fitting, there[0] if there else "")


def carried(text: str) -> dict[str, Any]:
    """Read JSON text that is a scene, or what a file made here carries, of which only the form is checked.

    Gives {"scene": {...}} and perhaps size, samples, precision, letters, depth, dither, dpi, fingerprints and, of a
    film, animation. Raises SceneError.
    """
    return formed(json_object(text))


def formed(values: dict[str, Any]) -> dict[str, Any]:
    """Give what carried() gives, of a JSON object that has been read. Raises SceneError."""
    if "scene" not in values:
        prints = values.pop(FINGERPRINTS, None)
        values = {"scene": values} | ({} if prints is None else {FINGERPRINTS: prints})
    if not isinstance(values["scene"], dict):
        raise SceneError("scene", "not a JSON object")
    unknown = sorted(set(values) - {"scene", "size", "samples", "precision", LETTERS, *INK, "animation", FINGERPRINTS})
    if unknown:
        raise SceneError(unknown[0], "no such field beside a scene")
    prints = values.get(FINGERPRINTS, {})
    if not isinstance(prints, dict) or not all(isinstance(seen, str) for seen in prints.values()):
        raise SceneError(FINGERPRINTS, "not a JSON object of names and hexadecimal digits")
    return values


def vector(text: str) -> list[float]:
    """Read a point of a network's inputs: "digits:3", the shipped example number 3, a .npy file, or a difference a-b.

    Raises FileError for a file that holds none, ValueError for anything else.
    """
    first, minus, second = text.partition("-")
    if minus and not os.path.isfile(text):
        pairs = zip(vector(first), vector(second), strict=True)
        return [round(a - b, 9) for a, b in pairs]
    name, _, number = text.partition(":")
    if name == "digits" and number.isdecimal():
        examples = digits()
        if int(number) >= len(examples):
            raise ValueError(f"{text!r} is not in digits:0..digits:{len(examples) - 1}")
        return [round(value, 9) for value in (examples[int(number)] / 255.0).tolist()]
    if not text.endswith(".npy"):
        raise ValueError(f"{text!r} is neither numbers, nor a .npy file, nor digits:N, nor a difference of two")
    with plain_file(text) as file:
        try:
            return [float(value) for value in np.load(file, allow_pickle=False).ravel()]
        except (ValueError, EOFError, TypeError) as error:
            raise FileError(f"cannot use {shown(text)}: {error}") from None


def digits() -> npt.NDArray[np.uint8]:
    """Read the shipped digits: (examples, 784), 28 x 28 pixels row after row."""
    with (resources.files("weightscape.assets") / "digits.npz").open("rb") as file, np.load(file) as examples:
        return np.asarray(examples["images"], np.uint8)


def _text(path: FilePath) -> str:
    """Find the text that a file carries, inside or, for a film that holds none, beside it."""
    kind = _kind(path)
    if kind not in FORMATS and kind not in READERS:
        return _json_text(path)
    if kind in READERS or FORMATS[kind].has_comment:
        text = _for_programs(READERS[kind](path) if kind in READERS else read_comment(path, kind))
    else:
        text = read_text(path, KEYWORD) if kind == ".png" else _for_programs(read_gif_text(path))
        if text is None and os.path.lexists(beside(path)):
            return _json_text(beside(path))
    if text is None:
        what = "picture" if kind == ".png" or kind in READERS else "film"
        gone = f", and there is no {shown(beside(path))}" if kind == ".gif" else ""
        raise FileError(f"cannot use {shown(path)}: the {what} carries no scene{gone}")
    return text


def _for_programs(text: str | None) -> str | None:
    """Pass over a text for people: other programs write comments, too."""
    return text if text and text.lstrip().startswith("{") else None


def _kind(path: FilePath) -> str:
    """Tell the suffix that belongs to a file: by its first bytes, else by its name."""
    with plain_file(path) as file:
        head = file.read(8)
    for (start, mark), kind in MARKS.items():
        if head[start : start + 4] == mark:
            return kind
    return os.path.splitext(path)[1].lower()


def _json_text(path: FilePath) -> str:
    with plain_file(path) as file:
        data = file.read(4 * MAX_TEXT + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(
            f"cannot use {shown(path)}: it is neither a picture nor a film made here nor JSON text"
        ) from None
    if len(text) > MAX_TEXT:
        raise FileError(f"cannot use {shown(path)}: a scene has at most {MAX_TEXT} characters")
    return text


def _shipped() -> dict[str, Traversable]:
    folder = resources.files("weightscape.assets.scenes")
    return {each.name.removesuffix(".json"): each for each in folder.iterdir() if each.name.endswith(".json")}
