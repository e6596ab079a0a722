"""Where the pictures of matrices stand: tiles of a grid, equal matrices once, and masks over an image of inputs."""

import math
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from weightscape.draw.block import side_of_image
from weightscape.draw.chart import LETTER, unit
from weightscape.draw.plate import text_width
from weightscape.network.edit import edits_of
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.scene.scene import Scene

# Matrices are left out where their longer sides were smaller; and no cell is larger, on a picture of usual size.
SMALLEST_SIDE, LARGEST_CELL = 40.0, 72.0
# From this many pixels on, cells of all matrices are of one size.
COMMON_CELL = 4.0
# Small letters' part of the others.
SMALL = 0.85
# A network fed an image: parts of the width for one unit's mask and for all of them; what is left is for matrices.
ONE_MASK, ALL_MASKS = 0.28, 0.46

Box = tuple[float, float, float, float]
Run = tuple[int, int]


@dataclass(frozen=True)
class MatrixTile:
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
class Layout:
    """Hold the tiles, the letters' size, and which part of the matrices is shown: one of `every`."""

    tiles: tuple[MatrixTile, ...]
    letter: float
    every: int = 1


def layout(scene: Scene, network: Network, size: Size) -> Layout:
    """Place all matrices, or that of the scene's layer alone. Where not all have room, those that are edited stay."""
    letter = LETTER * unit(size)
    left, top, right, bottom = letter, 2.6 * letter, size[0] - letter, size[1] - 3.6 * letter
    if not has_words(size):
        left, top, right, bottom, letter = 0.0, 0.0, float(size[0]), float(size[1]), 0.0
    runs = runs_of(network)
    if scene.layer:
        runs = [run for run in runs if run[0] <= (scene.layer - 1) % network.layers <= run[1]]
    tiles: list[MatrixTile] = []
    if side_of_image(network.widths[0]) and runs[0][0] == 0:
        wide, runs = right - left, runs[1:]
        share = (ONE_MASK, ALL_MASKS) if runs else (0.36, 0.64)
        one, all_ = left + share[0] * wide, left + sum(share) * wide
        tiles.append(_one_mask(scene, network, (left, top, one - letter, bottom), letter))
        tiles += _masks(network, (one, top, all_ - (letter if runs else 0.0), bottom), letter)
        left = all_
    every = 1
    if runs:
        box, edited = (left, top, right, bottom), {cell.layer - 1 for cell in edits_of(scene.edits)}
        shown, every = _chosen(lambda each: thinned(runs, each, edited), network, box, size, letter)
        tiles += shown
    return Layout(tuple(tiles), letter, every)


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


def thinned(runs: list[Run], every: int, kept: Collection[int] = ()) -> list[Run]:
    """Leave one of so many runs, from the first; always among them are the last and those of layers to keep, from 0."""
    always = [runs[-1], *(run for run in runs if any(run[0] <= k <= run[1] for k in kept))]
    return [run for n, run in enumerate(runs) if n % every == 0 or run in always]


def _chosen(
    some: Callable[[int], list[Run]], network: Network, box: Box, size: Size, letter: float
) -> tuple[list[MatrixTile], int]:
    """Place all matrices if that leaves them large enough, else one of `every`: many tiles that fill the room."""
    found: list[tuple[bool, float, int, list[MatrixTile]]] = []
    for every in range(1, max(len(some(1)), 2)):
        tiles = _matrices(network, some(every), box, size, letter)
        sides = sorted(max(tile.width, tile.height) for tile in tiles)
        is_large = sides[len(sides) // 2] >= SMALLEST_SIDE * unit(size)
        filled = sum(tile.width * tile.height for tile in tiles)
        found.append((is_large, filled * math.sqrt(len(tiles)), -every, tiles))
        if every == 1 and is_large:
            break
    _, _, every, tiles = max(found)
    return tiles, -every


def _columns(count: int, box: Box, head: float, gap: float, aspect: float = 1.0) -> tuple[int, float, float]:
    """Choose the columns in which `count` tiles are largest, and a tile's width and height without header and gaps."""
    best = (1, 0.0, 0.0)
    for columns in range(1, count + 1):
        wide = (box[2] - box[0]) / columns - gap
        high = (box[3] - box[1]) / -(-count // columns) - head - gap
        if min(wide, high * aspect) > min(best[1], best[2] * aspect) or columns == 1:
            best = columns, wide, high
    return best[0], max(best[1], 1.0), max(best[2], 1.0)


def _matrices(network: Network, runs: list[Run], box: Box, size: Size, letter: float) -> list[MatrixTile]:
    """Place matrices in a grid, under their names."""
    head, gap = 2.6 * letter, max(1.2 * letter, 1.0)
    shapes = [network.weights[first].shape for first, _ in runs]
    words = [_words(run, shape) for run, shape in zip(runs, shapes, strict=True)]
    name, shape_name = (max(each, key=len) for each in zip(*words, strict=True))
    label = max(text_width(name, letter), text_width(shape_name, SMALL * letter)) if letter else 0.0
    columns, wide, high = _grid(shapes, box, (head, gap), label)
    cells = [min(_cell(shape, wide, high), LARGEST_CELL * unit(size)) for shape in shapes]
    cells = [min(cells)] * len(cells) if min(cells) >= COMMON_CELL else cells
    tiles = []
    for n, ((first, last), (rows, across), cell) in enumerate(zip(runs, shapes, cells, strict=True)):
        scale = int(cell) if cell >= 1.0 else cell
        width, height = max(int(across * scale), 1), max(int(rows * scale), 1)
        # What has fewer numbers than pixels one way only, is made legible that way.
        width, height = _widened(width, across, rows, wide), _widened(height, rows, across, high)
        x = box[0] + n % columns * (wide + gap) + (wide + gap - width) / 2.0
        y = box[1] + n // columns * (high + head + gap) + head + (high - height) / 2.0
        tiles.append(MatrixTile(first, last, round(x), round(y), width, height, *words[n]))
    return tiles


def _words(run: Run, shape: tuple[int, ...]) -> tuple[str, str]:
    """Say which layers' matrix it is, and of what shape."""
    first, last = run
    name = f"layer {first + 1}" if first == last else f"layers {first + 1} … {last + 1}"
    return name, " × ".join(map(str, shape)) + (", the same matrix" if first != last else "")


def _cell(shape: tuple[int, ...], wide: float, high: float) -> float:
    """Tell how large cells of a matrix are in a room: whole pixels, or less than one."""
    cell = min(wide / shape[1], high / shape[0])
    return float(int(cell)) if cell >= 1.0 else cell


def _grid(shapes: list[tuple[int, ...]], box: Box, free: tuple[float, float], label: float) -> tuple[int, float, float]:
    """Choose the columns in which matrices are largest, and a tile's width and height.

    `free`: the header's height and the gap. Columns are no closer than labels are wide, but for a single one.
    """
    (head, gap), best, found, count = free, (-1.0, 0.0), (1, 1.0, 1.0), len(shapes)
    different = Counter(shapes)
    for columns in range(1, count + 1):
        wide = (box[2] - box[0]) / columns - gap
        high = (box[3] - box[1]) / -(-count // columns) - head - gap
        if columns > 1 and wide + 0.5 * gap < label:
            break
        if min(wide, high) <= 0.0:
            continue
        area = sum(often * math.prod(shape) * _cell(shape, wide, high) ** 2 for shape, often in different.items())
        merit = area, min(wide, high)
        if merit > best:
            best, found = merit, (columns, wide, high)
    return found[0], max(found[1], 1.0), max(found[2], 1.0)


def _widened(length: int, count: int, other: int, room: float) -> int:
    """Give a few cells a side of some pixels, where a matrix is very long the other way."""
    is_slim = length < 4 * count and other >= 4 * count
    return max(length, min(8 * count, int(room / 4))) if is_slim else length


def _one_mask(scene: Scene, network: Network, box: Box, letter: float) -> MatrixTile:
    side, room = side_of_image(network.widths[0]), min(box[2] - box[0], box[3] - box[1] - 2.6 * letter)
    length = _whole(room, side)
    top = box[1] + 2.6 * letter + (box[3] - box[1] - 2.6 * letter - length) / 2.0
    return MatrixTile(0, 0, round(box[0]), round(top), length, length, f"unit {scene.unit}", "of layer 1", scene.unit)


def _masks(network: Network, box: Box, letter: float) -> list[MatrixTile]:
    side, count = side_of_image(network.widths[0]), network.widths[1]
    head, gap = (1.1 * letter, 0.4 * letter) if count <= 64 else (0.0, 1.0)
    columns, wide, high = _columns(count, box, head, gap)
    length = _whole(min(wide, high), side)
    rows = -(-count // columns)
    left = box[0] + (box[2] - box[0] - columns * (length + gap)) / 2.0
    top = box[1] + (box[3] - box[1] - rows * (length + head + gap)) / 2.0
    return [
        MatrixTile(
            0,
            0,
            round(left + n % columns * (length + gap)),
            round(top + n // columns * (length + head + gap) + head),
            length,
            length,
            str(n) if head else "",
            "",
            n,
        )
        for n in range(count)
    ]


def _whole(room: float, count: int) -> int:
    """Take whole pixels for each of `count` cells, or, where there is no room, all there is."""
    return max(int(room / count) * count or int(room), 1)
