"""The program in a user's menu: an entry, its icons and file types, for desktops that follow freedesktop.org."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from weightscape.draw.icon import SIZES, icon_file
from weightscape.file.desktop_entry import FileType, entry, mime_package
from weightscape.file.whole_file import FileError, shown, whole_file
from weightscape.settings import user_folder

NAME = "weightscape"  # of the entry, by which a desktop finds it for a window (window/glfw_window.py)
COMMENT = "Look at random neural networks, live"
CATEGORIES = ("Education", "Science", "ArtificialIntelligence")
SCENE = FileType(
    "application/x-weightscape+json",
    "Scene of weightscape",
    "application/json",
    ("*.weightscape", "*.weightscape.json"),
)
WEIGHTS = (
    FileType("application/x-npz", "NumPy arrays", "application/zip", ("*.npz",)),
    FileType("application/x-safetensors", "Tensors", "application/octet-stream", ("*.safetensors",)),
    FileType("application/x-onnx", "ONNX model", "application/octet-stream", ("*.onnx",)),
    FileType("application/x-pytorch", "PyTorch state dict", "application/zip", ("*.pt", "*.pth")),
)
# JSON of any kind is not among them: few desktops have a program for it, and this would become the one.
OPENED = ("image/png", SCENE.name, *(each.name for each in WEIGHTS))
FREE_DESKTOPS = ("linux", "freebsd", "openbsd", "netbsd", "dragonfly")


def own_command() -> tuple[str, ...]:
    """Tell by what words this very program is run, wherever from."""
    script = shutil.which(sys.argv[0])
    if script is None or os.path.basename(script).startswith("__main__") or script.endswith(".py"):
        return sys.executable, "-m", NAME
    return (os.path.abspath(script),)


def files(command: Sequence[str]) -> dict[Path, bytes]:
    """List the files of an installation, and what is in them. Raises FileError where there can be none."""
    if not sys.platform.startswith(FREE_DESKTOPS):
        raise FileError("this is for desktops of Linux and BSD; here the system's own way makes an entry for a program")
    data = user_folder(platformdirs.user_data_dir)
    if data is None:
        raise FileError("no folder for the user's menu: neither XDG_DATA_HOME nor HOME is an absolute path")
    told = entry(NAME, COMMENT, command, OPENED, CATEGORIES, NAME)
    icons = {data / "icons" / "hicolor" / f"{side}x{side}" / "apps" / f"{NAME}.png": icon_file(side) for side in SIZES}
    return {
        **icons,
        data / "mime" / "packages" / f"{NAME}.xml": mime_package((SCENE, *WEIGHTS)).encode(),
        data / "applications" / f"{NAME}.desktop": told.encode(errors="surrogateescape"),
    }


def install() -> list[Path]:
    """Write all files anew, and tell the desktop; return their paths. Raises FileError."""
    found = files(own_command())
    for path, data in found.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"cannot make the folder {shown(path.parent)}: {error.strerror}") from None
        with whole_file(path) as file:
            file.write(data)
    _tell(list(found))
    return list(found)


def remove() -> list[Path]:
    """Delete what install() has written, and tell the desktop; return what was there. Raises FileError."""
    there = [path for path in files(()) if os.path.lexists(path)]
    for path in there:
        try:
            path.unlink()
        except OSError as error:
            raise FileError(f"cannot delete {shown(path)}: {error.strerror}") from None
    if there:
        _tell(there)
    return there


def _tell(changed: Sequence[Path]) -> None:
    """Let the desktop look at what has changed: by its own programs, where they are, whatever they say."""
    folders = {path.parent for path in changed}
    for folder in folders:
        if folder.name == "applications":
            _run("update-desktop-database", folder)
        elif folder.name == "packages":
            _run("update-mime-database", folder.parent)
        elif folder.name == "apps" and folder.parents[1].is_dir():
            os.utime(folder.parents[1])  # a theme whose time is new is read anew


def _run(program: str, folder: Path) -> None:
    found = shutil.which(program)
    if found and folder.is_dir():
        nothing = subprocess.DEVNULL
        subprocess.run([found, str(folder)], stdin=nothing, stdout=nothing, stderr=nothing, check=False)
