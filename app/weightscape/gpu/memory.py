"""What a driver tells of its GPU's memory: how much a workgroup may share, and how much is free.

moderngl has no words for these numbers; they are read with its own loader, in whatever context it was handed.
"""

import ctypes

import moderngl

from weightscape.gpu.function import function

# https://registry.khronos.org/OpenGL/extensions/NVX/NVX_gpu_memory_info.txt and ATI/ATI_meminfo.txt: in KB; ATI's are
# four numbers, of which the first is all that is free.
FREE = {"GL_NVX_gpu_memory_info": (0x9049, 1), "GL_ATI_meminfo": (0x87FB, 4)}
GL_MAX_COMPUTE_SHARED_MEMORY_SIZE = 0x8262
# OpenGL 4.3 promises so much.
LEAST_SHARED = 32768


class OutOfMemoryError(Exception):
    """A buffer for which the GPU has no memory left."""


def shared_bytes(ctx: moderngl.Context) -> int:
    """Tell the bytes that the threads of one workgroup may share; OpenGL 4.3 or later."""
    return max(_integers(ctx, GL_MAX_COMPUTE_SHARED_MEMORY_SIZE, 1)[0], LEAST_SHARED)


def free_bytes(ctx: moderngl.Context) -> int | None:
    """Tell how much of the GPU's memory is free; None where its driver does not say."""
    known = next((FREE[name] for name in FREE if name in ctx.extensions), None)
    return 1024 * _integers(ctx, *known)[0] if known else None


def reserved(ctx: moderngl.Context, size: int, changes: bool = True) -> moderngl.Buffer:
    """Make an empty buffer of `size` bytes; raises OutOfMemoryError, which moderngl does not notice.

    `changes`: its numbers are others in every answer.
    """
    ctx.error  # noqa: B018 - what went wrong before is another's
    made = ctx.buffer(reserve=size, dynamic=changes)
    if ctx.error == "GL_OUT_OF_MEMORY":
        made.release()
        raise OutOfMemoryError(f"the GPU has no {size >> 20} MB left")
    return made


def _integers(ctx: moderngl.Context, name: int, count: int) -> list[int]:
    values = (ctypes.c_int * count)()
    function(ctx, "glGetIntegerv", None, ctypes.c_uint, ctypes.c_void_p)(name, ctypes.addressof(values))
    return list(values)
