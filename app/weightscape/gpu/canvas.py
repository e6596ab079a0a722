"""The picture in the window: tiles are drawn into it as they come, and it is shown through any view.

It keeps display colours in float32, so that what is shown is rounded once, as in a file. It is handed a context,
values, places and an affine map; views, networks and windows are unknown here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.gpu.fence import Fences
from weightscape.gpu.loan import Loan
from weightscape.gpu.program import Programs, Shader, free_shader, key_of
from weightscape.gpu.source import program
from weightscape.gpu.target import free, made
from weightscape.gpu.tile_shader import Colouring, Four, Reading, Shading, tile_shader

Size = tuple[int, int]
Box = tuple[float, float, float, float]
Texels = npt.NDArray[np.float32] | npt.NDArray[np.uint8]
NOTHING: Four = (0.0, 0.0, 0.0, 0.0)
# How what is drawn meets what is there.
Blend = tuple[int, int]
ADDED, OVER = (moderngl.ONE, moderngl.ONE), (moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA)
BLACK = np.zeros((256, 3), np.uint8)
NOTHING_DEFINED: Mapping[str, str] = {}


@dataclass(frozen=True)
class Affine:
    """Map pixels of a target to pixels of the canvas, both from the middle, y up: turn (a b; c d), then shift."""

    turn: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 1.0)
    shift: tuple[float, float] = (0.0, 0.0)


class Canvas:
    """Hold the picture on the GPU; two textures take turns when it has to be redrawn from itself."""

    def __init__(self, ctx: moderngl.Context, size: Size) -> None:
        self._ctx = ctx
        self._programs: Programs[Shader] = Programs(partial(free_shader, ctx))
        self._palette = ctx.texture((256, 1), 3, dtype="f1", alignment=1)
        self._values: moderngl.Texture | None = None
        self._total: moderngl.Framebuffer | None = None  # of samples
        self._fences = Fences(ctx)
        self._front, self._back = made(ctx, size, filter=moderngl.LINEAR), made(ctx, size, filter=moderngl.LINEAR)
        # Drivers finish compiling at the first draw: better now than in the middle of a gesture.
        self.paint(np.zeros((1, 1, 3), np.float32), (0.0, 0.0), 1.0, BLACK)
        self._show(self._back, size, Affine(), 0.0)
        self._front.clear()

    def expect_loans(self, curves: Iterable[str]) -> None:
        """Compile what shades data by these activations, and draw nothing."""
        for curve in curves:
            shading = (NOTHING, NOTHING, NOTHING, curve)
            self.paint(np.zeros((1, 1, 3), np.float32), (0.0, 0.0), 1.0, BLACK, (0, 0), shading)

    @property
    def size(self) -> Size:
        """Tell width and height in pixels."""
        return self._front.width, self._front.height

    def paint(
        self,
        values: Texels | Loan,
        place: tuple[float, float],
        stride: float,
        palette: npt.NDArray[np.uint8],
        limit: Size | None = None,
        shading: Shading | Colouring | None = None,
        reading: Reading | None = None,
    ) -> None:
        """Draw a tile: values (rows, columns, channels), row 0 on top, each point `stride` pixels across.

        `place`: the tile's left upper corner in pixels, y down. `palette`: (256, 3), for one channel. Of uint8 values
        255 is 1. Nothing is drawn right of or below the pixel `limit`. `shading`: how a field's data become display
        values, as those of a texture on loan are. `reading`: how these become colours, where that is not plain.
        """
        self._tile(self._front, values, place, stride, palette, limit, shading, reading)

    def add(
        self,
        values: Texels | Loan,
        place: tuple[float, float],
        palette: npt.NDArray[np.uint8],
        limit: Size | None = None,
        shading: Shading | Colouring | None = None,
        is_first: bool = False,
        reading: Reading | None = None,
    ) -> None:
        """Add a tile of samples, a point a pixel, to those before, or begin with it; nothing is seen until settle()."""
        if self._total is None or self._total.size != self.size:
            self._free_total()
            self._total = made(self._ctx, self.size)
        self._tile(self._total, values, place, 1, palette, limit, shading, reading, is_added=not is_first)

    def settle(self, place: tuple[int, int], limit: Size, samples: int) -> None:
        """Show the mean of so many samples between the pixels `place` and `limit`."""
        if self._total is None or self._total.size != self.size:
            return  # they were of another size
        attachments: Any = self._total.color_attachments
        attachments[0].use(0)
        with self._within(self._front, (*place, *limit)):
            self._draw("mean.frag", {"u_total": 0, "u_samples": float(samples)})

    def stamp(self, colours: npt.NDArray[np.float32], place: tuple[int, int], box: Box) -> None:
        """Lay a small picture over what is there, inside a box (left, top, right, bottom; pixels, y down).

        `colours`: (rows, columns, 4), multiplied by their alpha; `place`: its left upper corner.
        """
        rows, columns, _ = colours.shape
        left, top = place
        inside = max(left, box[0]), max(top, box[1]), min(left + columns, box[2]), min(top + rows, box[3])
        if inside[0] >= inside[2] or inside[1] >= inside[3]:
            return
        texture = self._ctx.texture((columns, rows), 4, np.ascontiguousarray(colours), dtype="f4")
        texture.use(0)
        with self._within(self._front, inside):
            self._draw("sprite.frag", {"u_sprite": 0, "u_corner": (left, top, self.size[1])}, blend=OVER)
        texture.release()

    def lay(self, colours: moderngl.Texture, top: int, fine: int = 1) -> None:
        """Draw rows of display colours from `top` on: a texture with row 0 on top, `fine` x `fine` texels a pixel."""
        width, height = self.size
        rows = min(colours.height // fine, height - top)
        colours.use(0)
        place = 0.0, float(top), 1.0 / fine, float(height)
        self._front.use()
        self._front.scissor = 0, height - top - rows, width, rows
        self._draw("tile.frag", {"u_values": 0, "u_palette": 1, "u_channels": 3, "u_place": place})
        self._front.scissor = None  # which means the whole

    def drawn_into(self) -> AbstractContextManager[None]:
        """Have what is drawn meanwhile drawn into the picture."""
        return self._within(self._front, (0, 0, *self.size))

    def move(self, affine: Affine, size: Size) -> None:
        """Redraw the picture as it looks through `affine`, into a canvas of `size`."""
        if self._back.size != size:
            free(self._ctx, self._back)
            self._back = made(self._ctx, size, filter=moderngl.LINEAR)
        self._show(self._back, size, affine, 0.0)
        self._front, self._back = self._back, self._front

    def show(
        self,
        target: moderngl.Framebuffer,
        size: Size,
        affine: Affine,
        is_rounded: bool = True,
        tops: Mapping[str, object] = NOTHING_DEFINED,
        boxes: Sequence[tuple[int, int, int, int]] | None = None,
    ) -> None:
        """Draw the picture as it looks through `affine` onto a screen of `size`, rounded or cut to 8 bits.

        `tops`: what lies over it, as gpu/tops.py tells, and in which `boxes` what stays is; None for everywhere.
        """
        half = 0.5 if is_rounded else 0.0
        moving = {name: value for name, value in tops.items() if name != "u_still"}
        if boxes is None or "u_still" not in tops:
            self._show(target, size, affine, 255.0, half, tops)
            return
        self._show(target, size, affine, 255.0, half, moving)  # a pixel without the other layer costs less
        for left, top, right, bottom in boxes:
            target.scissor = left, size[1] - bottom, right - left, bottom - top
            self._show(target, size, affine, 255.0, half, tops)
        target.scissor = None  # type: ignore[assignment] # which means the whole

    def read(self) -> npt.NDArray[np.float32]:
        """Read the display colours back: float32 (height, width, 3), row 0 on top."""
        width, height = self.size
        raw = np.frombuffer(self._front.read(components=3, dtype="f4", alignment=1), np.float32)
        return np.ascontiguousarray(raw.reshape(height, width, 3)[::-1])

    def release(self) -> None:
        """Free the GPU's memory."""
        self._free_total()
        free(self._ctx, self._front)
        free(self._ctx, self._back)
        for each in self._programs.values():
            free_shader(self._ctx, each)
        self._programs.clear()
        for texture in (self._palette, self._values):
            if texture:
                texture.release()

    def _tile(
        self,
        target: moderngl.Framebuffer,
        values: Texels | Loan,
        place: tuple[float, float],
        stride: float,
        palette: npt.NDArray[np.uint8],
        limit: Size | None,
        shading: Shading | Colouring | None,
        reading: Reading | None,
        is_added: bool = False,
    ) -> None:
        rows, columns, _ = values.shape
        name, uniforms, defines = tile_shader(shading, values.shape, reading)
        width, height = self.size
        right, bottom = limit or (width, height)
        box = place[0], place[1], min(right, place[0] + columns * stride), min(bottom, place[1] + rows * stride)
        self._palette.write(np.ascontiguousarray(palette))
        self._palette.use(1)
        with self._source(values), self._within(target, box):
            uniforms["u_place"] = (*place, stride, float(height))
            self._draw(name, uniforms, defines, ADDED if is_added else None)

    @contextmanager
    def _source(self, values: Texels | Loan) -> Iterator[None]:
        """Have a tile's numbers at texture unit 0: uploaded, or where another context has left them."""
        if not isinstance(values, Loan):
            self._upload(values)
            yield
            return
        self._fences.wait(values.ready)
        try:
            texture = self._ctx.external_texture(values.texture, values.size, values.components, 0, "f4")
            texture.use(0)
            yield
            texture.release()  # moderngl's own: the texture is another's
        finally:
            values.read(self._fences.made())

    @contextmanager
    def _within(self, target: moderngl.Framebuffer, box: Box) -> Iterator[None]:
        """Draw between two corners (left, top, right, bottom; pixels, y down) alone."""
        width, height = self.size
        left, top, right, bottom = (int(edge) for edge in box)
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        target.use()
        target.scissor = left, height - bottom, max(right - left, 0), max(bottom - top, 0)
        try:
            yield
        finally:
            target.scissor = None  # type: ignore[assignment] # which means the whole

    def _free_total(self) -> None:
        if self._total:
            free(self._ctx, self._total)
            self._total = None

    def _upload(self, values: Texels) -> None:
        rows, columns, channels = values.shape
        kind = "f1" if values.dtype == np.uint8 else "f4"
        kept = np.ascontiguousarray(values[:, :, :4], np.uint8 if kind == "f1" else np.float32)
        old, wanted = self._values, (columns, rows, min(channels, 4), kind)
        if old is None or (old.width, old.height, old.components, old.dtype) != wanted:
            if old:
                old.release()
            self._values = old = self._ctx.texture((columns, rows), min(channels, 4), dtype=kind, alignment=1)
            old.filter = moderngl.LINEAR, moderngl.LINEAR
            old.repeat_x = old.repeat_y = False
        old.write(kept, alignment=1)
        old.use(0)

    def _show(
        self,
        target: moderngl.Framebuffer,
        size: Size,
        affine: Affine,
        levels: float,
        half: float = 0.0,
        tops: Mapping[str, object] = NOTHING_DEFINED,
    ) -> None:
        a, b, c, d = affine.turn
        uniforms: dict[str, object] = {
            "u_turn": (a, c, b, d),  # GLSL takes matrices column after column
            "u_shift": affine.shift,
            "u_middle": tuple(0.5 * side for side in size),
            "u_levels": levels,
            "u_half": half,
            "u_canvas": 0,
        }
        self._front.color_attachments[0].use(0)
        target.use()
        target.viewport = (0, 0, *size)
        self._draw("moved.frag", {**uniforms, **tops}, _layers(tops))

    def _draw(
        self,
        name: str,
        uniforms: Mapping[str, object],
        defines: Mapping[str, str] = NOTHING_DEFINED,
        blend: Blend | None = None,
    ) -> None:
        shader, triangle = self._programs.made(key_of(name, defines), lambda: self._compiled(name, defines))
        for each, value in uniforms.items():
            if each in shader:  # one that is being edited need not use them all
                shader[each] = value
        self._ctx.enable_only(moderngl.BLEND if blend else moderngl.NOTHING)
        self._ctx.blend_func = blend or ADDED
        triangle.render(moderngl.TRIANGLES, vertices=3)

    def _compiled(self, name: str, defines: Mapping[str, str]) -> Shader:
        shader = program(self._ctx, "screen.vert", name, defines)
        return shader, self._ctx.vertex_array(shader, [])


def _layers(tops: Mapping[str, object]) -> dict[str, str]:
    """Tell a shader which layers lie over the picture."""
    there = [layer for name, layer in (("u_moving", "MOVING"), ("u_still", "STILL")) if name in tops]
    return dict.fromkeys(["TOPS", *there], "1") if there else {}
