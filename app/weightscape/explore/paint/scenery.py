"""The landscape that is seen in the window, drawn there whenever it is turned: nothing is evaluated for that."""

import moderngl

from weightscape.draw.relief import drawn
from weightscape.engine.shader.landscape import lattice, look
from weightscape.gpu.canvas import Canvas
from weightscape.gpu.landscape import Mesh
from weightscape.gpu.memory import OutOfMemoryError
from weightscape.gpu.source import ShaderError
from weightscape.picture.relief import Relief
from weightscape.scene.colour import AS_THEY_ARE
from weightscape.scene.scene import Scene


class Scenery:
    """Draw a landscape into a canvas as its camera, or its height, changes. `relief`: the one that is seen, if any."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._mesh = Mesh(ctx)
        self.relief: Relief | None = None
        self._last: tuple[Relief, Scene] | None = None

    def draw(self, canvas: Canvas, scene: Scene) -> bool:
        """Draw the landscape as it is seen in `scene`, unless it is there; tell whether the GPU has room for it.

        Without room this one is drawn by NumPy.
        """
        relief = self.relief
        if relief is None or relief.size != canvas.size:
            self._rest()
            return True
        seen = relief.seen_as(scene)
        if self._last and self._last[0].ground is relief.ground and self._last[1] == seen:
            return True
        self._last = relief, seen
        sight = relief.surface.sight(seen, relief.size)
        try:
            for top, colours in self._mesh.bands(lattice(relief.ground), look(sight), relief.size):
                canvas.lay(colours, top, self._mesh.fine)
        except (OutOfMemoryError, ShaderError, moderngl.Error) as error:
            values = drawn(relief.ground, sight, relief.size, is_rough=False)
            canvas.paint(values, (0.0, 0.0), 1.0, AS_THEY_ARE.table)
            return isinstance(error, ShaderError)  # which its next edit may mend
        return True

    def _rest(self) -> None:
        """Give back what another picture does not need."""
        if self._last:
            self._last = None
            self._mesh.release()

    def release(self) -> None:
        """Free the GPU's memory; again is harmless."""
        self.relief = self._last = None
        self._mesh.release()
