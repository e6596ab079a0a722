"""What lies over the window's picture: soon what is quick to draw, and all of it once the picture is fine.

While a hand moves the picture, what was laid over it before moves along.
"""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from weightscape.draw.dots import Dots
from weightscape.draw.sprite import Layer, lay
from weightscape.lens.catalogue import CATALOGUE
from weightscape.lens.lens import Part, PlaneLens
from weightscape.network.view import Size
from weightscape.picture.contour import Contour
from weightscape.picture.exposure import Evaluator, Exposure
from weightscape.picture.fault import EXPECTED, sentence
from weightscape.picture.outlook import outlook
from weightscape.picture.over import Overlaid, dots_of, drawn, is_plane
from weightscape.picture.over_names import names_over
from weightscape.picture.points_memory import is_read, misjudged, points
from weightscape.picture.refused_exposure import RefusedExposure
from weightscape.picture.tally import Tally, tally
from weightscape.scene.naming import base_name
from weightscape.scene.scene import Scene

# More points than these are drawn once nothing moves.
FLOWING = 50_000


class Overlaying:
    """Lay points and contours over pictures. `tally`: the last one's points, counted; None where it has none.

    `is_bare`: nothing lies over the last one.
    """

    def __init__(self) -> None:
        self.tally: Tally | None = None
        self._whole: tuple[Scene, ...] = ()  # that all was laid over last
        self.is_bare = True

    def soon(self, found: Sequence[Exposure], size: Size, is_flowing: bool) -> Overlaid | None:
        """Draw what takes no time: no contour, and no points that are not read; None where the last one moves on."""
        laid = _laid_over(found)
        parts = [each.part for each in laid]
        self._count(parts, is_patient=False)
        self.is_bare = not any(each.scene.contour or each.scene.points for each in parts)
        if self.is_bare or self._moves_on(parts) or (is_flowing and any(map(_is_much, parts))):
            return None
        return Overlaid(_joined([(each, None) for each in laid], size, is_patient=False))

    def rest(self, evaluator: Evaluator, found: Sequence[Exposure], size: Size) -> Overlaid | None:
        """Draw all of it, with points judged; None where nothing lies over the picture."""
        laid = _laid_over(found)
        parts = [each.part for each in laid]
        if self.is_bare:
            self._whole = ()
            return None
        for each in parts:
            _judge(evaluator, each)
        made = [(each, Contour(evaluator, each.part, "auto") if each.part.scene.contour else None) for each in laid]
        whole = Overlaid(_joined(made, size, is_patient=True))
        self._count(parts, is_patient=True)
        self._whole = tuple(each.scene for each in parts)
        return whole

    def _moves_on(self, parts: Sequence[Part]) -> bool:
        """Tell whether what was laid over the last picture is right for this one, which has only moved."""
        if len(parts) != 1 or len(self._whole) != 1 or not parts[0].scene.contour:
            return False
        scene = parts[0].scene
        return isinstance(CATALOGUE[scene.lens], PlaneLens) and self._whole[0].looking(scene.view) == scene

    def _count(self, parts: Sequence[Part], is_patient: bool) -> None:
        """Count the points of the first picture that has some."""
        self.tally = None
        part = next((each for each in parts if each.scene.points), None)
        if part is None:
            return
        scene = part.scene
        try:
            if is_patient or is_read(scene):
                seen = outlook(scene, part.size) if is_patient or not _is_much(part) else None
                self.tally = tally(scene, misjudged(scene, is_patient=False), seen)
        except EXPECTED as error:  # the picture is there without them
            self.tally = Tally(base_name(scene.points), fault=sentence(error))


def _joined(made: Sequence[tuple[Exposure, Contour | None]], size: Size, is_patient: bool) -> Layer:
    """Draw all pictures' points and contours, and classes' names over them."""
    layer = np.zeros((size[1], size[0], 4), np.uint8)
    for exposure, contour in made:
        part = exposure.part
        (left, top), (width, height) = (part.left, part.top), part.size
        shown = drawn(contour, _dots(part, is_patient), width, 0, height)
        lay(shown, names_over(exposure.evaluator, part, "auto"))
        layer[top : top + height, left : left + width] = shown
    return layer


def _laid_over(found: Sequence[Exposure]) -> list[Exposure]:
    """List what can have something over it: pictures of the plane that can be shown."""
    return [each for each in found if not isinstance(each, RefusedExposure) and is_plane(each.part.scene)]


def _is_much(part: Part) -> bool:
    """Tell whether a part has more points than can follow a hand."""
    try:
        return bool(part.scene.points) and is_read(part.scene) and len(points(part.scene).points) > FLOWING
    except EXPECTED:
        return False


def _judge(evaluator: Evaluator, part: Part) -> None:
    """Have a part's points read and judged, as long as they are wanted."""
    if part.scene.points:
        with suppress(*EXPECTED):
            misjudged(part.scene, evaluator.check)


def _dots(part: Part, is_patient: bool) -> list[Dots]:
    """Make a part's dots; none where there are no points, or none that can be read."""
    if not part.scene.points:
        return []
    try:
        if not (is_patient or is_read(part.scene)):
            return []
        return dots_of(part, misjudged(part.scene, is_patient=False))
    except EXPECTED:
        return []
