"""Weights of a network out of PyTorch's .pt and .pth files: state dicts alone, by torch.load(weights_only=True).

PyTorch is loaded when such a file is read, and never installed for it. Before that the pickle in the file is looked
through, not run: what names anything but tensors and plain containers is refused.
Format: https://pytorch.org/docs/stable/notes/serialization.html; opcodes: pickletools.
"""

import pickletools
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, BinaryIO

import numpy as np

from weightscape.file.layer_form import MAX_MEMBERS, TOLD, Form, form, telling
from weightscape.file.member import Floats, Member, check_size, no_words, quoted, told
from weightscape.file.norm_place import EPSILON
from weightscape.file.reader import Reader
from weightscape.file.whole_file import FileError, FilePath, plain_file, shown
from weightscape.file.zip_directory import FAULTS, opened

MAX_PICKLE = 1 << 19
MAX_ENTRIES = 4 * MAX_MEMBERS  # an optimiser may keep three arrays for each of the network's
# What the pickle of a state dict names.
PLAIN = {
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
    "torch Size",
    *(
        f"torch {kind}Storage"
        for kind in ("Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte")
    ),
    "torch BoolStorage",
}
NESTED = ("state_dict", "model_state_dict", "model", "net", "network", "weights", "params")
SAVE = "save its weights alone: torch.save(model.state_dict(), path)"


@contextmanager
def _opened(path: FilePath) -> Iterator[Form]:
    with plain_file(path) as file, telling(path, ".pt", FAULTS):
        _check(file)
        torch = _torch(path)
        file.seek(0)
        try:
            loaded = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as fault:  # of many kinds, and some quote their own manual
            said = " ".join(str(fault).split())[:120]
            said = said if re.search("[a-z]{3}", said) else f"damaged ({type(fault).__name__}: {said})"  # a bare key
            reason = "weights_only=True refuses it" if said.startswith("Weights only") else said
            raise ValueError(f"PyTorch does not read it: {reason}") from fault
        yield form(_members(torch, loaded))


READER = Reader(_opened)
read_weights, remarks, untold = READER.read_weights, READER.remarks, READER.untold


def _check(file: BinaryIO) -> None:
    """Raise ValueError for an archive that unpacks to more than it is, and for a pickle of more than tensors."""
    with opened(file, ".pt", MAX_ENTRIES) as archive:
        if any("/code/" in name or name.endswith("/constants.pkl") for name in archive.namelist()):
            raise ValueError(f"it is TorchScript, a program; {SAVE}")
        if any(info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 for info in archive.infolist()):
            raise ValueError("its members are packed, as PyTorch packs none")
        pickles = [info for info in archive.infolist() if info.filename.split("/")[-1] == "data.pkl"]
        if len(pickles) != 1 or pickles[0].file_size > MAX_PICKLE:
            raise ValueError(f"it has no data.pkl of at most {MAX_PICKLE} bytes")
        with archive.open(pickles[0]) as member:
            data = member.read(MAX_PICKLE)
    if strange := next((name for name in _named(data) if name not in PLAIN), ""):
        raise ValueError(f"it holds {quoted(strange.replace(' ', '.'))}, a pickled object, never read; {SAVE}")


def _named(data: bytes) -> Iterator[str]:
    """List what a pickle names, "module name" each; nothing is loaded."""
    for code, argument, _ in pickletools.genops(data):
        if code.name in ("GLOBAL", "INST"):
            yield str(argument)
        elif code.name in ("STACK_GLOBAL", "EXT1", "EXT2", "EXT4", "NEXT_BUFFER"):
            yield f"an opcode {code.name}"


def _torch(path: FilePath) -> Any:
    try:
        return import_module("torch")
    except ImportError as error:
        cure = 'where it was made, safetensors.torch.save_file(model.state_dict(), "net.safetensors")'
        raise FileError(
            f"cannot read {shown(path)}: that takes PyTorch: pip install torch; or, {cure} ({error})"
        ) from None


def _members(torch: Any, loaded: Any) -> dict[str, Callable[[], Member]]:
    """Find the tensors of a state dict, or of the one in a checkpoint, and the names of activations beside it."""
    if not isinstance(loaded, Mapping):
        raise ValueError(f"it holds one {type(loaded).__name__[:40]}, no state dict; {SAVE}")
    found = _tensors(torch, loaded) | _tensors(torch, _state(torch, loaded))
    if not found:
        raise ValueError(f"it holds no tensors by name; {SAVE}")
    members: dict[str, Callable[[], Member]] = {
        name: partial(_member, torch, name, each) for name, each in found.items()
    }
    for name, each in loaded.items():
        if isinstance(name, str) and name.lower() in TOLD and name not in found:
            members[name] = partial(told, name, _words(name, each))
    return members


def _state(torch: Any, loaded: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Find the state dict in a checkpoint: by its usual names, or the only one. Raises ValueError in doubt."""
    inside = {name: each for name, each in loaded.items() if isinstance(each, Mapping) and _tensors(torch, each)}
    usual = [name for name in NESTED if name in inside]
    if not usual and len(inside) > 1 and not _tensors(torch, loaded):
        first, *_ = names = [quoted(str(name)) for name in inside]
        raise ValueError(
            f"it holds {len(names)} state dicts, {', '.join(names[:4])}{', ...' * (len(names) > 4)}; save one alone: "
            f"torch.save(torch.load(path, weights_only=True)[{first!r}], path)"
        )
    if not usual and len(inside) != 1:
        return {}
    return inside[(usual or [*inside])[0]]


def _tensors(torch: Any, state: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: each for name, each in state.items() if isinstance(name, str) and torch.is_tensor(each)}


def _words(name: str, value: Any) -> list[str]:
    given = list(value) if isinstance(value, list | tuple) else [value]
    kinds = (str, int, float) if name.lower() == EPSILON else (str,)
    if not given or not all(isinstance(each, kinds) for each in given):
        wanted = "number" if name.lower() == EPSILON else "list of names such as 'tanh'"
        raise ValueError(f"member {quoted(name)} is no {wanted}")
    return [str(each) for each in given]


def _member(torch: Any, name: str, tensor: Any) -> Member:
    kind = str(tensor.dtype).removeprefix("torch.")
    own = quoted(name)
    return Member(own, tuple(tensor.shape), lambda: _numbers(torch, own, tensor), lambda: no_words(own, kind))


def _numbers(torch: Any, name: str, tensor: Any) -> Floats:
    shape = tuple(tensor.shape)
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_complex() or tensor.is_meta:
        raise ValueError(f"member {name} {shape} holds no plain real numbers")
    check_size(name, shape)
    return np.array(tensor.detach().to(torch.float64).numpy(), np.float64, order="C")
