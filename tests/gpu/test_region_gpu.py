"""Linear pieces coloured on the GPU: as coloured() and boundary() do it, their twins."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from weightscape.gpu.canvas import Canvas
from weightscape.gpu.fence import NO_FENCE
from weightscape.gpu.loan import Loan
from weightscape.lens.region import BOUNDARY, boundary, coloured, identity
from weightscape.network.pattern import MODULUS, WORDS
from weightscape.scene.palette import table
from weightscape.scene.shading import Pieces

SIZE = (61, 43)
RANDOM = np.random.default_rng(8)
GREY = table("grey")
# Of a driver's cosine, float32.
NEAR = 1e-5


@pytest.fixture
def canvas(gl: Any) -> Iterator[Canvas]:
    canvas = Canvas(gl, SIZE)
    yield canvas
    canvas.release()


def pieces(columns: int, rows: int, some: int = 40) -> npt.NDArray[np.float32]:
    """Scatter patterns over a grid, of which some differ in a single word: (rows, columns, WORDS)."""
    found = RANDOM.integers(0, MODULUS, (some, WORDS))
    for n in range(WORDS):
        found[n + 1] = found[0]
        found[n + 1, n] ^= 1
    coarse = found[RANDOM.integers(0, some, (-(-rows // 5), -(-columns // 5)))]
    return coarse.repeat(5, 0).repeat(5, 1)[:rows, :columns].astype(np.float32)


def outlined(words: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    colours = coloured(words)
    return np.where(boundary(identity(words))[..., None], np.float32(BOUNDARY) * colours, colours)


def lent(gl: Any, words: npt.NDArray[np.float32]) -> tuple[Any, Loan]:
    """Leave patterns in a texture as an engine does, which is larger than they are."""
    rows, columns, _ = words.shape
    laid = np.full((rows + 3, columns + 5, WORDS), 7.0, np.float32)
    laid[:rows, :columns] = words
    texture = gl.texture((columns + 5, rows + 3), WORDS, laid, dtype="f4")
    return texture, Loan(texture.glo, texture.size, WORDS, words.shape, NO_FENCE, lambda fence: None)


def paint(
    gl: Any, canvas: Canvas, words: Any, begin: Pieces, place: tuple[float, float] = (0.0, 0.0), stride: int = 1
) -> None:
    texture, loan = lent(gl, words)
    rows, columns, _ = words.shape
    limit = int(place[0]) + stride * (columns - begin.left), int(place[1]) + stride * (rows - begin.above)
    canvas.paint(loan, place, stride, GREY, (min(limit[0], SIZE[0]), min(limit[1], SIZE[1])), begin)
    texture.release()


def test_a_point_has_its_pieces_colour_and_edges_are_dark(gl: Any, canvas: Canvas) -> None:
    words = pieces(*SIZE)
    paint(gl, canvas, words, Pieces())
    expected = outlined(words)

    assert 0.2 < boundary(identity(words)).mean() < 0.5
    assert np.abs(canvas.read() - expected).max() <= NEAR


def test_one_word_makes_another_piece(gl: Any, canvas: Canvas) -> None:
    words = np.full((SIZE[1], SIZE[0], WORDS), 77.0, np.float32)
    for n in range(WORDS):
        words[8 * n + 4, 10 * n + 6, n] += 1.0
    paint(gl, canvas, words, Pieces())
    dark = canvas.read().mean(-1) < 0.6 * coloured(words).mean(-1)

    assert dark.sum() == 3 * WORDS  # the point, the one right of it, and the one below
    assert np.array_equal(dark, boundary(identity(words)))


@pytest.mark.parametrize("stride", [1, 4])
def test_tiles_with_their_neighbours_have_no_seams(gl: Any, canvas: Canvas, stride: int) -> None:
    columns, rows = -(-SIZE[0] // stride), -(-SIZE[1] // stride)
    words, across, down = pieces(columns, rows), columns // 2, rows // 3
    for top, bottom in ((0, down), (down, rows)):
        for left, right in ((across, columns), (0, across)):
            begin = Pieces(int(left > 0), int(top > 0))
            part = words[top - begin.above : bottom, left - begin.left : right]
            paint(gl, canvas, part, begin, (float(left * stride), float(top * stride)), stride)
    expected = outlined(words).repeat(stride, 0).repeat(stride, 1)[: SIZE[1], : SIZE[0]]

    assert np.abs(canvas.read() - expected).max() <= NEAR


def test_samples_are_added_up_and_averaged(gl: Any, canvas: Canvas) -> None:
    samples = [pieces(*SIZE) for _ in range(3)]
    for n, words in enumerate(samples):
        texture, loan = lent(gl, words)
        canvas.add(loan, (0.0, 0.0), GREY, SIZE, Pieces(), is_first=n == 0)
        texture.release()
    canvas.settle((0, 0), SIZE, len(samples))

    assert np.abs(canvas.read() - np.mean([outlined(words) for words in samples], 0)).max() <= NEAR


def test_the_twins_have_the_same_darkness() -> None:
    text = (files("weightscape.shaders") / "lib" / "region.glsl").read_text(encoding="utf-8")
    assert f"BOUNDARY = {BOUNDARY};" in text
