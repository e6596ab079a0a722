"""The lens that shows the forward pass of one point: a strip of cells for each layer, a block for each matrix."""

from collections.abc import Sequence

import numpy as np

from weightscape.draw.block import Floats
from weightscape.draw.chart import LETTER, coordinates, signs, unit
from weightscape.draw.plate import FAINT, Plate, fitted, text_width
from weightscape.draw.script import draw_script, script_width, wrapped
from weightscape.lens import formula, point
from weightscape.lens.lens import Answered, Values, Want, chart
from weightscape.lens.probe_layout import Layout, ProbePart, has_words, layout
from weightscape.lens.probe_part import draw_frame, draw_values
from weightscape.network.network import Network, Tap
from weightscape.network.remembered import remembered
from weightscape.network.view import Size
from weightscape.scene.colour import colour
from weightscape.scene.scene import Scene

# What the colours mean, in as many words as there is room for.
NOTES = (
    "blue: below 0, orange: above, each strip and block by its own largest number",
    "blue: below 0, orange: above, each by its own largest",
    "blue: below 0, orange: above",
)
# Formulas are so large, in letters, the first that fits.
FORMULAS = (1.4, 1.2, 1.0, 0.85)
MOST_NAMED = 8
# What stays is kept for pictures of so many pixels, a window's.
MOST_KEPT = 1 << 23


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


def _plate(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Plate:
    plan = layout(network, size)
    ground = _kept_ground if size[0] * size[1] <= MOST_KEPT else _ground
    plate = ground(network, size, () if scene.origin else scene.inputs).over()
    values = values_of(scene, network, plan, answers[0].field.values[0, 0])
    for part in plan.parts:
        draw_values(plate, part, plan.letter, values, colour(scene))
    _title(plate, LETTER * unit(size), scene, size)
    return plate


def _ground(network: Network, size: Size, inputs: tuple[str, ...]) -> Plate:
    """Draw what is the same wherever the probe is."""
    plate, plan = Plate(size), layout(network, size)
    for part, after in zip(plan.parts, (*plan.parts[1:], None), strict=True):
        draw_frame(plate, part, plan.letter, network)
        if plan.letter and after and after.kind != "block" and part.kind != "fold":
            _arrow(plate, part, after, plan.letter)
    _input_names(plate, plan, inputs)
    _words(plate, LETTER * unit(size), network, size)
    return plate


_kept_ground = remembered(1)(_ground)


def _arrow(plate: Plate, part: ProbePart, after: ProbePart, letter: float) -> None:
    """Point from a part to the next, in the gap between their headers."""
    left = part.left + (part.width + part.room(letter)) / 2.0
    right = after.left + (after.width - after.room(letter)) / 2.0
    x, y, half = (left + right) / 2.0, part.top + part.height / 2.0, 0.4 * letter
    plate.line([x - half, x + half], [y, y], FAINT, 0.1 * letter)
    plate.line([x, x + half, x], [y - half, y, y + half], FAINT, 0.1 * letter)


def _input_names(plate: Plate, plan: Layout, inputs: tuple[str, ...]) -> None:
    """Write what the inputs are called in front of their cells."""
    strip = plan.parts[0]
    if not plan.letter or len(inputs) > MOST_NAMED or strip.cell[1] < 0.8 * plan.letter:
        return
    right, size = strip.left - 0.5 * plan.letter, 0.9 * plan.letter
    for n, name in enumerate(inputs):
        y = strip.top + (n + 0.5) * strip.cell[1]
        plate.text(right, y, _short_name(name, right - 0.2 * plan.letter, size), size, FAINT, "rm")


def _short_name(name: str, room: float, size: float) -> str:
    """Write an input's name, or a constant with as many digits as there is room for."""
    if name.isidentifier():
        return fitted(name, room, size)
    texts = [signs(f"{float(name):.{digits}g}") for digits in (6, 3, 2, 1)]
    return next((text for text in texts if text_width(text, size) <= room), "")


def _title(plate: Plate, letter: float, scene: Scene, size: Size) -> None:
    """Write which point it is."""
    if has_words(size):
        x, y = coordinates(point.place(scene), point.pixel(scene, size))
        large = 1.15 * letter
        told = fitted(f"forward pass at ({x}, {y})", size[0] - 1.6 * letter, large)
        plate.text(0.8 * letter, 0.6 * letter, told, large)


def _words(plate: Plate, letter: float, network: Network, size: Size) -> None:
    """Write the pass as algebra and as Python."""
    if not has_words(size):
        return
    room = size[0] - 1.6 * letter
    lines, large = _formulas(network, room, letter)
    for n, text in enumerate(reversed(lines)):
        draw_script(plate, 0.8 * letter, size[1] - 2.2 * letter - 1.6 * n * large, text, large)
    note = next((each for each in NOTES if text_width(each, 0.85 * letter) <= room), NOTES[-1])
    plate.text(0.8 * letter, size[1] - 0.7 * letter, fitted(note, room, 0.85 * letter), 0.85 * letter, FAINT, "ls")


def _formulas(network: Network, room: float, letter: float) -> tuple[list[str], float]:
    """Choose two lines and their size: algebra and Python, or, where these are too long, algebra alone."""
    algebra, python = formula.algebra(network), formula.python(network)
    for scale in FORMULAS:
        if max(script_width(text, scale * letter) for text in (algebra, python)) <= room:
            return [algebra, python], scale * letter
    lines: list[str] = []
    for scale in FORMULAS:
        lines, runs = wrapped(algebra, room, scale * letter), algebra.split("   ")
        if len(lines) == len(runs) == 2 and max(script_width(run, scale * letter) for run in runs) <= room:
            lines = runs
        if len(lines) <= 2:
            return lines, scale * letter
    return [lines[0], fitted(" ".join(lines[1:]), room, FORMULAS[-1] * letter)], FORMULAS[-1] * letter


PROBE = chart(_wants, _plate)
