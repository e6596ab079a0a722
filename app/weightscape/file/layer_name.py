"""Which members of a weights file are the layers, in what order: told by their names, as people's programs write them.

W1, b1, W2 ... (also from 0, in lower case, weights_1, coefs_0 and intercepts_0); fc1.weight, fc1.bias as PyTorch has
them; dense/kernel, dense/bias as Keras and Flax do; arr_0, arr_1 ... in the order weights, biases, weights. The rest of
a file is passed over.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from weightscape.file.member import quoted

NUMBERED = re.compile(
    r"(?:(w|weights?|kernels?|coefs?)|(b|bias(?:es)?|intercepts?))[_.-]?(\d{1,4})(?:_(\d{1,4}))?", re.I
)
NAMED = re.compile(r"(?:(.*)[./_])?(?:(weights?|kernel|w)|(bias(?:es)?|b))(?::0|[./](?:raw_)?value)?", re.I | re.S)
POSITION = re.compile(r"arr_(\d{1,4})")
# Parts of weights that are computed from them, each with what makes plain weights of these.
COMPUTED = {
    re.compile(
        r"(?:.*[./])?parametrizations[./].*", re.S
    ): "torch.nn.utils.parametrize.remove_parametrizations(layer, {0!r})",
    re.compile(r"(?:.*[./])?(?:weight|bias)_g", re.S): "torch.nn.utils.remove_weight_norm(layer, {0!r})",
    re.compile(r"(?:.*[./])?(?:weight|bias)_mask", re.S): "torch.nn.utils.prune.remove(layer, {0!r})",
    re.compile(r"(?:.*[./])?(?:weight|bias)_u", re.S): "torch.nn.utils.remove_spectral_norm(layer, {0!r})",
}
# Layers that are more than their kernels, which could be taken for dense ones.
OTHER_KINDS = {
    re.compile(
        r"(?:.*[./])?(?:(?:weight|bias)_(?:ih|hh|hr)(?:_l\d+\w*)?|recurrent_(?:kernel|weights?)(?::0)?)", re.I | re.S
    ): "a recurrent layer: recurrent networks are",
    re.compile(r"(?:.*[./])?(?:in_proj_(?:weight|bias)|[qkv]_proj_weight)", re.S): "attention, which is",
    re.compile(r"(?:.*[./])?(?:depthwise|pointwise)_kernel(?::0)?", re.S): "a convolution: convolutional networks are",
}
OUTPUTS_FIRST = "weight"
WANTED = "W1, b1, W2 ..., *.weight and *.bias, or *kernel and *bias"


@dataclass(frozen=True)
class Pair:
    """Name the members of one layer. `outputs_first`: by its name the weights are (outputs, inputs), as PyTorch's."""

    weights: str
    bias: str | None
    outputs_first: bool = False


def pairs(names: Sequence[str], is_matrix: Callable[[str], bool]) -> list[Pair]:
    """Find the layers among members' names, in the file's order. Raises ValueError where it is in doubt.

    `is_matrix` is asked where two ways of naming are there: a number w0 beside net.0.weight is no layer.
    """
    _check_kinds(names)
    found = [each for each in (_numbered(names), _named(names)) if each] or [_positions(names)]
    if len(found) > 1:
        found = [way for way in found if all(is_matrix(each.weights) for each in way)] or found
    if len(found) > 1:
        both = quoted(found[0][0].weights), quoted(found[1][0].weights)
        raise ValueError(f"members {both[0]} and {both[1]} both name weights; keep one way of naming")
    if not found[0]:
        others = ", ".join(map(quoted, names[:6])) + ", ..." * (len(names) > 6)
        raise ValueError(f"there are no layers: want members {WANTED}, not {others or 'none at all'}")
    return found[0]


def _check_kinds(names: Sequence[str]) -> None:
    """Raise ValueError for parts of what is no plain dense layer."""
    for name in names:
        for pattern, cure in COMPUTED.items():
            if pattern.fullmatch(name):
                of = "bias" if re.search(r"[./]?bias(?:_\w+|[./]\w+)$", name) else "weight"
                raise ValueError(
                    f"member {quoted(name)} is a part that weights are computed from; before saving, take that off: "
                    f"{cure.format(of)}"
                )
        for pattern, kind in OTHER_KINDS.items():
            if pattern.fullmatch(name):
                raise ValueError(f"member {quoted(name)} belongs to {kind} not read yet")


def _numbered(names: Sequence[str]) -> list[Pair]:
    """Pair W1 with b1; where both have as many, each in its own count from 0 or 1, the first with the first."""
    weights: dict[int, str] = {}
    biases: dict[int, str] = {}
    for name in names:
        match = NUMBERED.fullmatch(name)
        if not match or (match[4] and int(match[4]) != int(match[3]) + 1):
            continue
        there = weights if match[1] else biases
        if int(match[3]) in there:
            raise ValueError(f"members {there[int(match[3])]} and {name} are both of layer {int(match[3])}; keep one")
        there[int(match[3])] = name
    if not weights:
        return []
    if len(biases) == len(weights) and {min(biases), min(weights)} == {0, 1}:
        biases = {k + min(weights) - min(biases): name for k, name in biases.items()}
    numbers = {*weights, *biases}
    first = min(min(numbers), 1)
    for k in range(first, first + len(numbers)):
        if k not in weights:
            letter = re.split(r"\d", next(iter(weights.values())))[0]
            raise ValueError(f"member {letter}{k} is missing")
    return [Pair(weights[k], biases.get(k)) for k in sorted(weights)]


def _named(names: Sequence[str]) -> list[Pair]:
    weights: dict[str, str] = {}
    biases: dict[str, str] = {}
    for name in names:
        match = NAMED.fullmatch(name)
        if not match or NUMBERED.fullmatch(name):
            continue
        there, layer = (weights if match[2] else biases), match[1] or ""
        if layer in there:
            raise ValueError(f"members {quoted(there[layer])} and {quoted(name)} are of one layer; keep one")
        there[layer] = name
    for layer in [layer for layer in weights if layer not in biases]:
        if re.fullmatch(r".*_\w+", weights[layer].removeprefix(layer)):
            del weights[layer]  # class_weights, loss_weight: no layer's
    for layer, name in biases.items():
        if layer not in weights and weights and not name.lower().endswith("b"):
            raise ValueError(f"member {quoted(name)} has no weights beside it; only dense layers are read")
    return [Pair(weights[k], biases.get(k), _role(weights[k]) == OUTPUTS_FIRST) for k in _ordered(weights)]


def _role(name: str) -> str:
    match = NAMED.fullmatch(name)
    return match[2].lower() if match else ""


def _ordered(layers: Iterable[str]) -> list[str]:
    """Order fc10 after fc2, whatever the file's order; names that differ in more than numbers stay as they stand.

    Raises ValueError where the file's order and the numbers contradict each other.
    """
    written = list(layers)
    texts = [re.sub(r"\d+", "#", layer) for layer in written]
    order = list(dict.fromkeys(texts))
    sequence = sorted(written, key=lambda layer: (order.index(re.sub(r"\d+", "#", layer)), counts(layer)))
    if texts == sorted(texts, key=order.index):
        return sequence
    for text in order:  # one kind between others: the file's order holds, if the numbers go up in it
        inside = [layer for layer, each in zip(written, texts, strict=True) if each == text]
        if inside != sorted(inside, key=counts):
            raise ValueError(
                f"members {quoted(inside[0])} and {quoted(inside[1])} stand in another order than their "
                "numbers; save them as W1, b1, W2 ..."
            )
    return written


def stem(name: str) -> str:
    """Tell what the names of a layer's members begin with, by that of its weights: "fc1" of fc1.weight, "1" of W1."""
    if match := NUMBERED.fullmatch(name):
        return str(int(match[3]))
    match = NAMED.fullmatch(name)
    return (match[1] or "") if match else name


def counts(layer: str) -> list[int]:
    """List the numbers in a name, by which fc10 comes after fc2."""
    return [int(number[:9]) for number in re.findall(r"\d+", layer)]


def _positions(names: Sequence[str]) -> list[Pair]:
    """Pair arr_0 with arr_1, arr_2 with arr_3 ..., as np.savez(path, *arrays) names them."""
    found = {int(match[1]): name for name in names if (match := POSITION.fullmatch(name))}
    if sorted(found) != list(range(len(found))) or len(found) % 2:
        return []
    return [Pair(found[k], found[k + 1]) for k in range(0, len(found), 2)]
