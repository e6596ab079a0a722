"""The window's heap hands back what was freed; nobody else's heap is touched."""

import os
import sys
from pathlib import Path

import pytest
from patience import ran

from weightscape.explore.paint import heap

PACKAGE = Path(heap.__file__).parents[2]
FREED = """
import numpy as np, sys
from weightscape.explore.paint import heap
def resident_mb():
    status = open("/proc/self/status").read()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
numbers, deeds = int(sys.argv[1]), sys.argv[2:]
if "small" in deeds:
    assert heap.keep_small()
    assert heap.keep_small()
# glibc raises its own threshold to the size of what is freed, up to 32 MiB: then such blocks stay.
np.ones(30 << 17)
before = resident_mb()
blocks = [np.ones(numbers) for _ in range(100)]
# Above them, more than fits into gaps below: what lies at the heap's top would be handed back in any case.
wall = [np.ones(1 << 13) for _ in range(100)]
blocks.clear()
if "given" in deeds:
    heap.give_back()
    heap.give_back()
print(resident_mb() - before)
"""


def kept_mb(numbers: int, *deeds: str) -> float:
    """Tell how much of 100 freed arrays of so many numbers stays resident."""
    plain = {name: value for name, value in os.environ.items() if "MALLOC" not in name and name != "GLIBC_TUNABLES"}
    return float(ran(sys.executable, "-c", FREED, str(numbers), *deeds, check=True, env=plain).stdout)


def test_what_is_freed_is_given_back() -> None:
    if not heap._is_glibc():
        pytest.skip("another C library")
    assert kept_mb(2 << 17) > 100 > 20 > kept_mb(2 << 17, "small")


def test_what_is_free_in_the_middle_is_given_back_when_asked() -> None:
    if not heap._is_glibc():
        pytest.skip("another C library")
    assert kept_mb(1 << 16, "small") > 30 > 10 > kept_mb(1 << 16, "small", "given")


def test_the_window_alone_changes_the_heap() -> None:
    callers = [path.name for path in PACKAGE.rglob("*.py") if "keep_small(" in path.read_text(encoding="utf-8")]
    assert sorted(callers) == ["heap.py", "live_window.py", "loop.py"]


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert not heap.keep_small()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> str:
        raise ValueError(name)

    monkeypatch.setattr("os.confstr", unknown)
    assert not heap.keep_small()
