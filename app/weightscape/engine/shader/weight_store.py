"""A network's numbers on the GPU: packed for four units at a time, in one buffer, rewritten and never recompiled.

Order: layer after layer, and in each layer group after group of four units: their four biases, then for each
input the four weights to them. Outputs are padded with zeros to a multiple of four; so are inputs between layers.
"""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.network.network import Network

Vectors = npt.NDArray[np.float32]

GL_TEXTURE0, GL_TEXTURE_BUFFER, GL_RGBA32F, GL_MAX_TEXTURE_BUFFER_SIZE = 0x84C0, 0x8C2A, 0x8814, 0x8C2B
TEXTURE_WIDTH = 4096


@dataclass(frozen=True)
class Packed:
    """Hold the packed numbers and where each layer begins, counted in vec4s; tied layers share their place."""

    vectors: npt.NDArray[Any]
    begin: tuple[int, ...]


def vec4s(units: int) -> int:
    """Count the vec4s that hold so many units."""
    return -(-units // 4)


def pack_layer(W: npt.NDArray[np.float64], b: npt.NDArray[np.float64], inputs: int) -> Vectors:
    """Pack one layer for `inputs` inputs (at least its own number; the rest are zeros) -> float32 (n, 4)."""
    n_in, n_out = W.shape
    packed = np.zeros((1 + inputs, vec4s(n_out) * 4), np.float32)
    packed[0, :n_out] = b
    packed[1 : 1 + n_in, :n_out] = W
    return np.ascontiguousarray(packed.reshape(1 + inputs, -1, 4).transpose(1, 0, 2)).reshape(-1, 4)


class WeightStore:
    """Keep one network on the GPU and upload only what has changed since the last one."""

    def __init__(self, ctx: moderngl.Context, smallest_buffer_texture: int = 0) -> None:
        self._ctx = ctx
        self._gl = _Functions.load(ctx)
        limit = self._gl.integer(GL_MAX_TEXTURE_BUFFER_SIZE) if self._gl else 0
        self._limit = min(limit, smallest_buffer_texture or limit)
        self._buffer: moderngl.Buffer | None = None
        self._texture: moderngl.Texture | None = None
        self._buffer_texture = 0
        self._packed: Packed | None = None
        self._source: Network | None = None

    def defines(self, packed: Packed) -> Mapping[str, int]:
        """Tell a shader where to look for weights: by default in the buffer, else WEIGHTS_IN_TEXTURE."""
        return {} if len(packed.vectors) <= self._limit else {"WEIGHTS_IN_TEXTURE": TEXTURE_WIDTH}

    def write(self, network: Network) -> Packed:
        """Upload a network: its first layer alone when the others are those already there."""
        old, source = self._packed, self._source
        if old and source and same_tail(source, network):
            first = pack_layer(network.weights[0], network.biases[0], network.widths[0])
            old.vectors[: len(first)] = first
            self._upload(old.vectors, len(first))
        else:
            self._packed = old = pack(network)
            self._upload(old.vectors, len(old.vectors))
        self._source = network
        return old

    def bind(self) -> None:
        """Put the weights on texture unit 0, where every sampler that is never set looks.

        moderngl 5.13 takes a samplerBuffer for a float when it sets one, so `u_weights` is left alone.
        """
        if self._texture:
            self._texture.use(0)
        elif self._gl:
            self._gl.bind_buffer_texture(0, self._buffer_texture)

    def release(self) -> None:
        """Free the GPU's memory."""
        if self._buffer_texture and self._gl:
            self._gl.delete_texture(self._buffer_texture)
        for each in (self._buffer, self._texture):
            if each:
                each.release()
        self._buffer = self._texture = None
        self._buffer_texture = 0

    def _upload(self, vectors: Vectors, changed: int) -> None:
        if len(vectors) > self._limit:
            self._upload_texture(vectors)
            return
        assert self._gl
        if self._buffer is None or self._buffer.size != vectors.nbytes:
            self.release()
            self._buffer = self._ctx.buffer(vectors)
            self._buffer_texture = self._gl.buffer_texture(self._buffer.glo)
        else:
            self._buffer.write(vectors[:changed])

    def _upload_texture(self, vectors: Vectors) -> None:
        rows = -(-len(vectors) // TEXTURE_WIDTH)
        padded = np.zeros((rows * TEXTURE_WIDTH, 4), np.float32)
        padded[: len(vectors)] = vectors
        if self._texture is None or self._texture.height != rows:
            self.release()
            self._texture = self._ctx.texture((TEXTURE_WIDTH, rows), 4, dtype="f4")
            self._texture.filter = moderngl.NEAREST, moderngl.NEAREST
        self._texture.write(padded)


def pack(network: Network) -> Packed:
    """Pack a whole network; a matrix that stands in several layers is stored once."""
    parts: list[Vectors] = []
    begin: list[int] = []
    stored: dict[tuple[int, int, int], int] = {}
    size = 0
    for k, (W, b) in enumerate(zip(network.weights, network.biases, strict=True)):
        inputs = network.widths[0] if k == 0 else 4 * vec4s(W.shape[0])
        key = (id(W), id(b), inputs)
        if key not in stored:
            parts.append(pack_layer(W, b, inputs))
            stored[key] = size
            size += len(parts[-1])
        begin.append(stored[key])
    return Packed(np.concatenate(parts), tuple(begin))


def same_tail(a: Network, b: Network) -> bool:
    return a.widths == b.widths and all(
        p is q for p, q in zip((*a.weights[1:], *a.biases[1:]), (*b.weights[1:], *b.biases[1:]), strict=True)
    )


class _Functions:
    """The four calls of OpenGL 3.3 that moderngl has no words for: buffer textures."""

    def __init__(self, address: Any) -> None:
        call = ctypes.CFUNCTYPE
        unsigned, signed, pointer = ctypes.c_uint, ctypes.c_int, ctypes.c_void_p
        self._gen = call(None, signed, pointer)(address("glGenTextures"))
        self._delete = call(None, signed, pointer)(address("glDeleteTextures"))
        self._bind = call(None, unsigned, unsigned)(address("glBindTexture"))
        self._active = call(None, unsigned)(address("glActiveTexture"))
        self._buffer = call(None, unsigned, unsigned, unsigned)(address("glTexBuffer"))
        self._get = call(None, unsigned, pointer)(address("glGetIntegerv"))

    @staticmethod
    def load(ctx: moderngl.Context) -> "_Functions | None":
        """Find the driver's functions through moderngl's own loader; None where it shows none."""
        loader = getattr(getattr(ctx.mglo, "_context", None), "load_opengl_function", None)
        return _Functions(loader) if loader else None

    def integer(self, name: int) -> int:
        """Read one integer of the driver's."""
        value = ctypes.c_int(0)
        self._get(name, ctypes.addressof(value))
        return value.value

    def buffer_texture(self, buffer: int) -> int:
        """Make a texture that reads `buffer` as vec4s."""
        name = ctypes.c_uint(0)
        self._gen(1, ctypes.addressof(name))
        self._bind(GL_TEXTURE_BUFFER, name.value)
        self._buffer(GL_TEXTURE_BUFFER, GL_RGBA32F, buffer)
        self._bind(GL_TEXTURE_BUFFER, 0)
        return name.value

    def bind_buffer_texture(self, unit: int, texture: int) -> None:
        """Bind a buffer texture to a texture unit."""
        self._active(GL_TEXTURE0 + unit)
        self._bind(GL_TEXTURE_BUFFER, texture)

    def delete_texture(self, texture: int) -> None:
        """Delete a texture."""
        name = ctypes.c_uint(texture)
        self._delete(1, ctypes.addressof(name))
