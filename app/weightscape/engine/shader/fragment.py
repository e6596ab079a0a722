"""The engine that runs everywhere there is OpenGL 3.3: fragment shaders that draw into float textures.

Narrow networks go through all layers in one invocation (shaders/fused.frag), wide or mixed ones, and those that are
tapped in several places, a layer a pass (shaders/layer.frag). New weights, depths and views are uploads; only a new
shape compiles a program.
"""

from collections.abc import Callable, Collection
from itertools import pairwise

import numpy as np

from weightscape.deep.accuracy import Method
from weightscape.engine.question import Engine, Field, Question, Values
from weightscape.engine.shader.fragment_draw import MOST_PIXELS, read, repetitions
from weightscape.engine.shader.fragment_layer import LayeredDrawing
from weightscape.engine.shader.shader_answer import (
    FLOATS,
    answered,
    checked,
    cut,
    factors,
    failing,
    lanes,
    nothing,
    variant,
)
from weightscape.engine.shader.weight_store import vec4s
from weightscape.engine.softmax import through_softmax
from weightscape.network.network import Network
from weightscape.network.pattern import WORDS

# Registers: about 8 * VECTORS * PIXELS + 4 * PIXELS floats an invocation; GPUs have 128 to 256, software any number.
WIDEST_FUSED = 16
FLOATS_A_GPU_INVOCATION = 160


class FragmentEngine(LayeredDrawing):
    """Compute fields in single precision with fragment shaders, in a context that it is handed."""

    name = "fragment"
    methods: Collection[Method] = FLOATS
    has_watchdog = True

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def smallest(self, network: Network) -> int:
        """Tell a few hundred points: any driver's fixed cost outweighs those."""
        return 256

    def field(self, question: Question, cancelled: Callable[[], bool] = bool) -> Field:
        """Answer a question; `question.grid` is one tile, of at most two million points."""
        return through_softmax(question, lambda asked: self._field(asked, cancelled))

    def _field(self, question: Question, cancelled: Callable[[], bool]) -> Field:
        checked(question, self)
        self.busy_s = 0.0
        with failing(self.name):
            return nothing(question) or answered(question, self._data(question, cancelled))

    def _data(self, question: Question, cancelled: Callable[[], bool]) -> Values:
        asked, last, is_fused = cut(question, is_narrow)
        if question.perturbation:
            self._steps.write(question.perturbation, last, factors=factors(question))
        return (self._fused if is_fused else self._layered)(asked.network, asked, cancelled)

    def _fused(self, network: Network, question: Question, cancelled: Callable[[], bool]) -> Values:
        vectors = max((vec4s(width) for width in network.widths[1:-1]), default=1)
        each = lanes(question)
        pixels = _pixels(vectors, self.is_software, each)
        if question.answer == "pattern":  # sums take registers, too, and their text time to compile
            pixels = min(pixels, MOST_PIXELS // 2)
        grid, points = question.grid, pixels // each
        columns = -(-grid.columns // points)
        defines: dict[str, str | int] = {
            "VECTORS": vectors,
            "PIXELS": pixels,
            "INPUTS": network.widths[0],
            **variant(question, network.activations[0] if network.layers > 1 else "identity", network.activations[-1]),
            **repetitions(pixels, vectors, each),
        }
        target = self._target("fused", pixels, columns, grid.rows)
        packed = self._weights.write(network)
        shader, triangle = self._program("fused.frag", {**defines, **self._weights.defines(packed)})
        begin = packed.begin
        stride = begin[2] - begin[1] if network.layers > 3 else 0
        self._set(
            shader,
            question,
            {
                "u_layers": network.layers,
                "u_hidden": begin[1] if network.layers > 2 else 0,
                "u_hidden_stride": stride,
                "u_output": begin[-1],
            },
        )
        self._bind()
        self._submit(target, triangle, columns, grid.rows, cancelled)
        units = WORDS if question.answer == "pattern" else network.widths[-1]
        data = np.empty((grid.rows, columns, pixels, units), np.float32)
        for k in range(pixels):
            data[:, :, k] = read(target, k, columns, grid.rows)[:, :, :units]
        return data.reshape(grid.rows, columns * points, -1)[:, : grid.columns]


def is_narrow(network: Network) -> bool:
    """Tell whether all layers fit one invocation: equal, narrow hidden layers, one activation, up to four outputs."""
    hidden = {vec4s(width) for width in network.widths[1:-1]}
    alike = len(hidden) <= 1 and len(set(network.activations[:-1])) <= 1
    return alike and max(hidden, default=1) <= WIDEST_FUSED and network.widths[-1] <= 4 and _steps(network) <= 1


def _steps(network: Network) -> int:
    """Count the different distances from one stored hidden matrix to the next: the shader's loop knows only one."""
    seen: dict[tuple[int, int], int] = {}
    hidden = zip(network.weights[1:-1], network.biases[1:-1], strict=True)
    numbers = [seen.setdefault((id(W), id(b)), len(seen)) for W, b in hidden]
    return len({b - a for a, b in pairwise(numbers)})


def _pixels(vectors: int, is_software: bool, lanes: int) -> int:
    """Choose how many pixels an invocation takes: limited by registers on a GPU, by compile time in software.

    Of a point's `lanes` none is left out: they are a multiple of those.
    """
    if is_software:
        return (MOST_PIXELS if vectors <= 8 else 4) // lanes * lanes
    pixels = FLOATS_A_GPU_INVOCATION // (8 * vectors + 4)
    if lanes > 1:
        return max(min(pixels, MOST_PIXELS) // lanes, 1) * lanes
    return next(p for p in (8, 4, 2, 1) if p <= max(pixels, 1))


# For mypy alone: it has all that an engine must have.
_: type[Engine] = FragmentEngine
