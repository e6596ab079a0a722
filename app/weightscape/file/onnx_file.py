"""Weights of a network out of .onnx files: graphs of dense layers, one after another.

The package onnx, an extra (weightscape[onnx]), is loaded when such a file is read; it parses and computes nothing.
What a file holds is counted before (onnx_scan.py), and put together as layers after (onnx_graph.py).
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO

from weightscape.file.layer_form import Parts, check_count, check_file, named_layers, sound, telling
from weightscape.file.onnx_graph import network
from weightscape.file.onnx_scan import scan
from weightscape.file.reader import Reader
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown

# Of float64, more than the weights that a network can have, and what stands beside them.
MAX_FILE = 150_000_000
# Layers are made of several nodes each, and have no names of their own.
NAMES = "the matrix of layer {}", "the biases of layer {}"


@dataclass(frozen=True)
class _Graph:
    """Hold an open file; a graph leaves nothing open, and has all activations."""

    path: FilePath
    file: BinaryIO
    remarks: Sequence[str] = ()
    untold: tuple[str, ...] = ()

    def parts(self) -> Parts:
        """Put the graph's layers together. Raises ValueError, naming the node, and FileError without the package."""
        size = self.file.seek(0, io.SEEK_END)
        check_file(size)
        if size > MAX_FILE:
            raise ValueError(f"the file has {size} bytes, at most {MAX_FILE} are read of an .onnx")
        self.file.seek(0)
        layers = network(_parsed(self.path, self.file.read(MAX_FILE)).graph)
        check_count(len(layers))
        both = list(sound(named_layers(((W, b) for W, b, _ in layers), *NAMES)))
        return [W for W, _ in both], [b for _, b in both], [name for _, _, name in layers]


@contextmanager
def _opened(path: FilePath) -> Iterator[_Graph]:
    with plain_file(path) as file, telling(path, ".onnx", (OSError, EOFError)):
        yield _Graph(path, file)


READER = Reader(_opened)
read_weights, remarks, untold = READER.read_weights, READER.remarks, READER.untold


def _parsed(path: FilePath, data: bytes) -> Any:
    scan(data)
    try:
        onnx = import_module("onnx")
    except ImportError as error:
        raise FileError(
            f"cannot read {shown(path)}: .onnx files need onnx: pip install 'weightscape[onnx]' ({error})"
        ) from None
    try:
        return onnx.load_model_from_string(data)
    except Exception as fault:  # protobuf's DecodeError, which its packages have in several places
        raise ValueError(f"it is no ONNX file, or it is damaged: {' '.join(str(fault).split())[:80]}") from fault
