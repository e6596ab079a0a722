"""What EGL keeps for a thread: which context is current there, put back by whoever made another one current.

And which devices it knows, without opening one of them.
"""

import ctypes
from dataclasses import dataclass
from functools import cache

DRAW, READ = 0x3059, 0x305A
# Of the answers of eglGetCurrent...: none is.
NOTHING = 0
# Names of strings in EGL_EXT_device_query and EGL_EXT_device_drm (registry.khronos.org/EGL).
EXTENSIONS, DRM_DEVICE_FILE = 0x3055, 0x3233
MAX_DEVICES = 64


@dataclass(frozen=True)
class Current:
    """Hold what is current in a thread: the API and, as addresses, display, surfaces and context."""

    api: int
    display: int
    draw: int
    read: int
    context: int


@dataclass(frozen=True)
class Device:
    """Hold what EGL tells of a device: the names of its extensions, and its file ("/dev/dri/card0") if it has one."""

    extensions: str = ""
    file: str = ""


def devices() -> list[Device]:
    """List EGL's devices in its own order, which is that of glcontext's device_index; none where EGL tells of none."""
    egl = _library()
    if egl is None:
        return []
    query, string = egl.eglGetProcAddress(b"eglQueryDevicesEXT"), egl.eglGetProcAddress(b"eglQueryDeviceStringEXT")
    if not query or not string:
        return []
    pointer, number = ctypes.c_void_p, ctypes.c_int
    listed = ctypes.CFUNCTYPE(ctypes.c_uint, number, pointer, pointer)(query)
    told = ctypes.CFUNCTYPE(ctypes.c_char_p, pointer, number)(string)
    found, count = (pointer * MAX_DEVICES)(), number()
    if not listed(MAX_DEVICES, ctypes.addressof(found), ctypes.addressof(count)):
        return []

    def text(device: int | None, name: int) -> str:
        return (told(device, name) or b"").decode(errors="replace")

    known = ((device, text(device, EXTENSIONS)) for device in found[: count.value])
    return [
        Device(names, text(device, DRM_DEVICE_FILE) if "EGL_EXT_device_drm" in names.split() else "")
        for device, names in known
    ]


def current() -> Current | None:
    """Tell what is current in this thread; None where there is no EGL."""
    egl = _library()
    if egl is None:
        return None
    return Current(
        egl.eglQueryAPI(),
        egl.eglGetCurrentDisplay() or NOTHING,
        egl.eglGetCurrentSurface(DRAW) or NOTHING,
        egl.eglGetCurrentSurface(READ) or NOTHING,
        egl.eglGetCurrentContext() or NOTHING,
    )


def make_current(wanted: Current) -> bool:
    """Make a context current in this thread; tell whether that could be done."""
    egl = _library()
    if egl is None or not wanted.context:
        return False
    egl.eglBindAPI(wanted.api)
    return bool(egl.eglMakeCurrent(wanted.display, wanted.draw, wanted.read, wanted.context))


def put_back(before: Current | None) -> None:
    """Make current in this thread what was; where nothing was let go of all that EGL holds for the thread.

    A context that is current when its thread ends is never freed.
    """
    egl = _library()
    if egl is None or before is None:
        return
    if not make_current(before):
        egl.eglReleaseThread()
    egl.eglBindAPI(before.api)


@cache
def _library() -> ctypes.CDLL | None:
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError:
        return None
    pointer, number = ctypes.c_void_p, ctypes.c_uint
    for name, result, arguments in (
        ("eglGetCurrentDisplay", pointer, ()),
        ("eglGetCurrentContext", pointer, ()),
        ("eglGetCurrentSurface", pointer, (ctypes.c_int,)),
        ("eglMakeCurrent", number, (pointer,) * 4),
        ("eglReleaseThread", number, ()),
        ("eglQueryAPI", number, ()),
        ("eglBindAPI", number, (number,)),
        ("eglGetProcAddress", pointer, (ctypes.c_char_p,)),
    ):
        function = getattr(egl, name)
        function.restype, function.argtypes = result, arguments
    return egl
