"""What lies over the canvas: a layer that moves with it, and one that stays where it is on the screen.

Layers are arrays of 8 bits, display colours multiplied by their alpha; what they mean is unknown here.
"""

from collections.abc import Iterable
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

Layer = npt.NDArray[np.uint8]
Size = tuple[int, int]
# Texture units; the canvas has 0, a palette 1.
MOVING, STILL = 2, 3
Box = tuple[int, int, int, int]  # left, top, right, bottom, y down


class Tops:
    """Hold both layers as textures. `boxes`: outside which the staying one is nothing."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self._textures: dict[int, moderngl.Texture] = {}
        self._there: set[int] = set()
        self.boxes: tuple[Box, ...] = ()

    def lay(self, which: int, layer: Layer | None) -> None:
        """Put a layer (height, width, 4) in its place, row 0 on top, or take it away."""
        self._there.discard(which)
        if layer is not None:
            self._there.add(which)
            self._write(which, layer)
            if which == STILL:
                self.boxes = ((0, 0, layer.shape[1], layer.shape[0]),)

    def lay_pieces(self, size: Size, pieces: Iterable[tuple[int, int, Layer]]) -> None:
        """Put a layer of `size` that stays in its place: nothing but these pieces, each with its left and top."""
        self._there.add(STILL)
        texture, is_new = self._sized(STILL, size)
        blank = [(0, 0, *size)] if is_new else self.boxes
        put = [(left, top, np.zeros((bottom - top, right - left, 4), np.uint8)) for left, top, right, bottom in blank]
        self.boxes = ()
        for left, top, pixels in (*put, *(pieces := [*pieces])):
            rows, columns, _ = pixels.shape
            texture.write(np.ascontiguousarray(pixels), (left, top, columns, rows), alignment=1)
        self.boxes = tuple((x, y, x + each.shape[1], y + each.shape[0]) for x, y, each in pieces)

    def has(self, which: int) -> bool:
        """Tell whether there is a layer."""
        return which in self._there

    def uniforms(self, turn: tuple[float, ...], shift: tuple[float, float]) -> dict[str, Any]:
        """Bind the layers that there are, and tell a shader where they are; {} where there is none.

        `turn` and `shift` lead from pixels of the screen to those of the moving layer, as they do to the canvas.
        """
        for which in self._there:
            self._textures[which].use(which)
        found: dict[str, Any] = {"u_still": STILL} if STILL in self._there else {}
        if MOVING in self._there:
            a, b, c, d = turn
            found |= {"u_moving": MOVING, "u_top_turn": (a, c, b, d), "u_top_shift": shift}
        return found

    def release(self) -> None:
        """Free the GPU's memory."""
        for texture in self._textures.values():
            texture.release()
        self._textures.clear()
        self._there.clear()

    def _write(self, which: int, layer: Layer) -> None:
        texture, _ = self._sized(which, (layer.shape[1], layer.shape[0]))
        texture.write(np.ascontiguousarray(layer), alignment=1)

    def _sized(self, which: int, size: Size) -> tuple[moderngl.Texture, bool]:
        """Give a layer's texture, and tell whether it is a new one, which holds anything."""
        old = self._textures.get(which)
        if old is not None and old.size == size:
            return old, False
        if old:
            old.release()
        new = self._textures[which] = self._ctx.texture(size, 4, alignment=1)
        new.filter = moderngl.LINEAR, moderngl.LINEAR
        new.repeat_x = new.repeat_y = False
        return new, True
