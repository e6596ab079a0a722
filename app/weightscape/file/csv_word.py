"""The words of a .csv file: which are numbers, which stand for one that is missing, and which look like one."""

import re

# What stands for a number, or a class, that is not there: for a class as for a number.
MISSING = ("", "nan", "na", "n/a", "null", "none", "?")
WITH_COMMA = re.compile(r"\s*[+-]?\d+,\d+(?:[eE][+-]?\d+)?\s*")


def as_number(word: str) -> float | None:
    """Read a number, None where it is none; Python's own 1_0 is none."""
    try:
        return None if "_" in word else float(word)
    except ValueError:
        return None


def is_missing(word: str) -> bool:
    """Tell whether a word stands for what is not there."""
    return word.strip().lower() in MISSING


def is_name(word: str) -> bool:
    """Tell whether a word is neither a number nor stands for one."""
    return as_number(word) is None and not is_missing(word)


def has_decimal_comma(word: str) -> bool:
    """Tell whether a word is a number as it is written with a comma: 1,5."""
    return WITH_COMMA.fullmatch(word) is not None


def is_whole(word: str) -> bool:
    """Tell whether a word is a whole number, written as one: 1, and not 1.0."""
    return word.strip().lstrip("+-").isdigit()


def quoted(word: str) -> str:
    """Write a word for a message."""
    return repr(word if len(word) <= 40 else f"{word[:40]}…")


def shortened(text: str) -> str:
    """Write a text as it is, for a message: what cannot be printed as ?, and not all of a long one."""
    return "".join(char if char.isprintable() else "?" for char in text[:40]) + "…" * (len(text) > 40)
