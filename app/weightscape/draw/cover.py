"""How much of each pixel curves cover, as lines or as light, and the picture that this makes over a backdrop.

In a column of pixels, a curve is a span from `low` to `high`, pixels from the top.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, prod

import numpy as np
import numpy.typing as npt

from weightscape.draw.letter import Bytes

Floats = npt.NDArray[np.float64]
Values = npt.NDArray[np.floating]
Cover = npt.NDArray[np.float32]

# Columns and rows that are gone over at once: what they take stays in the cache.
COLUMNS, ROWS = 256, 16
# Numbers of 4 bytes in a line of the cache, and in a way of it.
LINE, PAGE = 16, 1024
# What covers take is kept for the next ones, up to so many bytes: fresh memory takes as long as what is done in it.
KEPT_BYTES = 1 << 24
# Layers whose colours are summed at once: of more, BLAS makes threads, which wait for each other where others work.
AT_ONCE = 4
# Columns to a pixel in which a line's edge is looked for.
WITHIN = 3


@dataclass(frozen=True)
class Backdrop:
    """Say what is beneath: `rows` (height, 3) of one colour each, over them some `columns`, (height, 3) each."""

    rows: Floats
    columns: dict[int, Floats]
    width: int


class _Room(threading.local):
    """Lend each thread memory, the same again and again."""

    def __init__(self) -> None:
        self._kept = np.empty(0, np.float32)

    def lend(self, *shape: int) -> Cover:
        """Give an array that is written over by the next."""
        wanted = prod(shape)
        if 4 * wanted > KEPT_BYTES:
            return np.empty(shape, np.float32)
        if self._kept.size < wanted:
            self._kept = np.empty(wanted, np.float32)
        return self._kept[:wanted].reshape(shape)


_ROOM = _Room()


def covered(low: Values, high: Values, height: int, weights: Floats) -> Cover:
    """Sum how much of each pixel spans cover, times their weights.

    `low`, `high`: (columns, spans), `weights`: (spans, channels). Returns (channels, height, columns). A span that is
    not finite covers nothing. In the same thread, the next call writes over what the last one gave.
    """
    columns, channels = len(low), weights.shape[1]
    # Rows begin in different places of the cache.
    wide = channels * columns + (LINE - channels * columns) % PAGE
    sums = _ROOM.lend(height + 2, wide)
    sums.fill(0.0)
    for first in range(0, columns, COLUMNS):
        here = slice(first, first + COLUMNS)
        at, shares = _edges(low[here], high[here], height, wide)
        for k, weight in enumerate(np.asarray(weights.T, np.float32)):
            some = slice(None) if weight.all() else np.flatnonzero(weight)
            start = sums.reshape(-1)[k * columns + first :]
            np.add.at(start, at[..., some].ravel(), (shares[..., some] * weight[some]).ravel())
    light = sums[:height, : channels * columns]
    for above, row in pairwise(light):
        row += above
    return light.reshape(height, channels, columns).transpose(1, 0, 2)


def _edges(low: Values, high: Values, height: int, wide: int) -> tuple[npt.NDArray[np.intp], Cover]:
    """Tell where in rows of `wide` places cover changes, and by how much: up where spans begin, down where they end."""
    edges = np.asarray(np.clip(np.stack([low, high]), 0.0, height), np.float32)
    edges[:, ~np.isfinite(edges).all(0)] = 0.0
    row = edges.astype(np.int32)
    begins, ends = np.subtract(edges, row, dtype=np.float32)
    place = row.astype(np.intp) * wide + np.arange(len(low))[:, None]
    # An edge is shared between two rows.
    return np.stack([place, place + wide]), np.stack([[1.0 - begins, ends - 1.0], [begins, -ends]])


def stroke(places: Floats, thickness: float) -> tuple[Floats, Floats]:
    """Draw curves, `places` (columns, curves), with a round pen: the lowest and highest it gets, (columns, spans).

    Each curve has WITHIN spans, one beside the other; all of the first curve come first.
    """
    radius, count = thickness / 2.0, len(places)
    room = ceil(radius) + 2
    ends = np.pad(places, ((room, room), (0, 0)), "edge")
    slope = np.diff(ends, axis=0)
    # Beside a slope the pen reaches so far up and down; it touches there with what is so far right of its middle.
    reach = radius * np.hypot(1.0, slope)
    touch = slope * (radius * radius) / reach
    spans = []
    for n in range(WITHIN):
        x = (n + 0.5) / WITHIN - 0.5
        low, high = np.full((2, *places.shape), [[[np.inf]], [[-np.inf]]])
        for k in range(floor(x - radius), floor(x + radius) + 1):
            here, start = slice(room + k, room + k + count), k - x
            for at in {max(start, -radius), min(start + 1.0, radius)}:
                y, up = ends[here] + (at - start) * slope[here], max(radius * radius - at * at, 0.0) ** 0.5
                np.minimum(low, y - up, out=low)
                np.maximum(high, y + up, out=high)
            beside, where = ends[here] - start * slope[here], touch[here]
            np.maximum(high, beside + reach[here], out=high, where=(where > start) & (where < start + 1.0))
            np.minimum(low, beside - reach[here], out=low, where=(where < -start) & (where > -start - 1.0))
        spans.append((low, high))
    low, high = (np.stack(each, -1).reshape(count, -1) for each in zip(*spans, strict=True))
    return low, high


def painted(back: Backdrop, layers: Callable[[slice], Cover], colours: Floats) -> Bytes:
    """Paint layers of `colours` (layers, 3) over a backdrop: 8-bit colours (height, width, 3).

    `layers`: tells how much is seen of each, and last of the backdrop, in some rows: (layers + 1, rows, width).
    """
    height, paper = len(back.rows), np.median(back.rows, axis=0)
    weights = np.asarray(255.0 * np.concatenate([colours, [paper]]), np.float32)
    others = np.flatnonzero((back.rows != paper).any(-1)).tolist()
    columns = [*back.columns]
    more = _more(np.reshape([*back.columns.values()], (-1, height, 3)).swapaxes(0, 1), back.rows[:, None])
    whole = np.empty((height, back.width, 3), np.uint8)
    for first in range(0, height, ROWS):
        here = slice(first, min(first + ROWS, height))
        seen = layers(here)
        values = _mixed(seen, weights).reshape(-1, back.width, 3)
        for y in others:
            if here.start <= y < here.stop:
                values[y - first] += seen[-1, y - first, :, None] * _more(back.rows[y], paper)
        values[:, columns] += seen[-1][:, columns, None] * more[here]
        values += np.float32(0.5)
        whole[here] = values
    return whole


def _mixed(seen: Cover, weights: Cover) -> Cover:
    """Sum colours (layers, 3) by how much is seen of each, (layers, ...): products are small enough for one thread."""
    flat = seen.reshape(len(seen), -1)
    values = flat[:AT_ONCE].T @ weights[:AT_ONCE]
    for first in range(AT_ONCE, len(flat), AT_ONCE):
        values += flat[first : first + AT_ONCE].T @ weights[first : first + AT_ONCE]
    return np.asarray(values)


def _more(one: Floats, other: Floats) -> Cover:
    """Tell by how much colours differ, in 8 bits."""
    return np.asarray(255.0 * (one - other), np.float32)


def over(covers: Cover, out: Cover) -> None:
    """Tell how much is seen of each of some layers, of which each lies over those before, and of what is beneath.

    `covers`: (layers, ...), `out`: (layers + 1, ...).
    """
    out[-1] = 1.0
    for k in range(len(covers) - 1, -1, -1):
        np.multiply(covers[k], out[-1], out=out[k])
        out[-1] -= out[k]
