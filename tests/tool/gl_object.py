"""Which OpenGL objects live."""

import ctypes
import gc
from typing import Any

KINDS = ("Texture", "Buffer", "Framebuffer", "Program", "VertexArray", "Shader", "Renderbuffer", "Sampler")


def living(ctx: Any) -> dict[str, int]:
    """Count the OpenGL objects that live, by asking for every name that can have been given so far."""
    gc.collect()  # what other tests have dropped in circles of references
    ctx.gc()
    counts = {}
    for kind in KINDS:
        is_alive = ctypes.CFUNCTYPE(ctypes.c_ubyte, ctypes.c_uint)(ctx.mglo._context.load(f"glIs{kind}"))
        counts[kind] = sum(is_alive(name) for name in range(1, 50_000))
    return counts
