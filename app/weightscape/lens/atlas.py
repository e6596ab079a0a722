"""Lenses of many units at once: every unit of a layer, or of all layers, as a small picture of the whole view.

A window's GPU colours the cells: _pictures() is a twin of shaders/cells.frag, and paper and letters are drawn once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from weightscape.draw.cells import Cells, laid_out
from weightscape.draw.chart import worded
from weightscape.draw.cross import crossed
from weightscape.draw.plate import FAINT, INK, PAPER, Plate, text_width
from weightscape.lens.lens import Answered, Drawing, DrawnLens, Mosaic, Span, Streamed, Values, Want, few_of
from weightscape.lens.output import SYMMETRIC, levels_of
from weightscape.network.network import Network, Tap
from weightscape.network.view import Size
from weightscape.scene.colour import colour
from weightscape.scene.lens_name import layer_tap
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade
from weightscape.scene.shading import Shading, bounded
from weightscape.scene.silence import silenced_in


def cells_of(scene: Scene, network: Network, size: Size) -> Cells:
    """Lay out the scene's units. Raises SceneError for a layer that the network has not."""
    if scene.lens == "atlas":
        return laid_out(size, tuple(range(network.layers)), network.widths[1:])
    layer = layer_tap(scene.layer, scene.before, network).layer % network.layers
    return laid_out(size, (layer,), (network.widths[1 + layer],))


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    """Ask for all units that are shown at once, on the points of one cell."""
    cells = cells_of(scene, network, size)
    taps = []
    for layer, count in zip(cells.layers, cells.units, strict=True):
        units = None if count == network.widths[1 + layer] else tuple(range(count))
        taps.append(Tap(layer, units, scene.before))
    return (Want(network, scene.view, cells.size, tuple(taps)),)


def _draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
    cells, plate = cells_of(scene, network, size), Plate(size)
    plate.picture(0, 0, _pictures(scene, network, size, cells, answers[0]))
    if cells.frame.text:
        _write(plate, cells, _titles(scene, network, cells))
    return plate.pixels()


def _pictures(scene: Scene, network: Network, size: Size, cells: Cells, answered: Answered) -> Values:
    """Draw every cell, paper between them: float32 (height, width, 3)."""
    canvas = np.empty((size[1], size[0], 3), np.float32)
    canvas[...] = PAPER
    (wide, high), stride, places = cells.size, answered.stride, cells.places()
    first = 0
    for layer, count in zip(cells.layers, cells.units, strict=True):
        levels = levels_of(scene, answered.field, slice(first, first + count), network.activations[layer])
        colours = shade(levels[..., None], colour(scene)).repeat(stride, 0).repeat(stride, 1)[:high, :wide]
        silent = silenced_in(scene, layer)
        for unit, (left, top) in enumerate(places[first : first + count].tolist()):
            cell = colours[:, :, unit]
            canvas[top : top + high, left : left + wide] = crossed(cell) if unit in silent else cell
        first += count
    return canvas


def _tops(cells: Cells) -> list[int]:
    return sorted(set(cells.places()[:, 1].tolist()))


def _spans(scene: Scene, network: Network, size: Size, span: Span) -> list[Span]:
    """Ask for the rows of a cell that lines of cells have in some rows of the picture."""
    cells = cells_of(scene, network, size)
    found = (_common(span, top, cells.size[1]) for top in _tops(cells))
    return list(dict.fromkeys(each for each in found if each[1] > 0))


def _common(span: Span, top: int, high: int) -> Span:
    """Tell which rows of a cell, whose top is there, are among some of the picture."""
    first = max(span[0] - top, 0)
    return first, min(sum(span) - top, high) - first


def _drawing(scene: Scene, network: Network, size: Size, few: Answered) -> Drawing:
    """Draw some rows of a large picture; what is stretched has the range of few of its points."""
    cells = cells_of(scene, network, size)
    places, (wide, high) = cells.places().tolist(), cells.size
    lines = list(_lines(cells))
    starts = dict(zip(cells.layers, np.cumsum([0, *cells.units]).tolist(), strict=False))

    def draw(span: Span, answers: Sequence[Answered]) -> Values:
        found = dict(zip(_spans(scene, network, size, span), answers, strict=True))
        canvas, plate = np.full((span[1], size[0], 3), PAPER, np.float32), Plate(size)
        for layer, units in lines:
            above = places[units.start][1]
            first, rows = _common(span, above, high)
            if rows <= 0:
                continue
            answered, activation = found[first, rows], network.activations[layer]
            levels = levels_of(scene, answered.field, units, activation, few.field)
            colours = shade(levels[..., None], colour(scene))
            begin, silent = above + first - span[0], silenced_in(scene, layer)
            for unit, (left, _) in enumerate(places[units], start=units.start - starts[layer]):
                cell = colours[:, :, unit - units.start + starts[layer]]
                shown = crossed(cell, first, high) if unit in silent else cell
                canvas[begin : begin + rows, left : left + wide] = shown
        plate.picture(0, span[0], canvas)
        if cells.frame.text:
            _write(plate, cells, _titles(scene, network, cells))
        return plate.rows(*span)

    return draw


def _lines(cells: Cells) -> Iterator[tuple[int, slice]]:
    """List the lines of cells: layer, and channels."""
    first = 0
    for layer, count in zip(cells.layers, cells.units, strict=True):
        for line in range(first, first + count, cells.columns):
            yield layer, slice(line, min(line + cells.columns, first + count))
        first += count


def _titles(scene: Scene, network: Network, cells: Cells) -> tuple[str, ...]:
    """Say which units these are, and of what else there would be, in fewer and fewer words."""
    widths = [network.widths[1 + k] for k in cells.layers]
    most, shown, layers = max(widths), max(cells.units), network.layers
    count = f"{most} unit{'s' * (most > 1)}"
    first = "" if shown == most else f"the first {shown} of "
    names = network.activations[cells.layers[0]], network.activations[cells.layers[-1]]
    if scene.lens == "units":
        outputs = ", the outputs" * (cells.layers[0] == layers - 1)
        brief = f"layer {cells.layers[0] + 1} of {layers}"
        what = f"{brief}{outputs}: {first}{count}"
    else:
        some = f"{len(cells.layers)} of " * (len(cells.layers) < layers)
        brief = f"{some}{layers} layer{'s' * (layers > 1)}"
        what = f"{brief} with {first or 'up to ' * (most > min(widths))}{count}"
        what += " each" * (layers > 1) + f", evenly from 1 to {layers}" * (len(cells.layers) < layers)
    name = names[0] if names[0] == names[1] else f"{names[0]}, at the end {names[1]}"
    stretched = ", each stretched to its own range" * (scene.levels == "auto")
    side = "before" if scene.before else "after"
    return f"{what}, {side} {name}{stretched}", f"{what}, {side} {' … '.join(dict.fromkeys(names))}", what, brief


def _write(plate: Plate, cells: Cells, titles: tuple[str, ...]) -> None:
    frame = cells.frame
    left = cells.left + frame.number
    title = worded(titles, plate.width - frame.margin - left, frame.text)
    plate.text(left, frame.head / 2, title, frame.text, INK, "lm")
    if frame.number:
        _number_layers(plate, cells)
    if frame.strip:
        _number_cells(plate, cells, cells.size[1] + frame.gap // 4, "mt")
    elif cells.columns >= max(cells.units) and cells.top - frame.head >= frame.text:
        _number_cells(plate, cells, -frame.gap - 1, "ms")


def _number_layers(plate: Plate, cells: Cells) -> None:
    """Write layers' numbers beside their blocks, as many as there is room for."""
    frame, last = cells.frame, None
    for (left, top), layer, lines in zip(cells.corners().tolist(), cells.layers, cells.lines.tolist(), strict=True):
        middle = top + (lines * cells.pitch[1] - frame.gap - frame.strip) / 2
        if last is None or middle < last or middle - last >= 1.2 * frame.text:
            plate.text(left + frame.number - frame.margin, middle, str(layer + 1), frame.text, FAINT, "rm")
            last = middle


def _number_cells(plate: Plate, cells: Cells, below: int, anchor: str) -> None:
    """Write units' numbers `below` the cells' tops; where that is above them, over the first lines alone."""
    numbers = np.concatenate([np.arange(count) for count in cells.units]).tolist()
    widest = text_width(str(max(numbers)), cells.frame.text)
    step = max(1, int(np.ceil(1.3 * widest / cells.pitch[0])))
    for unit, (left, top) in zip(numbers, cells.places().tolist(), strict=True):
        if unit % step == 0 and (below > 0 or top == cells.top):
            plate.text(left + cells.size[0] / 2, top + below, str(unit), cells.frame.text, FAINT, anchor)


def _pick(scene: Scene, network: Network, size: Size, point: tuple[float, float]) -> Scene | None:
    """Lead from a cell to its unit."""
    found = cells_of(scene, network, size).at(point)
    if found is None:
        return None
    layer, unit = found
    return replace(scene, lens="unit", layer=0 if layer == network.layers - 1 else layer + 1, unit=unit)


def _paper(scene: Scene, network: Network, size: Size) -> npt.NDArray[np.uint8]:
    """Give the picture without its cells."""
    cells = cells_of(scene, network, size)
    return _lettered(size, cells, _titles(scene, network, cells))


@lru_cache(maxsize=2)  # the halves of a split view
def _lettered(size: Size, cells: Cells, titles: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    plate = Plate(size)
    if cells.frame.text:
        _write(plate, cells, titles)
    return np.rint(plate.pixels() * 255).astype(np.uint8)


def _shading(scene: Scene, network: Network, size: Size) -> Shading | None:
    """Say levels_of() to the GPU; what is stretched needs all numbers of a unit, and crosses need a drawing."""
    if scene.levels == "auto":
        return None
    cells = cells_of(scene, network, size)
    if any(silenced_in(scene, layer) for layer in cells.layers):
        return None
    if scene.before:
        return bounded(sum(cells.units))
    is_symmetric = np.repeat([network.activations[layer] in SYMMETRIC for layer in cells.layers], cells.units)
    span, bias = np.where(is_symmetric, 2.0, 1.0), np.where(is_symmetric, 0.5, 0.0)
    return Shading(np.zeros(len(span)), span, bias)


# A layer has up to 512 units, of which each is measured on few points.
_few = partial(few_of, channels=256)
ATLAS = DrawnLens(
    _wants,
    _draw,
    _pick,
    is_chart=True,
    mosaic=Mosaic(_paper, cells_of, _shading),
    streamed=Streamed(_few, _spans, _drawing),
)
