"""Where the pictures of matrices stand: tiles of a grid, equal matrices once, and masks over an image of inputs."""

from dataclasses import dataclass

from weightscape.draw.block import side_of_image
from weightscape.draw.chart import LETTER, unit
from weightscape.model.network import Network
from weightscape.model.scene import Scene
from weightscape.model.view import Size

# No tile is smaller, and no cell larger, on a picture of usual size.
SMALLEST_TILE, LARGEST_CELL = 84.0, 72.0
# From this many pixels on, cells of all matrices are of one size.
COMMON_CELL = 4.0
# A network fed an image: parts of the width for one unit's mask and for all of them; what is left is for matrices.
ONE_MASK, ALL_MASKS = 0.28, 0.46

Box = tuple[float, float, float, float]
Run = tuple[int, int]


@dataclass(frozen=True)
class Tile:
    """Place a picture: of the matrix of layers first .. last (from 0), or of one unit's weights over the inputs.

    Pixels; `mask` is the unit, -1 for a whole matrix. `name` and `shape` stand above, where there is room.
    """

    first: int
    last: int
    left: int
    top: int
    width: int
    height: int
    name: str
    shape: str = ""
    mask: int = -1


@dataclass(frozen=True)
class Plan:
    """Hold the tiles, the letters' size, and which part of the matrices is shown: one of `every`."""

    tiles: tuple[Tile, ...]
    letter: float
    every: int = 1


def layout(scene: Scene, network: Network, size: Size) -> Plan:
    """Place all matrices, or that of the scene's layer alone."""
    letter = LETTER * unit(size)
    left, top, right, bottom = letter, 2.6 * letter, size[0] - letter, size[1] - 3.6 * letter
    if not has_words(size):
        left, top, right, bottom, letter = 0.0, 0.0, float(size[0]), float(size[1]), 0.0
    runs = runs_of(network)
    if scene.layer:
        runs = [run for run in runs if run[0] <= (scene.layer - 1) % network.layers <= run[1]]
    tiles: list[Tile] = []
    if side_of_image(network.widths[0]) and runs[0][0] == 0:
        wide, runs = right - left, runs[1:]
        share = (ONE_MASK, ALL_MASKS) if runs else (0.36, 0.64)
        one, all_ = left + share[0] * wide, left + sum(share) * wide
        tiles.append(_one_mask(scene, network, (left, top, one - letter, bottom), letter))
        tiles += _masks(network, (one, top, all_ - (letter if runs else 0.0), bottom), letter)
        left = all_
    every = 1
    if runs:
        runs, every = thinned(runs, _most((left, top, right, bottom), size))
        tiles += _matrices(network, runs, (left, top, right, bottom), size, letter)
    return Plan(tuple(tiles), letter, every)


def has_words(size: Size) -> bool:
    """Tell whether the picture is high enough for anything but matrices."""
    return size[1] >= 10.0 * LETTER * unit(size)


def runs_of(network: Network) -> list[Run]:
    """List the matrices: first and last layer (from 0) of neighbours that are the same one."""
    runs: list[Run] = []
    for k, W in enumerate(network.weights):
        if k and W is network.weights[k - 1]:
            runs[-1] = runs[-1][0], k
        else:
            runs.append((k, k))
    return runs


def thinned(runs: list[Run], most: int) -> tuple[list[Run], int]:
    """Leave so many runs, in equal steps from the first, the last always among them: also one of how many."""
    every = 1
    while len(runs[:-1:every]) + 1 > max(most, 2):
        every += 1
    return [*runs[:-1:every], runs[-1]], every


def _most(box: Box, size: Size) -> int:
    side = SMALLEST_TILE * unit(size)
    return int((box[2] - box[0]) / side) * int((box[3] - box[1]) / side)


def _columns(count: int, box: Box, head: float, gap: float, aspect: float = 1.0) -> tuple[int, float, float]:
    """Choose the columns in which `count` tiles are largest, and a tile's width and height without header and gaps."""
    best = (1, 0.0, 0.0)
    for columns in range(1, count + 1):
        wide = (box[2] - box[0]) / columns - gap
        high = (box[3] - box[1]) / -(-count // columns) - head - gap
        if min(wide, high * aspect) > min(best[1], best[2] * aspect) or columns == 1:
            best = columns, wide, high
    return best[0], max(best[1], 1.0), max(best[2], 1.0)


def _matrices(network: Network, runs: list[Run], box: Box, size: Size, letter: float) -> list[Tile]:
    head, gap = 2.6 * letter, 1.2 * letter
    columns, wide, high = _columns(len(runs), box, head, gap)
    shapes = [network.weights[first].shape for first, _ in runs]
    cells = [min(wide / across, high / rows, LARGEST_CELL * unit(size)) for rows, across in shapes]
    cells = [min(cells)] * len(cells) if min(cells) >= COMMON_CELL else cells
    tiles = []
    for n, (first, last) in enumerate(runs):
        rows, across = shapes[n]
        scale = int(cells[n]) if cells[n] >= 1.0 else cells[n]
        width, height = max(int(across * scale), 1), max(int(rows * scale), 1)
        # What has fewer numbers than pixels one way only, is made legible that way.
        width, height = _widened(width, across, wide), _widened(height, rows, high)
        x = box[0] + n % columns * (wide + gap) + (wide + gap - width) / 2.0
        y = box[1] + n // columns * (high + head + gap) + head + (high - height) / 2.0
        name = f"layer {first + 1}" if first == last else f"layers {first + 1} … {last + 1}"
        shape = f"{rows} × {across}" + (", the same matrix" if first != last else "")
        tiles.append(Tile(first, last, round(x), round(y), width, height, name, shape))
    return tiles


def _widened(length: int, count: int, room: float) -> int:
    """Give a few cells a side of some pixels, where a matrix is very long the other way."""
    return length if length >= 4 * count else max(length, min(8 * count, int(room / 4)))


def _one_mask(scene: Scene, network: Network, box: Box, letter: float) -> Tile:
    side, room = side_of_image(network.widths[0]), min(box[2] - box[0], box[3] - box[1] - 2.6 * letter)
    length = _whole(room, side)
    top = box[1] + 2.6 * letter + (box[3] - box[1] - 2.6 * letter - length) / 2.0
    return Tile(0, 0, round(box[0]), round(top), length, length, f"unit {scene.unit}", "of layer 1", scene.unit)


def _masks(network: Network, box: Box, letter: float) -> list[Tile]:
    side, count = side_of_image(network.widths[0]), network.widths[1]
    head, gap = (1.1 * letter, 0.4 * letter) if count <= 64 else (0.0, 1.0)
    columns, wide, high = _columns(count, box, head, gap)
    length = _whole(min(wide, high), side)
    rows = -(-count // columns)
    left = box[0] + (box[2] - box[0] - columns * (length + gap)) / 2.0
    top = box[1] + (box[3] - box[1] - rows * (length + head + gap)) / 2.0
    return [
        Tile(0, 0, round(left + n % columns * (length + gap)), round(top + n // columns * (length + head + gap) + head),
             length, length, str(n) if head else "", "", n)
        for n in range(count)
    ]  # fmt: skip


def _whole(room: float, count: int) -> int:
    """Take whole pixels for each of `count` cells, or, where there is no room, all there is."""
    return max(int(room / count) * count or int(room), 1)
