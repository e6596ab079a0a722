"""Which machine was measured: processor, graphics, versions, and how busy it was with other things."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from weightscape.bench.info import facts
from weightscape.bench.rival import PACKAGES

CPU_INFO = Path("/proc/cpuinfo")


def machine() -> dict[str, Any]:
    """Collect what a table of speeds must say beside them."""
    found = facts()
    gl = found["opengl"]
    return {
        "cpu": cpu_name(),
        "cores": found["cores"],
        "renderer": gl.get("renderer"),
        "driver": gl.get("version") or gl["missing"],
        "software": gl.get("software"),
        "auto": found["auto"],
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "platform": found["platform"],
        "versions": {
            "weightscape": found["weightscape"],
            "python": found["python"],
            "blas": found["blas"],
            **found["packages"],
            **{name: _version(name) for name in PACKAGES},
        },
    }


def cpu_name() -> str:
    """Name the processor as well as the system can."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
