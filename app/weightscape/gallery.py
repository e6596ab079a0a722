"""Scenes from files: the shipped ones by name, and what a picture or a JSON file carries. Renders nothing."""

import json
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from weightscape.caption import KEYWORD
from weightscape.export.png import SIGNATURE, read_text
from weightscape.export.whole_file import FileError, FilePath, plain_file, shown
from weightscape.model.scene import MAX_TEXT, Scene, from_text
from weightscape.model.scene_error import SceneError


def names() -> tuple[str, ...]:
    """List the shipped scenes."""
    return tuple(sorted(_shipped()))


def scene(name: str) -> Scene:
    """Read the shipped scene `name`. Raises KeyError where there is none."""
    return from_text(_shipped()[name].read_text("utf-8"))


def inside(path: FilePath) -> dict[str, Any]:
    """Read what a picture made here, or a JSON file, carries: {"scene": {...}} and perhaps size, samples, precision.

    Nothing in it is checked but that it is JSON of this form. Raises FileError for a file that cannot be read or
    carries nothing, SceneError for a text that is something else.
    """
    with plain_file(path) as file:
        head = file.read(len(SIGNATURE))
    if head[:4] == SIGNATURE[:4] or str(path).lower().endswith(".png"):
        text = read_text(path, KEYWORD)
        if text is None:
            raise FileError(f"cannot use {shown(path)}: the picture carries no scene")
        return carried(text)
    return carried(_json_text(path))


def carried(text: str) -> dict[str, Any]:
    """Read JSON text that is a scene, or what a picture carries, as inside() gives it. Raises SceneError."""
    if len(text) > MAX_TEXT:
        raise SceneError("scene", f"{len(text)} characters, the limit is {MAX_TEXT}")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SceneError("scene", f"not JSON ({error})") from None
    if not isinstance(values, dict):
        raise SceneError("scene", "not a JSON object")
    if "scene" not in values:
        return {"scene": values}
    if not isinstance(values["scene"], dict):
        raise SceneError("scene", "not a JSON object")
    unknown = sorted(set(values) - {"scene", "size", "samples", "precision"})
    if unknown:
        raise SceneError(unknown[0], "no such field beside a scene")
    return values


def _json_text(path: FilePath) -> str:
    with plain_file(path) as file:
        data = file.read(4 * MAX_TEXT + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"cannot use {shown(path)}: it is neither a PNG picture nor JSON text") from None
    if len(text) > MAX_TEXT:
        raise FileError(f"cannot use {shown(path)}: a scene has at most {MAX_TEXT} characters")
    return text


def _shipped() -> dict[str, Traversable]:
    folder = resources.files("weightscape.assets.scenes")
    return {
        each.name.removesuffix(".json"): each for each in folder.iterdir() if each.name.endswith(".json")
    }
