"""One part of a forward pass as it is drawn: header, cells, and the numbers in them."""

from collections.abc import Mapping

import numpy as np

from weightscape.draw.block import Floats, coloured, resampled
from weightscape.draw.cell_number import write
from weightscape.draw.plate import FAINT, GRID, INK, PAPER, Plate
from weightscape.draw.script import draw_script, script_width
from weightscape.lens.probe_layout import ProbePart
from weightscape.network.network import Network
from weightscape.scene.colour import Colour
from weightscape.scene.shade import shade

SMALL = 0.85


def draw_frame(plate: Plate, part: ProbePart, letter: float, network: Network) -> None:
    """Draw a part's header, and all of a block."""
    middle = part.left + part.width / 2.0
    if letter:
        start = middle - script_width(part.name, letter) / 2.0
        draw_script(plate, start, part.top - 1.55 * letter, part.name, letter, INK)
        plate.text(middle, part.top - 0.5 * letter, part.shape, SMALL * letter, FAINT, "ms")
    if part.kind == "block":
        _block(plate, part, letter, network)


def draw_values(plate: Plate, part: ProbePart, letter: float, values: Mapping[int, Floats], colour: Colour) -> None:
    """Draw what a part shows of the values, which are the layers' (model layer 0: the inputs)."""
    if part.kind == "fold":
        _fold(plate, part, values)
    elif part.kind == "image":
        plate.picture(part.left, part.top, image(values[0], part))
    elif part.kind == "answer":
        _answer(plate, part, values[part.layers[0]], colour)
    elif part.kind == "strip":
        _cells(plate, part, part.top, values[part.layers[0]][:, None], letter)


def image(inputs: Floats, part: ProbePart) -> Floats:
    """Show a square of inputs in grey, 0 black and 1 white unless they go beyond: (height, width, 3)."""
    side = round(len(inputs) ** 0.5)
    low, high = min(float(inputs.min()), 0.0), max(float(inputs.max()), 1.0)
    grey = resampled((inputs.reshape(side, side) - low) / (high - low), part.height, part.width)
    return grey[..., None].repeat(3, -1)


def _cells(plate: Plate, part: ProbePart, top: int, matrix: Floats, letter: float, largest: float = 0.0) -> None:
    """Draw a matrix as cells of the part's size, or, where it has none, as a picture of the part's size."""
    largest = largest or float(np.abs(matrix).max(initial=0.0))
    high = part.cell[1]
    height = len(matrix) * high if high else part.height
    plate.picture(part.left, top, coloured(matrix, height, part.width, largest))
    if not high or not letter:
        return
    write(plate, matrix, part.left, top, part.cell, letter, largest)


def _block(plate: Plate, part: ProbePart, letter: float, network: Network) -> None:
    layer = part.layers[0]
    W, b = network.weights[layer], network.biases[layer]
    largest = max(float(np.abs(W).max()), float(np.abs(b).max()))
    _cells(plate, part, part.top, W, letter, largest)
    if not part.has_bias:
        return
    top = part.top + part.height + max(round(0.4 * letter), 2)
    height = part.cell[1] or max(round(0.5 * letter), 1)
    if part.cell[1]:
        _cells(plate, part, top, b[None], letter, largest)
    else:
        plate.picture(part.left, top, coloured(b[None], height, part.width, largest))
    if not letter:
        return
    name = f"{'bias' if part.name.startswith('w') else 'b'}_{layer + 1}"
    start = part.left + (part.width - script_width(name, SMALL * letter)) / 2.0
    draw_script(plate, start, top + height + 1.1 * letter, name, SMALL * letter, FAINT)


def _fold(plate: Plate, part: ProbePart, values: Mapping[int, Floats]) -> None:
    """Draw strips without numbers, each in the middle of the height."""
    if not part.layers:
        return
    wide = part.width // len(part.layers)
    tallest = max(len(values[k]) for k in part.layers)
    for n, k in enumerate(part.layers):
        height = max(round(part.height * len(values[k]) / tallest), 1)
        strip = coloured(values[k][:, None], height, max(wide - 1, 1))
        plate.picture(part.left + n * wide, part.top + (part.height - height) // 2, strip)


def _answer(plate: Plate, part: ProbePart, outputs: Floats, colour: Colour) -> None:
    """Draw the outputs' colour, or which of many is the largest."""
    right, bottom = part.left + part.width, part.top + part.height
    if len(outputs) <= 3:
        plate.box(part.left, part.top, right, bottom, tuple(map(float, shade(outputs, colour))), GRID)  # type: ignore[arg-type]
        return
    plate.box(part.left, part.top, right, bottom, PAPER, FAINT)
    text = str(int(outputs.argmax()))
    plate.text((part.left + right) / 2.0, (part.top + bottom) / 2.0, text, 0.62 * part.height, INK, "mm")
