"""OpenGL's functions that moderngl has no words for, found by its own loader in whatever context it was handed."""

import ctypes
from collections.abc import Callable
from typing import Any

import moderngl


def function(ctx: moderngl.Context, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Find a function by its name; it takes and gives ctypes' types, in the thread where the context is current."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctx.mglo._context.load_opengl_function(name))
