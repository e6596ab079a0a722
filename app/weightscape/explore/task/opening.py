"""What comes from outside: which scene a dropped file is, and whether a scene can be shown at all.

It reads files and makes networks, so it belongs into a thread of its own; nothing here changes what is on the screen.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace

from weightscape.explore.tell.words import guesses
from weightscape.file.colour_file import is_colours, read_stops
from weightscape.file.table import is_table
from weightscape.file.weights import is_weights
from weightscape.file.whole_file import FileError, shown
from weightscape.lens.split import other
from weightscape.network.view import Size
from weightscape.picture.activations import begun
from weightscape.picture.network_memory import latest, network, untold
from weightscape.picture.placement import placed
from weightscape.picture.points_memory import points
from weightscape.picture.questions import questions
from weightscape.publish import gallery
from weightscape.publish.caption import misfits
from weightscape.scene.epoch import file_of
from weightscape.scene.loaded import renamed_in
from weightscape.scene.scene import Scene, from_mapping
from weightscape.scene.scene_error import SceneError

# What both halves of a split view share.
SHARED = ("center", "radius", "angle", "time", "probe", "beside")


def opened(paths: tuple[str, ...], now: Scene, size: Size, below: int) -> Scene:
    """Make the scene of a file, or of two side by side, for a window that shows `now`, and check it.

    A file of points lies over the picture, a palette colours it.

    Raises FileError, SceneError and ValueError, whose texts name the file.
    """
    pictures = [path for path in paths[:2] if not is_table(path) and not is_colours(path)]
    found = _side_by_side([_scene(path, now, size, below) for path in pictures]) if pictures else now
    for path in paths[:2]:
        found = _with_points(found, path) if is_table(path) else found
        found = _coloured(found, path) if is_colours(path) else found
    return checked(found, size, below)


def changed_since(paths: tuple[str, ...]) -> list[str]:
    """Say, in a line each, which weights are not those that the files of opened() were made with.

    Of a palette, how close the scene's stops come to it.
    """
    lines = [read_stops(path)[1] for path in paths[:2] if is_colours(path)]
    for path in (path for path in paths[:2] if not is_colours(path)):
        with suppress(FileError, ValueError):  # weights, which name none
            lines += misfits(gallery.inside(path))
    return lines


def guessed(paths: tuple[str, ...], scene: Scene) -> list[str]:
    """Say, in a line each, what the weights among the files of opened(), which made a scene, do not tell."""
    halves = [scene, *([other(scene)] if scene.beside else [])]
    asked = {each.weights: each for each in halves if file_of(each.weights) in paths}
    return [line for each in asked.values() for line in guesses(each, untold(each.weights))]


def checked(scene: Scene, size: Size, below: int) -> Scene:
    """Give back a scene that can be shown in a window of this size, with what its weights files hold by now.

    Raises FileError for a weights file that cannot be read, SceneError and ValueError for one that does not fit, and
    for a lens that shows nothing of such a network.
    """
    scene = renamed_in(scene, latest)
    for part in placed(scene, size, below):
        questions(part.scene, part.size, "single")
    return scene


def _scene(path: str, now: Scene, size: Size, below: int) -> Scene:
    """Read a file: weights to be seen as the scene before was, or a whole scene."""
    try:
        if is_weights(path):
            name = latest(path)
            network(Scene(weights=name))
            wished = begun(replace(now, weights=name, edits="", silenced=""), untold(name))
            return _first(lambda scene: checked(scene, size, below), wished, Scene(weights=name))
        return checked(from_mapping(gallery.inside(path)["scene"]), size, below)
    except ValueError as error:  # SceneError is one, too
        raise FileError(f"cannot use {shown(path)}: {_reason(error)}") from None


def _with_points(scene: Scene, path: str) -> Scene:
    """Lay a file's points over a scene's picture, once they are read."""
    found = replace(scene, points=path)
    points(found)
    return found


def _coloured(scene: Scene, path: str) -> Scene:
    """Take a file's colours for a palette's; red, green and blue have none, so that their lightness goes through it."""
    reading = "palette" if scene.reading == "rgb" else scene.reading
    return replace(scene, stops=read_stops(path)[0], reading=reading)


def _first(check: Callable[[Scene], Scene], wished: Scene, plain: Scene) -> Scene:
    """Take the scene that was wished for, or, where it cannot be shown, the plain one."""
    try:
        return check(wished)
    except ValueError:
        return check(plain)


def _side_by_side(scenes: list[Scene]) -> Scene:
    """Lay the second of two scenes beside the first: both are seen through the first one's view."""
    left = scenes[0]
    if len(scenes) == 1:
        return left
    right = scenes[1]
    names = [each.name for each in fields(Scene) if each.name not in SHARED]
    different = {name for name in names if getattr(right, name) != getattr(left, name)}
    if "rule" in different:
        different |= {"scale", "bias_scale"}  # another rule brings its own where none are told
    if "palette" in different:
        different.add("stops")  # which another palette takes away where none are told
    return replace(left, beside=json.dumps({name: getattr(right, name) for name in names if name in different}))


def _reason(error: ValueError) -> str:
    if isinstance(error, SceneError) and error.field == "scene":
        return f"it is neither weights nor a picture, film or scene made here ({error.reason})"
    return str(error)
