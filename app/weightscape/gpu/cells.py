"""Cells of a picture: many small pictures of one view, painted into the canvas at once, and the paper under them.

Their numbers are uploaded as they are, or stay where another context has left them; cells.frag makes the colours.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.gpu.canvas import BLACK, Box, Canvas
from weightscape.gpu.fence import Fences
from weightscape.gpu.loan import Loan
from weightscape.gpu.program import Programs, Shader, free_shader, key_of
from weightscape.gpu.shelf import FOLD, folded
from weightscape.gpu.source import program
from weightscape.gpu.tile_shader import Reading, read_by

Numbers = npt.NDArray[np.float32]
Paper = npt.NDArray[np.uint8]
# Of a folded texture: numbers from a point to the next one, and from a channel to the next one.
Steps = tuple[int, int]
# The most numbers of a texel, where it has a point's.
TEXEL = 4


class CellTile(NamedTuple):
    """Say where a tile's points stand in each cell, and how numbers become display values there.

    `cells`: (channels, 4), float32: left and top of the tile's first point (pixels of the canvas, y down), gain and
    bias; display value = curve(gain * number + bias). `room`: so many pixels of each cell are painted at the most,
    `stride` across one point. `palette`: (256, 3); `reading`: how numbers find their place in it, where not plainly.
    """

    cells: Numbers
    room: tuple[int, int]
    stride: int
    curve: str
    palette: npt.NDArray[np.uint8]
    reading: Reading | None = None


class CellPainter:
    """Paint cells into a canvas, and know which paper is there."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx, self._fences = ctx, Fences(ctx)
        self._programs: Programs[Shader] = Programs(partial(free_shader, ctx))
        self._palette: moderngl.Texture | None = None
        self._numbers: moderngl.Texture | None = None
        self._cells: moderngl.Buffer | None = None
        self._papers: list[tuple[Box, Paper]] = []

    def expect_loans(self, canvas: Canvas, curves: Iterable[str]) -> None:
        """Compile what colours cells by these activations, and paint nothing."""
        for curve in curves:
            nothing = CellTile(np.zeros((1, 4), np.float32), (0, 0), 1, curve, BLACK)
            self.paint(canvas, np.zeros((1, 1, 1), np.float32), nothing)
            self._program(curve, is_folded=False)  # as a loan of few channels is

    def forget(self, box: Box | None = None) -> None:
        """Take in that something else has been painted in a box of the canvas, or all over it."""
        self._papers = [] if box is None else [each for each in self._papers if not _overlap(each[0], box)]

    def lay(self, canvas: Canvas, paper: Paper, place: tuple[int, int]) -> None:
        """Paint the paper (rows, columns, 3) with its left upper corner at a pixel, unless it is there."""
        box = *place, place[0] + paper.shape[1], place[1] + paper.shape[0]
        if any(known == box and is_there is paper for known, is_there in self._papers):
            return
        self.forget(box)
        colours = np.divide(paper, np.float32(255), dtype=np.float32)
        canvas.paint(colours, place, 1, BLACK, (box[2], box[3]))
        self._papers.append((box, paper))

    def paint(self, canvas: Canvas, values: Numbers | Loan, tile: CellTile) -> None:
        """Paint a tile's points (rows, columns, channels) in all cells."""
        with self._source(values) as steps:
            self._load(tile)
            shader, quad = self._program(tile.curve, is_folded=bool(steps), reading=tile.reading)
            for name, value in _uniforms(tile, values.shape, steps or (0, 0), canvas.size).items():
                if name in shader:  # one that is being edited need not use them all
                    shader[name] = value
            with canvas.drawn_into():
                self._ctx.enable_only(moderngl.NOTHING)
                quad.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=values.shape[2])

    def release(self) -> None:
        """Free the GPU's memory; again is harmless."""
        for each in self._programs.values():
            free_shader(self._ctx, each)
        self._programs.clear()
        for made in (self._palette, self._numbers, self._cells):
            if made:
                made.release()
        self._palette = self._numbers = self._cells = None
        self.forget()

    def _program(self, curve: str, is_folded: bool, reading: Reading | None = None) -> Shader:
        """Compile what colours numbers by an activation, folded or a texel a point."""
        defines = {} if curve == "identity" else {"CURVE": f"activation_{curve}"}
        defines |= ({"FOLDED": str(FOLD)} if is_folded else {}) | read_by(reading)[1]
        return self._programs.made(key_of("cells.frag", defines), lambda: self._compiled(defines))

    @contextmanager
    def _source(self, values: Numbers | Loan) -> Iterator[Steps | None]:
        """Have numbers at texture unit 0, and tell how they are folded, if they are."""
        if not isinstance(values, Loan):
            yield self._uploaded(values)
            return
        self._fences.wait(values.ready)
        try:
            texture = self._ctx.external_texture(values.texture, values.size, values.components, 0, "f4")
            texture.use(0)
            texel = values.shape[2] <= TEXEL
            yield None if texel else (1, values.column) if values.column else (values.shape[2], 1)
            texture.release()  # moderngl's own: the texture is another's
        finally:
            values.read(self._fences.made())

    def _uploaded(self, values: Numbers) -> Steps:
        """Upload numbers in the order that they lie in: point after point, or channel after channel."""
        rows, columns, channels = values.shape
        by_channel = np.moveaxis(values, 2, 0)
        is_by_channel = by_channel.flags.c_contiguous
        flat = (by_channel if is_by_channel else np.ascontiguousarray(values)).reshape(-1)
        texture = self._room(folded(flat.size))
        whole = flat.size // FOLD
        if whole:
            texture.write(flat[: whole * FOLD], viewport=(0, 0, FOLD, whole))
        if rest := flat[whole * FOLD :].size:
            texture.write(flat[whole * FOLD :], viewport=(0, whole, rest, 1))
        texture.use(0)
        return (1, rows * columns) if is_by_channel else (channels, 1)

    def _room(self, size: tuple[int, int]) -> moderngl.Texture:
        """Find or make a texture that is large enough."""
        if self._numbers is None or self._numbers.height < size[1]:
            if self._numbers:
                self._numbers.release()
            self._numbers = self._ctx.texture(size, 1, dtype="f4")
            self._numbers.filter = moderngl.NEAREST, moderngl.NEAREST
        return self._numbers

    def _load(self, tile: CellTile) -> None:
        """Upload where the cells are, and the palette."""
        self._palette = self._palette or self._ctx.texture((256, 1), 3, dtype="f1", alignment=1)
        self._palette.write(np.ascontiguousarray(tile.palette))
        self._palette.use(1)
        places = np.ascontiguousarray(tile.cells, np.float32)
        self._cells = self._cells or self._ctx.buffer(reserve=places.nbytes)
        self._cells.orphan(places.nbytes)
        self._cells.write(places)

    def _compiled(self, defines: dict[str, str]) -> Shader:
        shader = program(self._ctx, "cells.vert", "cells.frag", defines)
        assert self._cells
        return shader, self._ctx.vertex_array(shader, [(self._cells, "4f/i", "in_cell")])


def _uniforms(tile: CellTile, shape: tuple[int, int, int], steps: Steps, canvas: tuple[int, int]) -> dict[str, object]:
    """Tell the shader's uniforms by name, for a tile of (rows, columns, channels)."""
    rows, columns, _ = shape
    return read_by(tile.reading)[0] | {
        "u_values": 0,
        "u_palette": 1,
        "u_stride": float(tile.stride),
        "u_columns": columns,
        "u_steps": steps,
        "u_room": (min(tile.room[0], columns * tile.stride), min(tile.room[1], rows * tile.stride)),
        "u_canvas": canvas,
        "u_height": float(canvas[1]),
    }


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
