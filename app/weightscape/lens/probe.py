"""The lens that shows the forward pass of one point: a strip of cells for each layer, a block for each matrix."""

from collections.abc import Sequence

import numpy as np

from weightscape.draw.block import Floats
from weightscape.draw.chart import LETTER, coordinates, signs, unit
from weightscape.draw.plate import FAINT, Plate, fitted, text_width
from weightscape.lens import formula, point
from weightscape.lens.lens import Answered, DrawnLens, Values, Want
from weightscape.lens.probe_layout import Layout, ProbePart, has_words, layout
from weightscape.lens.probe_part import draw_part
from weightscape.network.network import Network, Tap
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

NOTE = "blue: below 0, orange: above, each strip and block by its own largest number"
MOST_NAMED = 8


def shown_layers(plan: Layout) -> list[int]:
    """List the layers whose values are drawn, but for the inputs, from the first to the outputs."""
    return sorted({k for part in plan.parts if part.kind in ("strip", "fold", "answer") for k in part.layers} - {0})


def values_of(scene: Scene, network: Network, plan: Layout, values: Values) -> dict[int, Floats]:
    """Sort what was answered into layers; layer 0 are the inputs."""
    layers = shown_layers(plan)
    ends = np.cumsum([network.widths[k] for k in layers])
    parts = np.split(np.asarray(values, np.float64), ends[:-1])
    return {0: point.inputs(scene)} | dict(zip(layers, parts, strict=True))


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    taps = tuple(Tap(k - 1) for k in shown_layers(layout(network, size)))
    return (point.ask(scene, network, size, taps),)


def _draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
    plate, plan = Plate(size), layout(network, size)
    values = values_of(scene, network, plan, answers[0].field.values[0, 0])
    for part, after in zip(plan.parts, (*plan.parts[1:], None), strict=True):
        draw_part(plate, part, plan.letter, network, values, scene.palette)
        if plan.letter and after and after.kind != "block" and part.kind != "fold":
            _arrow(plate, part, after, plan.letter)
    _input_names(plate, plan, scene)
    _words(plate, LETTER * unit(size), scene, network, size)
    return plate.pixels()


def _arrow(plate: Plate, part: ProbePart, after: ProbePart, letter: float) -> None:
    """Point from a part to the next, in the gap between their headers."""
    left = part.left + (part.width + part.room(letter)) / 2.0
    right = after.left + (after.width - after.room(letter)) / 2.0
    x, y, half = (left + right) / 2.0, part.top + part.height / 2.0, 0.4 * letter
    plate.line([x - half, x + half], [y, y], FAINT, 0.1 * letter)
    plate.line([x, x + half, x], [y - half, y, y + half], FAINT, 0.1 * letter)


def _input_names(plate: Plate, plan: Layout, scene: Scene) -> None:
    """Write what the inputs are called in front of their cells."""
    strip = plan.parts[0]
    if not plan.letter or scene.origin or len(scene.inputs) > MOST_NAMED or strip.cell[1] < 0.8 * plan.letter:
        return
    right, size = strip.left - 0.5 * plan.letter, 0.9 * plan.letter
    for n, name in enumerate(scene.inputs):
        y = strip.top + (n + 0.5) * strip.cell[1]
        plate.text(right, y, _short_name(name, right - 0.2 * plan.letter, size), size, FAINT, "rm")


def _short_name(name: str, room: float, size: float) -> str:
    """Write an input's name, or a constant with as many digits as there is room for."""
    if name.isidentifier():
        return fitted(name, room, size)
    texts = [signs(f"{float(name):.{digits}g}") for digits in (6, 3, 2, 1)]
    return next((text for text in texts if text_width(text, size) <= room), "")


def _words(plate: Plate, letter: float, scene: Scene, network: Network, size: Size) -> None:
    """Write which point it is, and the pass as algebra and as Python."""
    if not has_words(size):
        return
    x, y = coordinates(point.place(scene), point.pixel(scene, size))
    room, large = size[0] - 1.6 * letter, 1.15 * letter
    plate.text(0.8 * letter, 0.6 * letter, fitted(f"forward pass at ({x}, {y})", room, large), large)
    lines = formula.algebra(network), formula.python(network)
    large = next((s * letter for s in (1.4, 1.2) if max(text_width(t, s * letter) for t in lines) <= room), letter)
    for n, text in enumerate(lines):
        plate.text(
            0.8 * letter, size[1] - 2.2 * letter - 1.6 * (1 - n) * large, fitted(text, room, large), large, anchor="ls"
        )
    plate.text(0.8 * letter, size[1] - 0.7 * letter, fitted(NOTE, room, 0.85 * letter), 0.85 * letter, FAINT, "ls")


PROBE = DrawnLens(_wants, _draw, is_chart=True)
