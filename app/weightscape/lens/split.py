"""Split view: the scene on the left, and on the right the same view of a scene that differs in some fields."""

from dataclasses import replace

from weightscape.lens.kind import ComposedLens, Part
from weightscape.model.scene import Scene, json_object, overridden
from weightscape.model.scene_error import SceneError
from weightscape.model.view import Size


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


def parts(scene: Scene, size: Size) -> tuple[Part, ...]:
    """Halve the picture; both halves have the height and, but for a pixel, the width."""
    right, (width, height) = other(scene), size
    if width < 2:
        return (Part(replace(scene, beside=""), size),)
    half = (width + 1) // 2
    return Part(replace(scene, beside=""), (half, height)), Part(right, (width - half, height), half)


SPLIT = ComposedLens(parts)
