"""A plate to draw on: lines, boxes, pictures and text on pixels, smooth at any size.

Pillow draws lines at FINE times the size, which are then averaged; text comes last, in the picture's own pixels.
Coordinates are pixels from the left upper corner, y down; colours are display values in 0..1.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Values = npt.NDArray[np.floating]
Colour = tuple[float, float, float]

FINE = 3
# What a chart's background, text and axes look like. Blue and orange are told apart by everybody.
PAPER, INK, FAINT, GRID = (0.08, 0.09, 0.11), (0.93, 0.94, 0.95), (0.60, 0.63, 0.67), (0.20, 0.22, 0.25)
NEGATIVE, ZERO, POSITIVE = (0.13, 0.45, 0.85), (0.16, 0.17, 0.19), (0.95, 0.60, 0.10)


class Plate:
    """Collect what is drawn on `size` (width, height) pixels; `pixels()` gives the picture."""

    def __init__(self, size: tuple[int, int], paper: Colour = PAPER) -> None:
        self.width, self.height = size
        self._image = Image.new("RGB", (self.width * FINE, self.height * FINE), _bytes(paper))
        self._draw = ImageDraw.Draw(self._image)
        self._late: list[tuple[Any, ...]] = []
        self._pictures: list[tuple[int, int, Values]] = []

    def line(
        self, x: Sequence[float] | Values, y: Sequence[float] | Values, colour: Colour, width: float = 1.5
    ) -> None:
        """Draw a line through points; numbers that are not finite break it."""
        points = np.stack([np.asarray(x, float), np.asarray(y, float)], -1)
        bad = np.flatnonzero(~np.isfinite(points).all(-1))
        far = 4.0 * max(self.width, self.height)
        for run in np.split(points, bad):
            run = np.clip(run[np.isfinite(run).all(-1)], -far, far)
            if len(run) > 1:
                flat = (run * FINE).ravel().tolist()
                self._draw.line(flat, fill=_bytes(colour), width=max(round(width * FINE), 1), joint="curve")

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: Colour | None,
        edge: Colour | None = None,
        width: float = 1.0,
    ) -> None:
        """Fill a rectangle, with or without an edge drawn inside of it."""
        if right <= left or bottom <= top:
            return
        place = [round(left * FINE), round(top * FINE), round(right * FINE) - 1, round(bottom * FINE) - 1]
        fill, outline = (None if c is None else _bytes(c) for c in (colour, edge))
        if place[2] >= place[0] and place[3] >= place[1]:
            self._draw.rectangle(place, fill, outline, max(round(width * FINE), 1))

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        self._draw.ellipse([(v - s * radius) * FINE for s in (1, -1) for v in (x, y)], _bytes(colour))

    def picture(self, left: int, top: int, values: Values) -> None:
        """Put display values (rows, columns, 3) into whole pixels, over what is drawn before or after."""
        self._pictures.append((left, top, values))

    def text(self, x: float, y: float, text: str, size: float = 13.0, colour: Colour = INK, anchor: str = "la") -> None:
        """Write a line; `anchor` as Pillow has it: l m r, then a (top) m (middle) s (baseline) b (bottom)."""
        self._late.append((x, y, text, size, colour, anchor))

    def pixels(self) -> npt.NDArray[np.float32]:
        """Give the picture: float32 (height, width, 3) in 0..1."""
        smooth = self._image.reduce(FINE)
        whole = np.asarray(smooth, np.float32) / np.float32(255)
        for left, top, values in self._pictures:
            _lay(whole, left, top, values)
        if not self._late:
            return whole
        bare = np.asarray(whole * 255 + 0.5, np.uint8)
        image = Image.fromarray(bare)
        draw = ImageDraw.Draw(image)
        for x, y, text, size, colour, anchor in self._late:
            draw.text((x, y), text, _bytes(colour), font(size), anchor)
        lettered = np.asarray(image)
        # Pictures keep their values but where letters stand on them.
        touched = (lettered != bare).any(-1)
        whole[touched] = lettered[touched] / np.float32(255)
        return whole


def text_width(text: str, size: float = 13.0) -> float:
    """Measure a line of text, in pixels."""
    return float(font(size).getlength(text))


def fitted(text: str, room: float, size: float = 13.0) -> str:
    """Shorten a line to `room` pixels, with an ellipsis; "" where nothing fits."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…" if text else ""


@lru_cache(maxsize=32)
def font(size: float) -> ImageFont.FreeTypeFont:
    """Load the program's font at a size in pixels."""
    written = (resources.files("weightscape.assets.font") / "Roboto-Regular.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(written), max(size, 1.0))


def signed(values: Values, largest: float) -> Values:
    """Colour numbers from -largest (blue) over 0 (dark) to largest (orange): (...) -> (..., 3) in 0..1."""
    part = np.clip(np.asarray(values, np.float32) / np.float32(largest or 1.0), -1.0, 1.0)[..., None]
    ends = np.where(part < 0, np.array(NEGATIVE, np.float32), np.array(POSITIVE, np.float32))
    # The root keeps small weights visible.
    strength = np.sqrt(np.abs(part))
    return np.asarray((1 - strength) * np.array(ZERO, np.float32) + strength * ends, np.float32)


def _bytes(colour: Colour) -> tuple[int, int, int]:
    r, g, b = (int(255 * min(max(c, 0.0), 1.0) + 0.5) for c in colour)
    return r, g, b


def _lay(whole: npt.NDArray[np.float32], left: int, top: int, values: Values) -> None:
    """Copy values into a picture as far as they lie inside."""
    rows, columns = values.shape[:2]
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + columns, whole.shape[1]), min(top + rows, whole.shape[0])
    if x1 > x0 and y1 > y0:
        whole[y0:y1, x0:x1] = np.clip(values[y0 - top : y1 - top, x0 - left : x1 - left], 0.0, 1.0)
