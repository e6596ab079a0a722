"""The scene's fields of several numbers, of which one has a name of its own: origin.3 is the fourth of the origin."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from weightscape.network.input import NAMED_INPUTS
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

ROWS = ("center", *(each.name for each in fields(Scene) if "row" in each.metadata), "inputs")


def changed(scene: Scene, values: Mapping[str, Any]) -> Scene:
    """Give a scene with other values, of which origin.3 is the fourth number of the origin. Raises SceneError."""
    whole = {name: value for name, value in values.items() if "." not in name}
    for name, value in values.items():
        field, dot, number = name.partition(".")
        if dot:
            row = list(whole.get(field, getattr(scene, field)))
            if not (number.isdecimal() and len(number) < 5 and int(number) < len(row)):
                there = f"is none of {field}.0 to {field}.{len(row) - 1}" if row else f"the scene's {field} is empty"
                raise SceneError(name, there)
            row[int(number)] = value
            whole[field] = row
    return replace(scene, **whole)


def value_of(scene: Scene, name: str) -> Any:
    """Tell a value of a scene by the name that changed() takes it under."""
    field, dot, number = name.partition(".")
    value = getattr(scene, field)
    return value[int(number)] if dot else value


def check_inputs(scene: Scene, name: str, values: tuple[Any, ...]) -> None:
    """Refuse inputs that would become others on the way; constants become constants."""
    rows = [value if isinstance(value, tuple) else (value,) for value in values]
    if name != "inputs":
        rows.append((value_of(scene, name),))
    kinds = {tuple(each if each in NAMED_INPUTS else "" for each in row) for row in rows}
    if len(kinds) > 1 or all(next(iter(kinds))):
        raise SceneError(name, "numbers among the inputs vary, and the others stay as they are")
