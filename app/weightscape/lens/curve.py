"""Curves over a line: their values without loss, the range of an axis that holds them, and many of them as one glow."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.lens.lens import Answered
from weightscape.lens.output import SYMMETRIC

Floats = npt.NDArray[np.float64]

# An axis holds all that the activation can give; curves leave this part of it free.
BOUNDS = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "gaussian": (0.0, 1.0)} | dict.fromkeys(SYMMETRIC, (-1.0, 1.0))
MARGIN = 0.05
# Curves that rise by less than this part of their values are drawn as what they differ from the middle.
FLAT = 0.05
# Columns of a bundle that are drawn at once.
CHUNK = 512
# Where many curves cross: in the rest of the pixels.
MANY = 0.99


@dataclass(frozen=True)
class Curves:
    """Hold values over a line: `middle` (channels,) in its middle, `rise` (points, channels) above that.

    `fine`: the rise has right digits of its own, however small it is. `stride`: pixels from point to point.
    """

    middle: Floats
    rise: Floats
    fine: bool = False
    stride: int = 1

    @property
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


def bundle(places: Floats, height: int, thickness: float, colours: Floats) -> npt.NDArray[np.float32]:
    """Draw curves over each other, `places` (columns, curves) pixels from the top, as light that adds up.

    Returns (4, height, columns): how many curves cover each pixel, and the sum of their colours there.
    """
    light = np.empty((4, height, len(places)), np.float32)
    for first in range(0, len(places), CHUNK):
        here = np.clip(np.arange(first - 1, min(first + CHUNK, len(places)) + 1), 0, len(places) - 1)
        before, now, after = places[here[:-2]], places[here[1:-1]], places[here[2:]]
        ends = np.stack([now, (now + before) / 2.0, (now + after) / 2.0])
        low = np.clip(ends.min(0) - thickness / 2.0, 0.0, height)
        high = np.clip(ends.max(0) + thickness / 2.0, 0.0, height)
        light[:, :, first : first + CHUNK] = _covered(low, high, height, colours)
    return light


def crowd(cover: npt.NDArray[np.float32]) -> float:
    """Tell how many curves cross where many do: in one pixel of a hundred there are more. At least one."""
    many = np.sort(cover[cover > 1.0])
    rank = MANY * (cover.size - 1) - (cover.size - many.size)
    return float(np.interp(rank, np.arange(-1, many.size), np.append(1.0, many)))


def _covered(low: Floats, high: Floats, height: int, colours: Floats) -> Floats:
    """Sum how much of each pixel the spans low..high of each column cover, and that times the curves' colours."""
    count = len(low)
    weights = np.concatenate([np.ones((len(colours), 1)), colours], -1)
    # The slope of a span's cover goes up where it begins and down where it ends, shared between two rows.
    edges = np.stack([low, high])
    row = np.floor(edges)
    part, sign = edges - row, np.array([1.0, -1.0])[:, None, None]
    shares = np.stack([sign * (1.0 - part), sign * part])
    wide = count + 9  # a power of 2 would put the rows of a column into the same places of the cache
    place = row.astype(np.intp) * wide + np.arange(count)[:, None]
    at = np.stack([place, place + wide]).ravel()
    bins = (height + 2) * wide
    steps: Floats = np.stack([np.bincount(at, (shares * weights[:, k]).ravel(), bins) for k in range(4)])
    rows: Floats = steps.reshape(4, height + 2, wide)[:, :height, :count]
    for y in range(1, height):
        rows[:, y] += rows[:, y - 1]
    return rows
