"""One array inside a .npz file: what its header claims, and its numbers or words, once the claim is within limits.

Nothing is unpickled, and no memory is set aside for what is only claimed. Format: numpy.lib.format.
"""

import ast
import math
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from weightscape.file.member import Floats, Member, Shape, check_size, quoted
from weightscape.network.lock import Lock

MAX_HEADER = 1024
MAX_LETTERS = 64
NUMBER = re.compile(r"[<>](?:f[248]|[iu][248])|\|(?:[iu]1|b1)")
WORDS = re.compile(r"(?:[<>]U|\|S)([1-9]\d?)")


@dataclass(frozen=True)
class _Claim:
    """Hold what a member's header says: type, order and shape; its numbers begin at byte `start`."""

    name: str
    descr: str
    is_fortran: bool
    shape: Shape
    start: int
    info: zipfile.ZipInfo


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    """Read a member's header. Raises ValueError for what is no plain array."""
    name = quoted(info.filename.removesuffix(".npy"))
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"member {name} is encrypted or packed in an unusual way")
    with archive.open(info) as file:
        claim = _Claim(name, *header(name, file), info)
    return Member(name, claim.shape, lambda: _numbers(archive, claim), lambda: _words(archive, claim))


def _numbers(archive: zipfile.ZipFile, found: _Claim) -> Floats:
    """Read numbers as float64, C order, in the member's shape. Raises ValueError for another type and for too many."""
    _check_numbers(found)
    check_size(found.name, found.shape)
    data = _payload(archive, found, math.prod(found.shape) * int(found.descr[2:]))
    array = np.frombuffer(data, found.descr).reshape(found.shape, order="F" if found.is_fortran else "C")
    with np.errstate(invalid="ignore"):  # some NaN complain of being moved; whoever asks refuses them
        return np.array(array, np.float64, order="C")


def _words(archive: zipfile.ZipFile, found: _Claim) -> list[str]:
    """Read text or ASCII bytes, one after the other whatever the shape. Raises ValueError for anything else."""
    match = WORDS.fullmatch(found.descr)
    if match is None or int(match[1]) > MAX_LETTERS:
        raise ValueError(
            f"member {found.name} holds {_kind(found.descr)}, not names of at most {MAX_LETTERS} letters; "
            'save it as np.array(["tanh", ...])'
        )
    step = int(match[1]) * (4 if "U" in found.descr else 1)
    data = _payload(archive, found, math.prod(found.shape) * step)
    codec = {"<": "utf-32-le", ">": "utf-32-be", "|": "ascii"}[found.descr[0]]
    return [data[i : i + step].decode(codec, "replace").rstrip("\0") for i in range(0, len(data), step)]


def _check_numbers(found: _Claim) -> None:
    if NUMBER.fullmatch(found.descr):
        return
    kind = _kind(found.descr)
    cure = "save a plain array" if "O" in found.descr else f"save {found.name}.astype(np.float64)"
    raise ValueError(f"member {found.name} {found.shape} holds {kind}, not real numbers of up to 64 bits; {cure}")


def _kind(descr: str) -> str:
    return "Python objects, a pickle, which is never read" if "O" in descr else repr(descr[:20])


def header(name: str, file: Any) -> tuple[str, bool, Shape, int]:
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


_filters = Lock()


class StructuredError(ValueError):
    """Say that an array's columns have names, and perhaps types, of their own."""


def _parsed(name: str, text: bytes) -> tuple[str, bool, Shape]:
    try:
        # The filters are the whole process's: two threads that read would put them back in the wrong order.
        with _filters, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the parser warns of odd escapes and numbers
            fields = ast.literal_eval(text.decode("latin-1").strip())
        descr, is_fortran, shape = fields["descr"], fields["fortran_order"], fields["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError) as fault:
        raise ValueError(f"member {name} has a header that cannot be read") from fault
    if isinstance(descr, list):
        raise StructuredError(f"member {name} holds named columns, a structured array; save a plain one")
    is_sound = len(fields) == 3 and isinstance(descr, str) and isinstance(is_fortran, bool)
    sides = shape if isinstance(shape, tuple) else (-1,)
    if not is_sound or not all(type(n) is int and 0 <= n < 1 << 31 for n in sides):
        raise ValueError(f"member {name} has a header that makes no sense")
    return descr, is_fortran, shape


def _payload(archive: zipfile.ZipFile, found: _Claim, wanted: int) -> bytes:
    declared = found.info.file_size - found.start
    if declared != wanted:
        raise ValueError(f"member {found.name} has {declared} bytes of numbers, its header wants {wanted}")
    with archive.open(found.info) as file:
        file.read(found.start)
        data: bytes = file.read(wanted)
    if len(data) != wanted:
        raise ValueError(f"member {found.name} is truncated")
    return data
