"""What compute shaders read and write: a network's weights in rows, and buffers of numbers that grow.

Order of the weights: layer after layer, each a row of biases, then a row of weights for every input; rows and
inputs are padded with zeros to the shader's tiles (shaders/fused.comp, layer.comp).
"""

from collections.abc import Sequence
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.engine.shader.weight_store import Packed, same_tail
from weightscape.gpu.memory import OutOfMemoryError, reserved
from weightscape.network.network import Network

# Storage bindings, as the shaders have them.
WEIGHTS, VALUES, INPUTS, OUTPUTS, PLACES = range(5)

# Of a layer, what its matrix is padded to: (inputs, units).
Shape = tuple[int, int]


class StorageError(Exception):
    """A network larger than the driver's storage buffers."""


def pack_rows(
    W: npt.NDArray[np.float64], b: npt.NDArray[np.float64], shape: Shape, dtype: npt.DTypeLike = np.float32
) -> npt.NDArray[Any]:
    """Pack one layer, padded to `shape`: (n, 4) of `dtype`, the biases first."""
    inputs, units = shape
    packed = np.zeros((1 + inputs, units), dtype)
    packed[0, : len(b)] = b
    packed[1 : 1 + len(W), : len(b)] = W
    return packed.reshape(-1, 4)


def pack(network: Network, shapes: Sequence[Shape], dtype: npt.DTypeLike = np.float32) -> Packed:
    """Pack a whole network; a matrix that stands in several layers is stored once."""
    parts: list[npt.NDArray[Any]] = []
    begin: list[int] = []
    stored: dict[tuple[int, int, Shape], int] = {}
    size = 0
    for W, b, shape in zip(network.weights, network.biases, shapes, strict=True):
        key = (id(W), id(b), shape)
        if key not in stored:
            parts.append(pack_rows(W, b, shape, dtype))
            stored[key] = size
            size += len(parts[-1])
        begin.append(stored[key])
    return Packed(np.concatenate(parts), tuple(begin))


class RowStore:
    """Keep one network on the GPU, in `dtype`, and upload only what has changed since the last one."""

    def __init__(self, ctx: moderngl.Context, dtype: npt.DTypeLike = np.float32) -> None:
        self._ctx, self._dtype = ctx, dtype
        self._limit = int(ctx.info["GL_MAX_SHADER_STORAGE_BLOCK_SIZE"])
        self._buffers: dict[int, moderngl.Buffer] = {}
        self._packed: Packed | None = None
        self._source: Network | None = None
        self._shapes: Sequence[Shape] = ()

    def write(self, network: Network, shapes: Sequence[Shape]) -> Packed:
        """Upload a network: its first layer alone when the others are those already there.

        Raises StorageError, and OutOfMemoryError, after which nothing is kept.
        """
        old, source = self._packed, self._source
        if old and source and shapes == self._shapes and same_tail(source, network):
            first = pack_rows(network.weights[0], network.biases[0], shapes[0], self._dtype)
            old.vectors[: len(first)] = first
            self._buffers[WEIGHTS].write(first)
        else:
            self._packed = old = pack(network, shapes, self._dtype)
            if old.vectors.nbytes > self._limit:
                self._packed = None
                raise StorageError(
                    f"{old.vectors.nbytes >> 20} MB of weights do not fit this driver's {self._limit >> 20} MB"
                )
            self._upload(WEIGHTS, old.vectors)
            places = [(begin, inputs) for begin, (inputs, _) in zip(old.begin, shapes, strict=True)]
            self._upload(PLACES, np.array(places, np.int32))
        self._source, self._shapes = network, shapes
        return old

    def bind(self) -> None:
        """Put the weights and their places where the shaders read them."""
        for binding, buffer in self._buffers.items():
            buffer.bind_to_storage_buffer(binding)

    def release(self) -> None:
        """Free the GPU's memory."""
        for buffer in self._buffers.values():
            buffer.release()
        self._buffers.clear()
        self._packed = self._source = None

    def _upload(self, binding: int, numbers: npt.NDArray[Any]) -> None:
        old = self._buffers.get(binding)
        if old and old.size == numbers.nbytes:
            old.write(numbers)
            return
        if old:
            self._buffers.pop(binding).release()
        try:
            self._buffers[binding] = reserved(self._ctx, numbers.nbytes, changes=False)
        except OutOfMemoryError:
            self.release()
            raise
        self._buffers[binding].write(numbers)


class NumberStore:
    """Keep buffers by name, sizes in bytes; they grow in powers of two, so that few are ever made."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self._buffers: dict[str, moderngl.Buffer] = {}

    def buffer(self, name: str, size: int) -> moderngl.Buffer:
        """Find or make the buffer `name` with room for so many bytes; what it held is lost when it grows.

        Raises OutOfMemoryError.
        """
        old = self._buffers.get(name)
        if old and old.size >= size:
            return old
        if old:
            self._buffers.pop(name).release()
        self._buffers[name] = reserved(self._ctx, max(1 << (size - 1).bit_length(), 4))
        return self._buffers[name]

    def clear(self, name: str, size: int) -> None:
        """Make the first bytes of buffer `name` zeros."""
        self.buffer(name, size).write(bytes(size))

    def copy(self, source: str, first: int, target: str, at: int, size: int) -> None:
        """Copy bytes from one buffer to another, in turn with what shaders do."""
        self._ctx.copy_buffer(self._buffers[target], self._buffers[source], size, read_offset=first, write_offset=at)

    def read(self, name: str, values: npt.NDArray[Any]) -> None:
        """Read the first values of buffer `name` into an array, by way of a second buffer.

        Drivers move a buffer that is read back to the host's memory, where a shader would write slowly.
        """
        host = self.buffer(f"{name}, read", values.nbytes)
        self._ctx.memory_barrier()
        self._ctx.copy_buffer(host, self._buffers[name], values.nbytes)
        host.read_into(values, values.nbytes)

    def release(self) -> None:
        """Free the GPU's memory."""
        for buffer in self._buffers.values():
            buffer.release()
        self._buffers.clear()
