"""Weights of a network in and out of files: tells the formats apart by how files begin, and hands them to their reader.

Each reader holds a file against limits before it sets memory aside, runs nothing that is in it, and says in one line
what is wrong. docs/weights-files.md has what is read.
"""

import io
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO

from weightscape.file import npz, onnx_file, safetensors, torch_file
from weightscape.file.layer_form import WRITTEN, Parts
from weightscape.file.member import Floats
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown
from weightscape.file.zip_directory import FAULTS, opened

# What files of weights are called; those of Keras are recognised and told what to be made of them.
SUFFIXES = (".npz", ".safetensors", ".onnx", ".pt", ".pth")
WRITERS = {".npz": npz.write_weights, ".safetensors": safetensors.write_weights}
READERS = {"npz": npz.READER, "safetensors": safetensors.READER, "onnx": onnx_file.READER, "torch": torch_file.READER}

ARCHIVE, HDF = b"PK\3\4", b"\x89HDF\r\n\x1a\n"
# How a model of ONNX goes on: the version of the format, then the producer, its version, a domain, the model's version,
# a text, the graph or the operators.
MODEL_VERSIONS = tuple(bytes([version]) for version in range(3, 32))
MODEL_FIELDS = (b"\x12", b"\x1a", b"\x22", b"\x28", b"\x32", b"\x3a", b"\x42")
# A state dict of PyTorch before 1.6: the pickle of its magic number.
OLD_TORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
KERAS = (
    "it is Keras' own; make an ONNX of it, which is read: "
    'keras.saving.load_model({0!r}).export("net.onnx", format="onnx")'
)
OLD = "it is PyTorch's of before 1.6, one pickle; save anew: torch.save(torch.load(path, weights_only=True), path)"


def read_weights(path: FilePath) -> Parts:
    """Read weights (inputs, outputs), biases (outputs,) and one activation's name a layer, of any format.

    Raises FileError, in one line, for what is no network that can be shown, and what a format's reader lacks.
    """
    return READERS[_kind(path)].read_weights(path)


def read(path: FilePath) -> tuple[Parts, tuple[str, ...]]:
    """Read weights, biases and activations, and which of these the file does not name. Raises FileError."""
    return READERS[_kind(path)].read(path)


def remarks(path: FilePath) -> tuple[str, ...]:
    """Say, in a line each, what a weights file leaves open and how that is taken. Raises FileError."""
    return READERS[_kind(path)].remarks(path)


def untold(path: FilePath) -> tuple[str, ...]:
    """Tell which activations a file does not name: of layer_activation.UNTOLD, () for none. Raises FileError."""
    return READERS[_kind(path)].untold(path)


def write_weights(
    path: FilePath,
    suffix: str,
    weights: Sequence[Floats],
    biases: Sequence[Floats],
    activations: Sequence[str],
    dtype: str = "<f8",
) -> None:
    """Write a network in the format of a suffix of WRITERS. Raises ValueError and FileError, as the writers do."""
    WRITERS[suffix](path, weights, biases, activations, dtype)


def is_weights(path: FilePath) -> bool:
    """Tell whether a file, by its name or by how it begins, is one of weights. Raises FileError."""
    with plain_file(path) as file:
        return _by_contents(file) != "" or _by_name(path) != ""


def without_suffix(name: str) -> str:
    """Leave out the suffix of a weights file's name."""
    return next((name.removesuffix(each) for each in SUFFIXES if name.endswith(each)), name)


def _kind(path: FilePath) -> str:
    """Tell which of READERS reads a file. Raises FileError for those that none reads, with what helps."""
    with plain_file(path) as file:
        kind = _by_contents(file)
    if kind in ("", "zip"):
        kind = _by_name(path) or "npz"
    if kind in READERS:
        return kind
    cure = KERAS.format(shown(path)[-60:]) if kind == "keras" else OLD
    raise FileError(f"cannot read {shown(path)}: {cure}{WRITTEN}")


def _by_name(path: FilePath) -> str:
    suffix = shown(path).lower().rpartition(".")[2]
    if suffix in ("keras", "h5", "hdf5"):
        return "keras"
    return {"safetensors": "safetensors", "onnx": "onnx", "pt": "torch", "pth": "torch"}.get(suffix, "")


def _by_contents(file: BinaryIO) -> str:
    """Tell the format by how a file begins, "" where that does not tell it.

    The length of a header may look like any other format's first bytes, so that safetensors are told first.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    start = file.read(16)
    if start[8:9] == b"{" and 2 <= int.from_bytes(start[:8], "little") <= size - 8:
        return "safetensors"
    if start.startswith(HDF):
        return "keras"
    if start.startswith(OLD_TORCH):
        return "old torch"
    if start.startswith(ARCHIVE):
        return _archived(file)
    if start.startswith(npz.PICKLES) and start[4:9] != b"\0\0\0\0{":
        return "npz"  # whose reader says what to save in its place
    is_model = start[:1] == b"\x08" and start[1:2] in MODEL_VERSIONS and start[2:3] in MODEL_FIELDS
    return "onnx" if is_model else ""


def _archived(file: BinaryIO) -> str:
    """Tell which program's archive it is, by its members."""
    with suppress(ValueError, *FAULTS), opened(file, "zip", torch_file.MAX_ENTRIES) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist()}
        return "torch" if "data.pkl" in names else "keras" if "model.weights.h5" in names else "npz"
    return "zip"  # a damaged one
