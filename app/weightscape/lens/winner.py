"""The lens that colours each point by its largest output, as a classifier decides there, and says which it is.

An only output has two sides (network/decision.py). Where points lie over the picture, they lie under the classes'
names, which are then no part of the drawing.

Where the inputs are an image, the three points that span the plane show what the network is fed there. Where a window
holds the outputs on the GPU, they are coloured there: winners() is a twin of shaders/lib/largest.glsl, and numbers and
thumbnails, made of few points, are laid over.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.draw.lettering import letters_of
from weightscape.draw.mark import Box
from weightscape.draw.plate import Colour, Plate, text_width
from weightscape.draw.sprite import Sprite, haloed, lettered, pictured
from weightscape.engine.question import Field, Grid, Question
from weightscape.lens.lens import Answered, Drawing, DrawnLens, Points, Span, Streamed, Values, Want, by_rows
from weightscape.network.decision import two_sided
from weightscape.network.network import Network
from weightscape.network.softmax import SOFTMAX, softmax
from weightscape.network.view import EXACT, Size, plane_to_pixel
from weightscape.scene.scene import Scene
from weightscape.scene.shading import Largest

# Paul Tol's "muted" scheme (2021), which colour-blind people can tell apart; more classes begin again.
CLASS_COLOURS = ("332288", "88ccee", "44aa99", "117733", "999933", "ddcc77", "cc6677", "882255", "aa4499", "dddddd")
RGB = np.array([[int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)] for code in CLASS_COLOURS], np.float32)
# Three outputs are the picture's red, green and blue, of different lightness for those who do not
# see the hue.
THREE: tuple[Colour, ...] = ((0.93, 0.36, 0.27), (0.60, 0.92, 0.55), (0.36, 0.58, 0.98))
THREE_NAMES = ("red", "green", "blue")
# How bright a point is whose two largest outputs are equal.
DARKEST = 0.25
# A class is named where its piece is thickest, looked for at so many points on the long side.
LABEL_POINTS = 96
SMALLEST_PIECE = 0.004
# An image has so many pixels at least, and its thumbnail this part of the picture's short side.
FEWEST_PIXELS, THUMBNAIL = 64, 0.12


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    return (Want(two_sided(network), scene.view, size),)


def class_colours(classes: int) -> npt.NDArray[np.float32]:
    """Tell the classes' colours, (n, 3), which begin again after the last."""
    return np.array(THREE, np.float32) if classes == len(THREE) else RGB


def winners(values: Values) -> Values:
    """Colour values (..., classes) by the largest, darker where the second comes close: (..., 3) in 0..1."""
    tones = class_colours(values.shape[-1])
    colours: Values = tones[values.argmax(-1) % len(tones)].astype(values.dtype)
    second, first = np.moveaxis(np.partition(values, -2, axis=-1)[..., -2:], -1, 0)
    sure = np.clip(first - second, 0.0, 1.0)[..., None]
    return np.asarray(colours * (DARKEST + (1.0 - DARKEST) * np.sqrt(sure)), values.dtype)


def _draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
    (answer,), (width, height) = answers, size
    plate = Plate(size)
    colours = _colours(answer.field) if answer.colours is None else answer.colours
    colours = colours.repeat(answer.stride, 0).repeat(answer.stride, 1)
    plate.picture(0, 0, colours[:height, :width])
    images = list(_images(scene, size))
    for left, top, image in images:
        plate.picture(left, top, image)
    if not scene.points:
        _write(plate, answer, size, images)
    return plate.pixels()


def _write(plate: Plate, answer: Answered, size: Size, images: Sequence[tuple[int, int, Values]]) -> None:
    """Write classes' names where their pieces are thickest, and no thumbnail is."""
    largest, classes = answer.field.values.argmax(-1), answer.field.values.shape[-1]
    letters = _letters(size, classes)
    for left, top, image in images:
        high, wide = image.shape[:2]
        room, step = int(0.6 * letters), answer.stride
        rows = slice(max(top - room, 0) // step, (top + high + room) // step + 1)
        largest[rows, max(left - room, 0) // step : (left + wide + room) // step + 1] = -1  # no letters here
    _forbid(largest, answer.clear, answer.stride, 0)
    edges = (answer.clear or (0, 0, *size))[::2]
    for number, x, y in labels(largest):
        ink = _ink(answer.field.values[int(y), int(x)])
        name = _name(number, classes)
        plate.text(_inside(x * answer.stride, name, letters, edges), y * answer.stride, name, letters, ink, "mm")


def _letters(size: Size, classes: int) -> float:
    """Choose letters: colours' names, being longer than numbers, have smaller ones."""
    return letters_of(size).clamped(min(size) / (20.0 if classes == len(THREE) else 14.0), 9.0, 48.0)


def _name(number: int, classes: int) -> str:
    return THREE_NAMES[number] if classes == len(THREE) else str(number)


def _inside(x: float, name: str, letters: float, edges: tuple[int, ...]) -> float:
    """Keep the middle of a name so far from the left and the right edge that all of it is seen."""
    half = text_width(name, letters) / 2.0
    return max(min(x, edges[1] - half), edges[0] + half)


def _forbid(largest: npt.NDArray[np.intp], clear: Box | None, step: int, first: int) -> None:
    """Let no letters be where something stands over the picture, of points from `first` on in `step` pixels."""
    if clear:
        y, x = (first + step * np.arange(count) for count in largest.shape)
        largest[(y < clear[1]) | (y >= clear[3])] = -1
        largest[:, (x < clear[0]) | (x >= clear[2])] = -1


def _ink(values: Values) -> Colour:
    """Choose what can be read on the colour of a point; samples do not change it."""
    return (0.05, 0.05, 0.07) if winners(values).mean() > 0.5 else (1.0, 1.0, 1.0)


def labels(largest: npt.NDArray[np.intp]) -> Iterator[tuple[int, float, float]]:
    """Tell for each class (rows, columns), -1 for none, where its piece is thickest: class, x, y in points."""
    step = _label_step(*largest.shape)
    yield from _labels(largest[step // 2 :: step, step // 2 :: step], step)


def _label_step(rows: int, columns: int) -> int:
    return max(1, max(rows, columns) // LABEL_POINTS)


def _labels(coarse: npt.NDArray[np.intp], step: int) -> Iterator[tuple[int, float, float]]:
    """Tell what labels() does, of each `step`-th point of each `step`-th row."""
    for number in np.unique(coarse):
        inside = np.pad(coarse == number, 1)
        if number < 0 or inside.sum() < SMALLEST_PIECE * coarse.size:
            continue
        depth = inside.astype(int)
        while inside.any():  # peel it, layer after layer: what is left last is the middle of the thickest piece
            inside = inside & np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1)
            inside &= np.roll(inside, -1, 1)
            depth += inside
        rows, columns = np.nonzero(depth == depth.max())
        nearest = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
        yield int(number), (columns[nearest] - 0.5) * step, (rows[nearest] - 0.5) * step


def _images(scene: Scene, size: Size) -> Iterator[tuple[int, int, Values]]:
    """Show what the network is fed at (0, 0), (1, 0) and (0, 1), where these points are: left, top, picture."""
    side = math.isqrt(len(scene.origin))
    if len(scene.origin) < FEWEST_PIXELS or side * side != len(scene.origin):
        return
    origin, u, v = map(np.array, (scene.origin, scene.u, scene.v))
    zoom = max(1, round(THUMBNAIL * min(size) / side))
    for x, y, image in ((0, 0, origin), (1, 0, origin + u), (0, 1, origin + v)):
        left, top = plane_to_pixel(scene.view, size, (EXACT.create_decimal(x), EXACT.create_decimal(y)))
        if not (0 <= left < size[0] and 0 <= top < size[1]):
            continue
        grey = image.reshape(side, side).repeat(zoom, 0).repeat(zoom, 1)
        framed = np.pad(grey[..., None].repeat(3, -1), ((2, 2), (2, 2), (0, 0)), constant_values=0.0)
        yield round(left - side * zoom / 2) - 2, round(top - side * zoom / 2) - 2, framed


def _colours(field: Field) -> Values:
    return by_rows(lambda part: winners(part.values), field)


def _staying(question: Question) -> tuple[Question, Largest] | None:
    """Let single precision's outputs stay, or what goes into their softmax; differences need more digits."""
    if question.precision != "single":
        return None
    network = question.network
    return replace(question, network=network.logits), Largest(network.activations[-1] == SOFTMAX)


def _coloured(field: Field, largest: Largest) -> Values:
    def level(part: Field) -> Values:
        return winners(softmax(part.values) if largest.is_softmax else part.values)

    return by_rows(level, field)


def few(grid: Grid) -> Grid:
    """Take the points that labels() looks at."""
    step = _label_step(grid.rows, grid.columns)
    first, columns, rows = step // 2, range(step // 2, grid.columns, step), range(step // 2, grid.rows, step)
    x, y = grid.x + grid.stride * first, grid.y - grid.stride * first
    return Grid(len(columns), len(rows), x, y, grid.stride * step)


def _sprites(scene: Scene, network: Network, size: Size, few: Answered) -> Iterator[Sprite]:
    """Lay thumbnails over the picture, and classes' numbers where _draw() writes them."""
    for left, top, image in _images(scene, size):
        yield pictured(left, top, image)
    for x, y, name, letters, ink in _names(scene, size, few):
        yield lettered(x, y, name, letters, ink, "mm")


def _drawing(scene: Scene, network: Network, size: Size, few: Answered) -> Drawing:
    """Draw some rows of a large picture: their points, thumbnails and names."""
    images, names = list(_images(scene, size)), list(_names(scene, size, few))

    def draw(span: Span, answers: Sequence[Answered]) -> Values:
        plate, (top, count) = Plate(size), span
        colours = answers[0].colours
        assert colours is not None
        plate.picture(0, top, colours)
        for left, above, image in images:
            plate.picture(left, above, image)
        for x, y, name, letters, ink in names:
            plate.text(x, y, name, letters, ink, "mm")
        return plate.rows(top, count)

    return draw


def _names(scene: Scene, size: Size, few: Answered) -> Iterator[tuple[float, float, str, float, Colour]]:
    """Tell classes' names as _draw() writes them: x, y, name, letters, colour; none where points lie over them."""
    values, step = few.field.values, _label_step(size[1], size[0])
    for number, x, y, letters in () if scene.points else _named(scene, size, few):
        name = _name(number, values.shape[-1])
        edges = (few.clear or (0, 0, *size))[::2]
        yield _inside(x, name, letters, edges), y, name, letters, _ink(values[int(y / step), int(x / step)])


def names(scene: Scene, size: Size, few: Answered, words: Mapping[int, str]) -> Iterator[Sprite]:
    """Write classes' names over everything, told by points few(grid); `words`: those that have names of their own."""
    edges = (few.clear or (0, 0, *size))[::2]
    for number, x, y, letters in _named(scene, size, few):
        name = words.get(number) or _name(number, few.field.values.shape[-1])
        yield haloed(_inside(x, name, letters, edges), y, name, letters, "mm")


def _named(scene: Scene, size: Size, few: Answered) -> Iterator[tuple[int, float, float, float]]:
    """Tell, by few points, which classes are named where, and how large the letters are: class, x, y, letters."""
    values, step = few.field.values, _label_step(size[1], size[0])
    letters = _letters(size, values.shape[-1])
    largest = values.argmax(-1)
    x, y = (step // 2 + step * np.arange(count) for count in largest.shape[::-1])
    room = int(0.6 * letters)
    for left, top, image in _images(scene, size):
        high, wide = image.shape[:2]
        rows = (y >= top - room) & (y <= top + high + room)
        largest[np.ix_(rows, (x >= left - room) & (x <= left + wide + room))] = -1
    _forbid(largest, few.clear, step, step // 2)
    for number, across, down in _labels(largest, step):
        yield number, across, down, letters


def _same(scene: Scene, network: Network, size: Size, span: Span) -> list[Span]:
    return [span]


WINNER = DrawnLens(
    _wants,
    _draw,
    colours=_colours,
    points=Points(_staying, _coloured, few, _sprites),
    streamed=Streamed(few, _same, _drawing),
)
