"""The network inside of a model of another program: which program's it is, told by names; none of these is imported."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from weightscape.network.by_name import named_layers
from weightscape.network.chain import Array, Chain
from weightscape.network.foreign import family, named, real_numbers
from weightscape.network.sklearn_model import add_estimator
from weightscape.network.torch_model import add_module

WANTED = (
    "a torch.nn.Sequential, scikit-learn's MLPClassifier or MLPRegressor, alone or in a Pipeline, or "
    "arrays W1, b1, W2, b2 ... or a state dict, with a list of activations"
)
READERS = {"torch": add_module, "sklearn": add_estimator}
# Weights (inputs, outputs), biases (outputs,) and an activation's name, of each layer.
Layers = tuple[list[Array], list[Array], list[str]]


def layers_of(model: object, activations: Sequence[str] = ()) -> Layers:
    """Read weights (inputs, outputs), biases (outputs,) and an activation's name of each layer. Raises ValueError."""
    program = family(model)
    if program is None:
        return _of_arrays(model, activations)
    if activations:
        raise ValueError(f"activations: a {named(model)} has its own; they belong to arrays")
    layers = READERS[program](Chain(), model).finished().layers
    return [W for W, _, _ in layers], [b for _, b, _ in layers], [name for _, _, name in layers]


def _of_arrays(model: object, activations: Sequence[str]) -> Layers:
    """Take W1, b1, W2, b2 ... or pairs of these, or arrays by name, and an activation's name for each layer."""
    if isinstance(model, Mapping):
        return named_layers(model, activations)
    if isinstance(model, str | bytes) or not isinstance(model, Sequence) or not len(model):
        raise ValueError(f"{named(model)}: no network is read from it; hand in {WANTED}")
    parts = [part for each in model for part in (each if _is_pair(each) else (each,))]
    if len(parts) % 2:
        raise ValueError(f"{len(parts)} arrays are no W1, b1, W2, b2 ...: a layer has weights and biases")
    if isinstance(activations, str) or len(activations) != len(parts) // 2:
        raise ValueError(f"activations: {activations!r} names none for each of the {len(parts) // 2} layers")
    arrays = list(_arrays(parts))
    return arrays[::2], arrays[1::2], list(activations)


def _is_pair(each: Any) -> bool:
    return isinstance(each, tuple | list) and len(each) == 2 and (np.ndim(each[0]), np.ndim(each[1])) == (2, 1)


def _arrays(parts: Sequence[object]) -> Iterator[Any]:
    """Yield weights and biases in turn: what stands there twice is one array."""
    made = {id(part): real_numbers(part, f"array {k}") for k, part in enumerate(parts, 1)}
    for k in range(0, len(parts), 2):
        W, b = made[id(parts[k])], made[id(parts[k + 1])]
        if W.ndim == 2 and b.shape == W.shape[:1] != W.shape[1:]:
            raise ValueError(f"layer {k // 2 + 1}: weights {W.shape} lie as (outputs, inputs); hand in W.T")
        yield from (W, b)
