"""What the two engines of the GPU have in common: which questions they take, their shaders' variants, their answers."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import moderngl
import numpy as np
import numpy.typing as npt

from weightscape.deep.accuracy import Method
from weightscape.deep.tangent import exponents, scale, shrink_steps, units
from weightscape.engine.question import Engine, EngineError, Field, Question, Values, plain
from weightscape.engine.shader.step_store import is_clamped
from weightscape.engine.softmax import through_softmax
from weightscape.gpu.context import FORKED, is_forked
from weightscape.gpu.fence import FenceError
from weightscape.gpu.memory import OutOfMemoryError
from weightscape.gpu.shader_file import FILES
from weightscape.gpu.source import ShaderError, uniforms
from weightscape.network.network import OUTPUTS, Network, Tap, tapped
from weightscape.network.pattern import MODULUS, PIECEWISE, WORDS, counted

# What needs no number of 64 bits.
FLOATS: tuple[Method, ...] = ("single", "perturbed")
SHADERS = (
    "fused.frag",
    "layer.frag",
    "sum.frag",
    "gather.frag",
    "fold.frag",
    "fused.comp",
    "layer.comp",
    "output.comp",
    "words.comp",
)
# Textures that are bound where they are made, and a submission's first row, of which a dispatch has several.
ELSEWHERE = {"u_weights", "u_activations", "u_tile"}


def by_shaders(engine: Engine, question: Question, data: Callable[[Question], Values]) -> Field:
    """Answer a question; `data` has an engine's shaders evaluate it, of which none knows softmax.

    Raises EngineError for what the engine cannot answer here, and for whatever the driver refuses.
    """

    def field(asked: Question) -> Field:
        check(asked, engine)
        with failing(engine.name):
            return _nothing(asked) or _field(asked, data(asked))

    return through_softmax(question, field)


def check(question: Question, engine: Engine) -> None:
    """Raise EngineError for a question that an engine of OpenGL's cannot answer here."""
    if is_forked():
        raise EngineError(FORKED)
    if question.method not in engine.methods:
        what = "this view needs differences in double precision, " if question.perturbation else ""
        raise EngineError(
            f"{what}the {engine.name} engine computes in single precision; use --engine numpy or compute for double"
        )
    if not 0.0 < question.shrink < math.inf:
        raise EngineError(f"tangents cannot be multiplied by {question.shrink}")


@contextmanager
def failing(name: str) -> Iterator[None]:
    """Raise EngineError for whatever a graphics driver refuses: a shader, memory."""
    try:
        yield
    except (ShaderError, FenceError, OutOfMemoryError, moderngl.Error) as error:
        raise EngineError(f"the {name} engine cannot work: {' '.join(str(error).split())}") from error


def lanes(question: Question) -> int:
    """Count what goes through the layers for one point: its value, and its derivatives by x and y."""
    return 3 if question.answer == "derivatives" else 1


def variant(question: Question, activation: str, output: str = "") -> dict[str, str | int]:
    """Tell shaders by define what stands for the activations, and which answer is wanted.

    Names are those of activation.glsl and slope.glsl, or of difference.glsl and difference_slope.glsl.
    """
    plan = question.perturbation
    names = {"": activation} | ({"OUTPUT_": output} if output else {})
    kind, slope = ("difference", "difference_slope") if plan else ("activation", "slope")
    defines: dict[str, str | int] = {f"{k}ACTIVATION": f"{kind}_{v}" for k, v in names.items()}
    if question.answer != "values":
        defines |= {question.answer.upper(): 1} | {f"{k}SLOPE": f"{slope}_{v}" for k, v in names.items()}
    if question.answer == "pattern" and output:
        counts = {"HIDDEN": activation in PIECEWISE, "OUTPUT": output in PIECEWISE}
        defines |= {f"COUNT_{k}": str(v).lower() for k, v in counts.items()}
    defines |= {"DOUBLE": 1} if question.is_double else {}
    return defines | ({"PERTURBED": 1} if plan else {}) | ({"CLAMPED": 1} if plan and is_clamped(plan) else {})


@dataclass(frozen=True)
class Stop:
    """Name what is handed out on the way through the layers: some units in a row of one layer."""

    layer: int
    before: bool
    first: int
    units: int


def stops(question: Question) -> list[Stop]:
    """List where a walk through a question's network has to hand out values, in the walk's order."""
    found: dict[tuple[int, bool], list[int]] = {}
    for tap in question.taps:
        layer = tap.layer % question.network.layers
        wanted = range(question.network.widths[1 + layer]) if tap.units is None else tap.units
        found.setdefault((layer, not tap.before), []).extend(wanted)
    return [
        Stop(layer, not after, min(wanted), max(wanted) + 1 - min(wanted))
        for (layer, after), wanted in sorted(found.items())
        if wanted
    ]


def handed_out(question: Question, found: Mapping[Stop, Values]) -> Values:
    """Put together what the stops found, (..., lanes, units) each, in the order of the question's channels."""
    at = {(stop.layer, stop.before): (stop, values) for stop, values in found.items()}
    parts = []
    for tap in question.taps:
        stop, values = at[tap.layer % question.network.layers, tap.before]
        wanted = slice(None) if tap.units is None else [unit - stop.first for unit in tap.units]
        parts.append(values[..., wanted])
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
    return whole.reshape(*whole.shape[:-2], -1)


def cut(question: Question, fits: Callable[[Network], object]) -> tuple[Question, Tap, bool]:
    """Cut a question's network behind what is asked for; tell the tap that it ends with, and whether it `fits`.

    Taps then count from the first layer; what a single one names is all that the new network ends with.
    """
    network, layers = question.network, question.network.layers
    taps = tuple(replace(tap, layer=tap.layer % layers) for tap in question.taps)
    if question.answer == "pattern":
        taps = (Tap() if fits(network) else Tap(max(counted(network))),)
    last = taps[0] if len(taps) == 1 else Tap(max(tap.layer for tap in taps))
    shorter = tapped(network, last)
    if len(taps) == 1:
        return replace(question, network=shorter, taps=OUTPUTS), last, bool(fits(shorter))
    return replace(question, network=shorter, taps=taps), last, False


def factors(question: Question) -> tuple[float, ...]:
    """Tell by what each layer multiplies tangents beside the slope; nothing where there are none."""
    if question.answer != "derivatives":
        return ()
    known = units(question.network, question.radial, question.shrink, question.perturbation)
    return tuple(math.ldexp(1.0, each) for each in known.factors)


def set_uniforms(
    shader: moderngl.Program | moderngl.ComputeShader, question: Question, places: Mapping[str, int]
) -> None:
    """Set what moves: the grid, the tangents' shrink, the radial input, and `places`, an engine's own whole numbers.

    Raises KeyError for a name that no shader declares, and for a uniform of this shader that nothing sets.
    """
    grid, radial = question.grid, question.radial
    values: dict[str, object] = {
        "u_first": (grid.x, grid.y),
        "u_stride": grid.stride,
        "u_shrink": shrink_steps(question.shrink),
        **places,
    }
    if radial:
        values["u_radial"] = (*radial.origin, radial.length)
    if unknown := values.keys() - _declared(FILES.edition):
        raise KeyError(f"no shader declares {', '.join(sorted(unknown))}")
    wanted = {name for name in shader if isinstance(shader[name], moderngl.Uniform)}
    if unset := wanted - values.keys() - ELSEWHERE:
        raise KeyError(f"nothing sets {', '.join(sorted(unset))}")
    for name in wanted & values.keys():  # a driver drops what a variant of the shader does not use
        shader[name] = values[name]


@cache
def _declared(edition: int) -> frozenset[str]:
    return frozenset().union(*map(uniforms, SHADERS))


def _nothing(question: Question) -> Field | None:
    """Answer a pattern of a network without piecewise linear units, all of which is one piece; None for the rest."""
    if question.answer != "pattern" or counted(question.network):
        return None
    return plain(np.zeros((question.grid.rows, question.grid.columns, question.channels), np.float32))


def _field(question: Question, data: Values) -> Field:
    """Make a field of values, or of differences and what the plan says they count from and in."""
    if question.answer == "pattern":
        data = (data % MODULUS).astype(np.float32)
    return Field(data, *placed(question))


def placed(question: Question) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Tell an answer's offset and scale, one a channel."""
    if question.answer == "pattern":
        return np.zeros(WORDS), np.ones(WORDS)
    plan = question.perturbation
    count = question.channels // lanes(question)
    offset = plan.offset(question.taps) if plan else np.zeros(count)
    known = plan.scale(question.taps) if plan else np.ones(count)
    if question.answer == "derivatives":
        slopes = scale(exponents(question.network, question.radial, question.taps, question.shrink, plan))
        offset, known = np.concatenate([offset, np.zeros(2 * count)]), np.concatenate([known, slopes, slopes])
    return offset, known
