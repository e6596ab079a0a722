"""Weights of a network out of .onnx files: graphs of dense layers, one after another.

The package onnx, an extra (weightscape[onnx]), is loaded when such a file is read; it parses and computes nothing.
What a file holds is counted before (onnx_scan.py), and put together as layers after (onnx_graph.py).
"""

import io
from importlib import import_module
from typing import Any

from weightscape.file.layer_form import Parts, check_count, check_file, check_shape, sound, telling
from weightscape.file.onnx_graph import network
from weightscape.file.onnx_scan import scan
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown

# Of float64, more than the weights that a network can have, and what stands beside them.
MAX_FILE = 150_000_000


def read_weights(path: FilePath) -> Parts:
    """Read weights (inputs, outputs), biases (outputs,) and one activation's name a layer from a .onnx file.

    Raises FileError, naming file and node, for what is no plain network of dense layers, and without the package onnx.
    """
    with plain_file(path) as file, telling(path, ".onnx", (OSError, EOFError)):
        size = file.seek(0, io.SEEK_END)
        check_file(size)
        if size > MAX_FILE:
            raise ValueError(f"the file has {size} bytes, at most {MAX_FILE} are read of an .onnx")
        file.seek(0)
        layers = network(_parsed(path, file.read(MAX_FILE)).graph)
        check_count(len(layers))
        width = 0
        for k, (W, b, _) in enumerate(layers, 1):
            check_shape(k, W.shape, b.shape, width)
            width = W.shape[1]
        both = list(sound((f"W{k}", f"b{k}", W, b) for k, (W, b, _) in enumerate(layers, 1)))
        return [W for W, _ in both], [b for _, b in both], [name for _, _, name in layers]


def remarks(path: FilePath) -> tuple[str, ...]:
    """Say nothing: a graph leaves nothing open."""
    return ()


def untold(path: FilePath) -> tuple[str, ...]:
    """Name nothing: a graph has all activations."""
    return ()


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
