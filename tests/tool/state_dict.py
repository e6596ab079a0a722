"""State dicts as PyTorch saves them, made without PyTorch: a zip archive of a pickle and of plain numbers.

Format: https://pytorch.org/docs/stable/notes/serialization.html; opcodes: pickletools.
"""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

STORAGES = {"<f8": b"DoubleStorage", "<f4": b"FloatStorage", "<f2": b"HalfStorage", "<i8": b"LongStorage"}
Named = Mapping[str, npt.NDArray[Any] | Sequence[str] | int | Mapping[str, Any]]


def state_dict(named: Named, packing: int = zipfile.ZIP_STORED) -> bytes:
    """Save arrays by name, lists of words, whole numbers, and dicts of these, as torch.save does."""
    arrays: list[bytes] = []
    pickled = b"\x80\x02" + _dict(named, arrays) + b"."
    return archive({"data.pkl": pickled, **{f"data/{k}": data for k, data in enumerate(arrays)}}, packing)


def archive(members: Mapping[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    """Put members into an archive as PyTorch names them."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as file:
        for name, body in {**members, "version": b"3\n"}.items():
            file.writestr(f"net/{name}", body)
    return data.getvalue()


def _dict(named: Named, arrays: list[bytes]) -> bytes:
    rows = b"".join(_text(name) + _value(value, arrays) for name, value in named.items())
    return b"}(" + rows + b"u"


def _value(value: Any, arrays: list[bytes]) -> bytes:
    if isinstance(value, np.ndarray):
        return _tensor(value, arrays)
    if isinstance(value, Mapping):
        return _dict(value, arrays)
    return _whole(value) if isinstance(value, int) else b"](" + b"".join(map(_text, value)) + b"e"


def _tensor(array: npt.NDArray[Any], arrays: list[bytes]) -> bytes:
    """Call _rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict()), the storage by a persistent name."""
    kind, key = STORAGES[array.dtype.str], str(len(arrays))
    arrays.append(np.ascontiguousarray(array).tobytes())
    storage = (
        b"(" + _text("storage") + b"ctorch\n" + kind + b"\n" + _text(key) + _text("cpu") + _whole(array.size) + b"tQ"
    )
    strides = [int(np.prod(array.shape[k + 1 :])) for k in range(array.ndim)]
    rest = _whole(0) + _tuple(array.shape) + _tuple(strides) + b"\x89ccollections\nOrderedDict\n)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + rest + b"tR"


def _tuple(numbers: Sequence[int]) -> bytes:
    return b"(" + b"".join(map(_whole, numbers)) + b"t"


def _text(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text.encode())) + text.encode()


def _whole(number: int) -> bytes:
    return b"J" + struct.pack("<i", number)
