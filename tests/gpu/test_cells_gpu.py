"""Cells coloured on the GPU: the colours that a drawing has, however their numbers come; and the paper under them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from specimen import CLASSIFIED, classifier

from weightscape.draw.plate import PAPER
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Field, Question, Values
from weightscape.engine.tile import Pace
from weightscape.file.npz import write_weights
from weightscape.gpu.canvas import Canvas
from weightscape.gpu.cells import CellPainter, CellTile
from weightscape.gpu.fence import NO_FENCE
from weightscape.gpu.loan import Loan
from weightscape.gpu.shelf import FOLD, folded
from weightscape.lens.lens import Part
from weightscape.network.interrupt import never
from weightscape.picture.cell_patch import CellPatch
from weightscape.picture.cells_exposure import CellsExposure
from weightscape.picture.exposing import exposure_of
from weightscape.picture.exposure import Evaluator, Laid, Order
from weightscape.picture.questions import PrecisionName
from weightscape.scene.colour import Colour
from weightscape.scene.palette import table
from weightscape.scene.scene import Scene
from weightscape.scene.shade import shade

ATLAS = Scene(layers=5, width=9, seed=3, lens="atlas")
SCENES: dict[str, tuple[Scene, PrecisionName]] = {
    "atlas": (ATLAS, "single"),
    "before": (replace(ATLAS, before=True, palette="magma"), "single"),
    "bounded below": (replace(ATLAS, activation="sigmoid", palette="grey"), "single"),
    "units": (replace(ATLAS, lens="units", layer=2), "single"),
    "outputs": (replace(ATLAS, lens="units", outputs=1, palette="twilight"), "single"),
    "differences": (replace(ATLAS, radius=1e-30, center=("0.31", "-0.2")), "perturbed"),
    "doubles": (ATLAS, "double"),
}
SIZES = ((1, 1), (61, 43), (333, 121), (260, 190))
# In float32, through the palette's steepest part.
NEAR = 2e-6
WATCHED = Order(is_watched=True)
RANDOM = np.random.default_rng(5)


@pytest.fixture
def painter(gl: Any) -> Iterator[CellPainter]:
    painter = CellPainter(gl)
    yield painter
    painter.release()


def exposure(
    scene: Scene, size: tuple[int, int], precision: PrecisionName, engine: NumpyEngine, budget: float | None = None
) -> CellsExposure:
    made = exposure_of(Evaluator(engine, Pace(), budget_s=budget), Part(scene, size, 7, 3), precision)
    assert isinstance(made, CellsExposure)
    return made


def painted(gl: Any, painter: CellPainter, size: tuple[int, int], laid: Iterator[Laid]) -> tuple[Values, int]:
    """Paint as the window does, into a canvas with a border; tell the picture and the number of its tiles."""
    canvas, count = Canvas(gl, (size[0] + 9, size[1] + 8)), 0
    for count, patch in enumerate(laid, 1):  # noqa: B007 - it is the number of them
        assert isinstance(patch, CellPatch)
        assert isinstance(patch.values, np.ndarray)
        painter.lay(canvas, patch.paper, patch.place)
        cells = CellTile(patch.cells, patch.room, patch.stride, patch.curve, patch.colour.table)
        painter.paint(canvas, patch.values, cells)
    seen = canvas.read()
    canvas.release()
    assert not seen[:3].any()
    assert not seen[:, :7].any()
    assert not seen[3 + size[1] :].any()
    assert not seen[:, 7 + size[0] :].any()
    return seen[3 : 3 + size[1], 7 : 7 + size[0]], count


def farthest(seen: Values, expected: Values) -> float:
    """Tell by how much colours are off, at worst; the paper is made of bytes, and its paper is rounded to them."""
    is_paper = np.abs(expected - PAPER).max(-1) < 1e-6
    assert np.array_equal(np.rint(seen[is_paper] * 255), np.rint(expected[is_paper] * 255))
    return float(np.abs(seen - expected)[~is_paper].max(initial=0.0))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_cells_have_the_colours_of_a_drawing(name: str, size: tuple[int, int], gl: Any, painter: CellPainter) -> None:
    scene, precision = SCENES[name]
    engine = NumpyEngine()
    for stride in (1, 4):
        made = exposure(scene, size, precision, engine)
        seen, count = painted(gl, painter, size, made.expose(stride, WATCHED))
        for _ in made.expose(stride, Order()):
            pass
        expected = made.colours()
        assert count == 1
        assert size == (1, 1) or expected.std() > 0.02
        assert farthest(seen, expected) <= NEAR
        painter.forget()
    engine.release()


def test_a_softmax_is_coloured_too(tmp_path: Path, gl: Any, painter: CellPainter) -> None:
    made, engine = classifier(temperature=3.0), NumpyEngine()
    write_weights(tmp_path / "five.npz", made.weights, made.biases, made.activations)
    scene = Scene(weights=str(tmp_path / "five.npz"), inputs=CLASSIFIED.inputs, lens="units")
    shown = exposure(scene, SIZES[3], "single", engine)
    assert shown.network.activations[-1] == "softmax"
    seen, _ = painted(gl, painter, SIZES[3], shown.expose(1, WATCHED))
    for _ in shown.expose(1, Order()):
        pass
    assert farthest(seen, shown.colours()) <= NEAR
    engine.release()


class Tiling(NumpyEngine):
    """Says that its answers stay, so that they are asked for tile after tile."""

    def holds(self, question: Question) -> bool:
        return True

    def smallest(self, network: object) -> int:
        return 50

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        return self.field(question, cancelled)


@pytest.mark.parametrize("stride", [1, 3])
def test_cells_are_painted_tile_after_tile(stride: int, gl: Any, painter: CellPainter) -> None:
    engine, size = Tiling(), (333, 250)
    made = exposure(ATLAS, size, "single", engine, budget=1e-9)
    at_the_focus = replace(WATCHED, focus=(120.0, 90.0))
    seen, count = painted(gl, painter, size, made.expose(stride, at_the_focus))
    for _ in made.expose(stride, Order()):
        pass
    assert count >= 3
    assert farthest(seen, made.colours()) <= NEAR
    engine.release()


@pytest.mark.parametrize("levels", ["plain", "auto"])
def test_what_is_stretched_is_drawn_as_in_a_file(levels: str) -> None:
    engine, scene = NumpyEngine(), replace(ATLAS, levels=levels)
    (patch,) = exposure(scene, SIZES[1], "single", engine).expose(1, WATCHED)
    assert isinstance(patch, CellPatch) == (levels == "plain")
    engine.release()


def random(channels: int) -> tuple[npt.NDArray[np.float32], CellTile]:
    """Make numbers of 11 x 7 points, and cells in a line for them."""
    values = RANDOM.uniform(-1, 2, (7, 11, channels)).astype(np.float32)
    places = [(13 * n, 2 + n, 0.5, 0.25) for n in range(channels)]
    return values, CellTile(np.array(places, np.float32), (11, 7), 1, "identity", table("viridis"))


@pytest.mark.parametrize("channels", [1, 3, 4, 5, 30])
@pytest.mark.parametrize("is_by_channel", [False, True])
def test_numbers_may_be_on_loan(channels: int, is_by_channel: bool, gl: Any, painter: CellPainter) -> None:
    values, cells = random(channels)
    canvas = Canvas(gl, (400, 60))
    laid = np.ascontiguousarray(np.moveaxis(values, 2, 0))
    painter.paint(canvas, np.moveaxis(laid, 0, 2) if is_by_channel else values, cells)
    expected = canvas.read()
    assert len(np.unique(expected.reshape(-1, 3), axis=0)) > 40
    assert np.allclose(expected[2:9, :11], drawn_cell(values[..., 0]), atol=NEAR)

    canvas.paint(np.zeros((1, 1, 3), np.float32), (0, 0), 400, table("grey"))
    read: list[int] = []
    texture, loan = lent(gl, values, read)
    painter.paint(canvas, loan, cells)
    texture.release()
    assert len(read) == 1
    assert np.array_equal(canvas.read(), expected)
    canvas.release()


def drawn_cell(values: Values) -> Values:
    return shade(values[..., None] * np.float32(0.5) + np.float32(0.25), Colour())


def lent(gl: Any, values: npt.NDArray[np.float32], read: list[int]) -> tuple[Any, Loan]:
    """Leave numbers in a texture as an engine does."""
    rows, columns, channels = values.shape
    size, components = ((columns, rows), channels) if channels <= 4 else (folded(values.size), 1)
    data = np.zeros((size[1] * size[0], components), np.float32)
    data.ravel()[: values.size] = values.ravel()
    texture = gl.texture(size, components, data, alignment=1, dtype="f4")
    return texture, Loan(texture.glo, size, components, values.shape, NO_FENCE, read.append)


def test_more_numbers_than_a_row_of_texels_has(gl: Any, painter: CellPainter) -> None:
    channels = 3 * FOLD // 77 + 1
    values = RANDOM.uniform(0, 1, (7, 11, channels)).astype(np.float32)
    assert values.size % FOLD
    places = [(11 * (n % 30), 7 * (n // 30), 0.5, 0.25) for n in range(channels)]
    cells = CellTile(np.array(places, np.float32), (11, 7), 1, "identity", table("viridis"))
    canvas = Canvas(gl, (330, 49))
    painter.paint(canvas, values, cells)
    seen = canvas.read()
    for n, (left, top, _, _) in enumerate(places):
        assert np.allclose(seen[top : top + 7, left : left + 11], drawn_cell(values[..., n]), atol=NEAR)
    canvas.release()


def test_the_paper_is_painted_where_it_is_not(gl: Any, painter: CellPainter) -> None:
    canvas = Canvas(gl, (60, 40))
    one = RANDOM.integers(0, 256, (20, 30, 3), np.uint8)
    other = one.copy()
    black = np.zeros((4, 4, 3), np.float32)

    def lay(paper: npt.NDArray[np.uint8], place: tuple[int, int]) -> bool:
        """Tell whether it was painted: a black corner, which nobody was told of, is gone."""
        canvas.paint(black, place, 1, table("grey"))
        painter.lay(canvas, paper, place)
        part = canvas.read()[place[1] : place[1] + 20, place[0] : place[0] + 30]
        return bool(np.abs(part - paper / 255).max() <= 1e-6)

    assert lay(one, (0, 5))
    assert lay(one, (30, 5))
    assert not lay(one, (0, 5)), "it is there"
    assert lay(other, (0, 5))
    assert not lay(one, (30, 5))
    painter.forget((0, 0, 30, 40))
    assert not lay(one, (30, 5))
    assert lay(other, (0, 5))
    painter.forget((29, 5, 31, 6))
    assert lay(one, (30, 5))
    painter.forget()
    assert lay(other, (0, 5))
    canvas.release()


def test_the_paper_is_the_same_while_the_layout_is(numpy_engine: NumpyEngine) -> None:
    size = (700, 300)  # where the title has room for all of its words

    def paper(scene: Scene) -> Any:
        (patch,) = exposure(scene, size, "single", numpy_engine).expose(4, WATCHED)
        assert isinstance(patch, CellPatch)
        return patch.paper

    first = paper(ATLAS)
    for same in (replace(ATLAS, radius=0.3), replace(ATLAS, seed=8), replace(ATLAS, palette="magma")):
        assert paper(same) is first
    for other in (replace(ATLAS, layers=6), replace(ATLAS, before=True)):
        assert not np.array_equal(paper(other), first)
