"""OpenGL without a window: find a context on this machine, or say what is missing.

Windows bring their own context, window_context.py takes it; nothing here makes one.
"""

import ctypes
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import moderngl

from weightscape.gpu import egl
from weightscape.gpu.device import Way, versions, ways
from weightscape.gpu.function import function
from weightscape.gpu.window_context import default_kept, of_window

CURE = "install the packages libegl1 and libgl1 (Debian, Ubuntu) or your graphics driver"
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software", "basic render", "lavapipe")
FORKED = (
    "OpenGL was opened before this process was forked and does not work in the child; "
    'start processes by multiprocessing.get_context("spawn")'
)
# The device wanted, where the caller names none: its number, or a part of its name.
GPU = "WEIGHTSCAPE_GPU"
# Faults that no other version cures; Mesa writes each of them into the user's terminal.
HOPELESS = ("eglInitialize", "eglGetPlatformDisplay", "eglQueryDevices", "not loaded", "not found")


class NoContextError(Exception):
    """No OpenGL 3.3 context is to be had; the text tells what to install."""


@dataclass(frozen=True)
class Adapter:
    """Say who draws: GL vendor, renderer and version, and whether it is software."""

    vendor: str
    renderer: str
    version: str
    is_software: bool

    @property
    def driver(self) -> str:
        """Name who draws, and which edition of it."""
        return f"{self.renderer}, {self.version}"


@dataclass(frozen=True)
class _Held:
    """Hold what a context of standalone() was asked for, and what was current before it and while it is."""

    wanted: str
    device: int
    asked: int
    before: egl.Current | None = None
    own: egl.Current | None = None


def standalone(gpu: str = "") -> moderngl.Context:
    """Open a context without a window, of the highest version of the ladder that the driver gives.

    `gpu` is a device's number or a part of its name; "" is what WEIGHTSCAPE_GPU says, else hardware before software.
    The context is current in this thread until close(), which the same thread calls. Raises NoContextError.
    """
    global _is_open
    if is_forked():
        raise NoContextError(FORKED)
    _is_open = True
    wanted = gpu or os.environ.get(GPU, "")
    before = egl.current()
    try:
        ctx = _rested(wanted) or _made(wanted)
    except NoContextError:
        egl.put_back(before)
        raise
    ctx.extra = replace(ctx.extra, before=before, own=egl.current())
    return ctx


def close(ctx: moderngl.Context) -> None:
    """Give back a context of standalone(); what was current in this thread before is so again.

    One context rests for whoever asks next, in any thread: each that is made leaves memory behind, in moderngl
    (5.13: a reference too many to every extension's name) and in drivers.
    """
    before, own = ctx.extra.before, ctx.extra.own
    now = egl.current()
    is_current = now is not None and own is not None and now.context == own.context != egl.NOTHING
    rests = is_current and not _resting and ctx.error == "GL_NO_ERROR"
    if not rests:
        ctx.release()
    if is_current:
        egl.put_back(before)
    if rests:
        _resting.append(ctx)


@dataclass(frozen=True)
class Source:
    """Say how a thread comes to a context: `open` makes one current there, and there `close` gives it back.

    `is_shared`: another context sees its textures. `open` raises NoContextError.
    """

    open: Callable[[], moderngl.Context]
    close: Callable[[moderngl.Context], object]
    is_shared: bool = False


def alone(gpu: str = "") -> Source:
    """Take a context without a window, on the device wanted: see standalone()."""
    return Source(partial(standalone, gpu), close)


def attached(take: Callable[[], object], leave: Callable[[], object], address: Callable[[str], int]) -> Source:
    """Take a context that shares its objects with a window's: `take` makes it current, `address` finds functions."""

    def opened() -> moderngl.Context:
        try:
            take()
            ctx = of_window(address)
        except Exception as error:  # moderngl and whoever takes raise what they like
            leave()
            raise NoContextError(f"no context beside the window's ({error})") from error
        ctx.gc_mode = None  # type: ignore[assignment] # what is freed is freed by name, in the thread that made it
        return ctx

    def closed(ctx: moderngl.Context) -> None:
        ctx.release()
        leave()

    return Source(opened, closed, is_shared=True)


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


def _rested(wanted: str) -> moderngl.Context | None:
    """Take the context that rests and make it current; None where there is none, another one, or it works no more."""
    try:
        ctx = _resting.pop()
    except IndexError:
        return None
    if ctx.extra.wanted == wanted and egl.make_current(ctx.extra.own):
        return ctx
    ctx.release()
    return None


def _made(wanted: str) -> moderngl.Context:
    """Open the device wanted, by number or name; without a wish the first that is hardware, else the first."""
    tried: list[str] = []
    passed: list[tuple[Way, str]] = []
    numbered = [way for way in ways() if str(way.number) == wanted]
    if wanted.isdigit() and len(wanted) < len("4070") and not numbered:
        raise NoContextError(f"the setting gpu: there is no {wanted}, the numbers are {_numbers()}")
    for way in numbered or ways():
        if way.is_last and passed:
            break
        ctx = _opened(way, wanted, tried)
        if ctx is None:
            continue
        found = adapter(ctx)
        name = f"{found.vendor} {found.renderer}"
        if numbered or (wanted and wanted.lower() in name.lower()):
            return ctx
        if not wanted and (way.is_software or way.is_last or not found.is_software):
            return ctx
        passed.append((way, found.renderer))
        ctx.release()
    if wanted and passed:
        there = ", ".join(f"{way.number}: {renderer}" for way, renderer in passed)
        raise NoContextError(f"the setting gpu: {wanted!r} is no number and in no name of {there}")
    again = _opened(passed[0][0], wanted, tried) if passed else None
    if again is None:
        raise NoContextError(f"no OpenGL 3.3 here ({'; '.join(dict.fromkeys(tried))}): {CURE}")
    return again


def _numbers() -> str:
    return ", ".join(str(way.number) for way in ways())


def _opened(way: Way, wanted: str, tried: list[str]) -> moderngl.Context | None:
    """Open a device with the highest version it gives; None where it gives none, and why, in `tried`."""
    for settings in way.settings:
        reason = ""
        for version in versions():
            try:
                ctx = _created({"require": version, **settings})
            except Exception as error:  # glcontext raises bare Exception, ValueError and RuntimeError
                reason = str(error).strip() or type(error).__name__
                if any(words in reason for words in HOPELESS):
                    break
                continue
            ctx.gc_mode = "auto"
            ctx.extra = _Held(wanted, way.number, version)
            return ctx
        tried.append(reason)
    return None


def _created(settings: "dict[str, Any]") -> moderngl.Context:
    with default_kept():
        return moderngl.create_context(standalone=True, **settings)


@dataclass(frozen=True)
class Listed:
    """Hold what is to be had from a device: who draws and the versions asked and got, or why nothing is."""

    number: int
    adapter: Adapter | None = None
    asked: int = 0
    got: int = 0
    lack: str = ""


def listed() -> list[Listed]:
    """Open every device in turn and tell what it gives, in EGL's order; what was current stays so."""
    before, found = egl.current(), list[Listed]()
    for way in sorted(ways(), key=lambda way: way.number):
        if way.is_last and any(each.adapter for each in found):
            break
        tried: list[str] = []
        ctx = _opened(way, "", tried)
        if ctx is None:
            found.append(Listed(way.number, lack="; ".join(dict.fromkeys(tried))))
            continue
        found.append(Listed(way.number, adapter(ctx), ctx.extra.asked, ctx.version_code))
        ctx.release()
    egl.put_back(before)
    return found


def free_programs(ctx: moderngl.Context, programs: "Iterable[moderngl.Program | moderngl.ComputeShader]") -> None:
    """Free programs, and make none of them current first: OpenGL keeps a current one until the next is used."""
    function(ctx, "glUseProgram", None, ctypes.c_uint)(0)
    for program in programs:
        program.release()


def adapter(ctx: moderngl.Context) -> Adapter:
    """Read who draws from a context."""
    info = ctx.info
    renderer = str(info["GL_RENDERER"])
    return Adapter(
        str(info["GL_VENDOR"]), renderer, str(info["GL_VERSION"]), any(word in renderer.lower() for word in SOFTWARE)
    )
