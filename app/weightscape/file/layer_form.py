"""What a file's named arrays are as a network: layers, activations, and what the file leaves open.

The formats that name arrays share it (npz, safetensors, PyTorch's). What is told apart, and how, stands in
layer_name.py, layer_order.py, layer_shape.py and layer_activation.py; a network's limits are checked here, whatever it
came from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.file.batch_norm import norms, numbers
from weightscape.file.layer_activation import HIDDEN, OUTPUT, checked, named
from weightscape.file.layer_name import pairs
from weightscape.file.layer_order import in_line, ordered
from weightscape.file.layer_shape import MAX_INPUTS, Layer, oriented
from weightscape.file.left_over import left_over
from weightscape.file.member import Floats, Member
from weightscape.file.norm_place import EPSILON, SIDE, Placed, placed, told
from weightscape.file.whole_file import FileError, FilePath, shown
from weightscape.network.chain import Chain
from weightscape.network.limit import MAX_LAYERS, MAX_WEIGHT, MAX_WEIGHTS, MAX_WIDTH

MAX_MEMBERS = 600
MAX_FILE = 600_000_000  # bytes: 256 float64 layers of full width
LONGEST = 420  # letters of a complaint
WRITTEN = " (what is read: weightscape export --help)"

# Members that are no arrays of numbers: what programs' own files do not tell.
TOLD = (*HIDDEN, OUTPUT, EPSILON, SIDE)

Parts = tuple[list[Floats], list[Floats], list[str]]
Named = tuple[str, str, Floats, Floats]


@dataclass(frozen=True)
class Form:
    """Hold what a file is to be read as: layers, activations, and what is to be said of what it leaves open.

    `norms`: what folds into the layers, each with how its numbers are read. `untold`: which activations it does not
    tell (layer_activation.UNTOLD).
    """

    layers: list[Layer]
    names: list[str]
    remarks: list[str]
    norms: Sequence[tuple[Placed, Callable[[], tuple[Floats, Floats]]]] = ()
    untold: tuple[str, ...] = ()

    def parts(self) -> Parts:
        """Read weights (inputs, outputs), biases (outputs,) and activations. Raises ValueError."""
        layers = list(sound(self._folded()))
        return [W for W, _ in layers], [b for _, b in layers], self.names

    def _folded(self) -> Iterator[Named]:
        """Read layer by layer; what normalises folds in: before the first, behind a matrix, behind its activation."""
        chain = self._normalised(Chain(), 0, False)
        for k, (weights, bias, W, b) in enumerate(_floats(self.layers), 1):
            with np.errstate(all="ignore"):  # what is not finite is refused when all is put together
                chain = self._normalised(chain.dense(W, b), k, False).closed(self.names[k - 1])
            folded, shift, _ = chain.layers[-1]
            yield weights if np.array_equal(folded, W) else f"{weights}, normalised,", bias, folded, shift
            with np.errstate(all="ignore"):
                chain = self._normalised(chain, k, True)

    def _normalised(self, chain: Chain, slot: int, is_after: bool) -> Chain:
        for each, read in self.norms:
            if (each.slot, each.is_after) == (slot, is_after):
                chain = chain.scaled(*read())
        return chain


def form(members: Mapping[str, Callable[[], Member]], in_order: bool = True) -> Form:
    """Tell what the arrays are, by their names and shapes: a fault there shows before megabytes of weights are read.

    `in_order`: they stand in the file as the network has them. Raises ValueError.
    """
    normalising = norms(list(members))
    inside = {name for norm in normalising for name in norm.roles.values()}
    found = pairs([name for name in members if name not in inside], lambda name: len(members[name]().shape) == 2)
    check_count(len(found))
    layers = [
        Layer(members[each.weights](), members[each.bias]() if each.bias else None, each.outputs_first)
        for each in found
    ]
    names = {id(layer): each.weights for layer, each in zip(layers, found, strict=True)}
    written = [each.weights for each in found]
    layers, order = in_line(written, layers) if in_order else (ordered(written, layers), [])
    weights = [names[id(layer)] for layer in layers]
    layers = oriented(layers)
    others = {name: make() for name, make in members.items() if name.lower() in (*HIDDEN, OUTPUT)}
    activations, untold = named(others, len(layers))
    remarks = []
    among = placed(normalising, weights, layers, members, list(members) if in_order else None)
    settled, said = told(among, members, activations)
    bare = [layer.weights.name for layer in layers if layer.bias is None]
    if bare:
        some = f"{', '.join(bare[:3])}{', ...' * (len(bare) > 3)}" if len(bare) < len(layers) else "the weights"
        remarks.append(f"no biases beside {some}: they are 0")
    folds = [(each, partial(numbers, each.norm, members, each.epsilon)) for each in settled]
    used = {*inside, *(name for each in found for name in (each.weights, each.bias) if name)}
    used |= {name for name in members if name.lower() in TOLD}
    remarks += [*order, *said, *left_over(members, used, layers[0].sides[0])]
    return Form(layers, activations, remarks, folds, untold)


def written(
    weights: Sequence[Floats], biases: Sequence[Floats], activations: Sequence[str]
) -> tuple[list[tuple[Floats, Floats]], list[str]]:
    """Check a network that is to be written; give its layers, and its activations' own names. Raises ValueError."""
    if not len(weights) == len(biases) == len(activations):
        raise ValueError(f"{len(weights)} weights, {len(biases)} biases, {len(activations)} activations")
    check_count(len(weights))
    known = checked(activations)
    arrays = ((np.asarray(W, np.float64), np.asarray(b, np.float64)) for W, b in zip(weights, biases, strict=True))
    return list(sound(named_layers(arrays))), known


@contextmanager
def telling(path: FilePath, kind: str, faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Tell what is wrong with a file in one line, ValueErrors in their words, `faults` as damage. Raises FileError."""
    try:
        yield
    except Exception as fault:
        if not isinstance(fault, (ValueError, *faults)):
            raise
        if isinstance(fault, ValueError) and not isinstance(fault, UnicodeError):
            raise FileError(f"cannot read {shown(path)}: {str(fault)[:LONGEST]}{WRITTEN}") from fault
        reason = " ".join(str(fault).split())[:200]  # some quote names of any length
        raise FileError(f"cannot read {shown(path)}: the {kind} is damaged: {reason or 'cut off'}") from fault


def check_count(count: int) -> None:
    """Raise ValueError for no layers and for too many."""
    if not 1 <= count <= MAX_LAYERS:
        raise ValueError(f"there are {count} layers W1, W2, ...; want 1 to {MAX_LAYERS}")


def check_file(size: int) -> None:
    """Raise ValueError for a file that is larger than any network."""
    if size > MAX_FILE:
        raise ValueError(f"the file has {size} bytes, at most {MAX_FILE} are read")


def sound(named: Iterable[Named]) -> Iterator[tuple[Floats, Floats]]:
    """Pass on weights and biases of a network in range; equal neighbours share their weights. Raises ValueError."""
    total, before = 0, np.empty((0, 0))
    for weights, bias, W, b in named:
        _check_values(weights, W)
        _check_values(bias, b)
        if not np.array_equal(W, before):
            before, total = W, total + W.size
        if total > MAX_WEIGHTS:
            raise ValueError(f"{weights} makes more than {MAX_WEIGHTS} weights")
        yield before, b


def named_layers(
    layers: Iterable[tuple[Floats, Floats]], weights: str = "member W{}", bias: str = "member b{}"
) -> Iterator[Named]:
    """Name each layer's weights and bias. Raises ValueError where shapes do not follow, or are beyond the limits."""
    width: int | None = None
    for k, (W, b) in enumerate(layers, 1):
        names = weights.format(k), bias.format(k)
        _check_shape(names, W.shape, b.shape, width)
        width = W.shape[1]
        yield *names, W, b


def _check_shape(names: tuple[str, str], W: tuple[int, ...], b: tuple[int, ...], width: int | None) -> None:
    """Raise ValueError where a layer's shapes do not follow `width` units, or are beyond the limits."""
    if len(W) != 2 or width not in (None, W[0]):
        raise ValueError(f"{names[0]} has shape {W}; want ({width or 'inputs'}, outputs)")
    if not (1 <= W[0] <= MAX_INPUTS and 1 <= W[1] <= MAX_WIDTH):
        raise ValueError(f"{names[0]} has shape {W}; widths go to {MAX_WIDTH}")
    if b != W[1:]:
        raise ValueError(f"{names[1]} has shape {b}; want {W[1:]} as its layer has {W[1]} outputs")


def _floats(layers: Iterable[Layer]) -> Iterator[Named]:
    for layer in layers:
        W = layer.weights.numbers().reshape(layer.lying)
        b = layer.bias.numbers().reshape(-1) if layer.bias else np.zeros(layer.sides[1])
        name = f"member {layer.bias.name}" if layer.bias else ""
        yield f"member {layer.weights.name}", name, np.ascontiguousarray(W.T) if layer.outputs_first else W, b


def _check_values(name: str, array: npt.NDArray[Any]) -> None:
    if not np.isfinite(array).all():
        raise ValueError(f"{name} {array.shape} holds a number that is not finite; save an earlier state")
    if max(array.max(), -array.min()) > MAX_WEIGHT:
        raise ValueError(f"{name} {array.shape} holds a number beyond +-{MAX_WEIGHT:g}")
