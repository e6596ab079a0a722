"""A scene as a link: a few characters after a "#", to be sent to others. docs/files-and-films.md has the format.

What differs from the default scene is written as one number (scene/link_code.py), and that in base 64. Nothing is read
but the link itself.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from decimal import Decimal
from importlib import resources
from typing import Any, cast

from weightscape.network.input import MAX_INPUTS, NAMED_INPUTS
from weightscape.scene.link_code import FEW, MANY, CodeError, Reader, Writer
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.scene_field import MAX_COMPONENTS, SEEDS

# What stands before the fragment; readers do not mind it.
BEFORE = "weightscape:#"
VERSION = "1"
# Base 64 as in RFC 4648, section 5: nothing in it has to be escaped.
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# The largest prime below 64^4: a wrong character, or two that changed places, never has the same remainder.
PRIME, CHECK = 16_777_213, 4
LENGTH = 2
HEAD = len(VERSION) + LENGTH
LONGEST = 64**LENGTH - 1
# What a link is wrapped in, in mails, chats and shells.
WRAPPING = " \t\r\n<>\"'`“”‘’«»"
SHAPE = re.compile(r"[^#{]*#[\w-]*|weightscape:.*")
# The fields in the order of version 1. Never another one: a new field comes last.
ORDER = (
    *("seed", "layers", "width", "activation", "output_activation", "shape", "rule", "scale", "bias_scale", "tied"),
    *("to_seed", "part", "outputs", "inputs", "weights", "origin", "u", "v", "center", "radius", "angle", "time"),
    *("lens", "layer", "unit", "units", "before", "probe", "turn", "tilt", "lift", "beside", "levels", "palette"),
    *("quantise", "points", "axes", "contour", "mix", "edits", "silenced"),
    *("reading", "stops", "gamma", "invert", "cycle"),
)
FIELDS = {each.name: each for each in fields(Scene)}
LEADING = ("rule", "to_seed")  # which bring defaults of other fields
NUMBER = len(NAMED_INPUTS)  # stands for an input that is a number
INPUT = 8


def link(scene: Scene) -> str:
    """Write a scene as a link of at most 4095 characters after the "#".

    Raises SceneError for weights and points of the user's own, which no link holds, and for what is too long.
    """
    for name in _files(scene):
        raise SceneError("link", f"it cannot hold {base_name(name)!r}, a file of yours: send a picture and that file")
    if any("\ud800" <= char <= "\udfff" for char in scene.beside):
        raise SceneError("link", "it cannot hold what is not Unicode text")
    writer, default = Writer(), Scene()
    usual = Scene(rule=scene.rule, to_seed=scene.to_seed)
    for name in ORDER:
        value = getattr(scene, name)
        differs = repr(value) != repr(getattr(default if name in LEADING else usual, name))
        writer.put(differs, 2)
        if differs:
            _write(writer, name, value)
    length = HEAD + CHECK + writer.bits // 6
    if length <= LONGEST:
        payload = _spelled(writer.total())
        length = HEAD + CHECK + len(payload)
    if length > LONGEST:
        raise SceneError(
            "link", f"it would be over {LONGEST:,} characters, the limit: a picture made here holds the scene"
        )
    text = f"{VERSION}{_spelled(length, LENGTH)}{payload}"
    return f"{BEFORE}{text}{_spelled(_number(text) % PRIME, CHECK)}"


def is_link(text: str) -> bool:
    """Tell whether a text is meant as a link: something, a "#" and letters; or what a link of ours begins with."""
    return SHAPE.fullmatch(unwrapped(text)) is not None


def unwrapped(text: str) -> str:
    """Take off a text what it is wrapped in, and out of a link the breaks of lines."""
    bare = text.strip(WRAPPING)
    return bare if bare.startswith("{") else "".join(bare.split()).rstrip(".,;!?)]")


def from_link(text: str) -> Scene:
    """Read the scene of a link, whatever stands before its "#".

    Raises SceneError, which says whether it is cut, broken, or of a newer program.
    """
    fragment = unwrapped(text).partition("#")[2]
    _check(fragment)
    if fragment[0] != VERSION:
        raise SceneError("link", f"a newer program made it: it is of version {fragment[0]}, this one reads {VERSION}")
    reader = Reader(_number(fragment[HEAD:-CHECK]))
    try:
        scene = Scene(**dict(_values(reader)))
        for name in _files(scene):
            raise SceneError(
                "points" if name == scene.points else "weights", f"{name!r} did not come with this program"
            )
    except (CodeError, SceneError) as error:
        raise SceneError("link", f"a newer program made it ({_short(str(error))})") from None
    if reader.rest:
        raise SceneError("link", "a newer program made it: it tells more than this one knows of")
    return scene


def _check(fragment: str) -> None:
    """Refuse what is not whole. The first three and the last four characters mean the same in every version."""
    strange = next((char for char in fragment if char not in ALPHABET), "")
    if strange:
        raise SceneError("link", f"it is broken: {strange!r} is no character of a link")
    if len(fragment) < HEAD:
        raise SceneError("link", f"it is cut: {len(fragment)} characters are left after the #")
    length = _number(fragment[len(VERSION) : HEAD])
    if len(fragment) < length:
        raise SceneError("link", f"it is cut: {len(fragment)} of its {length} characters are there")
    if len(fragment) > length or length < HEAD + CHECK:
        raise SceneError("link", f"it is broken: it has {len(fragment)} characters and says {length}")
    if _number(fragment[:-CHECK]) % PRIME != _number(fragment[-CHECK:]):
        raise SceneError("link", "it is broken: its last four characters do not fit the others")


def _values(reader: Reader) -> Iterator[tuple[str, Any]]:
    """Read the fields that differ from the default. Raises CodeError."""
    for name in ORDER:
        if reader.take(2):
            yield name, _read(reader, name)


def _write(writer: Writer, name: str, value: Any) -> None:
    """Write a field's value: of a switch, that it differs has said all."""
    kind = FIELDS[name].metadata
    if "choices" in kind:
        writer.small(kind["choices"].index(value), FEW)
    elif name in SEEDS:
        writer.whole(value)
    elif name == "inputs":
        writer.small(len(value), FEW)
        for each in value:
            _write_input(writer, each)
    elif "text" in kind:
        writer.text(value)
    elif "row" in kind or name == "center":
        if FIELDS[name].default == ():
            writer.small(len(value), FEW)
        for each in value:
            _write_number(writer, each)
    elif "low" in kind:
        _write_number(writer, value)


def _read(reader: Reader, name: str) -> Any:
    """Read what _write() has written. Raises CodeError."""
    kind, default = FIELDS[name].metadata, cast(Any, FIELDS[name].default)
    if "choices" in kind:
        index = reader.small(FEW)
        if index >= len(kind["choices"]):
            raise CodeError(f"its {name} is none of those that there are")
        return kind["choices"][index]
    if name in SEEDS:
        return reader.whole()[0]
    if name == "inputs":
        return [_read_input(reader) for _ in range(reader.count(MAX_INPUTS))]
    if "text" in kind:
        return reader.text(LONGEST)
    if "row" in kind or name == "center":
        count = reader.count(MAX_COMPONENTS) if default == () else len(default)
        is_whole = isinstance(kind.get("row", (0.0,))[0], int)
        return tuple(reader.small(MANY) if is_whole else reader.number() for _ in range(count))
    if "low" in kind:
        return reader.small(MANY) if isinstance(kind["low"], int) else float(reader.number())
    return not default


def _write_number(writer: Writer, value: int | float | Decimal) -> None:
    if isinstance(value, int):
        writer.small(value, MANY)
    else:
        writer.number(value if isinstance(value, Decimal) else Decimal(repr(value)).normalize())


def _write_input(writer: Writer, value: str) -> None:
    if value in NAMED_INPUTS:
        writer.small(NAMED_INPUTS.index(value), INPUT)
    else:
        writer.small(NUMBER, INPUT)
        writer.number(Decimal(value).normalize())


def _read_input(reader: Reader) -> str:
    kind = reader.small(INPUT)
    if kind > NUMBER:
        raise CodeError("one of its inputs is none of those that there are")
    return NAMED_INPUTS[kind] if kind < NUMBER else repr(float(reader.number()))


def _files(scene: Scene) -> list[str]:
    """List the files that a scene names and that did not come with this program, those of its right half last."""
    right: Any = None
    with suppress(ValueError, RecursionError):
        right = json.loads(scene.beside or "{}")
    right = right if isinstance(right, dict) else {}
    shipped = {each.name for each in resources.files("weightscape.assets.weights").iterdir()}
    weights = [name for name in (scene.weights, right.get("weights")) if isinstance(name, str) and name]
    points = [name for name in (scene.points, right.get("points")) if isinstance(name, str) and name]
    return [name for name in weights if f"{name}.npz" not in shipped or os.path.lexists(name)] + points


def _short(text: str) -> str:
    """Leave out the middle of what would fill more than a line or two."""
    return text if len(text) < 160 else f"{text[:100]} ... {text[-50:]}"


def _spelled(number: int, least: int = 0) -> str:
    """Spell a number in base 64, the highest digit first, with at least so many."""
    digits = ""
    while number:
        number, digit = divmod(number, 64)
        digits = ALPHABET[digit] + digits
    return digits.rjust(least, ALPHABET[0])


def _number(text: str) -> int:
    number = 0
    for char in text:
        number = number * 64 + ALPHABET.index(char)
    return number
