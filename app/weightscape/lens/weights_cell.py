"""Which weight is under a point of the lens weights, and where a weight is seen."""

from dataclasses import dataclass

import numpy as np

from weightscape.draw.block import side_of_image
from weightscape.lens.weights_layout import Layout, MatrixTile, layout
from weightscape.network.edit import MAX_EDITS, Cell, Edits
from weightscape.network.network import Network, distinct_weights
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

Box = tuple[float, float, float, float]
# Where all weights of a layer are equal a step goes by this.
ANY_DEVIATION = 1.0


@dataclass(frozen=True)
class Weight:
    """Name a weight as it was drawn or loaded, `original`, among weights of a standard `deviation`.

    `last`: layers from cell.layer to this one share it, as they share their matrix.
    """

    cell: Cell
    last: int
    original: float
    deviation: float

    def edited_as(self, edits: Edits) -> Cell:
        """Name it as edits do: the last of the layers that share it, where it is set there."""
        names = [self.cell._replace(layer=layer) for layer in range(self.last, self.cell.layer, -1)]
        return next((name for name in names if name in edits), self.cell)

    def value(self, edits: Edits) -> float:
        """Tell what it is now."""
        return edits.get(self.edited_as(edits), self.original)

    def set_to(self, edits: Edits, value: float) -> Edits:
        """Set it; as it was drawn or loaded it is no edit. Raises ValueError for one more than there may be."""
        name = self.edited_as(edits)
        others = {each: old for each, old in edits.items() if each != name}
        if value == self.original:
            return {each: old for each, old in others.items() if not self._is(each)}
        if len(others) >= MAX_EDITS:
            raise ValueError(f"{MAX_EDITS} weights are changed, which is the limit: Ctrl+click one to have it back")
        return dict(sorted((others | {name: value}).items()))

    def _is(self, name: Cell) -> bool:
        return name[1:] == self.cell[1:] and self.cell.layer <= name.layer <= self.last


@dataclass(frozen=True)
class Ground:
    """Hold what is known of the weights that are seen: the network without edits, and where its matrices stand."""

    network: Network
    plan: Layout
    count: int

    def weight(self, point: tuple[float, float]) -> Weight | None:
        """Tell the weight under a point, pixels and y down; None where there is none."""
        for tile in self.plan.tiles:
            x, y = int(point[0]) - tile.left, int(point[1]) - tile.top
            if 0 <= x < tile.width and 0 <= y < tile.height and point[0] >= 0.0 and point[1] >= 0.0:
                return self._named(tile, x, y)
        return None

    def box(self, weight: Weight) -> Box | None:
        """Tell where a weight is seen, (left, top, right, bottom); None where its matrix is not."""
        _, first, unit = weight.cell
        for tile in self.plan.tiles:
            if tile.first <= weight.cell.layer - 1 <= tile.last and tile.mask in (-1, unit):
                rows, columns = self._shape(tile)
                row, column = divmod(first, columns) if tile.mask >= 0 else (first, unit)
                wide, high = tile.width / columns, tile.height / rows
                left, top = tile.left + column * wide, tile.top + row * high
                return left, top, left + wide, top + high
        return None

    def _shape(self, tile: MatrixTile) -> tuple[int, int]:
        rows, columns = self.network.weights[tile.first].shape
        side = side_of_image(rows)
        return (side, side) if tile.mask >= 0 else (rows, columns)

    def _named(self, tile: MatrixTile, x: int, y: int) -> Weight:
        """Name the number that a pixel shows, as draw/block.py samples them."""
        (rows, columns), W = self._shape(tile), self.network.weights[tile.first]
        row, column = _sampled(y, rows, tile.height), _sampled(x, columns, tile.width)
        first, unit = (row * columns + column, tile.mask) if tile.mask >= 0 else (row, column)
        deviation = float(np.std(W)) or ANY_DEVIATION
        return Weight(Cell(tile.first + 1, first, unit), tile.last + 1, float(W[first, unit]), deviation)


def ground(scene: Scene, network: Network, size: Size) -> Ground:
    """Lay out the weights of a scene as it shows them, and name them as they are in its network without edits."""
    return Ground(network, layout(scene, network, size), distinct_weights(network))


def _sampled(pixel: int, have: int, count: int) -> int:
    return (2 * pixel + (have > count)) * have // (2 * count)
