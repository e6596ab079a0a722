"""Weights of a network in and out of .npz files: W1, b1, W2, b2, ... and the names of the activations.

The reader trusts nothing: every claim of the file is held against a limit before memory is set aside for it.
Formats: numpy.lib.format and .ZIP File Format Specification (APPNOTE.TXT).
"""

import ast
import io
import math
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from weightscape.export.whole_file import FileError, FilePath, plain_file, shown, whole_file
from weightscape.model.network import MAX_LAYERS, MAX_WEIGHTS, MAX_WIDTH

Floats = npt.NDArray[np.float64]

MAX_INPUTS = 4096
MAX_WEIGHT = 1e8  # more than any scene draws; with clamped pre-activations float32 still holds every sum
MAX_MEMBERS = 600
MAX_HEADER = 1024
MAX_FILE = 600_000_000  # bytes: 256 float64 layers of full width
MAX_DIRECTORY = 256 * MAX_MEMBERS
MAX_NAME = 32

ORDER = (("W", 2), ("b", 1))  # a layer's members and their dimensions
NUMBER = re.compile(r"[<>]f[248]")
NAMES = re.compile(r"[<>]U([1-9]\d?)")
MEMBER = re.compile(r"(W|b)([1-9]\d{0,2})\.npy|activations\.npy")
# What zipfile raises for damaged archives, besides ValueError; OSError for an offset before the file.
FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, OverflowError)


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
    _check_names(activations)
    as_floats = (np.asarray(array, np.float64) for pair in zip(weights, biases, strict=True) for array in pair)
    layers = list(_layers(zip(as_floats, as_floats, strict=True)))
    names = np.array(list(activations), dtype=np.dtype(f"<U{max(map(len, activations))}"))
    with whole_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for k, (W, b) in enumerate(layers, 1):
            _add(archive, f"W{k}", W.astype("<f8", copy=False))
            _add(archive, f"b{k}", b.astype("<f8", copy=False))
        _add(archive, "activations", names)


def read_weights(path: FilePath) -> tuple[list[Floats], list[Floats], list[str]]:
    """Read weights (inputs, outputs), biases (outputs,) and one activation's name a layer from a .npz file.

    Without the member `activations`, hidden layers are tanh and the last is sigmoid; names are not looked up.
    Layers with the same weights as the one before share one array. Raises FileError, naming file and member,
    for anything but finite float16/32/64 arrays that make a network within the limits above.
    """
    with plain_file(path) as file:
        try:
            return _network(_archive(file))
        except (*FAULTS, UnicodeError) as fault:
            reason = " ".join(str(fault).split())[:200]  # zipfile quotes names of any length
            raise FileError(f"cannot read {shown(path)}: the .npz is damaged: {reason or 'cut off'}") from fault
        except ValueError as fault:
            raise FileError(f"cannot read {shown(path)}: {str(fault)[:200]}") from fault


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
    file.seek(max(0, size - 42))
    tail = file.read(42).rjust(42, b"\0")
    sign, members, directory, comment = struct.unpack("<4s6xHI4xH", tail[20:])
    if sign != b"PK\5\6" or comment:
        raise ValueError("it is not a .npz file, or it is truncated")
    if tail.startswith(b"PK\6\7") or members > MAX_MEMBERS or directory > MAX_DIRECTORY:
        raise ValueError(f"the .npz has more than {MAX_MEMBERS} members")
    return zipfile.ZipFile(file)


def _network(archive: zipfile.ZipFile) -> tuple[list[Floats], list[Floats], list[str]]:
    members = _members(archive)
    count = max(sum(name.startswith(letter) for name in members) for letter in "Wb")
    _check_count(count)
    for name in (f"{letter}{k}" for k in range(1, count + 1) for letter in "Wb"):
        if name not in members:
            raise ValueError(f"member {name} is missing")
    # The names first: a fault there shows before megabytes of weights are read.
    names = ["tanh"] * (count - 1) + ["sigmoid"]
    if "activations" in members:
        names = _read_names(archive, members["activations"], count)
    arrays = (_read_floats(archive, members[f"{x}{k}"], n) for k in range(1, count + 1) for x, n in ORDER)
    layers = list(_layers(zip(arrays, arrays, strict=True)))
    return [W for W, _ in layers], [b for _, b in layers], names


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if not MEMBER.fullmatch(info.filename):
            raise ValueError(f"member {info.filename[:40]!r} is not W1, b1, W2, b2 ... or activations")
        if name in members:
            raise ValueError(f"member {name} is there twice")
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"member {name} is encrypted or packed in an unusual way")
        members[name] = info
    return members


def _read_floats(archive: zipfile.ZipFile, info: zipfile.ZipInfo, dimensions: int) -> Floats:
    name = info.filename.removesuffix(".npy")
    with archive.open(info) as file:
        descr, is_fortran, shape, start = _header(name, file)
        if not NUMBER.fullmatch(descr):
            raise ValueError(f"member {name} holds {descr!r}, not float16, float32 or float64")
        limits = (MAX_INPUTS if name == "W1" else MAX_WIDTH, MAX_WIDTH)[-dimensions:]
        if len(shape) != dimensions or any(n > most for n, most in zip(shape, limits, strict=True)):
            raise ValueError(f"member {name} has shape {shape}, at most {limits} is read")
        data = _payload(name, file, info.file_size - start, math.prod(shape) * int(descr[2]))
    array = np.frombuffer(data, descr).reshape(shape, order="F" if is_fortran else "C")
    with np.errstate(invalid="ignore"):  # some NaN complain of being moved; they are refused a moment later
        return np.array(array, np.float64, order="C")


def _read_names(archive: zipfile.ZipFile, info: zipfile.ZipInfo, count: int) -> list[str]:
    with archive.open(info) as file:
        descr, _, shape, start = _header("activations", file)
        match = NAMES.fullmatch(descr)
        if match is None or int(match[1]) > MAX_NAME or shape != (count,):
            found = f"{descr!r} {shape}, not {count} names of at most {MAX_NAME} letters"
            raise ValueError(f"member activations holds {found}")
        step = 4 * int(match[1])
        data = _payload("activations", file, info.file_size - start, count * step)
    codec = "utf-32-le" if descr[0] == "<" else "utf-32-be"
    words = (data[i : i + step].decode(codec, "replace") for i in range(0, len(data), step))
    names = [word.rstrip("\0") for word in words]
    _check_names(names)
    return names


def _header(name: str, file: Any) -> tuple[str, bool, tuple[int, ...], int]:
    """Read type, Fortran order and shape off the head of a .npy member, and the number of its bytes."""
    magic = file.read(8)
    if magic not in (b"\x93NUMPY\1\0", b"\x93NUMPY\2\0"):
        raise ValueError(f"member {name} is no .npy array of version 1 or 2")
    field = file.read(2 if magic[6] == 1 else 4)
    length = int.from_bytes(field, "little")
    text = file.read(min(length, MAX_HEADER))
    if len(text) != length:
        raise ValueError(f"member {name} has a header of {length} bytes; at most {MAX_HEADER} are read")
    return *_parsed(name, text), 8 + len(field) + length


def _parsed(name: str, text: bytes) -> tuple[str, bool, tuple[int, ...]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the parser warns of odd escapes and numbers
            fields = ast.literal_eval(text.decode("latin-1").strip())
        descr, is_fortran, shape = fields["descr"], fields["fortran_order"], fields["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError) as fault:
        raise ValueError(f"member {name} has a header that cannot be read") from fault
    is_sound = len(fields) == 3 and isinstance(descr, str) and isinstance(is_fortran, bool)
    numbers = shape if isinstance(shape, tuple) else (0,)
    if not is_sound or not all(type(n) is int and 0 < n < 1 << 31 for n in numbers):
        raise ValueError(f"member {name} has a header that makes no sense")
    return descr, is_fortran, shape


def _payload(name: str, file: Any, declared: int, wanted: int) -> bytes:
    if declared != wanted:
        raise ValueError(f"member {name} has {declared} bytes of numbers, its header wants {wanted}")
    data: bytes = file.read(wanted)
    if len(data) != wanted:
        raise ValueError(f"member {name} is truncated")
    return data


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_LAYERS:
        raise ValueError(f"there are {count} layers W1, W2, ...; want 1 to {MAX_LAYERS}")


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if not (name.isascii() and name.isidentifier() and len(name) <= MAX_NAME):
            raise ValueError(f"member activations holds {name[:MAX_NAME]!r}, which is no activation's name")


def _check_values(name: str, array: npt.NDArray[Any]) -> None:
    if not np.isfinite(array).all():
        raise ValueError(f"member {name} holds a number that is not finite")
    if max(array.max(), -array.min()) > MAX_WEIGHT:
        raise ValueError(f"member {name} holds a number beyond +-{MAX_WEIGHT:g}")


def _layers(pairs: Iterable[tuple[Floats, Floats]]) -> Iterator[tuple[Floats, Floats]]:
    """Pass on the layers of a network that hangs together; equal neighbours share their weights."""
    total, before = 0, np.empty((0, 0))
    for k, (W, b) in enumerate(pairs, 1):
        _check_shape(k, W.shape, b.shape, before.shape[-1])
        _check_values(f"W{k}", W)
        _check_values(f"b{k}", b)
        if not np.array_equal(W, before):
            before, total = W, total + W.size
        if total > MAX_WEIGHTS:
            raise ValueError(f"member W{k} makes more than {MAX_WEIGHTS} weights")
        yield before, b


def _check_shape(k: int, W: tuple[int, ...], b: tuple[int, ...], width: int) -> None:
    if len(W) != 2 or (k > 1 and W[0] != width):
        raise ValueError(f"member W{k} has shape {W}; want ({width if k > 1 else 'inputs'}, outputs)")
    if not (1 <= W[0] <= MAX_INPUTS and 1 <= W[1] <= MAX_WIDTH):
        raise ValueError(f"member W{k} has shape {W}; widths go to {MAX_WIDTH}")
    if b != W[1:]:
        raise ValueError(f"member b{k} has shape {b}; want {W[1:]} as W{k} has {W[1]} outputs")
