"""Patterns of linear pieces with NumPy: a layer's on and off units times their words, summed as the layers pass."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weightscape.engine.processor.numpy_block import Lattice, Three, Walk, block_size
from weightscape.engine.processor.numpy_layer import Layer, Ready, layers
from weightscape.engine.question import Question, Values
from weightscape.network.activation import clamp_preactivation
from weightscape.network.pattern import MODULUS, WORDS, counted, unit_words

# The words of so many units add up exactly in float32: 256 x 65,535 < 2^24.
EXACT_UNITS = 256


@dataclass(frozen=True)
class Count:
    """Hold what a counted layer adds: `words` (WORDS, units) of each unit whose z, or dz, is above `threshold`."""

    words: Values
    threshold: Values


def counting(question: Question, matrices: list[Ready]) -> Walk:
    """Make the function that evaluates the words of a pattern."""
    made, counted_layers = layers(question, matrices, block_size(question.network)), counts(question, matrices)
    last = max(counted_layers, default=-1)

    def walk(lattice: Lattice, first: int, out: Values, three: Three, cancelled: Callable[[], bool]) -> None:
        h, z, scratch = (each[0] for each in three)
        n = lattice.write(h, first)
        total = np.zeros((h.shape[0], WORDS, h.shape[2]))
        for k, layer in enumerate(made[: last + 1]):
            if cancelled():
                return
            h[:, n] = 1.0
            n_out, columns = layer.matrix.shape
            active = z[:, :n_out]
            np.matmul(layer.matrix, h[:, :columns], out=active)
            if k in counted_layers:
                _add(counted_layers[k], active, scratch[:, :n_out], total)
            if k < last:
                _activate(layer, active, scratch[:, :n_out])
            h, z, n = z, h, n_out
        for word in range(WORDS):
            out[:, word] = (total[:, word].reshape(-1) % MODULUS)[: len(out)]

    return walk


def counts(question: Question, matrices: list[Ready]) -> dict[int, Count]:
    """Make what each counted layer (from 0) adds."""
    dtype, plan = matrices[0].matrix.dtype, question.perturbation
    made = {}
    for k in counted(question.network):
        words = np.ascontiguousarray(unit_words(k, question.network.widths[k + 1]).T)
        threshold = plan.steps[k].threshold if plan else np.zeros(1)
        made[k] = Count(words.astype(dtype), threshold[:, None].astype(dtype))
    return made


def _add(count: Count, active: Values, bits: Values, total: Values) -> None:
    """Add the words of the units that are on."""
    np.greater(active, count.threshold, out=bits)
    for first in range(0, bits.shape[1], EXACT_UNITS):
        some = slice(first, first + EXACT_UNITS)
        total += np.matmul(count.words[:, some], bits[:, some])


def _activate(layer: Layer, active: Values, scratch: Values) -> None:
    if layer.clamp:
        clamp_preactivation(active)
    layer.activate(active, scratch)
