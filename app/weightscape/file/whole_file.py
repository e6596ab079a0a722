"""Opens files safely: written files appear whole or not at all, read files are plain files.

Every reader and writer of this room reports what a file did wrong as a FileError, in one line.
"""

import errno
import io
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from weightscape.stop import half_written

FilePath = str | os.PathLike[str]
STDOUT = "-"  # the name that stands for stdout; a file of this name is ./-
HALF = re.compile(r"\.weightscape-[0-9a-f]{16}\.part")
# Half a file that was touched so recently may be one that its writer has not locked yet.
FRESH_S = 60.0
# Where files cannot be locked, one that nobody touched for a day has no writer any more.
FORGOTTEN_S = 86_400.0

REASON = {
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the file system is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file grows larger than is allowed here",
    errno.ENOENT: "it does not exist",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EISDIR: "it is a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "the links lead in a circle",
    errno.EPIPE: "the reader at the other end has gone",
}


class FileError(Exception):
    """Say in one line which file failed and why."""


def shown(path: FilePath) -> str:
    """Write a path so that it stays on one line and can be read, whatever characters it has."""
    text = os.fspath(path)
    return text if text and text.isprintable() else repr(text)


@contextmanager
def whole_file(path: FilePath) -> Iterator[BinaryIO]:
    """Open a file for writing that appears, whole, only when the block ends without an exception.

    Until then an existing file stays as it was; afterwards the new one keeps its permissions (a fresh file
    gets the usual ones). Links are followed. Devices, pipes and stdout cannot be replaced and are written directly.
    Raises FileError where the place cannot be written, now or later; exceptions of the block pass through.
    """
    if os.fspath(path) == STDOUT:
        with _sink(_Standard()) as file:
            yield file
        return
    target, mode = _target(path)
    if mode is None or stat.S_ISREG(mode):
        with _replacement(path, target, mode) as file:
            yield file
    else:
        with _sink(_Stream(path, target, "wb")) as file:
            yield file


def sweep(folder: FilePath) -> None:
    """Delete what killed writers left half written in a folder; what is still being written stays. Never raises."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if HALF.fullmatch(entry.name):
                with suppress(OSError):
                    if _is_abandoned(entry.path, time.time()):
                        os.unlink(entry.path)


@contextmanager
def plain_file(path: FilePath) -> Iterator[BinaryIO]:
    """Open an existing plain file for reading; refuse folders, and pipes and devices, which may never end.

    Raises FileError for those, and for every OSError of the block.
    """
    _check_name("read", path)
    with telling("read", path):
        mode = os.stat(path).st_mode  # before open, which would wait for ever at the end of a pipe
        if not stat.S_ISREG(mode):
            kind = "it is a folder" if stat.S_ISDIR(mode) else "it is not a plain file"
            raise FileError(f"cannot read {shown(path)}: {kind}")
        with open(path, "rb") as file:
            yield file


def _target(path: FilePath) -> tuple[str, int | None]:
    """Find the real path behind links and its mode, None where nothing is there yet; refuse early."""
    _check_name("write", path)
    with telling("write", path):
        target = os.path.realpath(path)
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            check_folder(path, os.path.dirname(target))
            return target, None
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return os.fspath(path), mode  # what /dev/stdout links to need not have a path
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "")
        open(target, "r+b").close()  # os.replace would not ask whether the old file may be written
    return target, mode


def _check_name(verb: str, path: FilePath) -> None:
    if not os.fspath(path) or "\0" in os.fspath(path):
        raise FileError(f"cannot {verb} {shown(path)}: it is no file name")


def check_folder(path: FilePath, folder: str) -> None:
    """Raise FileError where the folder of a file to be written is not there, or the file is named as one."""
    if not os.path.isdir(folder):
        raise FileError(f"cannot write {shown(path)}: the folder {shown(folder)} does not exist")
    if os.fspath(path).endswith(os.sep):
        raise FileError(f"cannot write {shown(path)}: it names a folder, not a file")


@contextmanager
def _replacement(path: FilePath, target: str, mode: int | None) -> Iterator[BinaryIO]:
    folder = os.path.dirname(target)
    _sweep_once(folder)
    # A name of its own length: the target's name plus a suffix could be too long for the file system.
    temporary = os.path.join(folder, f".weightscape-{secrets.token_hex(8)}.part")
    with half_written(temporary), _half(path, target, mode, temporary) as file:
        yield file
    _sync_folder(folder)


@contextmanager
def _half(path: FilePath, target: str, mode: int | None, temporary: str) -> Iterator[BinaryIO]:
    """Write a file under a name of its own, which becomes the target's at the end of the block, or goes."""
    try:
        raw = _Raw(path, temporary, "xb")
        with _locked(raw.fileno()):
            with _sink(raw) as file:
                yield file
                with telling("write", path):
                    file.flush()
                    os.fsync(file.fileno())
            with telling("write", path):
                if mode is not None:
                    os.chmod(temporary, mode & 0o777)
                _replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


_swept = ""


def _sweep_once(folder: str) -> None:
    """Sweep a folder before the first of the files that are written into it one after another."""
    global _swept
    if folder != _swept:
        _swept = folder
        sweep(folder)


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Lock a file, where that can be done, until the block ends: the system lets go of it when its writer dies."""
    if sys.platform == "win32":  # which deletes no open file anyway
        yield
        return
    kept = os.dup(handle)  # the lock outlives the file's own handle
    try:
        with suppress(OSError):
            lock(kept)
        yield
    finally:
        os.close(kept)


def _is_abandoned(path: str, now: float) -> bool:
    """Tell whether half a file has no writer any more: it is not locked, or cannot be and is old."""
    found = os.lstat(path)
    if not stat.S_ISREG(found.st_mode) or now - found.st_mtime < FRESH_S:
        return False
    if sys.platform == "win32":
        return now - found.st_mtime > FORGOTTEN_S
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        lock(handle)
    except BlockingIOError:
        return False
    except OSError:
        return now - found.st_mtime > FORGOTTEN_S
    finally:
        os.close(handle)
    return True


def lock(handle: int) -> None:
    """Lock an open file for nobody else. Raises BlockingIOError where somebody else has, OSError where none can."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class _Raw(io.FileIO):
    """Tells its own faults from those of whoever computes what is written."""

    def __init__(self, path: FilePath, place: str, mode: str) -> None:
        self._path = path
        with telling("write", path):
            super().__init__(place, mode)

    def write(self, data: Any, /) -> int:
        with telling("write", self._path):
            return super().write(data)


class _Stream(_Raw):
    """Owns up to having no positions: /dev/null claims to seek, then tells 0 wherever it is."""

    def tell(self) -> int:
        raise io.UnsupportedOperation("tell")

    def seekable(self) -> bool:
        return False


class _Standard(io.RawIOBase):
    """Hands on to stdout, whatever stands for it in this process, and leaves it open; it has no positions."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        with telling("write", "stdout"):
            return sys.stdout.buffer.write(data)


@contextmanager
def _sink(raw: io.RawIOBase) -> Iterator[BinaryIO]:
    file = io.BufferedWriter(raw, 1 << 18)
    try:
        yield file
        file.flush()
    finally:
        with suppress(OSError):
            raw.close()  # the raw file first: what waits in the buffer of a failed file is not wanted


@contextmanager
def telling(verb: str, path: FilePath) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        reason = REASON.get(fault.errno or 0, fault.strerror or "unknown fault")
        raise FileError(f"cannot {verb} {shown(path)}: {reason}") from fault


def _replace(temporary: str, target: str) -> None:
    # Elsewhere a virus scanner or a viewer may hold the old file for a moment.
    for wait in (0.05, 0.2, 0.8) if os.name == "nt" else ():
        try:
            return os.replace(temporary, target)
        except PermissionError:
            time.sleep(wait)
    os.replace(temporary, target)


def _sync_folder(folder: str) -> None:
    if os.name != "posix":
        return
    with suppress(OSError):  # some network file systems refuse; the file is in place all the same
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
