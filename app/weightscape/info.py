"""What this machine brings along: versions, OpenGL, display, and which engine `auto` takes here and why."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from weightscape import __version__
from weightscape.ask import question
from weightscape.engine.choice import opened
from weightscape.engine.numpy import cores
from weightscape.launch import display
from weightscape.model.scene import Scene
from weightscape.settings import config_file

PACKAGES = ("click", "glfw", "imgui-bundle", "moderngl", "numpy", "platformdirs", "threadpoolctl")
COMPUTE = 430


def facts() -> dict[str, Any]:
    """Collect everything; nothing in it needs OpenGL or a display to be there."""
    return {
        "weightscape": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": cores(),
        "packages": {name: _version(name) for name in PACKAGES},
        "blas": _blas(),
        "opengl": _opengl(),
        "display": display(),
        "auto": _auto(),
        "files": _files(),
    }


def report(found: dict[str, Any]) -> str:
    """Write the facts for people, a line each."""
    gl, auto = found["opengl"], found["auto"]
    rows = [
        ("weightscape", found["weightscape"]),
        ("Python", f"{found['python']}, {found['platform']}, {found['cores']} cores"),
        ("packages", ", ".join(f"{name} {number or 'missing'}" for name, number in found["packages"].items())),
        ("BLAS", found["blas"] or "unknown"),
        ("display", found["display"] or "none: no window, a still in its place"),
        ("engine", f"auto takes {auto['engine']} for the default network: {auto['reason']}"),
    ]
    if "missing" in gl:
        rows.append(("OpenGL", gl["missing"]))
    else:
        kind = "software" if gl["software"] else "hardware"
        rows += [
            ("OpenGL", f"{gl['renderer']}, {gl['vendor']}, {gl['version']} ({kind}, {gl['backend']})"),
            ("limits", f"textures of {gl['max_texture_size']} a side, compute shaders: {_yes(gl['compute'])}"),
        ]
    rows += [(name, place) for name, place in found["files"].items()]
    return "\n".join(f"{name:<12} {value}" for name, value in rows)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _blas() -> str:
    build: Any = np.show_config(mode="dicts")
    blas = build.get("Build Dependencies", {}).get("blas", {})
    return f"{blas.get('name', '')} {blas.get('version', '')}".strip()


def _opengl() -> dict[str, Any]:
    # Imported here: moderngl may be missing altogether, and that is worth a line, not a failure.
    try:
        from weightscape.gpu.context import NoContextError, adapter, close, standalone
    except ImportError as error:
        return {"missing": f"moderngl cannot be loaded ({error})"}
    try:
        ctx = standalone()
    except NoContextError as error:
        return {"missing": str(error)}
    try:
        found = adapter(ctx)
        return {
            "vendor": found.vendor,
            "renderer": found.renderer,
            "version": found.version,
            "software": found.is_software,
            "backend": "EGL" if sys.platform.startswith("linux") else "the platform's own",
            "max_texture_size": ctx.info["GL_MAX_TEXTURE_SIZE"],
            "compute": ctx.version_code >= COMPUTE,
        }
    finally:
        close(ctx)


def _auto() -> dict[str, str]:
    with opened("auto") as choice:
        choice.engine.pick(question(Scene(), (64, 64)))
        return {"engine": choice.engine.name, "reason": choice.reason}


def _files() -> dict[str, str]:
    path = config_file()
    return {"config": f"{path} ({'there' if os.path.exists(path) else 'not there'})" if path else "none: no home"}
