"""The drawing of the lens norms: histograms on the left, sizes and what theory says of them on the right.

A row is a layer, the first at the top, in both panels; many layers become a strip of colour each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from weightscape.draw.cells import is_lettered
from weightscape.draw.chart import LETTER, unit, worded
from weightscape.draw.plate import FAINT, GRID, INK, PAPER, POSITIVE, Plate, text_width
from weightscape.lens.lens import Answered, Values, chart
from weightscape.lens.norms import Norms, Scale, growth, measure, sizes_scale, wants
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.scene.colour import Colour
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise, shade

FILL, LAW = (0.42, 0.52, 0.66), (0.36, 0.66, 1.0)
# Rows lower than this, pixels, are strips of colour.
LOWEST_RIDGE = 6.0
# Lines of text above the panels.
LINES = 4
# Bars of more than so many times the mean one's count are cut: bells fit, spikes do not.
CUT = 4.0
ASKED, SIDES = "How large are the values of each layer?", ("before", "after")


@dataclass(frozen=True)
class Room:
    """Place the two panels, pixels: from `left` to `right` each, both from `top` to `bottom`."""

    text: float
    top: int
    bottom: int
    left: tuple[int, int]
    right: tuple[int, int]

    def edges(self, layers: int) -> npt.NDArray[np.int64]:
        """Tell where rows begin and the last one ends: (layers + 1,), pixels."""
        return np.linspace(self.top, self.bottom, layers + 1).round().astype(np.int64)


def room_of(network: Network, size: Size) -> Room:
    """Divide a picture; a small one is all histograms."""
    width, height = size
    text = LETTER * unit(size)
    if not is_lettered(size):
        return Room(0.0, 0, height, (0, width), (width, width))
    margin, line = round(0.6 * text), 1.35 * text
    start = 2 * margin + math.ceil(text_width(str(network.layers), text))
    half = (width - start - 5 * margin) // 2
    top, bottom = round(LINES * line + 1.4 * margin), height - math.ceil(1.1 * line)
    return Room(text, top, bottom, (start, start + half), (width - margin - half, width - margin))


def _plate(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Plate:
    plate, room, norms = Plate(size), room_of(network, size), measure(scene, network, answers)
    plate.base(room.left[0], room.top, histograms(norms, room, scene.quantise))
    if room.text:
        scale = sizes_scale(norms)
        _number_axis(plate, room, room.left, norms.scale)
        _number_axis(plate, room, room.right, scale, has_lines=True)
        _number_layers(plate, room, network.layers)
        _curves(plate, room, norms, scale)
        _explain(plate, room, scene, network)
    return plate


def histograms(norms: Norms, room: Room, how: str) -> npt.NDArray[np.uint8]:
    """Draw every layer's histogram, heights or colours being roots of the counts: uint8 (rows, columns, 3)."""
    wide, high, layers = room.left[1] - room.left[0], room.bottom - room.top, len(norms.counts)
    counts = norms.counts
    mean = counts.sum(1, keepdims=True) / (counts > 0).sum(1, keepdims=True)
    often = np.sqrt(counts / np.minimum(CUT * mean, counts.max(1, keepdims=True)))
    if high < LOWEST_RIDGE * layers:
        strips = np.asarray(np.minimum(often, 1.0), np.float32)
        strips = np.asarray(Image.fromarray(strips).resize((wide, high), Image.Resampling.BOX))
        return quantise(shade(strips[..., None], Colour("magma")), how)
    columns = np.arange(wide) * often.shape[1] // wide
    ground = np.full((1, wide, 3), PAPER, np.float32)
    if norms.scale.low <= 0.0 <= norms.scale.high:
        ground[:, round(float(norms.scale.place(0.0)) * (wide - 1))] = GRID
    rows = np.diff(room.edges(layers)).tolist()
    ridges = (_ridge(bars[columns], row, ground) for bars, row in zip(often, rows, strict=True))
    return np.concatenate([quantise(ridge, how) for ridge in ridges])


def _ridge(bars: Values, row: int, ground: Values) -> Values:
    """Draw one histogram `row` pixels high; bars beyond 1 are cut, which a light edge tells."""
    above = np.arange(row)[::-1, None]
    tall = np.minimum(bars, 1.0) * 0.92 * row
    part = np.asarray(np.clip(tall - above, 0.0, 1.0), np.float32)
    edge = max(1.0, 0.06 * row)
    is_light = (bars > 1.0) & (above >= 0.92 * row - edge)
    picture = np.empty((row, len(bars), 3), np.float32)
    # Colour by colour: loops over the three would take most of the time.
    for k in range(3):
        below = np.where(above == 0, np.float32(GRID[k]), ground[..., k])
        picture[..., k] = below * (1 - part) + np.where(is_light, np.float32(INK[k]), np.float32(FILL[k])) * part
    return picture


def _curves(plate: Plate, room: Room, norms: Norms, scale: Scale) -> None:
    """Draw root mean squares from layer to layer: after the activation, as the law has them, and measured."""
    (left, right), layers = room.right, len(norms.measured)
    y = (np.arange(layers) + 0.5) * (room.bottom - room.top) / layers + room.top
    dot, thick = min(0.3 * (y[0] - room.top) * 2, 0.26 * room.text), 0.11 * room.text
    for sizes, colour, bold in ((norms.after, FAINT, 0.6), (norms.predicted, LAW, 1.0), (norms.measured, POSITIVE, 1)):
        x = left + scale.place(sizes) * (right - left)
        plate.line(x, y, colour, bold * thick)
        radius = max(dot * (1.45 if colour == LAW else bold), 0.6 * thick)
        for place in zip(x.tolist(), y.tolist(), strict=True):
            plate.dot(*place, radius, colour)


def _number_axis(plate: Plate, room: Room, panel: tuple[int, int], scale: Scale, has_lines: bool = False) -> None:
    """Write numbers below a panel, none over another, with lines up through it."""
    (left, right), size = panel, 0.9 * room.text
    taken: list[tuple[float, float]] = []
    for value, text in scale.marks(max(int((right - left) / (4.5 * size)), 2)):
        x = left + float(scale.place(value)) * (right - left)
        half = text_width(text, size) / 2
        middle = min(max(x, left + half), right - half)
        if has_lines:
            plate.line([x, x], [room.top, room.bottom], GRID, 0.07 * size)
        if all(middle + half + 0.6 * size < a or middle - half - 0.6 * size > b for a, b in taken):
            taken.append((middle - half, middle + half))
            plate.text(middle, room.bottom + 0.25 * size, text, size, FAINT, "ma")


def _number_layers(plate: Plate, room: Room, layers: int) -> None:
    """Write round layer numbers beside the rows, and the first."""
    row = (room.bottom - room.top) / layers
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if n * row >= 1.25 * room.text or n > layers)
    for layer in range(1, layers + 1):
        if layer % step == 0 or (layer == 1 and step > 2):
            y = room.top + (layer - 0.5) * row
            plate.text(room.left[0] - 0.5 * room.text, y, str(layer), 0.9 * room.text, FAINT, "rm")


def _explain(plate: Plate, room: Room, scene: Scene, network: Network) -> None:
    """Write what is seen: the title, and over each panel what it shows."""
    names = ", at the end ".join(dict.fromkeys((network.activations[0], network.activations[-1])))
    text, line, wide = room.text, 1.35 * room.text, room.left[1] - room.left[0]
    title = worded((f"{ASKED} ({names})", ASKED, "sizes of values"), room.right[1] - room.left[0], 1.1 * text)
    plate.text(room.left[0], 0.4 * text, title, 1.1 * text)
    left = (*growth(scene, network), _counted(scene))
    right = zip(_sizes(scene, network), (POSITIVE, LAW, FAINT), strict=True)
    for n, (words, (meanings, colour)) in enumerate(zip(left, right, strict=True), start=1):
        x, y = room.right[0], 0.5 * text + n * line
        plate.text(room.left[0], y, worded(words, wide, text), text, FAINT)
        plate.dot(x + 0.4 * text, y + 0.6 * text, 0.28 * text, colour)
        plate.text(x + 1.2 * text, y, worded(meanings, wide - 1.2 * text, text), text, FAINT if n > 2 else INK)


def _counted(scene: Scene) -> tuple[str, ...]:
    """Say what the histograms count, in fewer and fewer words."""
    side = "before" if scene.before else "after"
    return (
        f"how often which value {side} the activation (roots)",
        f"counts of values {side} the activation",
        f"values {side} the activation",
        f"values {side} activation",
        f"values {side} it",
    )


def _sizes(scene: Scene, network: Network) -> tuple[tuple[str, ...], ...]:
    """Say what each curve of sizes is, in fewer and fewer words."""
    is_tied = scene.tied and not scene.weights and network.layers > 3
    law = ("what theory says of it", "in theory", "theory")
    tied = ("what theory says of it, were layers not tied", "theory, were layers not tied", "theory, if not tied")
    around = ([f"usual size (rms) {side} the activation", f"rms {side} activation", f"rms {side}"] for side in SIDES)
    before, after = map(tuple, around)
    return before, tied if is_tied else law, after


def _pick(scene: Scene, network: Network, size: Size, point: tuple[float, float]) -> Scene | None:
    """Lead from a row to all units of its layer."""
    room = room_of(network, size)
    row = (point[1] - room.top) / (room.bottom - room.top) * network.layers
    if not 0.0 <= row < network.layers:
        return None
    layer = int(row) + 1
    return replace(scene, lens="units", layer=0 if layer == network.layers else layer)


NORMS = chart(wants, _plate, _pick)
