"""The lens that shows what happens along a line: outputs as thick curves, a layer's units as many thin ones.

The line is the picture's row through the probe; a curve's column is the picture's column.
"""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from weightscape.draw.chart import LETTER, MOST_DIGITS, Axis, coordinates, labels, signs, ticks, unit
from weightscape.draw.plate import FAINT, Plate, fitted, text_width
from weightscape.lens import point
from weightscape.lens.countable import is_countable, of_pixels
from weightscape.lens.curve import Curves, along, span
from weightscape.lens.lens import Answered, Want, chart
from weightscape.lens.slice_panel import Panel, draw_lines, draw_probe, names_of
from weightscape.lens.slice_units import draw_glow
from weightscape.network.network import Matrix, Network, Tap
from weightscape.network.pattern import counted
from weightscape.network.piece import breakpoints
from weightscape.network.view import Size, View, moved, screen_to_offset, screen_to_pixel
from weightscape.scene.lens_name import layer_tap
from weightscape.scene.scene import Scene

MOST_OUTPUTS = 10
# Bends are looked for in networks so narrow, up to so many, and marked by so long a stroke at 720 pixels.
WIDEST_BENT, MOST_BENDS, BEND_PX = 64, 2000, 7.0
# The outputs' part of the height, the units' being the rest; and the height from which there is room for both.
OUTPUT_SHARE, ROOM_FOR_BOTH = 0.55, 150.0


def line(scene: Scene, size: Size) -> View:
    """Look at the picture's row through the probe: of one pixel's height, in pixels as large as the picture's."""
    centre = moved(scene.view.center, screen_to_offset(scene.view, (0.0, scene.probe[1])))
    return View(centre, scene.radius / min(size), scene.angle)


def units_of(scene: Scene, network: Network) -> Tap | None:
    """Tap the layer whose units are drawn: the last hidden one where the scene names no other; None without any."""
    if scene.layer == 0 and network.layers == 1:
        return None
    return layer_tap(scene.layer or network.layers - 1, scene.before, network)


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    units = units_of(scene, network)
    taps = (Tap(), units) if units else (Tap(),)
    along = Want(network, line(scene, size), (size[0], 1), taps, dense=False)  # a coarser row would be another one
    return along, point.ask(scene, network, size, (Tap(),))


def _plate(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Plate:
    plate, curves = Plate(size), along(answers[0], scene.levels == "auto")
    probe = screen_to_pixel(size, scene.probe)[0]
    upright = _upright(scene, size)
    outputs, *units = panels(scene, network, size, curves)
    found = bends(scene, network, size)
    for x in found if found is not None else ():
        plate.line((x, x), (outputs.axis.top, outputs.axis.top + BEND_PX * unit(size)), FAINT, unit(size))
    draw_lines(plate, outputs, probe, [x for x, _ in upright])
    draw_probe(plate, outputs, probe, answers[1].field.values[0, 0])
    for panel in units:
        draw_glow(plate, panel, probe, [x for x, _ in upright])
    told = "" if found is None else f", {len(found) + 1:,} linear piece{'s' if len(found) else ''}"
    _lettering(plate, title(scene, size) + told, size, upright)
    return plate


def bends(scene: Scene, network: Network, size: Size) -> Matrix | None:
    """Find where a unit of a piecewise linear network switches along the line: pixels from the left; else None."""
    if not is_countable(scene, network) or not counted(network) or max(network.widths[1:]) > WIDEST_BENT:
        return None
    half, y = size[0] / 2.0, scene.probe[1] * min(size) / 2.0
    found = breakpoints(of_pixels(scene, network, size), np.array([-half, y]), np.array([half, y]), MOST_BENDS)
    return None if found is None else found * size[0]


def panels(scene: Scene, network: Network, size: Size, curves: Curves) -> list[Panel]:
    """Lay out the outputs and, where there are any and there is room, the units beneath."""
    letter, count, auto = LETTER * unit(size), network.widths[-1], scene.levels == "auto"
    has_letters = size[1] > 6.0 * letter
    top, bottom = (2.0 * letter, size[1] - 1.8 * letter) if has_letters else (0.0, float(size[1]))
    gap, tap = 1.9 * letter, units_of(scene, network)
    both = tap is not None and bottom - top > ROOM_FOR_BOTH * unit(size)
    middle = top + gap + OUTPUT_SHARE * (bottom - top - 2.0 * gap) if both else bottom
    shown, last = curves.part(0, min(count, MOST_OUTPUTS)), network.activations[-1]
    what = f"outputs, {last}" if count > 1 else f"output, {last}"
    start = top + (gap if has_letters else 0.0)
    made = [Panel(shown, Axis(*span(shown, last, auto), start, middle), what, letter, names_of(count))]
    if both and tap:
        kind = "before " + network.activations[tap.layer] if tap.before else network.activations[tap.layer]
        shown = curves.part(count)
        low, high = span(shown, "identity" if tap.before else kind, auto)
        what = f"layer {tap.layer + 1}, {len(shown.middle)} unit{'s' if len(shown.middle) != 1 else ''}, {kind}"
        made.append(Panel(shown, Axis(low, high, middle + gap, bottom), what, letter))
    return made


def title(scene: Scene, size: Size) -> str:
    """Say which line it is."""
    x, y = coordinates(point.place(scene), point.pixel(scene, size))
    if scene.angle:
        return f"through ({x}, {y}), turned by {signs(f'{scene.angle:g}')}°"
    return f"along y = {y}" + ("" if _is_near(scene, size) else ", numbers from the middle of the picture")


def _upright(scene: Scene, size: Size) -> list[tuple[float, str]]:
    """Place round numbers along the line: pixels from the left, and x or, of a turned line, the way from its middle.

    Where x has too many digits, too, it is the way from the middle.
    """
    half = scene.radius * size[0] / min(size)
    most = int(size[0] / (7.0 * LETTER * unit(size)))
    shift = float(scene.center[0]) if scene.angle == 0.0 and _is_near(scene, size) else 0.0
    numbers = ticks(shift - half, shift + half, most)
    texts = labels(numbers)
    return [((value - shift + half) / half * size[0] / 2.0, text) for value, text in zip(numbers, texts, strict=True)]


def _is_near(scene: Scene, size: Size) -> bool:
    """Tell whether x can be written along the line: its digits are few enough."""
    half = scene.radius * size[0] / min(size)
    return bool(abs(scene.center[0]) < Decimal(half) * 10 ** (MOST_DIGITS - 9))


def _lettering(plate: Plate, told: str, size: Size, upright: list[tuple[float, str]]) -> None:
    """Write the title and the numbers along the line."""
    letter = LETTER * unit(size)
    if size[1] <= 6.0 * letter:
        return
    plate.text(0.6 * letter, 0.45 * letter, fitted(told, size[0] - 1.2 * letter, 1.15 * letter), 1.15 * letter)
    for x, text in upright:
        half = text_width(text, 0.85 * letter) / 2.0
        if half < x < size[0] - half:
            plate.text(x, size[1] - 0.35 * letter, text, 0.85 * letter, FAINT, "mb")


SLICE = chart(_wants, _plate)
