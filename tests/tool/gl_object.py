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
    loader = ctx.mglo._context
    load = loader.load_opengl_function if hasattr(loader, "load_opengl_function") else loader.load
    for kind in KINDS:
        is_alive = ctypes.CFUNCTYPE(ctypes.c_ubyte, ctypes.c_uint)(load(f"glIs{kind}"))
        counts[kind] = sum(is_alive(name) for name in range(1, 50_000))
    return counts
