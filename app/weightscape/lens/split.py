"""Split view: the scene on the left, and on the right the same view of a scene that differs in some fields."""

import json
from dataclasses import fields, replace

from weightscape.lens.lens import ComposedLens, Part
from weightscape.network.view import Size
from weightscape.scene.json_text import json_object
from weightscape.scene.lens_name import lens_word
from weightscape.scene.scene import Scene, overridden
from weightscape.scene.scene_error import SceneError

# Differences that are named.
MOST_TOLD = 3


def other(scene: Scene) -> Scene:
    """Make the right half's scene. Raises SceneError, naming `beside`, for what it cannot be."""
    left = replace(scene, beside="")
    try:
        changes = json_object(scene.beside)
        changes.pop("version", None)
        unknown = sorted(set(changes) - {*left.__dataclass_fields__} | ({"beside"} & set(changes)))
        if unknown:
            raise SceneError(unknown[0], "no such field of the right half")
        return overridden(left, **changes)
    except SceneError as error:
        raise SceneError("beside", str(error)) from None


def differences(scene: Scene) -> str:
    """Say in a few words what is different on the right; "the same" where nothing is."""
    right = other(scene)
    told = [
        _named(each.name, getattr(right, each.name))
        for each in fields(Scene)
        if each.name != "beside" and getattr(right, each.name) != getattr(scene, each.name)
    ]
    return ", ".join(told[:MOST_TOLD]) + (" …" if len(told) > MOST_TOLD else "") or "the same"


def _named(name: str, value: object) -> str:
    """Name a field's value as a user knows it."""
    if name == "tied":
        return "tied" if value else "independent"
    return f"{name} {lens_word(str(value)) if name == 'lens' else value}"


def parts(scene: Scene, size: Size) -> tuple[Part, ...]:
    """Halve the picture: both halves have one size, so that both see the same; between them a line, 1 or 2 pixels."""
    left, right, (width, height) = replace(scene, beside=""), other(scene), size
    if width < 3:
        return (Part(left, size),)
    half = (width - 1) // 2
    return Part(left, (half, height)), Part(right, (half, height), width - half, is_other=True)


def stacked(scene: Scene, size: Size) -> tuple[Part, ...]:
    """Set the halves above each other, of one size and with a line between them, too."""
    upper, lower, (width, height) = replace(scene, beside=""), other(scene), size
    if height < 3:
        return (Part(upper, size),)
    half = (height - 1) // 2
    return Part(upper, (width, half)), Part(lower, (width, half), top=height - half, is_other=True)


def picked(scene: Scene, found: Scene, is_other: bool) -> Scene:
    """Go where a click into a half leads, which is `found` for this half alone; what is on the right stays different.

    The right half's own fields change on the right; fields that both share change in both.
    """
    if not is_other:
        return replace(found, beside=scene.beside)
    half, own = other(scene), json_object(scene.beside)
    changes = {
        each.name: getattr(found, each.name)
        for each in fields(Scene)
        if getattr(found, each.name) != getattr(half, each.name)
    }
    if own.keys() & changes:
        return replace(scene, beside=json.dumps(own | changes))
    return replace(scene, **changes)


SPLIT = ComposedLens(parts, stacked)
