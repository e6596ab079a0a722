"""OpenGL without a window: find a context on this machine, or say what is missing.

Windows bring their own context; nothing here makes one.
"""

import os
import re
from dataclasses import dataclass
from typing import Any

import moderngl

from weightscape.gpu import egl

CURE = "install the packages libegl1 and libgl1 (Debian, Ubuntu) or your graphics driver"
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software", "basic render", "lavapipe")
FORKED = ("OpenGL was opened before this process was forked and does not work in the child; "
          'start processes by multiprocessing.get_context("spawn")')
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
    """Open a context without a window: every EGL device in turn on Linux, elsewhere the platform's own way.

    It is current in this thread until close(), which the same thread calls. Raises NoContextError.
    """
    global _is_open
    if is_forked():
        raise NoContextError(FORKED)
    _is_open = True
    before = egl.current()
    try:
        ctx = _rested() or _made()
    except NoContextError:
        egl.put_back(before)
        raise
    ctx.extra = before, egl.current()
    return ctx


def close(ctx: moderngl.Context) -> None:
    """Give back a context of standalone(); what was current in this thread before is so again.

    One context rests for whoever asks next, in any thread: each that is made leaves memory behind, in moderngl
    (5.13: a reference too many to every extension's name) and in drivers.
    """
    before, own = ctx.extra
    now = egl.current()
    is_current = now is not None and own is not None and now.context == own.context != egl.NOTHING
    rests = is_current and not _resting and ctx.error == "GL_NO_ERROR"
    if not rests:
        ctx.release()
    if is_current:
        egl.put_back(before)
    if rests:
        _resting.append(ctx)


_resting: list[moderngl.Context] = []
_is_open = _is_forked = False


def is_forked() -> bool:
    """Tell whether this process was forked from one that had opened OpenGL: the driver's threads are missing here."""
    return _is_forked


def _forked() -> None:
    global _is_forked
    _is_forked = _is_open


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _rested() -> moderngl.Context | None:
    """Take the context that rests and make it current; None where there is none, or it works no more."""
    try:
        ctx = _resting.pop()
    except IndexError:
        return None
    return ctx if egl.make_current(ctx.extra[1]) else None


def _made() -> moderngl.Context:
    tried: list[str] = []
    for settings in _attempts():
        try:
            ctx = _created(settings)
        except Exception as error:  # glcontext raises bare Exception, ValueError and RuntimeError
            reason = str(error).strip() or type(error).__name__
            tried.append(reason)
            continue
        ctx.gc_mode = "auto"
        return ctx
    raise NoContextError(f"no OpenGL 3.3 here ({'; '.join(dict.fromkeys(tried))}): {CURE}")


def _created(settings: "dict[str, Any]") -> moderngl.Context:
    """Make a context that does not become the one of moderngl.get_context(), which is the caller's own affair."""
    store: Any = vars(moderngl).get("_store")
    before = getattr(store, "default_context", None)
    try:
        return moderngl.create_context(require=330, standalone=True, **settings)
    finally:
        if store:
            store.default_context = before


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


def adapter(ctx: moderngl.Context) -> Adapter:
    """Read who draws from a context."""
    info = ctx.info
    renderer = str(info["GL_RENDERER"])
    return Adapter(
        str(info["GL_VENDOR"]), renderer, str(info["GL_VERSION"]),
        any(word in renderer.lower() for word in SOFTWARE),
    )  # fmt: skip
