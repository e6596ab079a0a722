"""Numbers along the lower and the left edge of a picture of the plane, with ticks.

Of a turned picture the lower edge has the coordinate that changes most along it; ticks lean as the lines do on which
that is the same. Where a centre's digits are too many for numbers at an axis, they count from the centre.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np

from weightscape.draw.chart import labels, number, ticks, unit
from weightscape.draw.mark import Box
from weightscape.draw.sprite import Sprite, edged, haloed
from weightscape.network.view import Point2, Size, View, pixel_to_screen, screen_to_offset, turn

# Lengths on a picture of 720 pixels.
LETTER, TICK, GAP, APART = 12.0, 7.0, 3.0, 64.0
HALO = 2
# Where in a pixel a tick may begin: as few as are drawn again and again while a picture moves.
PLACES = 8
# A number has so many digits at most; with more it counts from the centre.
DIGITS = 1e-11
NAMES = ("x", "y")


@dataclass(frozen=True)
class Edge:
    """Hold an edge: where it begins and ends, in pixels, which coordinate it has, and which way its ticks point."""

    start: Point2
    end: Point2
    coordinate: int
    inwards: Point2


def axes(view: View, size: Size, box: Box | None = None) -> tuple[Sprite, ...]:
    """Draw ticks and numbers along the edges of a box (left, top, right, bottom; all of the picture by default)."""
    lower, upright = edges(view, size, box)
    return *lower, *upright


def edges(view: View, size: Size, box: Box | None = None) -> tuple[tuple[Sprite, ...], tuple[Sprite, ...]]:
    """Draw the lower and the left edge of axes(), each by itself."""
    left, top, right, bottom = box or (0, 0, *size)
    c, s = turn(view)
    first = 0 if abs(c) >= abs(s) else 1  # of the lower edge
    lower = Edge((left, bottom), (right, bottom), first, _line(view, first, (0.0, -1.0)))
    upright = Edge((left, bottom), (left, top), 1 - first, _line(view, 1 - first, (1.0, 0.0)))
    return tuple(_drawn(view, size, lower, is_upright=False)), tuple(_drawn(view, size, upright, is_upright=True))


def _line(view: View, coordinate: int, inwards: Point2) -> Point2:
    """Tell the direction, in pixels, of the lines on which a coordinate is the same, to the inside of the picture."""
    c, s = turn(view)
    across, down = ((c, s), (s, -c))[coordinate]  # how it changes to the right, and downwards
    along = -down, across
    sign = math.copysign(1.0, along[0] * inwards[0] + along[1] * inwards[1])
    return sign * along[0], sign * along[1]


def _drawn(view: View, size: Size, edge: Edge, is_upright: bool) -> Iterator[Sprite]:
    step, which = unit(size), edge.coordinate
    letters, tick, gap = LETTER * step, TICK * step, GAP * step
    length = math.dist(edge.start, edge.end)
    center = view.center[which]
    low, high = (screen_to_offset(view, pixel_to_screen(size, place))[which] for place in (edge.start, edge.end))
    is_far = abs(high - low) < DIGITS * float(abs(center)) * length / APART
    base = 0.0 if is_far else float(center)
    found = ticks(base + min(low, high), base + max(low, high), int(length / (APART * step)))
    name = f"{NAMES[which]} from {_center(center)}" if is_far else NAMES[which]
    for value, text in zip(found, labels(found), strict=True):
        part = (value - base - low) / (high - low)
        x, y = (a + part * (b - a) for a, b in zip(edge.start, edge.end, strict=True))
        yield _stroke(x, y, tick * edge.inwards[0], tick * edge.inwards[1])
        x, y = x + (tick + gap) * edge.inwards[0], y + (tick + gap) * edge.inwards[1]
        room = 2.5 * letters if is_upright else 4.0 * letters  # at both ends: the other edge's, and the name's
        if room < part * length < length - room:
            yield _word(x, y, text, letters, "lm" if is_upright else "mb")
    x, y = edge.end
    x, y = (x + gap, y + gap) if is_upright else (x - gap, y - tick - gap)
    yield _word(x, y, name, letters, "la" if is_upright else "rb")


def _center(center: Decimal) -> str:
    return number(float(center), 7)


def _stroke(x: float, y: float, dx: float, dy: float) -> Sprite:
    """Draw a line of a pixel's width, light with a dark edge, that begins at the next eighth of a pixel."""
    left, top = math.floor(x), math.floor(y)
    return _line_of(round((x - left) * PLACES) / PLACES, round((y - top) * PLACES) / PLACES, dx, dy).moved(left, top)


@lru_cache(maxsize=256)
def _line_of(x0: float, y0: float, dx: float, dy: float) -> Sprite:
    x1, y1 = x0 + dx, y0 + dy
    left, top = math.floor(min(x0, x1)) - HALO, math.floor(min(y0, y1)) - HALO
    right, bottom = math.ceil(max(x0, x1)) + HALO, math.ceil(max(y0, y1)) + HALO
    y, x = np.mgrid[top:bottom, left:right] + 0.5
    along = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    distance = np.hypot(x - x0 - along * dx, y - y0 - along * dy)
    light, edge = (np.clip(broad - distance, 0.0, 1.0).astype(np.float32)[..., None] for broad in (1.2, 2.2))
    return edged(left, top, light, edge)


def _word(x: float, y: float, text: str, size: float, anchor: str) -> Sprite:
    """Write a line of text, light with a dark edge, at whole pixels: most numbers stay while the picture moves."""
    return _written(text, size, anchor).moved(round(x), round(y))


@lru_cache(maxsize=256)
def _written(text: str, size: float, anchor: str) -> Sprite:
    return haloed(0.0, 0.0, text, size, anchor)
