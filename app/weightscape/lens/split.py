"""Split view: the scene on the left, and on the right the same view of a scene that differs in some fields."""

from dataclasses import fields, replace

from weightscape.lens.kind import ComposedLens, Part
from weightscape.model.scene import Scene, json_object, overridden
from weightscape.model.scene_error import SceneError
from weightscape.model.view import Size

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
    told = [f"{each.name} {getattr(right, each.name)}" for each in fields(Scene)
            if each.name != "beside" and getattr(right, each.name) != getattr(scene, each.name)]  # fmt: skip
    return ", ".join(told[:MOST_TOLD]) + (" …" if len(told) > MOST_TOLD else "") or "the same"


def parts(scene: Scene, size: Size) -> tuple[Part, ...]:
    """Halve the picture; both halves have the height and, but for a pixel, the width."""
    right, (width, height) = other(scene), size
    if width < 2:
        return (Part(replace(scene, beside=""), size),)
    half = (width + 1) // 2
    return Part(replace(scene, beside=""), (half, height)), Part(right, (width - half, height), half)


SPLIT = ComposedLens(parts)
