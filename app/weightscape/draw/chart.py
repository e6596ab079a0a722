"""Measures of drawings: how large letters are, which numbers stand at an axis, and how they are written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from weightscape.draw.lettering import letters_of
from weightscape.draw.plate import fitted, text_width
from weightscape.network.view import Point, Size

Values = npt.NDArray[np.floating]

# Letters on a picture whose short side has REFERENCE pixels; smaller pictures keep them legible.
LETTER, REFERENCE, SMALLEST = 14.0, 720.0, 0.86
# Numbers within these powers of ten are written out.
LOWEST_PLAIN, HIGHEST_PLAIN = -5, 6
MOST_DIGITS = 14


def unit(size: Size) -> float:
    """Tell by how much letters and gaps grow with the picture, and with the letters that its size asks for."""
    return letters_of(size).clamped(min(size) / REFERENCE, SMALLEST)


def worded(texts: Sequence[str], room: float, size: float) -> str:
    """Take the first line that needs no more than `room` pixels; where none does, as much as fits of the last."""
    return next((text for text in texts if text_width(text, size) <= room), "") or fitted(texts[-1], room, size)


@dataclass(frozen=True)
class Axis:
    """Map values low..high to the pixels from `bottom` up to `top`."""

    low: float
    high: float
    top: float
    bottom: float

    def place(self, values: Values) -> npt.NDArray[np.float64]:
        """Tell where values stand: pixels from the top."""
        part = (np.asarray(values, np.float64) - self.low) / (self.high - self.low)
        return np.asarray(self.bottom - part * (self.bottom - self.top), np.float64)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Choose at most about `most` round numbers in low..high, in equal steps; none where there is no range."""
    span = high - low
    if not span > 0.0 or most < 1:
        return []
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0, 20.0) if span / (factor * power) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def labels(values: list[float]) -> list[str]:
    """Write the numbers of an axis with as many digits as tell them apart."""
    if len(values) < 2:
        return [number(value) for value in values]
    step = abs(values[1] - values[0])
    largest = max(map(abs, values))
    power = math.floor(math.log10(step) + 1e-9)
    if power >= LOWEST_PLAIN and largest < 10.0**HIGHEST_PLAIN:
        return [signs(f"{value:.{max(-power, 0)}f}") for value in values]
    digits = max(math.floor(math.log10(largest) + 1e-9) - power, 0)
    return ["0" if value == 0.0 else signs(f"{value:.{digits}e}") for value in values]


def number(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits."""
    return signs(f"{value:.{digits}g}")


def value(number: float) -> str:
    """Write a value with four digits after the point, very large and small ones with a power of ten."""
    size = abs(number)
    plain = size == 0.0 or 5e-4 <= size < 1000.0
    return signs(f"{number:.4f}" if plain else f"{number:.3e}")


def signs(text: str) -> str:
    """Write minus signs, and exponents without zeros in front: -1.5e-07 -> −1.5e−7."""
    head, mark, power = text.partition("e")
    text = f"{head}e{int(power)}" if mark else head
    zero = text.startswith("-") and not text.strip("-0.")
    return (text[1:] if zero else text).replace("-", "−")


def coordinates(point: Point, pixel: float) -> tuple[str, str]:
    """Write a point with the digits that pixels of this size show, at most MOST_DIGITS of each."""
    x, y = (_coordinate(value, pixel) for value in point)
    return x, y


def _coordinate(value: Decimal, pixel: float) -> str:
    places = max(-math.floor(math.log10(pixel)), 0)
    if abs(value) >= Decimal(10) ** HIGHEST_PLAIN:
        return number(float(value), 7)
    text = f"{value:.{min(places, MOST_DIGITS)}f}"
    return signs(text) + ("…" if places > MOST_DIGITS else "")
