"""Weights of a network in and out of .safetensors files, by the format's own rules and no library.

The header is a length and JSON; every claim in it is held against a limit before memory is set aside for it, and its
arrays have to make up the buffer behind it without a gap or an overlap.
Format: https://github.com/huggingface/safetensors (README, "Format").
"""

import io
import json
import math
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import numpy as np

from weightscape.file.layer_form import MAX_MEMBERS, TOLD, Form, check_file, form, telling, written
from weightscape.file.member import Floats, Member, Shape, check_size, no_words, quoted, told
from weightscape.file.reader import Reader
from weightscape.file.whole_file import FilePath, plain_file, whole_file

MAX_HEADER = 200 * MAX_MEMBERS
MAX_SIDES = 8
METADATA = "__metadata__"
# Bytes of the format's types; networks are read from the first four.
TYPES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "U64": 8, "I32": 4, "U32": 4, "I16": 2, "U16": 2, "C64": 8}
TYPES |= dict.fromkeys(("I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 1)
READ = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
WRITTEN_TYPES = {"<f8": "F64", "<f4": "F32"}


@dataclass(frozen=True)
class _Entry:
    """Hold what the header says of an array, its bytes counted from the end of the header."""

    name: str
    dtype: str
    shape: Shape
    begin: int
    end: int


def write_weights(
    path: FilePath, weights: Sequence[Floats], biases: Sequence[Floats], activations: Sequence[str], dtype: str = "<f8"
) -> None:
    """Write weights (outputs, inputs) and biases named as those of torch.nn.Sequential of Linear and activation.

    The metadata holds the activations, with commas between. float64 for "<f8", float32 for "<f4"; the same network
    gives the same bytes. Raises ValueError for what could not be read again, FileError where it cannot be written.
    """
    layers, known = written(weights, biases, activations)
    arrays = [(f"{2 * k}.{name}", a) for k, (W, b) in enumerate(layers) for name, a in (("weight", W.T), ("bias", b))]
    header: dict[str, Any] = {METADATA: {"activations": ",".join(known)}}
    place = 0
    for name, array in arrays:
        end = place + array.size * int(dtype[2:])
        header[name] = {"dtype": WRITTEN_TYPES[dtype], "shape": list(array.shape), "data_offsets": [place, end]}
        place = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # what follows is aligned
    with whole_file(path) as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, array in arrays:
            file.write(np.ascontiguousarray(array, dtype).data)


@contextmanager
def _opened(path: FilePath) -> Iterator[Form]:
    with plain_file(path) as file, telling(path, ".safetensors", (OSError, EOFError, struct.error)):
        yield _form(file)


READER = Reader(_opened)
read_weights, remarks, untold = READER.read_weights, READER.remarks, READER.untold


def _form(file: BinaryIO) -> Form:
    size = file.seek(0, io.SEEK_END)
    check_file(size)
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if length > MAX_HEADER:
        raise ValueError(f"its header claims {length} bytes, at most {MAX_HEADER} are read: {MAX_MEMBERS} arrays")
    text = file.read(length)
    if size < 8 or len(text) < length:
        raise EOFError("it ends within its header")
    header = _parsed(text)
    words = _words(header.pop(METADATA, {}))
    if len(header) > MAX_MEMBERS:
        raise ValueError(f"it has {len(header)} arrays, at most {MAX_MEMBERS} are read")
    entries = [_entry(name, about) for name, about in header.items()]
    _check_tiling(entries, size - 8 - length)
    members: dict[str, Callable[[], Member]] = {each.name: partial(_member, file, 8 + length, each) for each in entries}
    if both := words.keys() & members.keys():
        raise ValueError(f"member {quoted(min(both))} stands in the metadata, too; keep one")
    return form(members | {name: partial(told, name, each) for name, each in words.items()}, in_order=False)


def _parsed(text: bytes) -> dict[str, Any]:
    """Read the header's JSON, in which no name stands twice."""
    if not text.startswith(b"{"):
        raise ValueError("it is not safetensors: its header does not begin with {")
    try:
        header = json.loads(text, object_pairs_hook=_unique)
    except (json.JSONDecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise ValueError("its header is no JSON") from fault
    return dict(header)


def _unique(rows: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(rows)
    if len(made) < len(rows):
        raise ValueError("a name stands twice in its header")
    return made


def _entry(name: str, about: Any) -> _Entry:
    told = quoted(name)
    if not isinstance(about, dict) or about.keys() != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"member {told} tells other things than dtype, shape and data_offsets")
    dtype, shape, offsets = about["dtype"], about["shape"], about["data_offsets"]
    if not isinstance(dtype, str) or dtype not in TYPES:
        raise ValueError(f"member {told} is of a type that is not known: {str(dtype)[:20]!r}")
    if not _is_numbers(shape) or len(shape) > MAX_SIDES or not _is_numbers(offsets) or len(offsets) != 2:
        raise ValueError(f"member {told} has a shape or offsets that make no sense")
    begin, end = offsets
    wanted = math.prod(shape) * TYPES[dtype]
    if end - begin != wanted:
        raise ValueError(f"member {told} has {end - begin} bytes, its shape {tuple(shape)} of {dtype} wants {wanted}")
    return _Entry(name, dtype, tuple(shape), begin, end)


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(type(n) is int and 0 <= n < 1 << 31 for n in value)


def _check_tiling(entries: Sequence[_Entry], size: int) -> None:
    """Raise ValueError where the arrays overlap, leave a gap, or do not end with the file."""
    place = 0
    for each in sorted(entries, key=lambda each: (each.begin, each.end)):
        if each.begin != place:
            fault = "overlaps the array before it" if each.begin < place else "leaves a gap before it"
            raise ValueError(f"member {quoted(each.name)} {fault}: it begins at {each.begin}, not {place}")
        place = each.end
    if place != size:
        raise ValueError(f"its arrays have {place} bytes, the file has {size} for them")


def _words(metadata: Any) -> dict[str, list[str]]:
    """Read what no array tells, such as activations, from the metadata: text with commas between, or JSON's list."""
    if not isinstance(metadata, dict) or not all(isinstance(each, str) for each in metadata.values()):
        raise ValueError("its metadata is no text")
    return {name: _split(text) for name, text in metadata.items() if name.lower() in TOLD}


def _split(text: str) -> list[str]:
    """Split "relu, ELU(alpha=1.0, inplace=True)" at the commas that are in no brackets."""
    if text.lstrip().startswith("["):
        try:
            return [str(each) for each in json.loads(text)]
        except (json.JSONDecodeError, RecursionError):
            raise ValueError(f"member activations is no list: {text[:40]!r}") from None
    return [each.strip() for each in re.split(r",(?![^(]*\))", text)]


def _member(file: BinaryIO, start: int, entry: _Entry) -> Member:
    name = quoted(entry.name)
    return Member(name, entry.shape, lambda: _numbers(file, start, entry), lambda: no_words(name, entry.dtype))


def _numbers(file: BinaryIO, start: int, entry: _Entry) -> Floats:
    name = quoted(entry.name)
    if entry.dtype not in READ:
        raise ValueError(f"member {name} {entry.shape} holds {entry.dtype}; want one of {', '.join(READ)}")
    check_size(name, entry.shape)
    file.seek(start + entry.begin)
    data = file.read(entry.end - entry.begin)
    if len(data) < entry.end - entry.begin:
        raise EOFError(f"member {name} is cut off")
    array = np.frombuffer(data, READ[entry.dtype]).reshape(entry.shape)
    if entry.dtype == "BF16":  # the upper half of a float32
        array = (array.astype(np.uint32) << 16).view(np.float32)
    with np.errstate(invalid="ignore"):  # some NaN complain of being moved; whoever asks refuses them
        return np.array(array, np.float64, order="C")
