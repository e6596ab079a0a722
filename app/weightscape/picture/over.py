"""What lies over a picture of the plane: points, the contour of the decision, and numbers along its edges.

A file has all of it in its pixels. In a window points and contour are one layer, which moves with the view.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from weightscape.draw.axes import axes
from weightscape.draw.dots import Dots, dots
from weightscape.draw.sprite import Layer, in_bytes, laid, layer
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import DrawnLens, Part, Values
from weightscape.lens.split import other
from weightscape.lens.winner import class_colours
from weightscape.network.view import Size, View, turn
from weightscape.picture.contour import Contour
from weightscape.picture.exposure import Evaluator
from weightscape.picture.network_memory import widths
from weightscape.picture.over_names import names_over
from weightscape.picture.points_memory import Mask, misjudged, places, points, standing_of
from weightscape.picture.questions import PrecisionName
from weightscape.scene.scene import OVER, Scene

Floats = npt.NDArray[np.float64]
PLAIN = 0.93  # of points without classes
# How far a dot's colour is from that of its class's ground, on the way to white, or to black where that is light.
APART = 0.4
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
# A point is so many pixels away at most, where it is drawn nowhere.
FARTHEST = 1e9


def is_plane(scene: Scene) -> bool:
    """Tell whether a scene's picture, which is not split, is of the plane: what lies over it has a place there."""
    shown = CATALOGUE[scene.lens]
    return not isinstance(shown, DrawnLens) or shown.points is not None


@dataclass(frozen=True, eq=False)
class Overlaid:
    """Hold what lies over all of a window's picture and moves with it: (height, width, 4), times its alpha."""

    pixels: Layer


class Over:
    """Draw what lies over a part's picture in a file; unless it `judges`, no point is marked as misclassified.

    Raises FileError for points that cannot be read or do not fit.
    """

    def __init__(self, evaluator: Evaluator, part: Part, precision: PrecisionName, judges: bool = True) -> None:
        scene, size = part.scene, part.size
        self._width = size[0]
        check = evaluator.check
        self._dots = dots_of(part, misjudged(scene, check) if judges else None) if scene.points else []
        self._contour = Contour(evaluator, part, precision) if scene.contour else None
        self._above = *names_over(evaluator, part, precision), *(axes(scene.view, size) if scene.axes else ())

    def lay(self, colours: Values, top: int) -> Values:
        """Lay it over rows of the picture from `top` on: display colours (rows, columns, 3) in 0..1."""
        below = drawn(self._contour, self._dots, self._width, top, len(colours))
        colours = laid(colours, below)
        return laid(colours, layer(self._above, self._width, top, len(colours))) if self._above else colours


def over(evaluator: Evaluator, part: Part, precision: PrecisionName, judges: bool = True) -> Over | None:
    """Make what lies over a part's picture, if anything does."""
    has_any = any(getattr(part.scene, name) for name in OVER)
    return Over(evaluator, part, precision, judges) if has_any and is_plane(part.scene) else None


def left_out(scene: Scene) -> str:
    """Say what is to lie over a scene's picture and lies nowhere, as that is not of the plane; "" for nothing."""
    halves = [replace(scene, beside=""), *([other(scene)] if scene.beside else [])]
    names = [
        name
        for name in OVER
        if (wanting := [each for each in halves if getattr(each, name)]) and not any(map(is_plane, wanting))
    ]
    if not names:
        return ""
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return f"{listed}: the lens {scene.lens} shows none, for its picture is not of the plane"


def drawn(contour: Contour | None, found: list[Dots], width: int, top: int, count: int) -> Layer:
    """Draw points over a contour: rows of 8 bits, multiplied by their alpha."""
    total = contour.rows(top, count) if contour else np.zeros((count, width, 4), np.float32)
    for each in found:
        each.lay(total, top)
    return in_bytes(total)


def dots_of(part: Part, wrong: Mask | None) -> list[Dots]:
    """Make the dots of a part's points, in the colours that the lens winner has for their classes."""
    table = points(part.scene)
    placed = in_pixels(places(part.scene), part.scene.view, part.size)
    return dots(part.size, placed, table.codes, tones(part.scene), wrong)


def tones(scene: Scene) -> npt.NDArray[np.float32]:
    """Tell the colours of a scene's classes, the last one, (1, 3), for points without."""
    classes, outputs = points(scene).classes, widths(scene)[-1]
    stand_for = standing_of(scene).outputs or range(len(classes))
    colours = class_colours(max(outputs, len(classes)))
    chosen = np.array([colours[number % len(colours)] for number in stand_for], np.float32).reshape(-1, 3)
    return np.concatenate([_apart(chosen), np.full((1, 3), PLAIN, np.float32)])


def _apart(colours: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Make dots lighter than their class's ground, or darker where that is light: the ground has its colour."""
    is_light = colours @ LUMA > 0.5
    return colours + np.float32(APART) * (np.where(is_light, 0.0, 1.0)[:, None].astype(np.float32) - colours)


def in_pixels(found: Floats, view: View, size: Size) -> Floats:
    """Tell where in a picture points of the plane are, pixels with y down, from their middles' corner."""
    shift = []
    for number, center in enumerate(view.center):
        near = float(center)  # the rest is less than an ulp of it: subtracted after, it keeps its digits
        shift.append((found[:, number] - near) - float(center - type(center)(near)))
    c, s = turn(view)
    short = min(size) / 2.0
    x = (c * shift[0] + s * shift[1]) / view.radius * short + size[0] / 2.0
    y = size[1] / 2.0 - (c * shift[1] - s * shift[0]) / view.radius * short
    return np.clip(np.stack([x, y], -1), -FARTHEST, FARTHEST)
