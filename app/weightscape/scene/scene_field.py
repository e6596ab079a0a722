"""The fields of a scene: what each may hold, and how a value from JSON, a command line or Python becomes one."""

from collections.abc import Callable, Sequence
from dataclasses import Field, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from weightscape.network.activation_name import known_as
from weightscape.network.input import parse_inputs
from weightscape.network.view import EXACT, MAX_RADIUS, Point
from weightscape.scene.plain import plain
from weightscape.scene.scene_error import SceneError

SEEDS = ("seed", "to_seed")
NAMES_OF_FUNCTIONS = ("activation", "output_activation")
OPTIONAL = ("bias_scale", "to_seed", "part")
# Components of a point in a network's space of inputs, and their size.
MAX_COMPONENTS, MAX_COMPONENT = 4096, 1e6


def number(default: float | None, low: float, high: float, help: str) -> Any:
    """Make a field for a number in low..high; whole numbers where `low` is an int."""
    return field(default=default, metadata={"low": low, "high": high, "help": help})


def choice(default: str, choices: tuple[str, ...], help: str) -> Any:
    """Make a field for one of several names."""
    return field(default=default, metadata={"choices": choices, "help": help})


def switch(default: bool, names: tuple[str, str], help: str) -> Any:
    """Make a field for true or false, which `names` stand for on the command line."""
    return field(default=default, metadata={"switch": names, "help": help})


def text(kind: str, help: str) -> Any:
    """Make a field for text of a `kind`, none by default."""
    return field(default="", metadata={"text": kind, "help": help})


def row(default: tuple[Any, ...], low: float, high: float, help: str) -> Any:
    """Make a field for several numbers in low..high, as many as `default` has; any number of them if it has none."""
    return field(default=default, metadata={"row": (low, high), "help": help})


def checked(each: Field[Any], value: Any) -> Any:
    """Convert one field's value to its type, or say what is wrong with it."""
    try:
        value = plain(value)
    except ValueError as error:
        cure = "; render(scene, points=(X, y)) takes arrays" if each.name == "points" else ""
        raise SceneError(each.name, f"{error} is not {_kind(each)}{cure}") from None
    if each.name == "center":
        return _center(value)
    if each.name == "inputs":
        try:
            return parse_inputs(value)
        except ValueError as error:
            raise SceneError("inputs", str(error)) from None
    choices = each.metadata.get("choices")
    if choices:
        if each.name in NAMES_OF_FUNCTIONS and isinstance(value, str):
            value = known_as(value) or value
        if isinstance(value, bool) or value not in choices:
            raise SceneError(each.name, f"{value!r} is not one of {', '.join(map(str, choices))}")
        return choices[choices.index(value)]
    if "text" in each.metadata:
        if not isinstance(value, str):
            raise SceneError(each.name, f"{value!r} is not {_kind(each)}")
        return value
    if "switch" in each.metadata:
        if not isinstance(value, bool):
            raise SceneError(each.name, f"{value!r} is neither true nor false")
        return value
    if "row" in each.metadata:
        return _row(each, value)
    if value is None and each.name in OPTIONAL:
        return None
    return _in_range(each, value)


def _kind(each: Field[Any]) -> str:
    """Say what a field may be."""
    if "row" in each.metadata or each.name == "inputs":
        return "a list of numbers"
    return each.metadata.get("text") or ("two numbers, such as 0.1,-0.2" if each.name == "center" else "one value")


def _row(each: Field[Any], value: Any) -> tuple[int | float, ...]:
    """Take numbers, or text with commas between them."""
    low, high = each.metadata["row"]
    parts: Any = [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(parts, Sequence) or len(parts) > MAX_COMPONENTS:
        raise SceneError(each.name, f"{value!r} is not a list of numbers")
    default: Any = each.default
    if default and len(parts) != len(default):
        raise SceneError(each.name, f"{value!r} is not {len(default)} numbers")
    kind: Callable[[Any], int | float] = int if default and isinstance(default[0], int) else float
    try:
        if any(isinstance(part, bool) for part in parts):
            raise ValueError
        numbers = tuple(kind(part) for part in parts)
        rounded = (part for part in parts if not isinstance(part, str) and (kind is int or isinstance(part, float)))
        if any(kind(part) != part for part in rounded):
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise SceneError(each.name, f"{value!r} is not a list of {'whole ' if kind is int else ''}numbers") from None
    form = "d" if isinstance(low, int) else "g"
    for number in numbers:
        if not low <= number <= high:
            raise SceneError(each.name, f"{number!r} is not in {low:{form}}..{high:{form}}")
    return numbers


def _in_range(each: Field[Any], value: Any) -> int | float:
    low, high = each.metadata["low"], each.metadata["high"]
    whole = isinstance(low, int)
    form = "d" if whole else "g"
    try:
        if isinstance(value, bool) or (isinstance(value, str) and each.name not in SEEDS):
            raise ValueError
        number = int(value) if whole else float(value)
        if number != (value if whole and not isinstance(value, str) else number):
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        kind = "a whole number" if whole else "a finite number"
        raise SceneError(each.name, f"{value!r} is not {kind} in {low:{form}}..{high:{form}}") from None
    if not low <= number <= high:
        # A whole number is written alike, be it an int or a float: a live page knows no difference.
        told = repr(value).removesuffix(".0")
        raise SceneError(each.name, f"{told} is not in {low:{form}}..{high:{form}}")
    return number


def _center(value: Any) -> Point:
    told = ",".join(map(str, value)) if isinstance(value, list | tuple) else value
    try:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise TypeError
        x, y = map(_decimal, value)
    except (ArithmeticError, TypeError, ValueError):
        raise SceneError("center", f"{told!r} is not two numbers, such as 0.1,-0.2") from None
    if not all(c.is_finite() and abs(c) <= Decimal(MAX_RADIUS) for c in (x, y)):
        raise SceneError("center", f"{told!r} is not within +-{MAX_RADIUS:g}")
    return x, y


def _decimal(value: Any) -> Decimal:
    """Make a decimal number that a float, which is the shortest one that rounds to it, or a fraction stands for."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal | Fraction):
        raise TypeError
    if isinstance(value, Fraction):
        return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return EXACT.create_decimal(repr(value) if isinstance(value, float) else value)
