"""Single weights set to other numbers, and single units silenced: another network, beside the one that stays."""

import math
import re
from dataclasses import replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from weightscape.network.decimal_text import is_decimal
from weightscape.network.limit import MAX_WEIGHTS
from weightscape.network.lock import Lock
from weightscape.network.network import Matrix, Network, distinct_weights

MAX_EDITS = 64  # weights, and as many units
LARGEST = 1e6  # as large as a scene's scale
NAME = re.compile(r"([0-9]{1,3}):([0-9]{1,4}):([0-9]{1,4})")
CELL = re.compile(rf"{NAME.pattern}=(\S{{1,32}})")
UNIT = re.compile(r"([0-9]{1,3}):([0-9]{1,4})")


class Cell(NamedTuple):
    """Name a weight: the layer, from 1, that it belongs to; the input and the unit that it joins, from 0."""

    layer: int
    input: int
    unit: int


class Unit(NamedTuple):
    """Name a unit of a hidden layer: layers count from 1, units from 0."""

    layer: int
    unit: int


Edits = dict[Cell, float]
# Of networks with silenced units, those without: the same objects, so that engines know them again.
_unsilenced: "WeakKeyDictionary[Network, Network]" = WeakKeyDictionary()
_lock = Lock()


def edits_of(text: str) -> Edits:
    """Read "LAYER:INPUT:UNIT=VALUE,...", values within +-1e6, the cells in their order. Raises ValueError."""
    found: Edits = {}
    for each in _parts(text):
        match = CELL.fullmatch(each)
        cell = Cell(*map(int, match.groups()[:3])) if match else None
        value = _number(match[4]) if match else None
        if cell is None or value is None:
            raise ValueError(f"{each!r} is not LAYER:INPUT:UNIT=VALUE with a value within +-{LARGEST:g}")
        if cell in found:
            raise ValueError(f"the weight {each.partition('=')[0]} stands there twice")
        found[cell] = value
    _check_few(len(found), "weights")
    return dict(sorted(found.items()))


def cell_of(text: str) -> Cell:
    """Read "LAYER:INPUT:UNIT". Raises ValueError."""
    match = NAME.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not LAYER:INPUT:UNIT, such as 3:7:2")
    return Cell(*map(int, match.groups()))


def name_of(cell: Cell) -> str:
    """Write what cell_of() reads."""
    return ":".join(map(str, cell))


def silenced_of(text: str) -> tuple[Unit, ...]:
    """Read "LAYER:UNIT,...", in their order, each once. Raises ValueError."""
    found = sorted({_unit(each) for each in _parts(text)})
    _check_few(len(found), "units")
    return tuple(found)


def written_edits(edits: Edits) -> str:
    """Write what edits_of() reads."""
    return ",".join(f"{name_of(cell)}={value!r}" for cell, value in edits.items())


def written_units(units: tuple[Unit, ...]) -> str:
    """Write what silenced_of() reads."""
    return ",".join(f"{layer}:{unit}" for layer, unit in units)


def edited(network: Network, edits: Edits, silenced: tuple[Unit, ...] = ()) -> Network:
    """Set weights, and cut units off from what comes after them: what a silenced unit says is 0 for the next layer.

    Layers that share a matrix share its edits; a unit is silenced in its own layer alone. Raises ValueError for a
    weight or unit that the network has not, and for more distinct weights than it may have.
    """
    made: dict[int, Matrix] = {}
    for cell, value in edits.items():
        W = _matrix(network, cell)
        made.setdefault(id(W), W.copy())[cell.input, cell.unit] = value
    weights = [made.get(id(W), W) for W in network.weights]
    whole = replace(network, weights=tuple(weights)) if edits else network
    cut: dict[int, Matrix] = {}
    for each in silenced:
        _check_unit(network, each)
        cut.setdefault(each.layer, weights[each.layer].copy())[each.unit] = 0.0
    for layer, W in cut.items():
        weights[layer] = W
    new = replace(network, weights=tuple(weights))
    if distinct_weights(new) > max(MAX_WEIGHTS, distinct_weights(network)):
        raise ValueError(f"layers with a silenced unit of their own are more than {MAX_WEIGHTS:,} weights together")
    if silenced:
        with _lock:
            _unsilenced[new] = unsilenced(whole)
    return new


def unsilenced(network: Network) -> Network:
    """Give the network that all units of are heard: what edited() was given, its weights set; itself where all are."""
    return _unsilenced.get(network, network)


def fitting(edits: Edits, silenced: tuple[Unit, ...], widths: tuple[int, ...]) -> tuple[Edits, tuple[Unit, ...]]:
    """Leave out the weights and units that a network of these widths, its inputs first, has not."""
    cells = {cell: value for cell, value in edits.items() if _has_cell(widths, cell)}
    return cells, tuple(each for each in silenced if _has_unit(widths, each))


def _has_cell(widths: tuple[int, ...], cell: Cell) -> bool:
    is_layer = 1 <= cell.layer < len(widths)
    return is_layer and cell.input < widths[cell.layer - 1] and cell.unit < widths[cell.layer]


def _has_unit(widths: tuple[int, ...], each: Unit) -> bool:
    return 1 <= each.layer < len(widths) - 1 and each.unit < widths[each.layer]


def _matrix(network: Network, cell: Cell) -> Matrix:
    """Find the matrix of a weight. Raises ValueError for one that is not there."""
    if not 1 <= cell.layer <= network.layers:
        raise ValueError(f"layer {cell.layer} is not in 1..{network.layers}")
    W = network.weights[cell.layer - 1]
    if not _has_cell(network.widths, cell):
        raise ValueError(f"layer {cell.layer} has {W.shape[0]} x {W.shape[1]} weights, not {cell.input}:{cell.unit}")
    return W


def _check_unit(network: Network, each: Unit) -> None:
    if not 1 <= each.layer < network.layers:
        raise ValueError(f"layer {each.layer} is not a hidden layer, 1..{network.layers - 1}")
    if not _has_unit(network.widths, each):
        raise ValueError(f"unit {each.unit} is not in 0..{network.widths[each.layer] - 1}, layer {each.layer}'s units")


def _unit(text: str) -> Unit:
    match = UNIT.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not LAYER:UNIT, such as 3:7")
    return Unit(int(match[1]), int(match[2]))


def _parts(text: str) -> list[str]:
    return [part for part in map(str.strip, text.split(",")) if part]


def _check_few(count: int, what: str) -> None:
    if count > MAX_EDITS:
        raise ValueError(f"{count} {what}, the limit is {MAX_EDITS}")


def _number(text: str) -> float | None:
    value = float(text) if is_decimal(text) else math.inf
    return value + 0.0 if abs(value) <= LARGEST else None
