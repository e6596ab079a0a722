"""The picture of a drawn lens that is made of points: where those stay on the GPU, what comes back is drawn over.

Where they do not, it is a drawing as any other.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from weightscape.draw.sprite import Sprite
from weightscape.engine.question import Field, Grid, Held, Question, pixel_grid
from weightscape.engine.tile import Tile
from weightscape.lens.lens import Answered, DrawnLens, Part, Points
from weightscape.network.view import Point2
from weightscape.picture.drawn_exposure import DrawnExposure
from weightscape.picture.exposure import Evaluator, Laid, Mean, Order, Patch, Sample, Stamp
from weightscape.picture.questions import PrecisionName
from weightscape.scene.colour import AS_THEY_ARE
from weightscape.scene.sample import sample
from weightscape.scene.shading import Colouring, Pieces


class PointsExposure(DrawnExposure):
    """Hold what is laid over the points, or, where they have come back, what a drawing does."""

    def __init__(
        self, evaluator: Evaluator, part: Part, lens: DrawnLens, points: Points[Any], precision: PrecisionName
    ) -> None:
        super().__init__(evaluator, part, lens, precision)
        self._points = points
        self._sprites: tuple[Sprite, ...] | None = None
        self._away: tuple[Question, Colouring] | None = None  # what stays of the last pass

    @property
    def _is_handed_on(self) -> bool:
        return self._staying() is not None

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Evaluate a point for every `stride` x `stride` pixels, which are coloured where they stay."""
        self._away = self._staying() if order.is_watched else None
        if self._points.few is None:
            self._sprites = None  # they tell of the last pass
        if self._away is None:
            yield from super().expose(stride, order)
            return
        self.samples = 1
        yield from self._laid(self.asked[0].grid.coarser(stride), stride, order.focus)

    def take_sample(self, n: int, order: Order) -> Generator[Laid, None, bool]:
        """Take sample `n` of each pixel, if it has not been taken."""
        if self._away is None:
            return (yield from super().take_sample(n, order))
        if self.samples <= n:
            # The canvas has a picture, and no sum of samples yet: they are counted from 0.
            for each in range(n + 1) if n == 1 else (n,):
                grid = pixel_grid(*self.part.size, sample(each))
                for patch in self._laid(grid, 1, order.focus):
                    yield Sample(replace(patch, sprites=()), is_first=each == 0)
            self.samples = n + 1
        return True

    def averaged(self) -> Patch | Mean:
        """Give the whole part's colours in their place, or have them averaged where they are."""
        if self._away is None:
            return super().averaged()
        return Mean(self._place, self._limit, self.samples, self._laid_over())

    def told(self) -> Iterator[Stamp]:
        """Lay over the points what all of them tell."""
        if self._away is not None and self._points.few is None:
            self.evaluator.check()
            yield Stamp(self._place, self._limit, self._laid_over())

    @property
    def _place(self) -> tuple[int, int]:
        return self.part.left, self.part.top

    @property
    def _limit(self) -> tuple[int, int]:
        return self.part.left + self.part.size[0], self.part.top + self.part.size[1]

    def _staying(self) -> tuple[Question, Colouring] | None:
        """Tell what would stay on the GPU now, and how it is coloured."""
        found = self._points.staying(self.asked[0])
        return found if found and self.evaluator.engine.holds(found[0]) else None

    def _laid(self, grid: Grid, stride: int, focus: Point2 | None) -> Iterator[Patch]:
        """Evaluate the points of a grid tile after tile, nearest to the focus first."""
        assert self._away
        asked, colouring = self._away
        left, top = self._place
        near = ((focus[0] - left) / stride, (focus[1] - top) / stride) if focus else None
        sprites = self._laid_over() if self._points.few else ()
        has_neighbours = isinstance(colouring, Pieces)
        for tile in self.evaluator.held_tiles(replace(asked, grid=grid), near, has_neighbours):
            if has_neighbours:
                colouring = Pieces(left=int(tile.column > 0), above=int(tile.row > 0))
            yield replace(self._patch(tile, colouring, stride), sprites=sprites)

    def _patch(self, tile: Tile[Held | Field], colouring: Colouring, stride: int) -> Patch:
        """Place a tile without the neighbours of its points."""
        answer = tile.field
        rows, columns, _ = answer.shape
        if isinstance(colouring, Pieces):
            rows, columns = rows - colouring.above, columns - colouring.left
        (left, top), (right, bottom) = self._place, self._limit
        left, top = left + tile.column * stride, top + tile.row * stride
        limit = min(right, left + columns * stride), min(bottom, top + rows * stride)
        if isinstance(answer, Held):
            return Patch(answer, (left, top), stride, limit, AS_THEY_ARE, shading=colouring)
        colours = self._points.coloured(answer, colouring).repeat(stride, 0).repeat(stride, 1)  # there was no room
        return Patch(np.asarray(colours, np.float32), (left, top), 1, limit, AS_THEY_ARE)

    def _laid_over(self) -> tuple[Sprite, ...]:
        """Make what lies over the points, once."""
        if self._sprites is None:
            part, asked = self.part, self.asked[0]
            few = replace(asked, grid=self._points.few(asked.grid)) if self._points.few else asked
            answered = Answered(few, self.evaluator.whole(few), clear=part.clear)
            made = self._points.sprites(part.scene, self.network, part.size, answered)
            self._sprites = tuple(sprite.moved(part.left, part.top) for sprite in made)
        return self._sprites
