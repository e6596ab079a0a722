"""The lens of linear pieces: what relu, leaky_relu and abs cut the plane into, each piece in a colour of its own.

A piece is where the same units are on. Small networks' pieces are counted exactly as well (network/piece.py). Where a
window holds patterns on the GPU, they are coloured there (shaders/lib/region.glsl is the twin of coloured() and
boundary()), and the count, made of all points, is laid over once the picture is fine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from weightscape.draw.chart import worded
from weightscape.draw.lettering import letters_of
from weightscape.draw.plate import INK, Plate, fitted
from weightscape.draw.sprite import Sprite, lettered
from weightscape.engine.question import Field, Question
from weightscape.lens.countable import is_countable, of_pixels
from weightscape.lens.lens import Answered, Drawing, DrawnLens, Points, Span, Streamed, Values, Want, few_of
from weightscape.lens.output import cut
from weightscape.network.interrupt import check
from weightscape.network.network import Network
from weightscape.network.pattern import PIECEWISE, WORDS, counted
from weightscape.network.piece import pieces
from weightscape.network.view import Size
from weightscape.scene.lens_name import layer_tap
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.shading import Pieces

# Networks of so many two-piece units are counted exactly, up to so many pieces: a fraction of a second.
FEW_UNITS, MOST_PIECES = 48, 3000
# Patterns are counted in so many parts, between which nobody waits.
SHARES = 16
BOUNDARY, SHADED = 0.35, 0.3
# With more pieces than this part of the pixels nothing is seen of one.
TOO_MANY = 0.25
# Letters are this part of the short side, within limits.
LETTERS, SMALLEST, LARGEST = 1 / 32, 9.0, 24.0


def _wants(scene: Scene, network: Network, size: Size) -> tuple[Want, ...]:
    shorter = hidden(scene, network)
    return (Want(shorter, scene.view, size, answer="pattern"),)


def hidden(scene: Scene, network: Network) -> Network:
    """Cut the network at the lens's layer. Raises SceneError where no unit has two pieces."""
    layer_tap(scene.layer, False, network)
    shorter = cut(network, scene.layer)[0] if scene.layer else network
    if scene.layer and shorter is network and scene.layer < network.layers:
        kept = slice(0, scene.layer)
        shorter = replace(
            network, weights=network.weights[kept], biases=network.biases[kept], activations=network.activations[kept]
        )
    if not counted(shorter):
        used = ", ".join(dict.fromkeys(shorter.activations))
        raise SceneError("lens", f"linear pieces are those of {', '.join(PIECEWISE)}; this network has {used}")
    return shorter


def _draw(scene: Scene, network: Network, size: Size, answers: Sequence[Answered]) -> Values:
    (answer,), (width, height) = answers, size
    left, _, right, bottom = answer.clear or (0, 0, width, height)
    colours = _outlined(answer.field) if answer.colours is None else answer.colours
    plate = Plate(size)
    large = colours.repeat(answer.stride, 0).repeat(answer.stride, 1)[:height, :width]
    if answer.stride == 1:
        letters = _letters(size)
        if told := _told(scene, network, size, answer):
            large[bottom - words_height(size) : bottom, left:right] *= np.float32(SHADED)
        plate.text(left + letters, bottom - letters, told, letters, anchor="lm")
    plate.picture(0, 0, large)
    return plate.pixels()


def words_height(size: Size) -> int:
    """Tell how high the line is in which a picture's pieces are counted, in pixels."""
    return round(2 * _letters(size))


def _letters(size: Size) -> float:
    return letters_of(size).clamped(min(size) * LETTERS, SMALLEST, LARGEST)


def _told(scene: Scene, network: Network, size: Size, answer: Answered) -> str:
    """Say what stands in the last rows of what is clear of the picture, if there is room."""
    letters, (left, _, right, _) = _letters(size), answer.clear or (0, 0, *size)
    count = told_count(scene, network, size, seen_pieces(answer.field.values))
    return worded((count, count.partition(" at ")[0]), right - left - 2 * letters, letters)


def _sprites(scene: Scene, network: Network, size: Size, answer: Answered) -> Iterator[Sprite]:
    """Lay over the picture what _draw() writes there."""
    letters, (left, _, right, bottom) = _letters(size), answer.clear or (0, 0, *size)
    if told := _told(scene, network, size, answer):
        rows = words_height(size)
        shade = np.zeros((rows, right - left, 4), np.float32)
        shade[..., 3] = 1.0 - SHADED
        yield Sprite(left, bottom - rows, shade)
        yield lettered(left + letters, bottom - letters, told, letters, INK, "lm")


def _staying(question: Question) -> tuple[Question, Pieces]:
    return replace(question, network=question.network.logits), Pieces()


def _cut_out(field: Field, pieces: Pieces) -> Values:
    return _outlined(field)[pieces.above :, pieces.left :]


def _outlined(field: Field) -> Values:
    """Colour every point by its piece, boundaries darker."""
    colours = coloured(field.values)
    return np.where(boundary(identity(field.values))[..., None], np.float32(BOUNDARY) * colours, colours)


def identity(words: Values) -> npt.NDArray[np.uint64]:
    """Make one whole number of a pattern's words: (..., WORDS) -> (...)."""
    places = np.uint64(1) << (np.uint64(16) * np.arange(WORDS, dtype=np.uint64))
    return np.asarray(words.astype(np.uint64) @ places, np.uint64)


def seen_pieces(words: Values) -> int:
    """Count the different patterns of points (rows, columns, WORDS)."""
    numbers = identity(words)
    begins = np.ones(numbers.shape, bool)  # along a row a piece's points follow each other: few are to be sorted
    begins[:, 1:] = numbers[:, 1:] != numbers[:, :-1]
    begun, found = numbers[begins], 0
    for share in range(SHARES):  # sorting takes its time, and a window may have something else to do by now
        check()
        found += len(np.unique(begun[begun % np.uint64(SHARES) == share]))
    return found


def coloured(words: Values) -> npt.NDArray[np.float32]:
    """Colour patterns: a hue and a lightness from their words, so that a piece keeps its colour in every view."""
    hue, light, depth = (words[..., n].astype(np.float32) / np.float32(65536) for n in (0, 1, 2))
    # A cosine palette: three waves a third apart, which nowhere gets dark.
    phase = hue[..., None] + np.array([0.0, 1 / 3, 2 / 3], np.float32)
    waves = 0.5 + 0.5 * np.cos(2.0 * np.pi * phase)
    return np.asarray(
        (0.45 + 0.4 * light[..., None]) * (1.0 - (0.35 + 0.4 * depth[..., None]) * (1.0 - waves)) * 1.15, np.float32
    ).clip(0.0, 1.0)


def boundary(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Mark the points whose left or upper neighbour is of another piece."""
    marked = np.zeros(numbers.shape, bool)
    marked[:, 1:] |= numbers[:, 1:] != numbers[:, :-1]
    marked[1:] |= numbers[1:] != numbers[:-1]
    return marked


def told_count(scene: Scene, network: Network, size: Size, seen: int, among: Size | None = None) -> str:
    """Say how many pieces are seen, and of a small network how many there are; `among` few points, if not all."""
    exact = exact_count(scene, network, size)
    known = "" if exact is None else f" of exactly {exact:,}"
    columns, rows = among or size
    where = f" at {columns} x {rows} points" if among else " at this resolution"
    fine = ": finer than a pixel" if seen > TOO_MANY * columns * rows else where
    return f"{seen:,}{known} linear piece{'s' if (exact or seen) != 1 else ''} in view{fine}"


def exact_count(scene: Scene, network: Network, size: Size) -> int | None:
    """Count the pieces in the view by cutting its rectangle; None where that is not for this network or view.

    Of networks whose inputs are affine in x and y, that are curved nowhere before their last layer and have
    FEW_UNITS two-piece units at the most.
    """
    shorter = hidden(scene, network)
    units = sum(shorter.widths[1 + k] for k in counted(shorter))
    if not is_countable(scene, shorter) or units > FEW_UNITS:
        return None
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * np.array(size) / 2.0
    found = pieces(of_pixels(scene, shorter, size), corners, MOST_PIECES)
    return None if found is None else len(found)


def _spans(scene: Scene, network: Network, size: Size, span: Span) -> list[Span]:
    """Ask for a row more, above: boundaries are told by it."""
    above = min(span[0], 1)
    return [(span[0] - above, span[1] + above)]


def _drawing(scene: Scene, network: Network, size: Size, few: Answered) -> Drawing:
    """Draw some rows of a large picture, whose pieces are counted on few of its points."""
    (width, height), letters, grid = size, _letters(size), few.question.grid
    told = told_count(scene, network, size, seen_pieces(few.field.values), (grid.columns, grid.rows))
    told = fitted(told, width - 2 * letters, letters)
    first = height - words_height(size) if told else height

    def draw(span: Span, answers: Sequence[Answered]) -> Values:
        plate, (top, count) = Plate(size), span
        assert answers[0].colours is not None
        colours = answers[0].colours[-count:]
        colours[max(first - top, 0) :] *= SHADED
        plate.picture(0, top, colours)
        plate.text(letters, height - letters, told, letters, anchor="lm")
        return plate.rows(top, count)

    return draw


REGIONS = DrawnLens(
    _wants,
    _draw,
    is_chart=True,
    colours=_outlined,
    points=Points(_staying, _cut_out, None, _sprites),
    streamed=Streamed(few_of, _spans, _drawing),
)
