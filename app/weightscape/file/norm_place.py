"""Where a file's normalising layers stand: behind which dense layer, before its activation or after it.

The numbers of a torch.nn.Sequential tell both: 0 dense, 1 normalising, 3 dense has its activation at 2. Of other names
the file's order (fc1, bn1, fc2), their numbers (fc1, fc2, bn1) or a width that is there once tell the dense layer. On
which side of its activation such a layer stands a member says; without it that is before, and is told.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import contains

from weightscape.file.batch_norm import Norm
from weightscape.file.layer_name import counts, stem
from weightscape.file.layer_shape import Layer
from weightscape.file.member import Member, quoted

EPSILON, SIDE = "norm_eps", "norm_place"
SIDES = ("before", "after")


@dataclass(frozen=True)
class Placed:
    """Hold a normalising layer, how many dense layers stand before it, and on which side of the last one's activation.

    `is_sure`: the file says the side. `epsilon`: what is added to its variance.
    """

    norm: Norm
    slot: int
    is_after: bool = False
    is_sure: bool = True
    epsilon: float = 0.0


def placed(
    norms: Sequence[Norm],
    weights: Sequence[str],
    layers: Sequence[Layer],
    members: Mapping[str, Callable[[], Member]],
    order: Sequence[str] | None,
) -> list[Placed]:
    """Place normalising layers among dense ones, whose weights have the names `weights`, in the network's order.

    `order`: all members' names where the file's order is the network's, else None. Raises ValueError where a layer
    fits nowhere, or in several places.
    """
    stems = [stem(name) for name in weights]
    sizes = {norm.stem: _size(norm, members) for norm in norms}
    widths = [layers[0].sides[0], *(layer.sides[1] for layer in layers)]
    found: list[Placed] = []
    for kind in dict.fromkeys(_kind(norm.stem) for norm in norms):
        alike = [norm for norm in norms if _kind(norm.stem) == kind]
        if kind in map(_kind, stems) and not {norm.stem for norm in alike} & {*stems}:
            found += [_counted(norm, stems, [each.stem for each in norms]) for norm in alike]
            continue
        fits = [[k for k, width in enumerate(widths) if width == sizes[norm.stem]] for norm in alike]
        ways = _in_order(alike, norms, weights, order), *_paired(alike, stems)
        slots = next((way for way in ways if way and all(map(contains, fits, way))), None)
        slots = slots or [_only(norm, sizes[norm.stem], each, widths) for norm, each in zip(alike, fits, strict=True)]
        found += [Placed(norm, slot, is_sure=False) for norm, slot in zip(alike, slots, strict=True)]
    for each in found:
        _check_size(each, sizes[each.norm.stem], widths, layers)
    return sorted(found, key=lambda each: (each.slot, each.is_after, counts(each.norm.stem), each.norm.place))


def told(
    found: Sequence[Placed], members: Mapping[str, Callable[[], Member]], names: Sequence[str]
) -> tuple[list[Placed], list[str]]:
    """Settle side and epsilon of each by what members say, and tell what no member does. Raises ValueError.

    `names`: the dense layers' activations.
    """
    if not found:
        return [], []
    epsilons, said = _epsilons(found, members)
    matters = [each.slot > 0 and names[each.slot - 1] != "identity" for each in found]
    sides, remark = _sides(found, members, matters)
    for each, is_after in zip(found, sides, strict=True):
        if is_after and each.slot == len(names):
            raise ValueError(
                f"normalising layer {each.norm.told} stands after the last activation, {names[-1]}, where no dense "
                f"layer follows that it folds into (a member {SIDE!r} holds 'before' or 'after')"
            )
    settled = zip(found, sides, epsilons, strict=True)
    return [replace(each, is_after=side, epsilon=epsilon) for each, side, epsilon in settled], said + remark


def _epsilons(found: Sequence[Placed], members: Mapping[str, Callable[[], Member]]) -> tuple[list[float], list[str]]:
    """Tell each layer's epsilon, and what no member does."""
    if texts := _each(members, EPSILON, len(found)):
        return [_epsilon(text) for text in texts], []
    own = [each.norm.epsilon for each in found]
    whose = " and ".join(dict.fromkeys(f"{value:g}, {program}" for value, program in own))
    return [value for value, _ in own], [f"no member {EPSILON!r}: the normalising layers' epsilon is {whose}"]


def _sides(
    found: Sequence[Placed], members: Mapping[str, Callable[[], Member]], matters: Sequence[bool]
) -> tuple[list[bool], list[str]]:
    """Tell of each layer whether it stands after an activation, and what no member does. The identity is none."""
    if texts := _each(members, SIDE, len(found)):
        return [_is_after(text) and is_open for text, is_open in zip(texts, matters, strict=True)], []
    remarks = []
    for is_after, word in enumerate(SIDES):
        some = [
            each.norm.told
            for each, is_open in zip(found, matters, strict=True)
            if is_open and not each.is_sure and each.is_after == is_after
        ]
        if some:
            which = ", ".join(some[:3]) + ", ..." * (len(some) > 3)
            remarks.append(f"no member {SIDE!r}: {which} taken to stand {word} the activation")
    return [each.is_after and is_open for each, is_open in zip(found, matters, strict=True)], remarks


def _counted(norm: Norm, stems: Sequence[str], norms: Sequence[str]) -> Placed:
    """Place a layer that is counted with the dense ones, as modules of one Sequential are."""
    kind, number = _kind(norm.stem), counts(norm.stem)
    slot = 0
    for k, each in enumerate(stems):
        if _kind(each) == kind and counts(each) < number:
            slot = k + 1
    if not slot:
        slot = next(k for k, each in enumerate(stems) if _kind(each) == kind)
    dense = [counts(each) for each in stems if _kind(each) == kind]
    others = [counts(each) for each in norms if _kind(each) == kind]
    is_behind, is_in_front = (_touches(number, step, dense, others) for step in (-1, 1))
    return Placed(norm, slot, not is_behind and slot > 0, is_behind != is_in_front)


def _touches(number: list[int], step: int, dense: Sequence[list[int]], norms: Sequence[list[int]]) -> bool:
    """Tell whether a dense layer is the next module in a direction, or the next but for normalising ones."""
    while True:
        number = [*number[:-1], number[-1] + step]
        if number not in norms:
            return number in dense


def _in_order(
    alike: Sequence[Norm], norms: Sequence[Norm], weights: Sequence[str], order: Sequence[str] | None
) -> list[int]:
    """Place layers by the file's order; none where that only tells that all dense ones come first, or all others."""
    places = [order.index(name) for name in weights] if order else []
    if places != sorted(places):
        return []
    slots = [sum(place < norm.place for place in places) for norm in alike]
    is_mixed = any(0 < sum(place < norm.place for place in places) < len(places) for norm in norms)
    return slots if len({*slots}) == len(slots) and (is_mixed or len(places) == 1) else []


def _paired(alike: Sequence[Norm], stems: Sequence[str]) -> tuple[list[int], list[int]]:
    """Place layers behind the dense ones of their numbers, bn1 behind fc1, or else before these; none without such."""
    behind: list[int] = []
    for norm in alike:
        partners = [k for k, each in enumerate(stems) if counts(each) and counts(each) == counts(norm.stem)]
        if len(partners) != 1:
            return [], []
        behind.append(partners[0] + 1)
    return behind, [slot - 1 for slot in behind]


def _only(norm: Norm, size: int, slots: Sequence[int], widths: Sequence[int]) -> int:
    """Tell the only place where a layer fits. Raises ValueError for none, and for several."""
    if len(slots) == 1:
        return slots[0]
    where = "in several places" if slots else f"nowhere: it has {size} units, the layers {_listed(widths)}"
    raise ValueError(
        f"normalising layer {norm.told} fits {where}; number it as the dense layer before it, or all as a Sequential "
        "does, 0.weight, 1.running_mean ..."
    )


def _check_size(each: Placed, size: int, widths: Sequence[int], layers: Sequence[Layer]) -> None:
    if size != widths[each.slot]:
        layer, side = layers[max(each.slot - 1, 0)], "outputs" if each.slot else "inputs"
        raise ValueError(
            f"member {quoted(each.norm.roles['mean'])} has {size} numbers; want {widths[each.slot]}, as "
            f"{layer.weights.name} {layer.weights.shape} has {widths[each.slot]} {side}"
        )


def _size(norm: Norm, members: Mapping[str, Callable[[], Member]]) -> int:
    """Count a layer's units. Raises ValueError where its members have not as many."""
    first = members[norm.roles["mean"]]()
    for name in norm.roles.values():
        found = members[name]()
        if not found.size or found.size != max((*found.shape, 1)) or found.size != first.size:
            raise ValueError(f"member {found.name} has shape {found.shape}; want one number a unit, ({first.size},)")
    return first.size


def _each(members: Mapping[str, Callable[[], Member]], name: str, count: int) -> list[str]:
    """Read what a member says of each normalising layer, or of all. Raises ValueError for another number of words."""
    make = next((make for each, make in members.items() if each.lower() == name), None)
    if make is None:
        return []
    found = make()
    if found.size not in (1, count):
        raise ValueError(f"member {found.name} has shape {found.shape}; want one value, or {count}, one a layer")
    try:
        words = found.words()
    except ValueError:
        if name == SIDE:
            raise
        words = [repr(number) for number in found.numbers().reshape(-1).tolist()]
    return words * (count // len(words))


def _epsilon(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"member {EPSILON} holds {text[:40]!r}, which is no number") from None


def _is_after(text: str) -> bool:
    word = text.strip().lower()
    if word not in SIDES:
        raise ValueError(f"member {SIDE} holds {text[:40]!r}; want 'before' or 'after' the activation")
    return word == "after"


def _kind(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _listed(widths: Sequence[int]) -> str:
    return ", ".join(map(str, widths[:8])) + ", ..." * (len(widths) > 8)
