"""A training, as a window that follows it sees it: networks of other numbers, written into one file in many ways."""

import os
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

from weightscape.file.npz import write_weights


def data(number: int, widths: tuple[int, ...] = (2, 6, 3)) -> bytes:
    """Give the bytes of a weights file; files of the same shapes have as many."""
    rng, pairs = np.random.default_rng(number), list(pairwise(widths))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.npz"
        write_weights(
            path,
            [rng.normal(size=pair) for pair in pairs],
            [rng.normal(size=n) for _, n in pairs],
            ["tanh"] * (len(pairs) - 1) + ["sigmoid"],
        )
        return path.read_bytes()


def replaced(path: Path, contents: bytes) -> None:
    """Write beside the file, and let it take the name: another inode."""
    half = path.with_name(f"{path.name}.new")
    half.write_bytes(contents)
    os.replace(half, path)


def overwritten(path: Path, contents: bytes) -> None:
    """Cut the file and write it: the same inode."""
    path.write_bytes(contents)


def patched(path: Path, contents: bytes) -> None:
    """Write into the file as it is, of the same size, and give it the time that it had."""
    status = path.stat()
    with path.open("r+b") as file:
        file.write(contents)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def recreated(path: Path, contents: bytes) -> None:
    """Remove the file, then write it."""
    path.unlink()
    path.write_bytes(contents)


WAYS: tuple[Callable[[Path, bytes], None], ...] = (replaced, overwritten, patched, recreated)
