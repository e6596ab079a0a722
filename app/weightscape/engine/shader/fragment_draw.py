"""What the fragment engine draws for a question: which shaders, with which shape, in which order, and what is kept.

All layers at once (shaders/fused.frag), or a layer a draw (layer.frag), of which what is tapped is kept, or, for a
pattern, what a layer adds to it (sum.frag). No OpenGL in here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from weightscape.engine.question import Question, Values
from weightscape.engine.shader.fragment_shape import MOST_PIXELS, fused_pixels, vectors
from weightscape.engine.shader.shader_answer import Stop, handed_out, lanes, stops, variant
from weightscape.engine.shader.weight_store import vec4s
from weightscape.network.network import Network
from weightscape.network.pattern import WORDS, counted

# A tile's targets are eight textures of at most this many texels a side.
MAX_SIDE = 4096

Defines = Mapping[str, str | int]
# A name and a number of textures.
Target = tuple[str, int]
# Layers are drawn into these two in turns, each sampling the other.
EVEN, ODD = ("even", MOST_PIXELS), ("odd", MOST_PIXELS)
# A texture that a window reads.
LENT = ("lent", 1)


@dataclass(frozen=True)
class Draw:
    """Hold one step of an answer: a shader's file, shape and uniforms, the textures it draws into, and what is kept.

    Of `target` it covers `columns` x `rows` texels; `sampled` are the textures of `source` that it reads. The rows
    `kept` of the target are read back before the next draw. It covers the target from row `top` on.
    """

    shader: str
    defines: Defines
    uniforms: Mapping[str, int]
    target: Target
    columns: int
    rows: int
    source: Target = EVEN
    sampled: range = range(0)
    kept: range = range(0)
    top: int = 0


@dataclass(frozen=True)
class Place:
    """Say where numbers go in a folded texture, whose rows have `row` texels: from which channel and point on.

    `column`: numbers from one channel to the next; 0: those of a point follow each other.
    """

    row: int
    column: int
    channel: int
    begin: int


@dataclass(frozen=True)
class Draws:
    """Hold how a question, cut behind the deepest tap, is drawn: all its layers at once where it `is_fused`.

    Layers begin at `begin` of the weights, which the defines `weights` tell where to find.
    """

    question: Question
    begin: Sequence[int]
    weights: Defines
    is_fused: bool
    is_software: bool

    @property
    def network(self) -> Network:
        """Tell the network."""
        return self.question.network

    @property
    def is_pattern(self) -> bool:
        """Tell whether it is sums of words that come out."""
        return self.question.answer == "pattern"

    @property
    def pixels(self) -> int:
        """Count the textures that activations are drawn into, a point, or one of its lanes, each."""
        each = lanes(self.question)
        if not self.is_fused:  # a pattern's words take as many again
            return MOST_PIXELS // 2 if self.is_pattern else MOST_PIXELS // each * each
        pixels = fused_pixels(self.network, self.is_software, each)
        # Sums take registers, too, and their text time to compile.
        return min(pixels, MOST_PIXELS // 2) if self.is_pattern else pixels

    @property
    def points(self) -> int:
        """Count the points that stand at one place of the textures."""
        return self.pixels // lanes(self.question)

    @property
    def columns(self) -> int:
        """Count the texels across: of a row of the grid, or, a layer a draw, of all points."""
        grid = self.question.grid
        return -(-(grid.columns if self.is_fused else grid.points) // self.points)

    def bands(self) -> list["Draws"]:
        """Cut the grid into as many rows at once as the textures have room for, where layers are drawn one by one."""
        grid = self.question.grid
        step = grid.rows if self.is_fused else max(1, MAX_SIDE * self.points // grid.columns)
        tiles = [grid.tile(0, top, grid.columns, min(step, grid.rows - top)) for top in range(0, grid.rows, step)]
        return [replace(self, question=replace(self.question, grid=tile)) for tile in tiles]

    def listed(self) -> list[Draw]:
        """List all that is to be drawn, in order."""
        return [self.fused()] if self.is_fused else self.walk()

    def fused(self) -> Draw:
        """Go through all layers at once."""
        network, begin, rows = self.network, self.begin, self.question.grid.rows
        first = network.activations[0] if network.layers > 1 else "identity"
        defines: Defines = {
            "VECTORS": vectors(network),
            "PIXELS": self.pixels,
            "INPUTS": network.widths[0],
            **variant(self.question, first, network.activations[-1]),
            **repetitions(self.pixels, vectors(network), lanes(self.question)),
            **self.weights,
        }
        uniforms = {
            "u_layers": network.layers,
            "u_hidden": begin[1] if network.layers > 2 else 0,
            "u_hidden_stride": begin[2] - begin[1] if network.layers > 3 else 0,
            "u_output": begin[-1],
        }
        return Draw("fused.frag", defines, uniforms, ("fused", self.pixels), self.columns, rows, kept=range(rows))

    def walk(self) -> list[Draw]:
        """Go layer after layer, each sampling what the one before drew, and keep what is tapped or counted."""
        wanted = {} if self.is_pattern else {(stop.layer, stop.before): _rows(stop) for stop in stops(self.question)}
        listed, network = [], self.network
        for k in range(network.layers):
            before, after = wanted.get((k, True)), wanted.get((k, False))
            if before:
                listed.append(replace(self.layer(k, is_before=True), kept=before))
            if after or self.is_pattern or k < network.layers - 1:
                listed.append(replace(self.layer(k), kept=after or range(0)))
            if self.is_pattern and k in counted(network):
                listed.append(self.sums(k))
        return listed

    def layer(self, k: int, is_before: bool = False) -> Draw:
        """Draw layer k's activations, four units a texel, or with `is_before` what goes into them."""
        network, question, activation = self.network, self.question, self.network.activations[k]
        if is_before and not question.perturbation:
            activation = "identity"
        if self.is_pattern and k not in counted(network):
            question = replace(question, answer="values")
        defines: Defines = {
            "PIXELS": self.pixels,
            "FIRST": int(k == 0),
            "INPUTS": network.widths[0],
            **variant(question, activation),
            **repetitions(self.pixels, 1, lanes(question)),
            **self.weights,
        }
        uniforms = {
            "u_layer": self.begin[k],
            "u_vectors": vec4s(network.widths[k]),
            "u_columns": question.grid.columns,
            "u_number": k,
            # Below the last layer's row of steps is one that lets differences pass.
            "u_step": network.layers if is_before else k,
        }
        sampled, rows = range(self.pixels if k else 0), vec4s(network.widths[k + 1])
        target, source = _pair(k)
        return Draw("layer.frag", defines, uniforms, target, self.columns, rows, source, sampled)

    def sums(self, k: int) -> Draw:
        """Add up the words of layer k's units, which its draw has left behind the activations."""
        defines: Defines = {"PIXELS": self.pixels, **repetitions(self.pixels, 1)}
        uniforms = {"u_vectors": vec4s(self.network.widths[k + 1])}
        target, words = ("sums", self.pixels), range(self.pixels, 2 * self.pixels)
        return Draw("sum.frag", defines, uniforms, target, self.columns, 1, _pair(k)[0], words, range(1))

    def gathered(self, last: Draw, top: int) -> Draw:
        """Lay the outputs that the last draw has left, up to four a point, into one texture, from row `top` on."""
        grid = self.question.grid
        defines: Defines = {"PIXELS": self.pixels, **repetitions(self.pixels, 1)}
        uniforms = {"u_columns": 0 if self.is_fused else grid.columns, "u_top": top}
        return Draw(
            "gather.frag",
            defines,
            uniforms,
            LENT,
            grid.columns,
            grid.rows,
            last.target,
            range(self.pixels),
            range(0),
            top,
        )

    def folded(self, last: Draw, stop: Stop, place: Place) -> Draw:
        """Lay the numbers of a stop, which the last draw has left, one after the other into a texture."""
        points, channels = self.question.grid.points, self.question.channels
        if place.column:
            first = place.channel * place.column + place.begin
            end = first + (stop.units - 1) * place.column + points
        else:
            first, end = place.begin * channels, (place.begin + points) * channels
        defines: Defines = {"ROW": place.row, "PIXELS": self.pixels, **repetitions(self.pixels, 1)}
        uniforms = {
            "u_column": place.column,
            "u_channels": channels,
            "u_begin": place.begin,
            "u_points": points,
            "u_channel": place.channel,
            "u_units": stop.units,
            "u_unit": stop.first,
        }
        top, sampled = first // place.row, range(self.pixels)
        rows = -(-end // place.row) - top
        return Draw("fold.frag", defines, uniforms, LENT, place.row, rows, last.target, sampled, range(0), top)

    def answer(self, kept: Iterable[Iterable[Values]]) -> Values:
        """Put together what is kept, (rows, columns, 4) of each texture of each draw -> (rows, columns, channels)."""
        if self.is_fused:
            (whole,) = (self._fused(textures) for textures in kept)
            return whole
        grid = self.question.grid
        if self.is_pattern:
            points: Values = np.zeros((self.columns * self.points, 1, WORDS))
            for textures in kept:
                points += self._layer(textures, range(1))
        else:
            walk = zip(stops(self.question), kept, strict=True)
            found = {stop: _units(stop, self._layer(textures, _rows(stop))) for stop, textures in walk}
            points = handed_out(self.question, found)
        return points[: grid.points].reshape(grid.rows, grid.columns, -1)

    def _fused(self, textures: Iterable[Values]) -> Values:
        """Lay the points of a texel side by side: (rows, columns of the grid, channels)."""
        rows, units = self.question.grid.rows, WORDS if self.is_pattern else self.network.widths[-1]
        data = np.empty((rows, self.columns, self.pixels, units), np.float32)
        for k, texels in enumerate(textures):
            data[:, :, k] = texels[..., :units]
        return data.reshape(rows, self.columns * self.points, -1)[:, : self.question.grid.columns]

    def _layer(self, textures: Iterable[Values], rows: range) -> Values:
        """Lay the points of a column side by side: (points, lanes, units)."""
        data = np.empty((self.columns, self.pixels, len(rows), 4), np.float32)
        for k, texels in enumerate(textures):
            data[:, k] = texels.transpose(1, 0, 2)
        return data.reshape(self.columns * self.points, lanes(self.question), -1)


def _pair(k: int) -> tuple[Target, Target]:
    """Name what layer k is drawn into, and what the layer before was."""
    return (ODD, EVEN) if k % 2 == 0 else (EVEN, ODD)


def _rows(stop: Stop) -> range:
    """Tell the rows of texels that hold a stop's units."""
    return range(stop.first // 4, vec4s(stop.first + stop.units))


def _units(stop: Stop, values: Values) -> Values:
    """Cut a stop's units out of those of its rows."""
    return values[..., stop.first % 4 : stop.first % 4 + stop.units]


def repetitions(pixels: int, vectors: int, lanes: int = 1) -> dict[str, str]:
    """Spell out the loops that must be unrolled, as macros; `lanes` of the pixels are one."""
    every_k, every_v = range(pixels), range(vectors)
    values = {"EACH_VALUE(DO)": " ".join(f"DO({k})" for k in every_k[::lanes])} if lanes > 1 else {}
    return {
        "EACH_PIXEL(DO)": " ".join(f"DO({k})" for k in every_k),
        "EACH_PIXEL_WITH(DO, v)": " ".join(f"DO({k}, v)" for k in every_k),
        "EACH_VECTOR(DO)": " ".join(f"DO({v})" for v in every_v),
        "EACH_PAIR(DO)": " ".join(f"DO({k}, {v})" for k in every_k for v in every_v),
        "EACH_LINK(DO)": " ".join(f"DO({k}, {v})" for k in every_k for v in every_v[:-1]),
        **values,
    }
