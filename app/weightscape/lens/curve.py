"""Curves over a line: their values without loss, the range of an axis that holds them, and many of them as one glow."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor

import numpy as np
import numpy.typing as npt

from weightscape.draw.cover import covered
from weightscape.lens.lens import Answered
from weightscape.lens.output import SYMMETRIC

Floats = npt.NDArray[np.float64]

# An axis holds all that the activation can give; curves leave this part of it free.
BOUNDS = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "gaussian": (0.0, 1.0)} | dict.fromkeys(SYMMETRIC, (-1.0, 1.0))
MARGIN = 0.05
# Curves that rise by less than this part of their values are drawn as what they differ from the middle.
FLAT = 0.05
# Where many curves cross: in the rest of the pixels. It is looked for beyond this part of a sample, of a column in so
# many.
MANY, NEARLY_MANY, SPARSE = 0.99, 0.97, 16


@dataclass(frozen=True)
class Curves:
    """Hold values over a line: `middle` (channels,) in its middle, `rise` (points, channels) above that.

    `fine`: the rise has right digits of its own, however small it is. `stride`: pixels from point to point.
    """

    middle: Floats
    rise: Floats
    fine: bool = False
    stride: int = 1

    @cached_property
    def values(self) -> Floats:
        """Add up: (points, channels)."""
        return self.middle + self.rise

    def part(self, first: int, last: int | None = None) -> "Curves":
        """Take the channels first..last - 1."""
        return Curves(self.middle[first:last], self.rise[:, first:last], self.fine, self.stride)


def along(answered: Answered, auto: bool) -> Curves:
    """Take curves from a field one row high; `auto`: its precision was chosen for the view's own contrast."""
    field = answered.field
    if answered.question.perturbation:
        return Curves(field.offset, np.asarray(field.relative[0], np.float64), True, answered.stride)
    values = np.asarray(field.values[0], np.float64)
    middle = values[len(values) // 2]
    fine = auto or answered.question.precision == "double"
    return Curves(middle, values - middle, fine, answered.stride)


def is_flat(curves: Curves) -> bool:
    """Tell whether curves are to be drawn as what they differ from the middle."""
    return curves.fine and float(np.ptp(curves.rise, axis=0).max()) < FLAT * float(np.abs(curves.middle).max())


def span(curves: Curves, activation: str, auto: bool) -> tuple[float, float]:
    """Choose the range of an axis: all that the activation can give, or with `auto` what the curves do."""
    shown = curves.rise if is_flat(curves) else curves.values
    low, high = float(shown.min()), float(shown.max())
    if not auto and not is_flat(curves):
        bounds = BOUNDS.get(activation, (0.0, 0.0))
        low, high = min(low, bounds[0]), max(high, bounds[1])
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        room = 0.5 * abs(high) or 0.5
        low, high = low - room, high + room
    free = MARGIN * (high - low)
    return low - free, high + free


def columns(places: Floats, stride: int, width: int) -> Floats:
    """Give each of `width` pixel columns its place between points that are `stride` pixels apart."""
    if stride == 1:
        return places
    at = (np.arange(len(places)) + 0.5) * stride
    return np.stack([np.interp(np.arange(width) + 0.5, at, curve) for curve in places.T], -1)


def bundle(places: Floats, height: int, thickness: Floats, told: Sequence[int]) -> npt.NDArray[np.float32]:
    """Draw curves over each other, `places` (columns, curves) pixels from the top, `thickness` (curves,) pixels.

    Returns (1 + told, height, columns): how many of the others cover each pixel, and how much of it each that is told.
    """
    padded = np.pad(np.asarray(places, np.float32), ((1, 1), (0, 0)), "edge")
    here, between = padded[1:-1], np.float32(0.5) * (padded[1:] + padded[:-1])
    half = np.asarray(thickness / 2.0, np.float32)
    low = np.minimum(np.minimum(between[:-1], between[1:]), here) - half
    high = np.maximum(np.maximum(between[:-1], between[1:]), here) + half
    weights = np.zeros((places.shape[1], 1 + len(told)))
    weights[:, 0] = 1.0
    for n, k in enumerate(told):
        weights[k, 0], weights[k, 1 + n] = 0.0, 1.0
    return covered(low, high, height, weights)


def crowd(cover: npt.NDArray[np.float32]) -> float:
    """Tell how many curves cross where many do: in one pixel of a hundred there are more. At least one."""
    few = np.sort(cover[:, ::SPARSE], axis=None)
    many = cover[cover > few[int(NEARLY_MANY * few.size)]]
    above = (1.0 - MANY) * (cover.size - 1)
    if many.size < above + 2.0:  # the sample tells too little
        many = cover.flatten()
    high = many.size - 1 - floor(above)
    low = max(high - 1, 0)
    many.partition([low, high])
    return max(float(many[high] - (above - floor(above)) * (many[high] - many[low])), 1.0)
