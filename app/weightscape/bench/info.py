"""What this machine brings along: versions, OpenGL, its devices, display, and which engine `auto` takes and why."""

import os
import platform
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from weightscape import __version__
from weightscape.engine.choice import opened
from weightscape.engine.processor.workers import cores
from weightscape.gpu.cure import CURES
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene
from weightscape.settings import config_file, gpu
from weightscape.window.display import display

PACKAGES = ("click", "glfw", "imgui-bundle", "llvmlite", "moderngl", "numpy", "platformdirs", "pyvips", "threadpoolctl")
COMPUTE, DOUBLE = 430, 400
# moderngl's names of the limits that decide how an engine works, by ours; and one that it has no name for.
LIMITS = {
    "texture": "GL_MAX_TEXTURE_SIZE",
    "buffer_texture": "GL_MAX_TEXTURE_BUFFER_SIZE",
    "workgroup": "GL_MAX_COMPUTE_WORK_GROUP_INVOCATIONS",
    "storage_block": "GL_MAX_SHADER_STORAGE_BLOCK_SIZE",
    "storage_blocks": "GL_MAX_COMPUTE_SHADER_STORAGE_BLOCKS",
}


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
        "gpus": _gpus(),
        "cures": _cures(),
        "display": display(),
        "auto": _auto(),
        "files": _files(),
    }


def report(found: dict[str, Any]) -> str:
    """Write the facts for people, a line each."""
    auto = found["auto"]
    rows = [
        ("weightscape", found["weightscape"]),
        ("Python", f"{found['python']}, {found['platform']}, {found['cores']} cores"),
        ("packages", ", ".join(f"{name} {number or 'missing'}" for name, number in found["packages"].items())),
        ("BLAS", found["blas"] or "unknown"),
        ("display", found["display"] or "none: no window, a still in its place"),
        ("engine", f"auto takes {auto['engine']} for the default network: {auto['reason']}"),
        *_opengl_rows(found["opengl"]),
        *(("" if number else "GPUs", _line(each)) for number, each in enumerate(found["gpus"])),
        ("faults", "worked around whatever draws; what was seen, and where:"),
        *(("", f"{each['driver']} {each['fault']}: {each['cure']}") for each in found["cures"]),
        *found["files"].items(),
    ]
    return "\n".join(f"{name:<12} {value}" for name, value in rows)


def _opengl_rows(gl: dict[str, Any]) -> list[tuple[str, str]]:
    if "missing" in gl:
        return [("OpenGL", gl["missing"])]
    kind, limits = "software" if gl["software"] else "hardware", gl["limits"]
    rows = [
        ("OpenGL", f"{gl['renderer']}, {gl['vendor']}, {gl['version']} ({kind}, {gl['backend']})"),
        ("version", f"{gl['asked']} asked for, {gl['got']} got"),
        (
            "limits",
            f"textures of {gl['max_texture_size']} a side, compute shaders: {_yes(gl['compute'])}, "
            f"doubles: {_yes(gl['doubles'])}",
        ),
    ]
    if gl["compute"]:
        workgroup = f"a workgroup: {limits['workgroup']} invocations, {limits['shared_memory']} bytes shared"
        rows.append(("", f"{workgroup}; {limits['storage_blocks']} storage blocks of {limits['storage_block']} bytes"))
    return rows


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _line(each: dict[str, Any]) -> str:
    """Describe one device in a line."""
    if "missing" in each:
        return f"{each['number']}: nothing ({each['missing']})"
    kind = "software" if each["software"] else "hardware"
    taken = ", taken" if each["taken"] else ""
    versions = f"{each['asked']} asked for, {each['got']} got"
    return f"{each['number']}: {each['renderer']}, {each['vendor']} ({kind}, {versions}{taken})"


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
        from weightscape.gpu.memory import shared_bytes
    except ImportError as error:
        return {"missing": f"moderngl cannot be loaded ({error})"}
    try:
        ctx = standalone(gpu())
    except NoContextError as error:
        return {"missing": str(error)}
    try:
        found = adapter(ctx)
        has_compute = ctx.version_code >= COMPUTE
        limits = {name: ctx.info[key] for name, key in LIMITS.items() if key in ctx.info}
        return {
            "device": ctx.extra.device,
            "asked": _dotted(ctx.extra.asked),
            "got": _dotted(ctx.version_code),
            "vendor": found.vendor,
            "renderer": found.renderer,
            "version": found.version,
            "software": found.is_software,
            "backend": "EGL" if sys.platform.startswith("linux") else "the platform's own",
            "max_texture_size": ctx.info["GL_MAX_TEXTURE_SIZE"],
            "compute": has_compute,
            "doubles": ctx.version_code >= DOUBLE or "GL_ARB_gpu_shader_fp64" in ctx.extensions,
            "limits": limits | ({"shared_memory": shared_bytes(ctx)} if has_compute else {}),
        }
    finally:
        close(ctx)


def _gpus() -> list[dict[str, Any]]:
    """List the devices OpenGL may run on; the one taken is that of the last context, which rests."""
    try:
        from weightscape.gpu.context import NoContextError, close, is_forked, listed, standalone
    except ImportError:
        return []
    if is_forked():
        return []
    taken = None
    with suppress(NoContextError):
        ctx = standalone(gpu())
        taken = ctx.extra.device
        close(ctx)
    return [
        {
            "number": each.number,
            "taken": each.number == taken,
            "asked": _dotted(each.asked),
            "got": _dotted(each.got),
            "vendor": each.adapter.vendor,
            "renderer": each.adapter.renderer,
            "software": each.adapter.is_software,
        }
        if each.adapter
        else {"number": each.number, "missing": each.lack}
        for each in listed()
    ]


def _cures() -> list[dict[str, str]]:
    return [asdict(each) for each in CURES]


def _dotted(version: int) -> str:
    return f"{version / 100:.1f}"


def _auto() -> dict[str, str]:
    with opened("auto", gpu=gpu()) as choice:
        choice.engine.pick(question(Scene(), (64, 64)))
        return {"engine": choice.engine.name, "reason": choice.reason}


def _files() -> dict[str, str]:
    path = config_file()
    return {"config": f"{path} ({'there' if os.path.exists(path) else 'not there'})" if path else "none: no home"}
