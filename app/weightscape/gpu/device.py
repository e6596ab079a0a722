"""Where a context without a window may be opened: the devices of this machine, the likely quickest first.

OpenGL has no word for "discrete" or "integrated". What is told before a device is opened is told by EGL (software, or
a driver with CUDA) and, on Linux, by the kernel (the place on the PCI bus, the memory); the rest is a guess, which
the setting `gpu` overrules.
"""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weightscape.gpu import egl

# Versions asked for in turn, as major * 100 + minor * 10: NVIDIA gives exactly what it is asked for (seen on an NVIDIA
# H100, driver 580), Mesa its highest, and neither gives anything where it has less. The window has the same ladder.
LADDER = (450, 430, 410, 330)
# Where only the -dev packages bring the plain names, the numbered ones are there.
NUMBERED = {"libgl": "libGL.so.1", "libegl": "libEGL.so.1"}
DRM = Path("/sys/class/drm")
NVIDIA, CARD, BOARD, SOFTWARE = range(4)


@dataclass(frozen=True)
class Way:
    """Hold a device's number, in EGL's order, and what moderngl is told to open it, in turn.

    `is_software` and `is_last` tell that no later one will do better, and that none before it worked.
    """

    number: int
    settings: tuple[dict[str, Any], ...]
    is_software: bool = False
    is_last: bool = False


def ways() -> list[Way]:
    """List the ways to a context, the one to be tried first in front."""
    if not sys.platform.startswith("linux"):
        return [Way(0, ({},), is_last=True)]
    known = egl.devices()
    ranked = sorted(enumerate(known), key=lambda each: rank(each[1]))  # equal ones keep EGL's order
    found = [Way(n, _egl(device_index=n), rank(device)[0] == SOFTWARE) for n, device in ranked] or [Way(0, _egl())]
    return [*found, *([Way(len(found), ({},), is_last=True)] if os.environ.get("DISPLAY") else [])]


def is_software_alone() -> bool:
    """Tell whether all that this machine can open is software, as far as EGL tells; opens nothing."""
    return ways()[0].is_software


def versions() -> tuple[int, ...]:
    """Tell the versions to ask for in turn. On macOS glcontext takes none and gives the highest there is."""
    return LADDER[-1:] if sys.platform == "darwin" else LADDER


def rank(device: egl.Device, drm: Path = DRM) -> tuple[int, int]:
    """Tell a device's place in the order: NVIDIA's driver, a card of its own, a part of the processor, software.

    Graphics on the first bus are the processor's; AMD's stand behind a bridge as cards do, so of two that are alike
    the one with more memory comes first (docs.kernel.org/gpu/amdgpu/driver-misc.html, mem_info_vram_total).
    """
    names = device.extensions.split()
    if "EGL_MESA_device_software" in names:
        return SOFTWARE, 0
    if "EGL_NV_device_cuda" in names:
        return NVIDIA, 0
    folder, memory = drm / Path(device.file).name / "device", 0
    with suppress(OSError, ValueError):
        memory = int((folder / "mem_info_vram_total").read_text())
    # A device without a file, as WSL's, counts as a card: "device" is then the folder's own name.
    return BOARD if folder.resolve().name.startswith("0000:00:") else CARD, -memory


def _egl(**device: int) -> tuple[dict[str, Any], ...]:
    plain: dict[str, Any] = {"backend": "egl", **device}
    return plain, plain | NUMBERED
