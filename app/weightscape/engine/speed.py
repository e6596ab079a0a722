"""Short measurements: how fast an engine is on a network, and a file in the cache folder that remembers it.

What was measured holds for one machine, driver and class of shapes; a file that cannot be read or written is as
good as none.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from weightscape.engine.question import Engine, Question, pixel_grid, work
from weightscape.network.network import Network

ENOUGH_S = 0.01
# Of a question that takes less than the second, the quickest of so many more answers counts.
AGAIN, LONG_S = 4, 0.1
FIRST_SIDE, LARGEST_SIDE = 16, 1024
MAX_FILE = 1 << 20
Rates = dict[str, float]


def rate(engine: Engine, question: Question, clock: Callable[[], float] = time.perf_counter) -> float:
    """Measure floating-point operations a second, answers fetched, on ever larger squares until one takes long enough.

    The first answer, with what is done once, is not counted, and of the last square the quickest counts: whatever else
    a machine does makes an answer slower.
    """

    def timed(part: Question) -> float:
        start = clock()
        engine.field(part)
        return clock() - start

    side = FIRST_SIDE
    part = replace(question, grid=pixel_grid(side, side))
    engine.field(part)
    while (spent := timed(part)) < ENOUGH_S and side < LARGEST_SIDE:
        side *= 2
        part = replace(question, grid=pixel_grid(side, side))
    for _ in range(AGAIN if spent < LONG_S else 0):
        spent = min(spent, timed(part))
    return side * side * work(question.network) / max(spent, 1e-9)


def shape_class(network: Network, is_double: bool = False) -> str:
    """Name the class of shapes whose members are measured only once: depth and width, up to the next power of two."""
    depth, width = (1 << (number - 1).bit_length() for number in (network.layers, max(network.widths)))
    return f"{depth}x{width}{' double' if is_double else ''}"


class Memory:
    """Remember rates of engines by class of shapes, for one `machine` (its renderer, driver and cores)."""

    def __init__(self, path: Path | None, machine: str) -> None:
        self._path, self._machine = path, machine
        self._rates: dict[str, Rates] = {shape: dict(rates) for shape, rates in self._read().get(machine, {}).items()}

    def get(self, shape: str) -> Rates:
        """Tell what was measured, by engine."""
        return self._rates.get(shape, {})

    def put(self, shape: str, rates: Mapping[str, float]) -> None:
        """Keep what was measured, in the file too where it can be written."""
        self._rates[shape] = dict(rates)
        if self._path is None:
            return
        everything = self._read() | {self._machine: self._rates}
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(everything, indent=1), encoding="utf-8")
            os.replace(part, self._path)

    def _read(self) -> dict[str, dict[str, Rates]]:
        try:
            if self._path is None or self._path.stat().st_size > MAX_FILE:
                return {}
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if _is_memory(found) else {}


def _is_memory(found: object) -> bool:
    """Tell whether JSON is {machine: {shape: {engine: rate}}}; anything else is forgotten."""
    levels: list[object] = [found]
    for _ in range(3):
        if not all(isinstance(each, dict) for each in levels):
            return False
        levels = [value for each in levels for value in each.values()]  # type: ignore[attr-defined]
    return all(isinstance(value, int | float) for value in levels)
