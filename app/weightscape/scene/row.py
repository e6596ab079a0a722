"""Numbers within a scene's field that have names of their own.

origin.3 is the fourth number of the origin, and edits.2:7:0 the weight of layer 2 from input 7 to unit 0.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from weightscape.network.edit import cell_of, edits_of, name_of, written_edits
from weightscape.network.input import NAMED_INPUTS
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

ROWS = ("center", *(each.name for each in fields(Scene) if "row" in each.metadata), "inputs")

# The field of which one weight is told.
WEIGHTS = "edits"


def changed(scene: Scene, values: Mapping[str, Any]) -> Scene:
    """Give a scene with other values, of which origin.3 is the fourth number of the origin. Raises SceneError."""
    whole = {name: value for name, value in values.items() if "." not in name}
    for name, value in values.items():
        field, dot, number = name.partition(".")
        if dot and field == WEIGHTS:
            whole[field] = _with_weight(whole.get(field, scene.edits), name, value)
        elif dot:
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
    if dot and field == WEIGHTS:
        return edits_of(value)[cell_of(number)]
    return value[int(number)] if dot else value


def _with_weight(edits: str, name: str, value: Any) -> str:
    """Set one weight among those that are set. Raises SceneError for a name, or a value, that cannot be."""
    try:
        cell = cell_of(name.partition(".")[2])
        ((_, number),) = edits_of(f"{name_of(cell)}={value}").items()
        return written_edits(dict(sorted((edits_of(edits) | {cell: number}).items())))
    except ValueError as error:
        raise SceneError(name, str(error)) from None


def check_inputs(scene: Scene, name: str, values: tuple[Any, ...]) -> None:
    """Refuse inputs that would become others on the way; constants become constants."""
    rows = [value if isinstance(value, tuple) else (value,) for value in values]
    if name != "inputs":
        rows.append((value_of(scene, name),))
    kinds = {tuple(each if each in NAMED_INPUTS else "" for each in row) for row in rows}
    if len(kinds) > 1 or all(next(iter(kinds))):
        raise SceneError(name, "numbers among the inputs vary, and the others stay as they are")
