"""Weights of a network in and out of .npz files: W1, b1, W2, b2, ... and the names of the activations.

What is read beside these, and how it is told apart, stands in layer_name.py, layer_shape.py and layer_activation.py.
The reader trusts nothing: every claim of the file is held against a limit before memory is set aside for it.
Formats: numpy.lib.format and .ZIP File Format Specification (APPNOTE.TXT).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from weightscape.file.layer_activation import HIDDEN, OUTPUT, checked, named
from weightscape.file.layer_name import pairs
from weightscape.file.layer_shape import MAX_INPUTS, MAX_WIDTH, Layer, oriented
from weightscape.file.npy_member import Floats, member, numbers, quoted
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown, whole_file
from weightscape.network.network import MAX_LAYERS, MAX_WEIGHT, MAX_WEIGHTS

MAX_MEMBERS = 600
MAX_FILE = 600_000_000  # bytes: 256 float64 layers of full width
MAX_DIRECTORY = 256 * MAX_MEMBERS
LONGEST = 420  # letters of a complaint

# What zipfile raises for damaged archives, besides ValueError; OSError for an offset before the file.
FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, OverflowError)
WRITTEN = " (what is read: weightscape export --help)"
# Files of other programs, by how they begin, or, of archives, by a member; each with what makes a .npz of it.
OTHERS = {
    b"\x93NUMPY": "it is a .npy, one array or a pickled object; save with np.savez(path, W1=W1, b1=b1, ...)",
    b"\x89HDF": "it is HDF5; save with np.savez(path, *model.get_weights())",
    b"\x80": "it is a pickle, which is never read; save with np.savez(path, W1=W1, b1=b1, ...)",
}
ARCHIVES = {
    "data.pkl": "it is PyTorch's, a pickle, which is never read; save with "
    "np.savez(path, **{k: v.numpy() for k, v in model.state_dict().items()})",
    "model.weights.h5": "it is Keras' own; save with np.savez(path, *model.get_weights())",
}


def write_weights(
    path: FilePath, weights: Sequence[Floats], biases: Sequence[Floats], activations: Sequence[str]
) -> None:
    """Write W_k (inputs, outputs) and b_k (outputs,) as float64, and one activation's name a layer.

    np.load(path) reads the file; the same network gives the same bytes. Raises ValueError for what
    read_weights would refuse, FileError where the file cannot be written.
    """
    if not len(weights) == len(biases) == len(activations):
        raise ValueError(f"{len(weights)} weights, {len(biases)} biases, {len(activations)} activations")
    _check_count(len(weights))
    known = checked(activations)
    layers = list(_layers(_named(weights, biases)))
    names = np.array(known, dtype=np.dtype(f"<U{max(map(len, known))}"))
    with whole_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for k, (W, b) in enumerate(layers, 1):
            _add(archive, f"W{k}", W.astype("<f8", copy=False))
            _add(archive, f"b{k}", b.astype("<f8", copy=False))
        _add(archive, "activations", names)


def read_weights(path: FilePath) -> tuple[list[Floats], list[Floats], list[str]]:
    """Read weights (inputs, outputs), biases (outputs,) and one activation's name a layer from a .npz file.

    What names and shapes leave no doubt about is taken (docs/weights-files.md). Layers with the same weights as the
    one before share one array. Raises FileError, naming file, member and cure, for anything but finite real arrays
    that make a network within the limits above.
    """
    with _opened(path) as archive:
        form = _form(archive)
        layers = list(_layers(_floats(archive, form.layers)))
        return [W for W, _ in layers], [b for _, b in layers], form.names


def remarks(path: FilePath) -> tuple[str, ...]:
    """Say, in a line each, what a weights file leaves open and how that is taken. Raises FileError."""
    with _opened(path) as archive:
        return tuple(f"{shown(path)}: {text}" for text in _form(archive).remarks)


@contextmanager
def _opened(path: FilePath) -> Iterator[zipfile.ZipFile]:
    """Open a file, and tell all that is wrong with it in one line."""
    with plain_file(path) as file:
        try:
            yield _archive(file)
        except (*FAULTS, UnicodeError) as fault:
            reason = " ".join(str(fault).split())[:200]  # zipfile quotes names of any length
            raise FileError(f"cannot read {shown(path)}: the .npz is damaged: {reason or 'cut off'}") from fault
        except ValueError as fault:
            raise FileError(f"cannot read {shown(path)}: {str(fault)[:LONGEST]}{WRITTEN}") from fault


def _add(archive: zipfile.ZipFile, name: str, array: npt.NDArray[Any]) -> None:
    member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
    member.create_system, member.external_attr = 3, 0o644 << 16  # the same bytes on every system
    data = io.BytesIO()
    np.lib.format.write_array(data, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    archive.writestr(member, data.getvalue())


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    """Open the archive once its directory is known to be small: zipfile reads all of it at once."""
    size = file.seek(0, io.SEEK_END)
    if size > MAX_FILE:
        raise ValueError(f"the file has {size} bytes, at most {MAX_FILE} are read")
    file.seek(0)
    start = file.read(10)
    for sign, cure in OTHERS.items():
        if start.startswith(sign):
            raise ValueError(cure)
    if start[8:10] == b'{"':  # after the length of its header
        raise ValueError("it is safetensors; save with np.savez(path, **safetensors.numpy.load_file(path))")
    file.seek(max(0, size - 42))
    tail = file.read(42).rjust(42, b"\0")
    sign, members, directory, comment = struct.unpack("<4s6xHI4xH", tail[20:])
    if sign != b"PK\5\6" or comment:
        raise ValueError("it is not a .npz file, or it is truncated")
    if tail.startswith(b"PK\6\7") or members > MAX_MEMBERS or directory > MAX_DIRECTORY:
        raise ValueError(f"the .npz has more than {MAX_MEMBERS} members")
    return zipfile.ZipFile(file)


@dataclass(frozen=True)
class _Form:
    """Hold what a file is to be read as: layers, activations, and what is to be said of what it leaves open."""

    layers: list[Layer]
    names: list[str]
    remarks: list[str]


def _form(archive: zipfile.ZipFile) -> _Form:
    """Read headers and names: a fault there shows before megabytes of weights are read."""
    infos: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name in infos:
            raise ValueError(f"member {quoted(name)} is there twice")
        if name != info.filename:
            infos[name] = info
    if not infos and (cure := next((text for name, text in ARCHIVES.items() if _ends(archive, name)), "")):
        raise ValueError(cure)
    found = pairs(list(infos))
    _check_count(len(found))
    layers = oriented(
        [
            Layer(
                member(archive, infos[each.weights]),
                member(archive, infos[each.bias]) if each.bias else None,
                each.outputs_first,
            )
            for each in found
        ]
    )
    others = {name: member(archive, info) for name, info in infos.items() if name.lower() in (*HIDDEN, OUTPUT)}
    names, remarks = named(archive, others, len(layers))
    bare = [layer.weights.name for layer in layers if layer.bias is None]
    if bare:
        some = f"{', '.join(bare[:3])}{', ...' * (len(bare) > 3)}" if len(bare) < len(layers) else "the weights"
        remarks.append(f"no biases beside {some}: they are 0")
    return _Form(layers, names, remarks)


def _ends(archive: zipfile.ZipFile, name: str) -> bool:
    return any(each.split("/")[-1] == name for each in archive.namelist())


def _floats(archive: zipfile.ZipFile, layers: Iterable[Layer]) -> Iterator[tuple[str, str, Floats, Floats]]:
    for layer in layers:
        W = numbers(archive, layer.weights).reshape(layer.lying)
        b = numbers(archive, layer.bias).reshape(-1) if layer.bias else np.zeros(layer.sides[1])
        name = layer.bias.name if layer.bias else ""
        yield layer.weights.name, name, np.ascontiguousarray(W.T) if layer.outputs_first else W, b


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_LAYERS:
        raise ValueError(f"there are {count} layers W1, W2, ...; want 1 to {MAX_LAYERS}")


def _check_values(name: str, array: npt.NDArray[Any]) -> None:
    if not np.isfinite(array).all():
        raise ValueError(f"member {name} {array.shape} holds a number that is not finite; save an earlier state")
    if max(array.max(), -array.min()) > MAX_WEIGHT:
        raise ValueError(f"member {name} {array.shape} holds a number beyond +-{MAX_WEIGHT:g}")


def _layers(named: Iterable[tuple[str, str, Floats, Floats]]) -> Iterator[tuple[Floats, Floats]]:
    """Pass on weights and biases of a network in range; equal neighbours share their weights."""
    total, before = 0, np.empty((0, 0))
    for weights, bias, W, b in named:
        _check_values(weights, W)
        _check_values(bias, b)
        if not np.array_equal(W, before):
            before, total = W, total + W.size
        if total > MAX_WEIGHTS:
            raise ValueError(f"member {weights} makes more than {MAX_WEIGHTS} weights")
        yield before, b


def _named(weights: Sequence[Floats], biases: Sequence[Floats]) -> Iterator[tuple[str, str, Floats, Floats]]:
    """Name what is to be written, once its shapes are those of a network."""
    width = 0
    for k, (W, b) in enumerate(zip(weights, biases, strict=True), 1):
        W, b = np.asarray(W, np.float64), np.asarray(b, np.float64)
        _check_shape(k, W.shape, b.shape, width)
        width = W.shape[1]
        yield f"W{k}", f"b{k}", W, b


def _check_shape(k: int, W: tuple[int, ...], b: tuple[int, ...], width: int) -> None:
    if len(W) != 2 or (k > 1 and W[0] != width):
        raise ValueError(f"member W{k} has shape {W}; want ({width if k > 1 else 'inputs'}, outputs)")
    if not (1 <= W[0] <= MAX_INPUTS and 1 <= W[1] <= MAX_WIDTH):
        raise ValueError(f"member W{k} has shape {W}; widths go to {MAX_WIDTH}")
    if b != W[1:]:
        raise ValueError(f"member b{k} has shape {b}; want {W[1:]} as W{k} has {W[1]} outputs")
