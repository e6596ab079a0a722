"""Points as dots over a picture, in the colours of their classes; where they are many, as a haze of their number.

A dot has a ring of the opposite tone, so that it is seen on any picture. A marked one is larger, and crossed. Where two
meet, the later one is on top. Every pixel is the same whichever rows are drawn with it.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weightscape.draw.chart import unit
from weightscape.network.view import Size

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]
Canvas = npt.NDArray[np.float32]

# Radius of a few dots on a picture of 720 pixels; more than MANY get smaller, and below SMALLEST they are a haze.
RADIUS, MANY, SMALLEST = 5.0, 2000, 1.4
MARKED = 1.6  # times larger
RING = 1.3  # pixels
# What one dot of a haze covers of its pixel: less where there are many a pixel.
THIN, SPARSE, DENSE = 0.25, 0.8, 0.08
LIGHT, DARK = (1.0, 1.0, 1.0), (0.04, 0.04, 0.06)


@dataclass(frozen=True, eq=False)
class Dots:
    """Hold dots of one size: `places` (n, 2) in pixels, y down, the `kind` of each, and the `tones` of the kinds.

    `radius` 0: they are a haze, of which one covers `share` of its pixel.
    """

    size: Size
    places: Floats
    kinds: Ints
    tones: npt.NDArray[np.float32]
    radius: float
    share: float
    is_marked: bool

    def rows(self, top: int, count: int) -> Canvas:
        """Draw some rows: display colours multiplied by their alpha, (count, width, 4)."""
        canvas = np.zeros((count, self.size[0], 4), np.float32)
        self.lay(canvas, top)
        return canvas

    def lay(self, canvas: Canvas, top: int) -> None:
        """Draw over rows from `top` on: display colours multiplied by their alpha, (count, width, 4)."""
        count, reach = len(canvas), self.radius + 1.0
        near = (self.places[:, 1] >= top - reach) & (self.places[:, 1] < top + count + reach)
        places, kinds = self.places[near] - (0.0, top), self.kinds[near]
        if len(places):
            draw = self._discs if self.radius else self._haze
            pixels, colours = draw(places, kinds, count)
            flat = canvas.reshape(-1, 4)
            flat[pixels] = flat[pixels] * (1.0 - colours[:, 3:]) + colours

    def _discs(self, places: Floats, kinds: Ints, count: int) -> tuple[Ints, Canvas]:
        pixels, owners = _owned(places, self.radius, self.size[0], count)
        middle = np.stack([pixels % self.size[0], pixels // self.size[0]], -1) + 0.5
        dx, dy = np.abs(middle - places[owners]).T
        distance = np.hypot(dx, dy)
        alpha = np.clip(self.radius + 0.5 - distance, 0.0, 1.0)
        inner = np.clip(self.radius - RING + 0.5 - distance, 0.0, 1.0)
        if self.is_marked:
            inner *= 1.0 - np.clip(0.5 * RING + 0.5 - np.abs(dx - dy) / math.sqrt(2.0), 0.0, 1.0)
        tones = self.tones[kinds[owners]]
        mixed = opposite(tones) * (1.0 - inner[:, None]) + tones * inner[:, None]
        return pixels, np.column_stack([mixed * alpha[:, None], alpha]).astype(np.float32)

    def _haze(self, places: Floats, kinds: Ints, count: int) -> tuple[Ints, Canvas]:
        x, y = np.floor(places).astype(np.int64).T
        inside = (x >= 0) & (x < self.size[0]) & (y >= 0) & (y < count)
        flat, kinds = (y * self.size[0] + x)[inside], kinds[inside]
        pixels = count * self.size[0]
        numbers = np.bincount(flat, minlength=pixels)
        seen = np.flatnonzero(numbers)
        tones = opposite(self.tones) if self.is_marked else self.tones
        totals = [np.bincount(flat, tones[kinds, channel], pixels)[seen] for channel in range(3)]
        alpha = 1.0 - (1.0 - self.share) ** numbers[seen]
        return seen, np.stack([*(total / numbers[seen] * alpha for total in totals), alpha], -1).astype(np.float32)


def dots(size: Size, places: Floats, kinds: Ints, tones: Floats, marked: npt.NDArray[np.bool_] | None) -> list[Dots]:
    """Make the dots of a picture, from the lowest to the topmost: those that are not marked, and those that are."""
    width, height = size
    reach = RADIUS * MARKED * unit(size) + 1.0
    x, y = places.T
    seen = (x >= -reach) & (x < width + reach) & (y >= -reach) & (y < height + reach)
    groups = [(seen, False)] if marked is None else [(seen & ~marked, False), (seen & marked, True)]
    return [_group(size, places[which], kinds[which], tones, is_marked) for which, is_marked in groups]


def _group(size: Size, places: Floats, kinds: Ints, tones: Floats, is_marked: bool) -> Dots:
    radius = radius_of(len(places), size)
    density = max(len(places) / (size[0] * size[1]), 1e-9)
    share = min(max(THIN / math.sqrt(density), DENSE), SPARSE)
    radius *= MARKED if is_marked else 1.0
    return Dots(size, places, kinds, np.asarray(tones, np.float32), radius, share, is_marked)


def radius_of(count: int, size: Size) -> float:
    """Choose the radius of so many dots, in half pixels; 0 where they are too many to be told apart."""
    radius = RADIUS * unit(size) * math.sqrt(min(MANY / max(count, 1), 1.0))
    return round(2.0 * radius) / 2.0 if radius >= SMALLEST else 0.0


def opposite(tones: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Choose light or dark, whichever stands out against colours (n, 3)."""
    is_light = tones @ np.array([0.299, 0.587, 0.114], np.float32) > 0.5
    return np.where(is_light[:, None], np.array(DARK, np.float32), np.array(LIGHT, np.float32))


def _owned(places: Floats, radius: float, width: int, count: int) -> tuple[Ints, Ints]:
    """Tell which pixels are covered, and by which dot each: the last one whose disc reaches its middle."""
    top = np.full(count * width, -1, np.int64)
    first, order, reach = np.floor(places).astype(np.int64), np.arange(len(places)), math.ceil(radius)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            pixel = first + np.array([right, down])
            (x, y), gap = pixel.T, np.hypot(*(pixel + 0.5 - places).T)
            hit = (gap < radius + 0.5) & (x >= 0) & (x < width) & (y >= 0) & (y < count)
            np.maximum.at(top, (y * width + x)[hit], order[hit])
    pixels = np.flatnonzero(top >= 0)
    return pixels, top[pixels]
