"""Colour stops: a palette of one's own, written as "#rrggbb@0.25 ..." or as colours alone, which stand evenly.

The # may be missing: shells take it for a comment.

Between two stops colours are straight lines in OKLab, which pass through no mud. Twin of page/script/stops.js.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from weightscape.scene.colour_space import display, light, linear, oklab
from weightscape.scene.palette import COLOURS
from weightscape.scene.scene_error import SceneError

LEAST, MOST = 2, 16
FIELD = "stops"
STOP = re.compile(r"#?([0-9a-fA-F]{6})(?:@([0-9.eE+-]+))?")


@dataclass(frozen=True)
class Stop:
    """Hold a colour of 8 bits and its place in 0..1."""

    place: float
    colour: tuple[int, int, int]

    def __str__(self) -> str:
        return f"{hexed(self.colour)}@{self.place:.6g}"


def hexed(colour: tuple[int, int, int]) -> str:
    """Write a colour of 8 bits as #rrggbb."""
    return "#" + "".join(f"{part:02x}" for part in colour)


@lru_cache(maxsize=256)
def stops(text: str) -> tuple[Stop, ...]:
    """Read stops. Raises SceneError for what is none, for too few or too many, and for places that fall."""
    words = text.replace(",", " ").split()
    if not LEAST <= len(words) <= MOST:
        raise SceneError(FIELD, f"{len(words)} colours, and a scene holds {LEAST}..{MOST} stops such as #20407f@0.5")
    found = [_stop(word, n / (len(words) - 1)) for n, word in enumerate(words)]
    if len({"@" in word for word in words}) > 1:
        raise SceneError(FIELD, "either all stops have a place, or none has")
    for before, after in pairwise(found):
        if after.place < before.place:
            raise SceneError(FIELD, f"{after} stands before {before}")
    return tuple(found)


def _stop(word: str, evenly: float) -> Stop:
    match = STOP.fullmatch(word)
    try:
        if match is None:
            raise ValueError
        digits, place = match[1], float(match[2]) if match[2] else evenly
        if not 0.0 <= place <= 1.0:
            raise ValueError
    except ValueError:
        told = word if len(word) < 40 else f"{word[:36]} ..."
        raise SceneError(FIELD, f"{told!r} is not a colour and its place in 0..1, such as #20407f@0.5") from None
    return Stop(place, (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)))


@lru_cache(maxsize=64)
def stops_table(text: str) -> npt.NDArray[np.uint8]:
    """Make the colour table of stops: uint8 (256, 3)."""
    return gradient(stops(text))


def gradient(given: tuple[Stop, ...]) -> npt.NDArray[np.uint8]:
    """Lay colours between stops, straight in OKLab, and of one colour beyond the first and the last."""
    places = np.array([stop.place for stop in given])
    labs = oklab(linear(np.array([stop.colour for stop in given]) / 255.0))
    at = np.arange(COLOURS) / (COLOURS - 1)
    after = np.searchsorted(places, at, side="right").clip(1, len(given) - 1)
    span = places[after] - places[after - 1]
    part = ((at - places[after - 1]) / np.where(span > 0.0, span, 1.0)).clip(0.0, 1.0)[:, None]
    return _seen(labs[after - 1] * (1.0 - part) + labs[after] * part)


def blended(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8], part: float) -> npt.NDArray[np.uint8]:
    """Mix colours of 8 bits (n, 3), straight in OKLab: `part` 0 is `one`, 1 is `other`."""
    first, second = (oklab(linear(each / 255.0)) for each in (one, other))
    return _seen(first * (1.0 - part) + second * part)


def _seen(lab: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    return np.asarray(np.floor(255.0 * np.clip(display(light(lab)), 0.0, 1.0) + 0.5), np.uint8)


def reduced(colours: npt.NDArray[np.uint8]) -> tuple[str, int]:
    """Tell the stops that follow colours (n, 3), spread evenly, and the largest error that is left, of 255."""
    kept, error = telling(colours)
    return written(colours, kept), error


def telling(*tables: npt.NDArray[np.uint8]) -> tuple[tuple[int, ...], int]:
    """Tell the colours, as stops at the same places, that all tables (n, 3) follow, and the largest error, of 255.

    The ends are stops; then always the colour that is farthest off, until 8 bits are met or there are 16.
    """
    kept: tuple[int, ...] = 0, len(tables[0]) - 1
    while True:
        off = np.max([_off(colours, kept) for colours in tables], axis=0)
        worst = int(off.argmax())
        if len(kept) == MOST or off[worst] <= 0.5:
            return kept, round(float(off[worst]))
        kept = tuple(sorted({*kept, worst}))


def written(colours: npt.NDArray[np.uint8], kept: tuple[int, ...]) -> str:
    """Write some of colours (n, 3), spread evenly, as stops."""
    return " ".join(map(str, _made(colours, kept)))


def _made(colours: npt.NDArray[np.uint8], kept: tuple[int, ...]) -> tuple[Stop, ...]:
    return tuple(Stop(k / (len(colours) - 1), _colour(colours[k])) for k in kept)


def _off(colours: npt.NDArray[np.uint8], kept: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Tell how far each of colours (n, 3) is from what those that are kept make of it: (n,), of 255."""
    table = gradient(_made(colours, kept)).astype(np.float64)
    at = np.linspace(0.0, COLOURS - 1.0, len(colours))
    seen = np.stack([np.interp(at, np.arange(COLOURS), channel) for channel in table.T], -1)
    off = np.asarray(np.abs(seen - colours).max(-1), np.float64)
    off[list(kept)] = 0.0
    return off


def _colour(row: npt.NDArray[np.uint8]) -> tuple[int, int, int]:
    red, green, blue = map(int, row)
    return red, green, blue
