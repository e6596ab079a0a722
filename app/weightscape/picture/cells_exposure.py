"""The picture of a drawn lens that is made of cells: where it is seen, the GPU colours these by their numbers.

Where it is not, or where a cell's colours depend on all of its numbers, it is a drawing as any other.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from weightscape.engine.question import Field, Held, Question
from weightscape.engine.tile import Tile
from weightscape.lens.lens import DrawnLens, Mosaic, Part
from weightscape.network.view import Point2
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.drawn_exposure import DrawnExposure
from weightscape.picture.exposure import Evaluator, Laid, Order
from weightscape.picture.questions import PrecisionName
from weightscape.scene.colour import colour
from weightscape.scene.shading import Shading


class CellsExposure(DrawnExposure):
    """Hold how the cells are coloured where they are seen, or what a drawing does."""

    def __init__(
        self, evaluator: Evaluator, part: Part, lens: DrawnLens, mosaic: Mosaic, precision: PrecisionName
    ) -> None:
        super().__init__(evaluator, part, lens, precision)
        self._mosaic = mosaic
        self._shading = mosaic.shading(part.scene, self.network, part.size)

    @property
    def _is_handed_on(self) -> bool:
        return self._shading is not None

    def expose(self, stride: int, order: Order) -> Iterator[Laid]:
        """Evaluate a point for every `stride` x `stride` pixels of a cell; whoever sees them colours them."""
        if self._shading is None or not order.is_watched:
            yield from super().expose(stride, order)
            return
        self.samples = 1
        self.evaluator.check()
        asked = replace(self.asked[0], grid=self.asked[0].grid.coarser(stride))
        for tile in self._tiles(asked, stride, order.focus):
            yield self._patch(tile, stride, self._shading)

    def _tiles(self, asked: Question, stride: int, focus: Point2 | None) -> Iterator[Tile[Held | Field]]:
        """Answer tile after tile what stays on the GPU, and as a whole what comes back."""
        if not self.evaluator.engine.holds(asked):
            yield Tile(0, 0, self.evaluator.whole(asked))
            return
        cells, part = self._mosaic.cells(self.part.scene, self.network, self.part.size), self.part
        within = cells.within((focus[0] - part.left, focus[1] - part.top)) if focus else None
        near = (within[0] * asked.grid.columns, within[1] * asked.grid.rows) if within else None
        yield from self.evaluator.held_tiles(asked, near)

    def _patch(self, tile: Tile[Held | Field], stride: int, shading: Shading) -> CellPatch:
        """Place a tile's numbers."""
        part, answer = self.part, tile.field
        where = part.scene, self.network, part.size
        cells, first = self._mosaic.cells(*where), np.array([tile.column, tile.row]) * stride
        _, gain, bias = shading.folded(answer.offset, answer.scale)
        corners = cells.places() + first + (part.left, part.top)
        placed = np.concatenate([corners, gain[:, None], bias[:, None]], -1).astype(np.float32)
        values = answer if isinstance(answer, Held) else np.asarray(answer.data, np.float32)
        room = cells.size[0] - int(first[0]), cells.size[1] - int(first[1])
        paper, place = self._mosaic.paper(*where), (part.left, part.top)
        return CellPatch(values, placed, room, stride, shading.curve, colour(part.scene), paper, place)
