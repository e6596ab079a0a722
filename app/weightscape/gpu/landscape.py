"""The landscape as a mesh: a lattice of heights and colours in a texture, which the vertex shader makes triangles of.

It is handed a context, numbers and a matrix; lenses and scenes are unknown here. No vertex is stored: a strip of
triangles for each pair of rows is one instance of the same draw.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.gpu.context import adapter
from weightscape.gpu.memory import OutOfMemoryError
from weightscape.gpu.program import Programs, Shader, free_shader, key_of
from weightscape.gpu.source import program

Size = tuple[int, int]
# Samples of a pixel, where the driver has so many. Without any, pixels of half the width and height are averaged; where
# OpenGL is software that is also quicker: its samples take two thirds of all the time that small triangles take.
MOST_SAMPLES, FINE = 8, 2
# A picture is drawn in bands of so many pixels: with 8 samples of 12 bytes and the mean they take 218 MB.
BAND_PIXELS = 1 << 21
# The parts of the drawing, as landscape.vert numbers them.
GROUND, WALL_X, WALL_Y = range(3)


@dataclass(frozen=True)
class Lattice:
    """Hold `points` (rows, columns, 4), float32: height, red, green, blue; row 0 on top.

    Point (row, column) stands at x = `left` + `step` column, y = `top` - `step` row.
    """

    points: npt.NDArray[np.float32]
    left: float
    top: float
    step: float


@dataclass(frozen=True)
class Look:
    """Say how a lattice is seen.

    `matrix` takes rows (x, y, z, 1) to clip space, y up, and `eye` is where it looks from. Heights are multiplied by
    `lift`; the ground goes on to |x| = `box[0]`, |y| = `box[1]`, and its walls down to `floor`. `sun` is the direction
    to the sun, `walls` how bright the walls of x and y are, `paper` the colour where there is nothing.
    """

    matrix: npt.NDArray[np.float64]
    eye: tuple[float, float, float]
    lift: float
    box: tuple[float, float]
    floor: float
    sun: tuple[float, float, float]
    walls: tuple[float, float]
    paper: tuple[float, float, float]


class Mesh:
    """Draw lattices; the last one stays on the GPU. Nothing is there before the first."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self.is_split = ctx.max_samples <= 1 or adapter(ctx).is_software
        self.fine = 1  # so many points a side of each pixel of the last picture are averaged
        self._widest = ctx.info["GL_MAX_TEXTURE_SIZE"]
        self._programs: Programs[Shader] = Programs(partial(free_shader, ctx))
        self._lattice: Lattice | None = None
        self._points: moderngl.Texture | None = None
        self._target: moderngl.Framebuffer | None = None
        self._mean: moderngl.Framebuffer | None = None

    def picture(self, lattice: Lattice, look: Look, size: Size) -> npt.NDArray[np.float32]:
        """Draw a lattice and read it: display colours (height, width, 3), row 0 on top.

        Raises moderngl.Error, OutOfMemoryError where the driver has no room for it.
        """
        width, height = size
        picture = np.empty((height, width, 3), np.float32)
        for top, band in self.bands(lattice, look, size):
            raw = np.frombuffer(band.read(alignment=1), np.float16).reshape(band.height, band.width, 4)
            part = picture[top : top + band.height // self.fine]
            points = raw[: len(part) * self.fine, :, :3].astype(np.float32)
            part[:] = points.reshape(len(part), self.fine, width, self.fine, 3).mean((1, 3))
        return picture

    def bands(self, lattice: Lattice, look: Look, size: Size) -> Iterator[tuple[int, moderngl.Texture]]:
        """Draw a lattice in bands of rows, and hand out each: its first row, and a texture with row 0 on top.

        Its pixels are display colours, `fine` x `fine` of them a pixel; the last band goes on below the picture. It is
        to be used before the next one is asked for.
        """
        self._load(lattice)
        width, height = size
        self.fine = FINE if self.is_split and FINE * width <= self._widest else 1
        rows = min(height, max(1, BAND_PIXELS // width), self._widest // self.fine)
        mean, target = self._targets((width * self.fine, rows * self.fine))
        for top in range(0, height, rows):
            self._draw(lattice, look, target, _band(look.matrix, height, top, rows))
            if target is not mean:
                self._ctx.copy_framebuffer(mean, target)
            attachments: Any = mean.color_attachments
            yield top, attachments[0]

    def release(self) -> None:
        """Free the GPU's memory; again is harmless."""
        self._free_targets()
        if self._points:
            self._points.release()
        self._lattice = self._points = None
        for each in self._programs.values():
            free_shader(self._ctx, each)
        self._programs.clear()

    def _load(self, lattice: Lattice) -> None:
        """Upload a lattice, unless it is the last one."""
        if self._lattice and self._lattice.points is lattice.points:
            return
        self._lattice = None
        rows, columns, _ = lattice.points.shape
        if self._points is None or self._points.size != (columns, rows):
            if self._points:
                self._points.release()
            self._points = None
            self._points = self._ctx.texture((columns, rows), 4, dtype="f4")
            self._points.filter = moderngl.NEAREST, moderngl.NEAREST
        self._points.write(np.ascontiguousarray(lattice.points))
        self._lattice = lattice

    def _targets(self, size: Size) -> tuple[moderngl.Framebuffer, moderngl.Framebuffer]:
        """Find or make what bands of `size` are averaged in, and what they are drawn into."""
        if self._mean is None or self._target is None or self._mean.size != size:
            self._free_targets()
            self._ctx.error  # noqa: B018 - what went wrong before is another's
            mean = self._ctx.texture(size, 4, dtype="f2")
            mean.filter = moderngl.LINEAR, moderngl.LINEAR
            mean.repeat_x = mean.repeat_y = False
            most = self._ctx.max_samples
            samples = min(MOST_SAMPLES, most) if self.fine == 1 and most > 1 else 0
            depth = self._ctx.depth_renderbuffer(size, samples=samples)
            if samples:
                self._mean = self._ctx.framebuffer([mean])
                colour = self._ctx.renderbuffer(size, 4, samples=samples, dtype="f2")
                self._target = self._ctx.framebuffer([colour], depth)
            else:
                self._mean = self._target = self._ctx.framebuffer([mean], depth)
            if self._ctx.error == "GL_OUT_OF_MEMORY":
                self._free_targets()
                raise OutOfMemoryError(f"the GPU has no room for a landscape of {size[0]} x {size[1]} pixels")
        return self._mean, self._target

    def _free_targets(self) -> None:
        for each in {id(each): each for each in (self._target, self._mean) if each}.values():
            if self._ctx.fbo is each:
                self._ctx.detect_framebuffer(0).use()
            attachments: Any = each.color_attachments
            for attachment in (*attachments, each.depth_attachment):
                if attachment:
                    attachment.release()
            each.release()
        self._target = self._mean = None

    def _draw(
        self, lattice: Lattice, look: Look, target: moderngl.Framebuffer, matrix: npt.NDArray[np.float64]
    ) -> None:
        """Draw the ground, and the walls that the eye sees."""
        rows, columns, _ = lattice.points.shape
        shader, mesh = self._programs.made(key_of("landscape.frag", {}), self._compiled)
        for name, value in _uniforms(lattice, look, matrix).items():
            if name in shader:  # one that is being edited need not use them all
                shader[name] = value
        assert self._points
        self._points.use(0)
        target.use()
        target.clear(*look.paper, 1.0)
        self._ctx.disable(moderngl.BLEND | moderngl.CULL_FACE)
        self._ctx.enable(moderngl.DEPTH_TEST)
        shader["u_part"] = GROUND
        mesh.render(moderngl.TRIANGLE_STRIP, vertices=2 * (columns + 2), instances=rows + 1)
        for part, points in ((WALL_X, rows + 2), (WALL_Y, columns + 2)):
            axis = part - WALL_X
            if abs(look.eye[axis]) > look.box[axis]:
                shader["u_part"] = part
                mesh.render(moderngl.TRIANGLE_STRIP, vertices=2 * points, instances=1)
        self._ctx.disable(moderngl.DEPTH_TEST)

    def _compiled(self) -> Shader:
        shader = program(self._ctx, "landscape.vert", "landscape.frag")
        return shader, self._ctx.vertex_array(shader, [])


def _uniforms(lattice: Lattice, look: Look, matrix: npt.NDArray[np.float64]) -> dict[str, object]:
    """Tell the shader's uniforms by name; places on the lattice are (column, row)."""
    x, y = look.box
    left, right = (-x - lattice.left) / lattice.step, (x - lattice.left) / lattice.step
    upper, lower = (lattice.top - y) / lattice.step, (lattice.top + y) / lattice.step
    return {
        "u_points": 0,
        "u_matrix": tuple(matrix.ravel().tolist()),  # GLSL takes columns, which are rows of the transposed
        "u_place": (lattice.left, lattice.top),
        "u_step": lattice.step,
        "u_lift": look.lift,
        "u_sun": look.sun,
        "u_begin": (left, upper),
        "u_end": (right, lower),
        "u_side": (right if look.eye[0] > 0.0 else left, upper if look.eye[1] > 0.0 else lower),
        "u_floor": look.floor,
        "u_walls": look.walls,
    }


def _band(matrix: npt.NDArray[np.float64], height: int, top: int, rows: int) -> npt.NDArray[np.float64]:
    """Let a picture's rows from `top` on fill a target of `rows`, row 0 where OpenGL has its lowest."""
    found = matrix.copy()
    found[:, 1] = -matrix[:, 1] * height / rows + matrix[:, 3] * ((height - 2.0 * top) / rows - 1.0)
    return found
