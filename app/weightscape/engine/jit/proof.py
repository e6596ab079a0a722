"""Compiled code is asked before it is used: a small network by it and by NumPy, in floats and in doubles."""

from itertools import pairwise
from pathlib import Path

import llvmlite
import numpy as np

from weightscape.engine.jit.jit_engine import JitEngine
from weightscape.engine.jit.library import Library
from weightscape.engine.jit.machine import host
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import EngineError, Precision, Question, pixel_grid
from weightscape.network.network import Network

POINTS = 8  # a side
TOLERANCE: dict[Precision, float] = {"single": 1e-4, "double": 1e-12}


def proven(folder: Path | None, niceness: int = 0, threads: int = 0) -> JitEngine:
    """Open the engine for this processor. Raises EngineError where code cannot be made, or computes something else."""
    try:
        machine = host()
        engine = JitEngine(machine, Library(machine, folder), threads, niceness)
        numpy = NumpyEngine(threads=1)
        try:
            wrong = [precision for precision in TOLERANCE if not _agree(engine, numpy, precision)]
        finally:
            numpy.release()
    except (RuntimeError, OSError, AttributeError, MemoryError) as error:
        why = " ".join(str(error).split())
        raise EngineError(f"the jit engine cannot work with llvmlite {llvmlite.__version__}: {why}") from None
    if wrong:
        engine.release()
        raise EngineError(
            f"the jit engine fails its proof on {machine.name}: {' and '.join(wrong)} differ from NumPy's"
        )
    return engine


def _agree(engine: JitEngine, numpy: NumpyEngine, precision: Precision) -> bool:
    question = Question(_small(), pixel_grid(POINTS, POINTS), precision=precision)
    ours, theirs = engine.field(question).values, numpy.field(question).values
    return bool(np.abs(ours - theirs).max() <= TOLERANCE[precision])  # of NaN it is False


def _small() -> Network:
    """Make a network whose widths need blocks of several sizes; its numbers are of no importance."""
    widths = (2, 17, 9, 3)
    weights = [np.cos(np.arange(a * b, dtype=float).reshape(a, b)) for a, b in pairwise(widths)]
    biases = [np.sin(np.arange(b, dtype=float)) for b in widths[1:]]
    return Network(tuple(weights), tuple(biases), ("tanh", "tanh", "sigmoid"))
