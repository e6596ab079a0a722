"""The picture of a plane lens on its way: tiles of any box, the last picture's pixels where the view only moved."""

from collections.abc import Generator, Iterator
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from weightscape.engine.question import TEXEL, Field, Held, Question, pixel_grid
from weightscape.engine.tile import Tile
from weightscape.lens.lens import Part, PlaneLens, Values
from weightscape.network.view import Point2
from weightscape.picture.exposure import Evaluator, Exposure, Laid, Mean, Order, Patch, Sample
from weightscape.picture.levels import displayed
from weightscape.picture.probability import left_to_shading, taken
from weightscape.picture.questions import PrecisionName
from weightscape.picture.reuse import Box, Kept, area, carried_over, edges, kept, strips
from weightscape.picture.stride import first_stride, points_of
from weightscape.scene.sample import sample
from weightscape.scene.shade import shade


class PlaneExposure(Exposure):
    """Hold the display values of a box of a part's picture: of all of it, or of a band."""

    def __init__(
        self, evaluator: Evaluator, part: Part, lens: PlaneLens, precision: PrecisionName, old: Kept | None = None
    ) -> None:
        super().__init__(evaluator, part, precision)
        self._lens = lens
        self._colour = lens.colour(part.scene)
        self._box: Box = (0, 0, *part.size)
        self._displayed = displayed(lens, part.scene, self.asked[0], evaluator.engine)
        self._moved = old.moved_to(part) if old else None
        self._old = old
        self._missing = old.missing_in(part.size, self._moved) if old and self._moved else [self._box]
        self._absent = strips(part.size, self._moved) if self._moved else [self._box]  # what has not been gone over
        self._coarse = list(self._missing)  # what has not been gone over finely
        self._values: Values | None = None
        self._sum: Values | None = None
        self._is_away = False  # pixels of it have stayed on the GPU: samples are added up there

    def within(self, box: Box) -> "PlaneExposure":
        """Expose a box of the same picture alone: nothing of it is there yet."""
        band = copy(self)
        band._box, band._missing, band._absent, band._coarse = box, [box], [box], [box]
        band._values, band._sum, band.samples = None, None, 1
        band._is_away = False
        return band

    @property
    def is_moved(self) -> bool:
        """Tell whether it begins with the last picture's pixels."""
        return self._moved is not None

    def first_stride(self, seconds: float) -> int:
        """Tell how coarse the first pass has to be, to be there within so many seconds.

        Where it cannot be the fine pass of all that is missing, it is a coarse one of what is seen nowhere yet.
        """
        points = self.evaluator.points(self.asked[0], seconds)
        if area(self._missing) <= points:
            return 1
        return max(2, first_stride(self.part.size, points, area(self._absent or self._missing)))

    def points(self, stride: int) -> int:
        """Count the points of a pass."""
        return sum(points_of(box, stride) for box in self._missing)

    def more_points(self) -> int:
        """Count the points of one more sample."""
        return self.points(1)

    def carry(self) -> Iterator[Patch]:
        """Begin with what the last picture has of this one."""
        if self._old and self._moved:
            is_alike = self._lens.colour(self._old.scene) == self._colour
            old, self._old = self._old.values, None
            left, top, width, height = kept(self.part.size, self._moved)
            values: Values = np.empty((0, 0, 3))
            if old is None:
                self._is_away = True
            else:
                self._values = carried_over(old, self._moved)
                values = self._values[top : top + height, left : left + width]
            patch = self._patch(values, (left, top), 1, (left, top, width, height))
            yield replace(patch, is_kept=is_alike)  # other colours have to be painted

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Evaluate a point for every `stride` x `stride` pixels of what is missing, nearest to the focus first.

        A coarse pass that is the first leaves what the last picture has, coarse as some of that may be.
        """
        if stride == 1 and self._missing == [self._box]:
            self._is_away = False
        boxes = self._absent if stride > 1 and self._absent else self._missing
        self._absent = []
        for box in boxes:
            yield from self._expose(box, stride, order.focus)

    def foretell(self) -> bool:
        """Foretell how true the picture is; choose a better method where its own is not enough: all is missing then."""
        is_worse = super().foretell()
        if is_worse:
            self._displayed = displayed(self._lens, self.part.scene, self.asked[0], self.evaluator.engine)
            self._missing, self._coarse, self._sum, self.samples = [self._box], [self._box], None, 1
        return is_worse

    def take_sample(self, n: int, order: Order) -> Generator[Laid, None, bool]:
        """Take sample `n` of each pixel, if it has not been taken."""
        if self.samples <= n:
            focus = self._inside(order.focus, self._box, 1)
            if self._is_away:
                # What the canvas shows may be smooth in parts, where it has moved: samples are counted from 0.
                for each in range(n + 1) if n == 1 else (n,):
                    yield from self._laid_samples(each, focus)
            else:
                self._add(self._total(), n, focus)
            self.samples = n + 1
        return True

    def averaged(self) -> Patch | Mean:
        """Give the whole part's colours in their place, or have them averaged where they are."""
        if not self._is_away:
            return super().averaged()
        left, top, (width, height) = self.part.left, self.part.top, self.part.size
        return Mean((left, top), (left + width, top + height), self.samples)

    def colours(self) -> Values:
        """Give display colours, averaged over the samples so far: (rows, columns, 3) in 0..1."""
        return self._total() / self.samples if self.samples > 1 else self._first()

    def kept(self) -> Kept | None:
        """Hold what the next picture may have of this one: nothing where levels follow the view."""
        coarse = edges(self.part.size, self._coarse)
        is_mostly_fine = 2 * area(coarse) <= area([self._box])
        is_there = is_mostly_fine and (self._is_away or self._values is not None)
        if not is_there or self.part.scene.levels != "plain":
            return None
        return Kept(self.part.scene, self.part.size, self.method, self._values, missing=tuple(coarse))

    def _total(self) -> Values:
        if self._sum is None:
            self._sum = self._first()
        return self._sum

    def _first(self) -> Values:
        """Give the first sample's colours, in the numbers that samples are added in."""
        assert self._values is not None
        kind = np.float32 if self.asked[0].precision == "single" else np.float64
        return shade(self._values, self._colour).astype(kind)

    def _add(self, total: Values, n: int, focus: Point2 | None) -> None:
        """Add sample `n` of each pixel to a sum of colours."""
        for tile in self.evaluator.tiles(self._sample(n), focus):
            colours = shade(self._displayed.level(tile.field), self._colour)
            rows, columns = colours.shape[:2]
            total[tile.row : tile.row + rows, tile.column : tile.column + columns] += colours

    def _laid_samples(self, n: int, focus: Point2 | None) -> Iterator[Sample]:
        """Give sample `n` of each pixel to be added on the GPU."""
        for tile in self.evaluator.held_tiles(self._staying(self._sample(n)), focus):
            place = self._box[0] + tile.column, self._box[1] + tile.row
            yield Sample(self._patch(self._stayed(tile.field), place, 1, self._box), is_first=n == 0)

    def _sample(self, n: int) -> Question:
        return replace(self.asked[0], grid=pixel_grid(*self.part.size, sample(n)).tile(*self._box))

    def _may_stay(self, asked: Question, stride: int) -> bool:
        """Tell whether answers may stay on the GPU: of coarse points only in one piece, whose steps are smooth."""
        is_whole = stride == 1 or self.evaluator.is_one_tile(asked)
        is_texel = self._displayed.shading is not None and asked.channels <= TEXEL
        return is_texel and is_whole and self.evaluator.engine.holds(self._staying(asked))

    def _staying(self, asked: Question) -> Question:
        """Ask for what may stay on the GPU: of a last softmax what goes into it."""
        return left_to_shading(asked, self._displayed.shading)[0] if self._displayed.shading else asked

    def _stayed(self, answer: Field | Held) -> Values | Held:
        """Make display values of an answer that might have stayed, and came back."""
        if isinstance(answer, Held):
            return answer
        is_left = self._staying(self.asked[0]) is not self.asked[0]
        return self._displayed.level(taken(answer) if is_left else answer)

    def _expose(self, box: Box, stride: int, focus: Point2 | None) -> Iterator[Patch]:
        asked = self.asked[0]
        part = replace(asked, grid=asked.grid.tile(*box).coarser(stride))
        near = self._inside(focus, box, stride)
        may_stay = self._may_stay(part, stride)
        answered: Iterator[Tile[Any]] = (
            self.evaluator.held_tiles(self._staying(part), near) if may_stay else self.evaluator.tiles(part, near)
        )
        seen: Values | None = None
        stays = False
        for tile in answered:
            shown = self._stayed(tile.field) if may_stay else self._displayed.level(tile.field)
            rows, columns, channels = shown.shape
            if isinstance(shown, Held):
                stays = True
            else:
                if seen is None:
                    seen = np.empty((part.grid.rows, part.grid.columns, channels), shown.dtype)
                seen[tile.row : tile.row + rows, tile.column : tile.column + columns] = shown
            place = box[0] + tile.column * stride, box[1] + tile.row * stride
            yield self._patch(shown, place, stride, box)
        if stride > 1 and seen is not None and not stays and (rows, columns) != seen.shape[:2]:
            # Once more in one piece: between coarse tiles the steps are not smooth.
            yield self._patch(seen, box[:2], stride, box)
        self._is_away = self._is_away or stays
        self._keep(seen, box, stride)

    def _keep(self, seen: Values | None, box: Box, stride: int) -> None:
        """Take in a box that has been gone over; the last picture's values are laid over as the canvas is."""
        if stride == 1:
            self._coarse.remove(box)
        if self._is_away:
            self._values = None
        elif stride == 1 and box == self._box:
            self._values = seen
        elif self._values is not None:
            assert seen is not None
            (left, top), (width, height) = (box[0] - self._box[0], box[1] - self._box[1]), box[2:]
            large = seen.repeat(stride, 0).repeat(stride, 1) if stride > 1 else seen
            self._values[top : top + height, left : left + width] = large[:height, :width]

    def _patch(self, values: Values | Held, place: tuple[int, int], stride: int, box: Box) -> Patch:
        left, top = self.part.left, self.part.top
        limit = left + box[0] + box[2], top + box[1] + box[3]
        at = left + place[0], top + place[1]
        if not isinstance(values, Held):
            return Patch(np.asarray(values, np.float32), at, stride, limit, self._colour)
        assert self._displayed.shading
        shading = left_to_shading(self.asked[0], self._displayed.shading)[1]
        return Patch(values, at, stride, limit, self._colour, shading=shading.of(values.offset, values.scale))

    def _inside(self, focus: Point2 | None, box: Box, stride: int) -> Point2 | None:
        """Tell where in a box's grid a point of the picture lies."""
        if focus is None:
            return None
        return (focus[0] - self.part.left - box[0]) / stride, (focus[1] - self.part.top - box[1]) / stride
