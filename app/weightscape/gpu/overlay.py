"""The overlay: draws what imgui made (triangles, clip boxes, one texture of letters) over the picture.

It is handed a context and draw data. What the widgets mean, and whose window it is, it does not know.
"""

from __future__ import annotations

import ctypes
import warnings
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.gpu import source
from weightscape.gpu.context import free_programs
from weightscape.gpu.program import Programs, key_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pyrr has a wrong backslash in a docstring, of which Python tells when it compiles
    from pyrr import matrix44

# Straight alpha for colour; coverage adds up, so that an offscreen target keeps a right alpha.
BLENDING = (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA)
VERTEX = "2f4 2f4 4f1"  # imgui's own: place, place in the texture, colour; 20 bytes
VERTEX_BYTES = 20


class Overlay:
    """Draws imgui draw data over the framebuffer in use."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self._programs: Programs[moderngl.Program] = Programs(lambda each: free_programs(ctx, [each]))
        self._program = self._current()
        self._textures: dict[int, moderngl.Texture] = {}
        self._vertices = ctx.buffer(reserve=1 << 17, dynamic=True)
        self._indices = ctx.buffer(reserve=1 << 16, dynamic=True)
        self._array = self._bound()

    def draw(self, draw_data: Any, size_px: tuple[int, int]) -> None:
        """Draw over the framebuffer in use, size_px pixels wide and high; leave the GL state as it was."""
        for texture in draw_data.textures:
            self._serve(texture)
        if min(size_px) <= 0 or not draw_data.total_idx_count:
            return
        self._follow()
        self._upload(draw_data.cmd_lists)
        projection = matrix44.create_orthogonal_projection(0, size_px[0], size_px[1], 0, -1, 1)
        self._program["u_projection"] = tuple(projection.ravel().tolist())
        ctx: Any = self._ctx  # moderngl's own hints have the wrong types for boxes and state
        target, wireframe = ctx.fbo, ctx.wireframe
        viewport, scissor = target.viewport, target.scissor
        scope = ctx.scope(framebuffer=target, enable_only=moderngl.BLEND)
        with scope:
            target.viewport = (0, 0, *size_px)
            ctx.wireframe = False
            ctx.blend_equation = moderngl.FUNC_ADD
            ctx.blend_func = BLENDING
            self._submit(draw_data.cmd_lists, target, size_px)
            # What was set before cannot be asked for; the default is what every other drawing relies on.
            ctx.blend_func = moderngl.DEFAULT_BLENDING
        scope.release()
        ctx.wireframe = wireframe
        target.viewport = viewport
        # "None" reads as the whole framebuffer; written back as a box it would clip a window that grew.
        target.scissor = None if scissor == (0, 0, *target.size) else scissor

    def picture(self, pixels: npt.NDArray[np.uint8]) -> int:
        """Keep a picture, uint8 (height, width, 3) with row 0 on top, for imgui to show; return its number."""
        height, width, _ = pixels.shape
        texture = self._ctx.texture((width, height), 3, np.ascontiguousarray(pixels).tobytes(), alignment=1)
        texture.repeat_x = texture.repeat_y = False
        self._textures[texture.glo] = texture
        return int(texture.glo)

    def drop(self, number: int) -> None:
        """Free a picture that is shown no more."""
        self._textures.pop(number).release()

    def release(self) -> None:
        """Free everything on the GPU; again is harmless."""
        things: tuple[Any, ...] = (*self._textures.values(), self._array, self._vertices, self._indices)
        for thing in things:
            thing.release()
        free_programs(self._ctx, self._programs.values())
        self._programs.clear()
        self._textures.clear()

    def _current(self) -> moderngl.Program:
        """Find or make the program; where its files were edited it is another one than before."""
        key = key_of("overlay.frag", {})
        return self._programs.made(key, lambda: source.program(self._ctx, "overlay.vert", "overlay.frag"))

    def _follow(self) -> None:
        now = self._current()
        if now is not self._program:
            self._array.release()
            self._program = now
            self._array = self._bound()

    def _submit(self, lists: Any, target: Any, size_px: tuple[int, int]) -> None:
        start = 0
        for part in lists:
            for command in part.cmd_buffer:
                box = _box(command.clip_rect, size_px)
                if box is not None and command.elem_count:
                    target.scissor = box
                    self._textures[command.tex_ref.get_tex_id()].use(0)
                    self._array.render(vertices=command.elem_count, first=start + command.idx_offset)
            start += part.idx_buffer.size()

    def _upload(self, lists: Any) -> None:
        """Write all lists behind each other; each one's indices move on by the vertices before it."""
        vertices, indices, start = [], [], 0
        for part in lists:
            vertices.append(_memory(part.vtx_buffer, "u1", VERTEX_BYTES))
            indices.append(_memory(part.idx_buffer, "u4", 1) + np.uint32(start))
            start += part.vtx_buffer.size()
        data = np.concatenate(vertices), np.concatenate(indices)
        if data[0].nbytes > self._vertices.size or data[1].nbytes > self._indices.size:
            self._array.release()
            self._vertices.release()
            self._indices.release()
            self._vertices = self._ctx.buffer(reserve=2 * data[0].nbytes, dynamic=True)
            self._indices = self._ctx.buffer(reserve=2 * data[1].nbytes, dynamic=True)
            self._array = self._bound()
        self._vertices.orphan()
        self._indices.orphan()
        self._vertices.write(data[0])
        self._indices.write(data[1])

    def _bound(self) -> moderngl.VertexArray:
        content = [(self._vertices, VERTEX, "in_position", "in_uv", "in_color")]
        return self._ctx.vertex_array(self._program, content, index_buffer=self._indices)

    def _serve(self, texture: Any) -> None:
        """Create, update or destroy one texture as imgui asks."""
        from imgui_bundle import imgui  # loaded long ago by whoever made the draw data

        wish, wishes = texture.status, imgui.ImTextureStatus
        mine = self._textures.get(texture.get_tex_id())
        if wish == wishes.destroyed:
            return
        if wish == wishes.want_destroy:
            if mine is not None:
                self._textures.pop(texture.get_tex_id()).release()
            texture.set_tex_id(0)
            texture.set_status(wishes.destroyed)
            return
        pixels = texture.get_pixels_array().reshape(texture.height, texture.width, texture.bytes_per_pixel)
        if mine is None:  # new, or made by an overlay that is gone
            mine = self._ctx.texture(pixels.shape[1::-1], texture.bytes_per_pixel, pixels.tobytes())
            mine.repeat_x = mine.repeat_y = False
            self._textures[mine.glo] = mine
            texture.set_tex_id(mine.glo)
        elif wish == wishes.want_updates:
            box = texture.update_rect
            block = pixels[box.y : box.y + box.h, box.x : box.x + box.w]
            mine.write(block.tobytes(), viewport=(box.x, box.y, box.w, box.h), alignment=1)
        texture.set_status(wishes.ok)


def _memory(vector: Any, dtype: str, items: int) -> npt.NDArray[Any]:
    """Look at an imgui vector's own memory; valid until its next frame."""
    count = vector.size() * items
    size = count * np.dtype(dtype).itemsize
    if not count:
        return np.empty(0, dtype)
    return np.frombuffer((ctypes.c_char * size).from_address(vector.data_address()), dtype)


def _box(clip: Any, size_px: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Turn a clip rectangle (y down) into a scissor box (y up), or None where nothing is left."""
    width, height = size_px
    left, right = max(int(clip.x), 0), min(int(clip.z), width)
    top, bottom = max(int(clip.y), 0), min(int(clip.w), height)
    return (left, height - bottom, right - left, bottom - top) if right > left and bottom > top else None
