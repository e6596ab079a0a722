"""Functions made for this processor: compiled at first use, kept in memory and, as object code, in the cache folder."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import llvmlite.binding as llvm

from weightscape.engine.jit.machine import LLVM, Machine

MAGIC = b"weightscape object 1\n"
OPTIMISED, MODEL = 3, "jitdefault"
# No step's code is nearly as large.
MOST_BYTES = 1 << 20
OTHERS = stat.S_IWGRP | stat.S_IWOTH  # who might have written what would be run


class Library:
    """Hold compiled functions by their text; `folder`: where object code is kept, None for nowhere."""

    def __init__(self, machine: Machine, folder: Path | None) -> None:
        self._machine, self._folder = machine, folder
        self._addresses: dict[str, int] = {}
        with LLVM:
            target = llvm.Target.from_triple(machine.triple)
            self._target = target.create_target_machine(machine.name, machine.features, OPTIMISED, codemodel=MODEL)
            self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), self._target)

    def address(self, name: str, write: Callable[[], str]) -> int:
        """Tell the address of a function that is the only one in the text that `write` makes. Raises RuntimeError."""
        with LLVM:
            found = self._addresses.get(name)
            if found is None:
                code = self._object(name, write())
                self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
                self._engine.finalize_object()
                found = self._engine.get_function_address(name)
                if not found:
                    raise RuntimeError(f"{name} is not in its object code")
                self._addresses[name] = found
            return found

    def _object(self, name: str, text: str) -> bytes:
        """Take object code from the cache folder, or compile it."""
        key = hashlib.sha256(f"{self._machine.made_for}\n{OPTIMISED} {MODEL}\n{text}".encode()).hexdigest()
        path = self._folder and self._folder / f"{name}-{key[:16]}.o"
        return (path and _read(path, key)) or self._compiled(text, path, key)

    def _compiled(self, text: str, path: Path | None, key: str) -> bytes:
        module = llvm.parse_assembly(text)
        module.triple, module.data_layout = self._machine.triple, str(self._target.target_data)
        code: bytes = self._target.emit_object(module)
        if path:
            _write(path, key, code)
        return code


def _read(path: Path, key: str) -> bytes | None:
    """Read object code, None where it is not whole, not ours, or made of another text or for another processor."""
    with contextlib.suppress(OSError):
        about = path.lstat()
        is_ours = not hasattr(os, "geteuid") or (about.st_uid == os.geteuid() and not about.st_mode & OTHERS)
        if not (stat.S_ISREG(about.st_mode) and is_ours and about.st_size < MOST_BYTES):
            return None
        head, _, code = path.read_bytes().partition(b"\n\n")
        return code if head == _head(key, code) else None
    return None


def _write(path: Path, key: str, code: bytes) -> None:
    """Keep object code where that can be done: whole, whoever else writes it."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            part.write_bytes(_head(key, code) + b"\n\n" + code)
            part.chmod(0o600)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)


def _head(key: str, code: bytes) -> bytes:
    return MAGIC + f"{key}\n{hashlib.sha256(code).hexdigest()}".encode()
