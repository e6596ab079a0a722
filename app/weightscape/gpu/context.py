"""OpenGL without a window: find a context on this machine, or say what is missing.

Windows bring their own context; nothing here makes one.
"""

import ctypes
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import moderngl

CURE = "install the packages libegl1 and libgl1 (Debian, Ubuntu) or your graphics driver"
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software", "basic render", "lavapipe")
# Where only the -dev packages bring the plain names, the numbered ones are there.
NUMBERED = {"libgl": "libGL.so.1", "libegl": "libEGL.so.1"}


class NoContextError(Exception):
    """No OpenGL 3.3 context is to be had; the text tells what to install."""


@dataclass(frozen=True)
class Adapter:
    """Say who draws: GL vendor, renderer and version, and whether it is software."""

    vendor: str
    renderer: str
    version: str
    is_software: bool


def standalone() -> moderngl.Context:
    """Make a context without a window: every EGL device in turn on Linux, elsewhere the platform's own way.

    Raises NoContextError.
    """
    tried: list[str] = []
    for settings in _attempts():
        try:
            ctx = moderngl.create_context(require=330, standalone=True, **settings)
        except Exception as error:  # glcontext raises bare Exception, ValueError and RuntimeError
            reason = str(error).strip() or type(error).__name__
            tried.append(reason)
            continue
        ctx.gc_mode = "auto"
        return ctx
    raise NoContextError(f"no OpenGL 3.3 here ({'; '.join(dict.fromkeys(tried))}): {CURE}")


def _attempts() -> "list[dict[str, Any]]":
    if os.name == "nt" or os.uname().sysname == "Darwin":
        return [{}]
    devices = [{"device_index": n} for n in range(_egl_devices())] or [{}]
    egl: list[dict[str, Any]] = [{"backend": "egl", **device} for device in devices]
    plain: list[dict[str, Any]] = [{}] if os.environ.get("DISPLAY") else []
    return [*egl, *plain, *({**attempt, **NUMBERED} for attempt in egl)]


def _egl_devices() -> int:
    """Count EGL's devices, by asking for one that cannot be."""
    impossible: dict[str, Any] = {"backend": "egl", "device_index": 10_000}
    for settings in (impossible, impossible | NUMBERED):
        try:
            moderngl.create_context(require=330, standalone=True, **settings)
        except Exception as error:
            found = re.search(r"found (\d+) devices", str(error))
            if found:
                return int(found[1])
    return 0


def free_programs(ctx: moderngl.Context, programs: "Iterable[moderngl.Program | moderngl.ComputeShader]") -> None:
    """Free programs, and make none of them current first: OpenGL keeps a current one until the next is used."""
    # moderngl has no call for that; it looks up its own ones like this, in whatever context it was handed.
    place = ctx.mglo._context.load_opengl_function("glUseProgram")
    ctypes.CFUNCTYPE(None, ctypes.c_uint)(place)(0)
    for program in programs:
        program.release()


def adapter(ctx: moderngl.Context) -> Adapter:
    """Read who draws from a context."""
    info = ctx.info
    renderer = str(info["GL_RENDERER"])
    return Adapter(
        str(info["GL_VENDOR"]), renderer, str(info["GL_VERSION"]),
        any(word in renderer.lower() for word in SOFTWARE),
    )  # fmt: skip
