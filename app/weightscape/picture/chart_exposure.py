"""The picture of a chart on its way: where the last one is still seen, only the boxes that differ from it are drawn."""

from collections.abc import Iterator
from dataclasses import dataclass

from weightscape.draw.plate import Plate
from weightscape.lens.lens import DrawnLens, Part, Values
from weightscape.picture.drawn_exposure import DrawnExposure
from weightscape.picture.exposure import Evaluator, Laid, Order, Patch
from weightscape.picture.questions import PrecisionName
from weightscape.picture.reuse import Kept
from weightscape.scene.colour import AS_THEY_ARE


@dataclass(frozen=True)
class KeptPlate(Kept):
    """Hold what a chart's picture is made of; the pixels are where it is shown."""

    plate: Plate
    place: tuple[int, int]

    def moved_to(self, part: Part) -> tuple[int, int] | None:
        """Tell that a chart does not move with the plane."""
        return None


class ChartExposure(DrawnExposure):
    """Hold the plate of a chart, and the one before, which the window shows."""

    def __init__(
        self, evaluator: Evaluator, part: Part, lens: DrawnLens, precision: PrecisionName, old: Kept | None = None
    ) -> None:
        super().__init__(evaluator, part, lens, precision)
        is_there = isinstance(old, KeptPlate) and (old.size, old.place) == (part.size, (part.left, part.top))
        self._shown = old.plate if isinstance(old, KeptPlate) and is_there else None
        self._plate: Plate | None = None

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Evaluate and draw once, and give the boxes that differ from what is seen, or all."""
        if self._plate is not None:
            return
        for _ in super().expose(stride, Order()):
            pass  # nothing is seen of what is not watched
        if order.is_watched:
            yield from self._changed()

    def foretell(self) -> bool:
        """Foretell how true the picture is; choose better methods where the first want's own is not enough."""
        is_worse = super().foretell()
        if is_worse:
            self._plate = None
        return is_worse

    def colours(self) -> Values:
        """Give display colours: float32 (height, width, 3) in 0..1."""
        return self._drawn().pixels()

    def kept(self) -> KeptPlate | None:
        """Hold what is seen, for the next picture."""
        part = self.part
        place = part.left, part.top
        return KeptPlate(part.scene, part.size, "single", None, self._shown, place) if self._shown else None

    def _drawn(self) -> Plate:
        if self._plate is None:
            make = self._lens.plate
            assert make
            self._plate = make(self.part.scene, self.network, self.part.size, self._answers)
        return self._plate

    def _changed(self) -> Iterator[Patch]:
        part, plate, seen = self.part, self._drawn(), self._shown
        width, height = part.size
        boxes = plate.changes(seen) if seen else [(0, 0, width, height)]
        self._shown = plate
        for (left, top, right, bottom), values in zip(boxes, plate.cut(boxes), strict=True):
            limit = part.left + right, part.top + bottom
            yield Patch(values, (part.left + left, part.top + top), 1, limit, AS_THEY_ARE)
