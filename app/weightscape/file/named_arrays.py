"""Arrays by name that a program hands in, such as a state dict: read as those of a weights file are."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from weightscape.file.layer_activation import HIDDEN, OUTPUT
from weightscape.file.layer_form import MAX_MEMBERS, TOLD, Parts, form
from weightscape.file.member import Member, no_words, quoted, told
from weightscape.network.foreign import real_numbers


def parts(arrays: Mapping[Any, Any], activations: Sequence[str]) -> Parts:
    """Read weights (inputs, outputs), biases (outputs,) and activations; arrays or tensors, by names of any program.

    `activations`: a name for each layer, where no member has them. Raises ValueError.
    """
    if len(arrays) > MAX_MEMBERS:
        raise ValueError(f"there are {len(arrays)} arrays, at most {MAX_MEMBERS} are read")
    members = {name: _member(name, value) for name, value in arrays.items() if isinstance(name, str)}
    if activations:
        if there := next((name for name in members if name.lower() in (*HIDDEN, OUTPUT)), ""):
            raise ValueError(f"activations: they are given, and member {quoted(there)} names them, too; keep one")
        if isinstance(activations, str):
            raise ValueError(f"activations: {activations!r} is no list of names")
        members[HIDDEN[0]] = partial(told, HIDDEN[0], list(activations))
    found = form(members)
    if found.untold:
        count = len(found.layers)
        raise ValueError(
            f"activations: {list(activations)!r} names none for each of the {count} layers, and nor do the arrays:"
            " Network.of(arrays, [..., 'identity'])"
        )
    return found.parts()


def _member(name: str, value: Any) -> Callable[[], Member]:
    own = quoted(name)
    if name.lower() in TOLD and not hasattr(value, "shape"):
        words = list(value) if isinstance(value, list | tuple) else [value]
        return partial(told, own, [str(each) for each in words])

    def make() -> Member:
        shape = getattr(value, "shape", None)
        shape = np.shape(value) if shape is None else tuple(shape)  # of a tensor, wherever it is
        numbers = partial(real_numbers, value, f"member {own}")
        return Member(own, shape, numbers, lambda: no_words(own, "numbers"))

    return make
