"""A plate to draw on: lines, boxes, pictures and text on pixels, smooth at any size.

Bases are beneath all. Pillow draws lines at FINE times the size, which are then averaged; text comes last, in the
picture's own pixels. Coordinates are pixels from the left upper corner, y down; colours are display values in 0..1.
"""

from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from weightscape.draw.letter import Bytes, Pixels, font, part_of, write
from weightscape.draw.mark import Box, Group, Picture, Shape, Text, common, differences, grouped, joined

Values = npt.NDArray[np.floating]
Colour = tuple[float, float, float]

FINE = 3
# Gaps at a bend that are narrower than this, in pixels of the fine size, lie between the middles of pixels; Pillow
# leaves those of thin lines open.
WEDGE, THIN = 0.3, 4
# Bends that are closer to each other than so many points are rounded with what is between them.
APART = 8
# What a chart's background, text and axes look like. Blue and orange are told apart by everybody.
PAPER, INK, FAINT, GRID = (0.08, 0.09, 0.11), (0.93, 0.94, 0.95), (0.60, 0.63, 0.67), (0.20, 0.22, 0.25)
NEGATIVE, ZERO, POSITIVE = (0.13, 0.45, 0.85), (0.16, 0.17, 0.19), (0.95, 0.60, 0.10)


class Plate:
    """Collect what is drawn on `size` (width, height) pixels; `pixels()` gives the picture.

    Only what is drawn at FINE times the size is made at that size: boxes of the picture, as few as there are lines.
    """

    def __init__(self, size: tuple[int, int], paper: Colour = PAPER) -> None:
        self.width, self.height = size
        self._paper = bytes_of(paper)
        self._bases: list[Picture] = []
        self._shapes: list[Shape] = []
        self._pictures: list[Picture] = []
        self._texts: list[Text] = []
        self._grouped: list[Group[Shape]] | None = None

    def over(self) -> "Plate":
        """Begin a plate with all that is on this one, which stays as it is."""
        plate = copy(self)
        plate._bases, plate._shapes = [*self._bases], [*self._shapes]
        plate._pictures, plate._texts = [*self._pictures], [*self._texts]
        return plate

    def base(self, left: int, top: int, colours: Bytes) -> None:
        """Put 8-bit colours (rows, columns, 3) into whole pixels, beneath all that is drawn before or after."""
        self._bases.append(Picture((left, top, left + colours.shape[1], top + colours.shape[0]), colours))

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
                thick = max(round(width * FINE), 1)
                self._shape("line", (run * FINE).ravel().tolist(), 0.5 * thick, fill=bytes_of(colour), width=thick)
                for bent in _bent(run * FINE, thick):
                    flat = bent.ravel().tolist()
                    self._shape("line", flat, 0.5 * thick, fill=bytes_of(colour), width=thick, joint="curve")

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
        fill, outline = (None if c is None else bytes_of(c) for c in (colour, edge))
        if place[2] >= place[0] and place[3] >= place[1]:
            thick = max(round(width * FINE), 1)
            self._shape("rectangle", place, 0.0, fill=fill, outline=outline, width=thick)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        self._shape("ellipse", [(v - s * radius) * FINE for s in (1, -1) for v in (x, y)], 0.0, fill=bytes_of(colour))

    def picture(self, left: int, top: int, values: Values) -> None:
        """Put display values (rows, columns, 3) into whole pixels, over what is drawn before or after."""
        self._pictures.append(Picture((left, top, left + values.shape[1], top + values.shape[0]), values))

    def text(self, x: float, y: float, text: str, size: float = 13.0, colour: Colour = INK, anchor: str = "la") -> None:
        """Write a line; `anchor` as Pillow has it: l m r, then a (top) m (middle) s (baseline) b (bottom)."""
        left, top, right, bottom = _extent(text, size, anchor)
        # The anchor is within: Pillow rounds towards 0, so that nothing may be moved to its other side.
        box = floor(x + min(left, 0)) - 1, floor(y + min(top, 0)) - 1, ceil(x + right) + 1, ceil(y + bottom) + 1
        self._texts.append(Text(box, x, y, text, size, bytes_of(colour), anchor))

    def pixels(self) -> npt.NDArray[np.float32]:
        """Give the picture: float32 (height, width, 3) in 0..1."""
        return _display(self.cut([(0, 0, self.width, self.height)])[0])

    def rows(self, top: int, count: int) -> npt.NDArray[np.float32]:
        """Give some rows of the picture: float32 (count, width, 3) in 0..1."""
        return _display(self.cut([(0, top, self.width, top + count)])[0])

    def cut(self, boxes: Sequence[Box]) -> list[Pixels]:
        """Give boxes (left, top, right, bottom) of the picture: (rows, columns, 3) each.

        They are 8-bit colours, uint8, or, where they hold a part of a picture, float32 in 0..1.
        """
        smooth = [
            (group.box, self._fine(group)) for group in self._groups() if any(common(group.box, b) for b in boxes)
        ]
        return [self._made(box, smooth) for box in boxes]

    def changes(self, old: "Plate") -> list[Box]:
        """List the boxes, none over another, outside of which this picture is an older one of the same size."""
        if self._paper != old._paper:
            return [(0, 0, self.width, self.height)]
        # Groups count as a whole: where Pillow's lines end, its float32 depends on the corner that they are drawn from.
        found = differences(self._groups(), old._groups())
        found += differences(self._bases, old._bases)
        found += differences(self._pictures, old._pictures) + differences(self._texts, old._texts)
        return joined(found, (self.width, self.height))

    def _groups(self) -> list[Group[Shape]]:
        if self._grouped is None:
            self._grouped = grouped(self._shapes, (self.width, self.height))
        return self._grouped

    def _shape(self, method: str, points: Sequence[float], room: float, **options: object) -> None:
        """Note what Pillow is to draw at FINE times the size, at most `room` beside the points."""
        low = [floor((min(points[axis::2]) - room) / FINE) - 1 for axis in (0, 1)]
        high = [ceil((max(points[axis::2]) + room) / FINE) + 1 for axis in (0, 1)]
        self._grouped = None
        self._shapes.append(Shape((low[0], low[1], high[0], high[1]), method, tuple(points), tuple(options.items())))

    def _fine(self, group: Group[Shape]) -> Image.Image:
        """Draw shapes FINE times as large, over the bases."""
        left, top, right, bottom = group.box
        size = (right - left) * FINE, (bottom - top) * FINE
        image = Image.new("RGB", size, self._paper)
        if any(common(base.box, group.box) for base in self._bases):
            image = Image.fromarray(self._bare(group.box)).resize(size, Image.Resampling.NEAREST)
        draw, corner = ImageDraw.Draw(image), np.array([left * FINE, top * FINE])
        for shape in group.marks:
            points = (np.reshape(shape.points, (-1, 2)) - corner).ravel().tolist()
            getattr(draw, shape.method)(points, **dict(shape.options))
        return image

    def _bare(self, box: Box) -> Bytes:
        """Make a box of paper and bases."""
        left, top, right, bottom = box
        whole = np.empty((bottom - top, right - left, 3), np.uint8)
        if not any(common(base.box, box) == box for base in self._bases):
            whole[:] = np.tile(np.array(self._paper, np.uint8), (right - left, 1))
        for base in self._bases:
            if seen := common(base.box, box):
                part_of(whole, box, seen)[:] = part_of(base.values, base.box, seen)
        return whole

    def _made(self, box: Box, smooth: Sequence[tuple[Box, Image.Image]]) -> Pixels:
        """Make a box of the picture."""
        drawn = self._bare(box)
        for place, image in smooth:
            if seen := common(place, box):
                inside = [FINE * (edge - place[n % 2]) for n, edge in enumerate(seen)]
                small = image.reduce(FINE, (inside[0], inside[1], inside[2], inside[3]))
                part_of(drawn, box, seen)[:] = np.asarray(small)
        whole: Pixels = drawn
        if any(common(picture.box, box) for picture in self._pictures):
            whole = _display(drawn)
        for picture in self._pictures:
            if seen := common(picture.box, box):
                np.clip(
                    part_of(picture.values, picture.box, seen),
                    0.0,
                    1.0,
                    out=part_of(whole, box, seen),
                    casting="unsafe",
                )
        for text in self._texts:
            if seen := common(text.box, box):
                write(part_of(whole, box, seen), seen, text)
        return whole


def _display(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Make display values of 8-bit colours."""
    if pixels.dtype == np.uint8:
        return np.divide(pixels, np.float32(255), dtype=np.float32)
    return np.asarray(pixels, np.float32)


@lru_cache(maxsize=2048)
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


def signed(values: Values, largest: float) -> Values:
    """Colour numbers from -largest (blue) over 0 (dark) to largest (orange): (...) -> (..., 3) in 0..1."""
    part = np.clip(np.asarray(values, np.float32) / np.float32(largest or 1.0), -1.0, 1.0)[..., None]
    ends = np.where(part < 0, np.array(NEGATIVE, np.float32), np.array(POSITIVE, np.float32))
    # The root keeps small weights visible.
    strength = np.sqrt(np.abs(part))
    return np.asarray((1 - strength) * np.array(ZERO, np.float32) + strength * ends, np.float32)


def bytes_of(colour: Colour) -> tuple[int, int, int]:
    """Round a colour to 8 bits."""
    r, g, b = (int(255 * min(max(c, 0.0), 1.0) + 0.5) for c in colour)
    return r, g, b


def _bent(points: npt.NDArray[np.float64], thick: int) -> list[npt.NDArray[np.float64]]:
    """List the pieces of a line (points, 2) whose bends have to be rounded: a wedge is open at their outer sides."""
    if thick <= THIN:
        return []
    step = np.diff(points, axis=0)
    turn = np.abs((np.diff(np.arctan2(step[:, 1], step[:, 0])) + np.pi) % (2 * np.pi) - np.pi)
    sharp = np.flatnonzero(turn * thick / 2 > WEDGE)
    runs = np.split(sharp, np.flatnonzero(np.diff(sharp) > APART) + 1)
    return [points[run[0] : run[-1] + 3] for run in runs if run.size]


@lru_cache(maxsize=2048)
def _extent(text: str, size: float, anchor: str) -> tuple[float, float, float, float]:
    """Tell the box of a line that is written at (0, 0)."""
    return font(size).getbbox(text, anchor=anchor)
