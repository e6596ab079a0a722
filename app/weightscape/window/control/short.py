"""Numbers that are too long for a field: as many digits as fit, so that each number is still told."""

from __future__ import annotations

from collections.abc import Callable

CUT = "…"


def shortened(text: str, room: float, width: Callable[[str], float]) -> str:
    """Shorten a text to so many pixels, as `width` measures: decimals of numbers with commas between, else the end."""
    if width(text) <= room:
        return text
    for digits in range(len(text), 0, -1):
        short = ", ".join(_cut(each.strip(), digits) for each in text.split(","))
        if width(short) <= room:
            return short
    end = next((end for end in range(len(text) - 1, 0, -1) if width(text[:end] + CUT) <= room), 0)
    return text[:end] + CUT


def _cut(number: str, digits: int) -> str:
    """Keep so many decimals, and the exponent."""
    mantissa, e, exponent = number.lower().partition("e")
    whole, point, decimals = mantissa.partition(".")
    return f"{whole}{point}{decimals[:digits]}{CUT}{e}{exponent}" if len(decimals) > digits else number
