"""A film's file as FFmpeg gets it: nothing is ever raised where FFmpeg calls, and the first fault is kept."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, BinaryIO, TypeVar

from weightscape.stop import shielded

Result = TypeVar("Result")


class FilmFile:
    """Hands bytes on to a file until something goes wrong, be it a full disk or Ctrl+C; then drops them.

    After a fault FFmpeg goes on to write; PyAV would print every further fault, and lose an interrupt together with
    what was to be written, or crash. `fault` is for whoever called FFmpeg to raise; so is what stop.heed() raises.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.fault: BaseException | None = None

    @shielded
    def write(self, data: bytes) -> int | None:
        """Write bytes; None, which counts as all of them, after a fault."""
        return self._tried(self._file.write, data)

    @shielded
    def seek(self, offset: int, whence: int = 0) -> int | None:
        """Go to a place; None, which counts as being there, after a fault."""
        return self._tried(self._file.seek, offset, whence)

    @shielded
    def tell(self) -> int:
        """Tell the place."""
        return self._file.tell()

    @shielded
    def seekable(self) -> bool:
        """Tell whether the file has places."""
        return self._file.seekable()

    @shielded
    def again(self, *_: Any) -> BinaryIO:
        """Open, for reading, what is written so far; nothing after a fault."""
        return self._tried(self._reopened) or BytesIO()

    def _reopened(self) -> BinaryIO:
        self._file.flush()
        return open(self._file.name, "rb")

    @shielded
    def _tried(self, act: Callable[..., Result], *args: Any) -> Result | None:
        try:
            return None if self.fault else act(*args)
        except BaseException as fault:
            self.fault = fault
            return None
