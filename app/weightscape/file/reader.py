"""The reader of one format of weights files: what opens a file, and says what it holds, is all that formats differ in.

A format hands in a function that opens a file, tells all that is wrong with it as a FileError, and gives what it found.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from weightscape.file.layer_form import Parts
from weightscape.file.whole_file import FilePath, shown


class Found(Protocol):
    """Hold what an open file is to be read as."""

    @property
    def remarks(self) -> Sequence[str]:
        """Say what the file leaves open, and how that is taken."""

    @property
    def untold(self) -> tuple[str, ...]:
        """Tell which activations the file does not name (layer_activation.UNTOLD)."""

    def parts(self) -> Parts:
        """Read weights (inputs, outputs), biases (outputs,) and one activation's name a layer. Raises ValueError."""


@dataclass(frozen=True)
class Reader:
    """Read the files of a format by what opens them."""

    opened: Callable[[FilePath], AbstractContextManager[Found]]

    def read(self, path: FilePath) -> tuple[Parts, tuple[str, ...]]:
        """Read what read_weights() and untold() tell, of one and the same contents. Raises FileError."""
        with self.opened(path) as found:
            return found.parts(), found.untold

    def read_weights(self, path: FilePath) -> Parts:
        """Read weights (inputs, outputs), biases (outputs,) and one activation's name a layer.

        What names and shapes leave no doubt about is taken (docs/weights-files.md). Layers with the same weights as
        the one before share one array. Raises FileError, naming file, member and cure, for anything but finite real
        numbers that make a network within the limits.
        """
        with self.opened(path) as found:
            return found.parts()

    def remarks(self, path: FilePath) -> tuple[str, ...]:
        """Say, in a line each, what a file leaves open and how that is taken. Raises FileError."""
        with self.opened(path) as found:
            return tuple(f"{shown(path)}: {text}" for text in found.remarks)

    def untold(self, path: FilePath) -> tuple[str, ...]:
        """Tell which activations a file does not name: of layer_activation.UNTOLD, () for none. Raises FileError."""
        with self.opened(path) as found:
            return found.untold
