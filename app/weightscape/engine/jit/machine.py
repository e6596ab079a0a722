"""The processor that code is made for: its name, what it can do, and what its vector registers hold."""

import hashlib
import os
import threading
from dataclasses import dataclass
from functools import cache

import llvmlite
import llvmlite.binding as llvm

from weightscape.engine.jit.code import BYTES, Real, Shape


@dataclass(frozen=True)
class Machine:
    """Describe a processor: `bits` of a vector register, and how many `registers` it has."""

    triple: str
    name: str
    features: str
    bits: int
    registers: int

    def __str__(self) -> str:
        """Name it by all that code depends on."""
        return f"{self.name} ({hashlib.sha256(self.made_for.encode()).hexdigest()[:8]})"

    @property
    def made_for(self) -> str:
        """Tell all that code depends on."""
        return "\n".join((llvmlite.__version__, self.triple, self.name, self.features))

    def shape(self, real: Real) -> Shape:
        """Choose how many points a strip has: those of two registers, of four where registers are short and many."""
        return Shape(real, self.bits // (8 * BYTES[real]), 4 if self.bits == 128 and self.registers == 32 else 2)

    def units(self, shape: Shape) -> int:
        """Tell how many units a product computes at once: their sums, the inputs and a weight fill the registers."""
        return min((self.registers - 1) // shape.vectors - 1, 12)


def described(triple: str, name: str, features: str) -> Machine:
    """Describe a processor by LLVM's words."""
    has = set(features.split(","))
    if "+avx512f" in has:
        return Machine(triple, name, features, 512, 32)
    if "+avx" in has:
        return Machine(triple, name, features, 256, 16)
    return Machine(triple, name, features, 128, 32 if triple.startswith(("aarch64", "arm64")) else 16)


# Held by whoever calls LLVM, and by a fork: llvmlite has a lock that a child would find held for ever.
LLVM = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LLVM.acquire, after_in_parent=LLVM.release, after_in_child=LLVM.release)


@cache
def host() -> Machine:
    """Describe the processor that this runs on."""
    with LLVM:
        return _host()


def _host() -> Machine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    return described(llvm.get_process_triple(), llvm.get_host_cpu_name(), features)
