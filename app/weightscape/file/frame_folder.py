"""Frames as a folder of numbered PNG pictures, which can be taken up again where it was left."""

import os
import zlib

from weightscape.file.png import SIGNATURE, read_text
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown


def frame_path(folder: FilePath, k: int) -> str:
    """Name the file of frame `k`, 0 for the first: 000001.png."""
    return os.path.join(os.fspath(folder), f"{k + 1:06}.png")


def make_folder(folder: FilePath) -> None:
    """Make a folder, and those above it, where it is missing. Raises FileError."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as fault:
        raise FileError(f"cannot make the folder {shown(folder)}: {fault.strerror}") from fault


def is_there(folder: FilePath, k: int, keyword: str, caption: str) -> bool:
    """Tell whether frame `k` is there, undamaged, with this very caption under `keyword`."""
    path = frame_path(folder, k)
    try:
        return read_text(path, keyword) == caption and _is_intact(path)
    except FileError:
        return False


def other_frames(folder: FilePath, count: int) -> int:
    """Count the PNG pictures of a folder beside the frames of an animation of `count`."""
    own = {os.path.basename(frame_path(folder, k)) for k in range(count)}
    try:
        return sum(name.lower().endswith(".png") and name not in own for name in os.listdir(folder))
    except OSError:  # a folder that frames may be written into need not be one that may be listed
        return 0


def _is_intact(path: str) -> bool:
    """Check every chunk of a PNG that read_text has walked."""
    with plain_file(path) as file:
        file.read(len(SIGNATURE))
        while head := file.read(8):
            body = file.read(int.from_bytes(head[:4], "big"))
            if zlib.crc32(body, zlib.crc32(head[4:])) != int.from_bytes(file.read(4), "big"):
                return False
    return True
