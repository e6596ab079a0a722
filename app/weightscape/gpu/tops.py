"""What lies over the canvas: a layer that moves with it, and one that stays where it is on the screen.

Layers are arrays of 8 bits, display colours multiplied by their alpha; what they mean is unknown here.
"""

from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

Layer = npt.NDArray[np.uint8]
Size = tuple[int, int]
# Texture units; the canvas has 0, a palette 1.
MOVING, STILL = 2, 3
NOTHING = np.zeros((1, 1, 4), np.uint8)


class Tops:
    """Hold both layers as textures; without any the canvas is shown as if there were none."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self._textures: dict[int, moderngl.Texture] = {}
        self._there: set[int] = set()

    def lay(self, which: int, layer: Layer | None) -> None:
        """Put a layer (height, width, 4) in its place, row 0 on top, or take it away."""
        self._there.discard(which)
        if layer is not None:
            self._there.add(which)
            self._write(which, layer)

    def has(self, which: int) -> bool:
        """Tell whether there is a layer."""
        return which in self._there

    def uniforms(self, turn: tuple[float, ...], shift: tuple[float, float]) -> dict[str, Any]:
        """Bind the layers, and tell a shader where they are; {} where there is none.

        `turn` and `shift` lead from pixels of the screen to those of the moving layer, as they do to the canvas.
        """
        if not self._there:
            return {}
        for which in (MOVING, STILL):
            if which not in self._there:
                self._write(which, NOTHING)
            self._textures[which].use(which)
        a, b, c, d = turn
        return {"u_moving": MOVING, "u_still": STILL, "u_top_turn": (a, c, b, d), "u_top_shift": shift}

    def release(self) -> None:
        """Free the GPU's memory."""
        for texture in self._textures.values():
            texture.release()
        self._textures.clear()
        self._there.clear()

    def _write(self, which: int, layer: Layer) -> None:
        size = layer.shape[1], layer.shape[0]
        old = self._textures.get(which)
        if old is None or old.size != size:
            if old:
                old.release()
            old = self._textures[which] = self._ctx.texture(size, 4, alignment=1)
            old.filter = moderngl.LINEAR, moderngl.LINEAR
            old.repeat_x = old.repeat_y = False
        old.write(np.ascontiguousarray(layer), alignment=1)
