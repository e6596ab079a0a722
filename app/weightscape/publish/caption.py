"""What a file says of the scene it shows: enough to make it again, and nothing of the folders of who made it.

Names of weights files are relative to the file that holds the scene; beside the scene stand the fingerprints of what
was in them.
"""

import getpass
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from weightscape.draw.lettering import told_letters
from weightscape.file import png
from weightscape.file.table import is_table
from weightscape.file.whole_file import FileError, FilePath, shown
from weightscape.network.fingerprint import fingerprint
from weightscape.picture.network_memory import is_shipped, latest, network
from weightscape.picture.points_memory import fingerprint_of
from weightscape.scene.epoch import file_of
from weightscape.scene.loaded import names_in
from weightscape.scene.scene import FILES, FINGERPRINTS, Scene

KEYWORD = png.KEYWORD
# Weights that are named without a fingerprint and found in the current folder alone.
STRAYS = "strays"
# How a picture's numbers are written (publish/picture_file.py), where that is not as ever.
INK = ("depth", "dither", "dpi")

Values = dict[str, Any]


def caption(
    scene: Scene, size: tuple[int, int], samples: int, precision: str, place: FilePath, more: Values | None = None
) -> str:
    """Write JSON of scene, size, samples and precision for a file at `place`, a PNG's text under KEYWORD.

    How large letters are is written where `size` says it. `more`: what else makes the file the same again, by its name.

    Raises what network() raises of a weights file.
    """
    values = told(scene, place)
    prints = values.pop(FINGERPRINTS, None)
    about = {"scene": values, "size": list(size), "samples": samples, "precision": precision}
    about |= told_letters(size) | (more or {})
    return json.dumps(about | ({FINGERPRINTS: prints} if prints else {}), ensure_ascii=False)


def told(scene: Scene, place: FilePath) -> Values:
    """Make the JSON object of a scene for a file at `place`, with the fingerprints of the files that it names.

    Raises what network() and fingerprint_of() raise.
    """
    here = {name: relative(name, place) for name in files_of(json.loads(scene.to_text()))}
    values = renamed(json.loads(scene.to_text()), lambda name: here.get(name, name))
    held = {file_of(name): name for name in reversed([*names_in(scene)])}  # by names that are nobody else's
    prints = {there: _print(held.get(name, name)) for name, there in here.items()}
    return values | ({FINGERPRINTS: prints} if prints else {})


def relative(name: str, place: FilePath) -> str:
    """Name a user's file as it is seen from a file at `place`; shipped weights keep their name.

    A way that would tell the home folder or who it belongs to is left out: then the file is named alone.
    """
    if is_shipped(name) and not os.path.isfile(name):
        return name
    try:
        way = os.path.relpath(_real(name), os.path.dirname(_real(place)))
    except ValueError:  # another drive
        way = os.path.basename(name)
    is_private = not _owners().isdisjoint(way.split(os.sep)[:-1])
    return os.path.basename(name) if is_private else way.replace(os.sep, "/")


def _owners() -> set[str]:
    """List what the user and their home folder are called, also where HOME is another folder than their own."""
    homes, names = [os.path.expanduser("~")], set()
    with suppress(ImportError, KeyError, OSError):  # Windows, or a user whom the system does not know
        import pwd

        known = pwd.getpwuid(os.getuid())
        homes.append(known.pw_dir)
        names.add(known.pw_name)
    with suppress(ImportError, KeyError, OSError):
        names.add(getpass.getuser())
    return {os.path.basename(os.path.realpath(home)) for home in homes} | names


def weights_of(values: Values) -> Iterator[str]:
    """List the weights files that a scene's JSON object names, those of its right half last."""
    yield from _named(values, ("weights",))


def files_of(values: Values) -> Iterator[str]:
    """List the files of weights and of points that a scene's JSON object names, those of its right half last."""
    yield from _named(values, FILES)


def _named(values: Values, names: Sequence[str]) -> Iterator[str]:
    for each in (values, _beside(values)):
        found = [each.get(name) for name in names]
        yield from (name for name in found if isinstance(name, str) and name)


def renamed(values: Values, change: Callable[[str], str]) -> Values:
    """Give a scene's JSON object with other names of the files that it names."""
    right = _beside(values)
    new = values | _changed(values, change)
    own = _changed(right, change)
    return new | ({"beside": json.dumps(right | own, ensure_ascii=False)} if own else {})


def _changed(values: Values, change: Callable[[str], str]) -> Values:
    return {name: change(values[name]) for name in FILES if isinstance(values.get(name), str) and values[name]}


def misfits(carried: Values) -> list[str]:
    """Say, in a line each, which files are not those that the file read by gallery.inside() was made with.

    They are read for that; what cannot be read is left to whoever draws it.
    """
    return [text for name in dict.fromkeys(files_of(carried["scene"])) if (text := _misfit(name, carried))]


def _misfit(name: str, carried: Values) -> str:
    expected = carried.get(FINGERPRINTS, {}).get(name)
    if expected is None:
        strays = name in carried.get(STRAYS, ())
        return f"{shown(name)} is not beside the file that names it: taken from the current folder" if strays else ""
    seen = _seen(name)
    if seen in ("", expected):
        return ""
    what = "other points" if is_table(name) else "another network"
    return f"{shown(name)} has changed since this was made: {what} (fingerprint {seen}, was {expected})"


def fits(name: str, expected: str) -> bool:
    """Tell whether a file of weights or points has a fingerprint; one that cannot be read has none."""
    return _seen(name) == expected


def _seen(name: str) -> str:
    try:
        return _print(name if is_table(name) else latest(name))
    except (FileError, ValueError):
        return ""


def _print(name: str) -> str:
    return fingerprint_of(name) if is_table(name) else fingerprint(network(Scene(weights=name)))


def _beside(values: Values) -> Values:
    try:
        right = json.loads(values.get("beside") or "{}")
    except (TypeError, ValueError, RecursionError):
        return {}
    return right if isinstance(right, dict) else {}


def _real(path: FilePath) -> str:
    """Resolve the links on a file's way: ".." behind a link goes up from where that leads."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), os.fspath(name))
