"""Gives a folder to write parts of something into, beside it: gone afterwards, swept where its writer was killed."""

import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from weightscape.file.whole_file import FORGOTTEN_S, FRESH_S, HALF, FilePath, check_folder, lock, telling
from weightscape.stop import half_written


@contextmanager
def half_folder(path: FilePath) -> Iterator[str]:
    """Make a hidden folder beside `path` until the block ends, for parts of it. Raises FileError where none can be."""
    folder = os.path.dirname(os.path.realpath(path))
    check_folder(path, folder)
    _sweep(folder)
    made = os.path.join(folder, f".weightscape-{secrets.token_hex(8)}.part")
    with telling("write", path):
        os.mkdir(made)
    try:
        with half_written(made), _held(made):
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _held(folder: str) -> Iterator[None]:
    """Lock a folder, where that can be done, for as long as the block, or its process, lives."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            lock(handle)
        yield
    finally:
        os.close(handle)


def _sweep(folder: str) -> None:
    """Delete such folders that killed writers left; what is still written stays. Never raises."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if HALF.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    if _is_abandoned(entry.path):
                        shutil.rmtree(entry.path, ignore_errors=True)


def _is_abandoned(folder: str) -> bool:
    age = time.time() - os.lstat(folder).st_mtime
    if sys.platform == "win32" or age < FRESH_S:
        return age > FORGOTTEN_S
    handle = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        lock(handle)
    except BlockingIOError:
        return False
    except OSError:
        return age > FORGOTTEN_S
    finally:
        os.close(handle)
    return True
