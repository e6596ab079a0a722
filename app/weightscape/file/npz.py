"""Weights of a network in and out of .npz files: W1, b1, W2, b2, ... and the names of the activations.

What is read beside these, and how it is told apart, stands in layer_form.py and its neighbours.
The reader trusts nothing: every claim of the file is held against a limit before memory is set aside for it.
Formats: numpy.lib.format and .ZIP File Format Specification (APPNOTE.TXT).
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from weightscape.file.layer_form import Form, form, telling, written
from weightscape.file.member import Floats, Member, quoted
from weightscape.file.npy_member import member
from weightscape.file.reader import Reader
from weightscape.file.whole_file import FilePath, plain_file, whole_file
from weightscape.file.zip_directory import FAULTS, opened

# How a pickle begins: one byte, and the number of its protocol.
PICKLES = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
# Files of other programs, by how they begin, each with what makes a file of it that is read.
OTHERS = {
    (b"\x93NUMPY",): "it is a .npy, one array or a pickled object; save with np.savez(path, W1=W1, b1=b1, ...)",
    PICKLES: "it is a pickle, which is never read; save with np.savez(path, W1=W1, b1=b1, ...)",
}


def write_weights(
    path: FilePath, weights: Sequence[Floats], biases: Sequence[Floats], activations: Sequence[str], dtype: str = "<f8"
) -> None:
    """Write W_k (inputs, outputs) and b_k (outputs,) as float64 ("<f8") or float32 ("<f4"), and a name a layer.

    np.load(path) reads the file; the same network gives the same bytes. Raises ValueError for what
    read_weights would refuse, FileError where the file cannot be written.
    """
    layers, known = written(weights, biases, activations)
    names = np.array(known, dtype=np.dtype(f"<U{max(map(len, known))}"))
    with whole_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for k, (W, b) in enumerate(layers, 1):
            _add(archive, f"W{k}", W.astype(dtype, copy=False))
            _add(archive, f"b{k}", b.astype(dtype, copy=False))
        _add(archive, "activations", names)


@contextmanager
def _opened(path: FilePath) -> Iterator[Form]:
    with plain_file(path) as file, telling(path, ".npz", FAULTS):
        yield _form(_archive(file))


READER = Reader(_opened)
read_weights, remarks, untold = READER.read_weights, READER.remarks, READER.untold


def _add(archive: zipfile.ZipFile, name: str, array: npt.NDArray[Any]) -> None:
    member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
    member.create_system, member.external_attr = 3, 0o644 << 16  # the same bytes on every system
    data = io.BytesIO()
    np.lib.format.write_array(data, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    archive.writestr(member, data.getvalue())


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    start = file.read(10)
    for signs, cure in OTHERS.items():
        if start.startswith(signs):
            raise ValueError(cure)
    return opened(file, ".npz")


def _form(archive: zipfile.ZipFile) -> Form:
    """Find the arrays of an archive, none twice. Raises ValueError."""
    members: dict[str, Callable[[], Member]] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name in members:
            raise ValueError(f"member {quoted(name)} is there twice")
        if name != info.filename:
            members[name] = partial(member, archive, info)
    return form(members)
