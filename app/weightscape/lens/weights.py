"""The lens that shows every matrix as a picture, and the weights of units that are fed an image as masks over it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from weightscape.draw.block import Floats, coloured, sampled, side_of_image
from weightscape.draw.cell_number import write
from weightscape.draw.chart import number
from weightscape.draw.plate import FAINT, INK, Plate, fitted, signed, text_width
from weightscape.lens.lens import Answered, Values, Want, chart
from weightscape.lens.weights_layout import SMALL, Layout, MatrixTile, layout
from weightscape.network.network import Network, distinct_weights
from weightscape.network.view import Size
from weightscape.scene.lens_name import layer_tap, units_tap
from weightscape.scene.scene import Scene


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    """Want nothing, for weights are no values of the plane; look whether the layer and the unit are there."""
    layer_tap(scene.layer, False, network)
    if side_of_image(network.widths[0]) and scene.layer in (0, 1):
        units_tap(1, (scene.unit,), False, network)
    return ()


def ends(network: Network) -> tuple[float, float]:
    """Tell the size of the largest weight, the end of the pictures' scale: of the first matrix, and of the others.

    They share a scale, but for masks over an image: of many inputs each weight is small.
    """
    first = float(np.abs(network.weights[0]).max(initial=0.0)) or 1.0
    later = {id(W): W for W in network.weights[1:]}.values()
    rest = max((float(np.abs(W).max(initial=0.0)) for W in later), default=0.0) or first
    return (first, rest) if side_of_image(network.widths[0]) else (max(first, rest),) * 2


def pixels(tile: MatrixTile, network: Network) -> Values:
    """Colour what a tile shows: (height, width, 3)."""
    W, end = network.weights[tile.first], ends(network)[min(tile.first, 1)]
    if tile.mask < 0:
        return coloured(W, tile.height, tile.width, end)
    return signed(sampled(mask(W, tile.mask), tile.height, tile.width), end)


def mask(W: Floats, unit: int) -> Floats:
    """Lay a unit's weights over the square image that it is fed."""
    side = side_of_image(len(W))
    return W[:, unit].reshape(side, side)


def _plate(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Plate:
    plate, plan = Plate(size), layout(scene, network, size)
    letter = plan.letter
    for tile in plan.tiles:
        plate.picture(tile.left, tile.top, pixels(tile, network))
        if tile.mask < 0:
            _numbers(plate, tile, network, letter)
        if letter:
            _header(plate, tile, letter)
    if letter:
        plate.text(
            0.8 * letter,
            0.6 * letter,
            fitted(_title(scene, network, plan), size[0] - 1.6 * letter, 1.15 * letter),
            1.15 * letter,
        )
        _bars(plate, plan, network)
    return plate


def _numbers(plate: Plate, tile: MatrixTile, network: Network, letter: float) -> None:
    """Write weights into cells that are large enough."""
    W = network.weights[tile.first]
    cell = tile.width // W.shape[1], tile.height // W.shape[0]
    if cell[1] > letter > 0.0:
        write(plate, W, tile.left, tile.top, cell, letter, ends(network)[min(tile.first, 1)])


def _title(scene: Scene, network: Network, plan: Layout) -> str:
    ending = {2: "nd", 3: "rd"}.get(plan.every, "th")
    changed = ", and those with changed weights" if scene.edits else ""
    some = f", every {plan.every}{ending} matrix is shown{changed}" if plan.every > 1 else ""
    return f"{distinct_weights(network):,} weights{some}"


def _header(plate: Plate, tile: MatrixTile, letter: float) -> None:
    middle = tile.left + tile.width / 2.0
    if tile.shape:
        plate.text(middle, tile.top - 1.45 * letter, tile.name, letter, INK, "ms")
        plate.text(middle, tile.top - 0.4 * letter, tile.shape, SMALL * letter, FAINT, "ms")
    elif text_width(tile.name, SMALL * letter) <= tile.width:
        plate.text(tile.left, tile.top - 0.2 * letter, tile.name, SMALL * letter, FAINT, "ls")


def _bars(plate: Plate, plan: Layout, network: Network) -> None:
    """Draw the scale of all pictures, or one beneath the masks and one beneath the matrices."""
    masks, rest = ends(network)
    has_masks = [tile.mask >= 0 for tile in plan.tiles]
    if masks == rest or all(has_masks) or not any(has_masks):
        _bar(plate, plate.width / 2.0, 0.6 * plate.width, plan.letter, masks if all(has_masks) else rest)
        return
    edge = max(tile.left + tile.width for tile in plan.tiles if tile.mask >= 0)
    _bar(plate, edge / 2.0, 0.6 * edge, plan.letter, masks)
    _bar(plate, (edge + plate.width) / 2.0, 0.6 * (plate.width - edge), plan.letter, rest)


def _bar(plate: Plate, middle: float, room: float, letter: float, end: float) -> None:
    """Draw a scale from -end to end."""
    width, height = max(round(min(22.0 * letter, room)), 1), max(round(0.6 * letter), 1)
    left, top = round(middle - width / 2.0), round(plate.height - 1.3 * letter)
    plate.picture(left, top, signed(np.linspace(-end, end, width)[None].repeat(height, 0), end))
    for part, text in ((0.0, number(-end)), (0.5, "0"), (1.0, number(end))):
        plate.text(left + part * width, top - 0.25 * letter, text, SMALL * letter, FAINT, "ms")


def _pick(scene: Scene, network: Network, size: Size, point: tuple[float, float]) -> Scene | None:
    """Lead to the unit whose weights are under a point: a mask, or a matrix's column."""
    for tile in layout(scene, network, size).tiles:
        x, y = point[0] - tile.left, point[1] - tile.top
        if 0.0 <= x < tile.width and 0.0 <= y < tile.height:
            unit = tile.mask if tile.mask >= 0 else int(x * network.widths[tile.first + 1] / tile.width)
            return replace(scene, lens="unit", layer=(tile.first + 1) % network.layers, unit=unit)
    return None


WEIGHTS = chart(_wants, _plate, _pick)
