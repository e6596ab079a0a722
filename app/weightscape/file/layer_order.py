"""In what order the layers of a file come that sorts its names: by their numbers, or by the one order that fits.

safetensors keeps arrays by type and name, so that `hidden` would come before `input`: what names without numbers leave
open the shapes have to settle, or nothing does.
"""

import re
from collections.abc import Sequence
from contextlib import suppress

from weightscape.file.layer_name import counts
from weightscape.file.layer_shape import Layer, check_shapes, oriented

MAX_STEPS = 20_000


def in_line(names: Sequence[str], layers: Sequence[Layer]) -> tuple[list[Layer], list[str]]:
    """Put layers that stand in a file as a network has them in order, and say so where shapes make it another.

    A file's own order holds where the shapes fit it, and where they fit no other.
    """
    with suppress(ValueError):
        oriented(layers)
        return list(layers), []
    with suppress(ValueError):
        found = ordered(names, layers)
        oriented(found)
        told = [layer.weights.name for layer in found]
        return found, [f"by their shapes the layers come in the order {', '.join(told[:6])}{', ...' * (len(told) > 6)}"]
    return list(layers), []


def ordered(names: Sequence[str], layers: Sequence[Layer]) -> list[Layer]:
    """Order layers whose names differ in more than numbers.

    Layers of one kind of name follow their numbers; each takes as many inputs as the one before has outputs. Raises
    ValueError where several orders fit, or none is found.
    """
    check_shapes(layers)
    kinds: dict[str, list[tuple[list[int], Layer]]] = {}
    for name, layer in zip(names, layers, strict=True):
        kinds.setdefault(re.sub(r"\d+", "#", name), []).append((counts(name), layer))
    if len(kinds) == 1:
        return list(layers)
    rows = [[layer for _, layer in sorted(row, key=lambda pair: pair[0])] for row in kinds.values()]
    found = _chains(rows, len(layers))
    if len(found) == 1:
        return found[0]
    both = f"{rows[0][0].weights.name} and {rows[1][0].weights.name}"
    why = "several orders fit" if found else "no order fits"
    raise ValueError(f"members {both} do not tell the order of the layers, and {why}; name them 1.weight, 2.weight ...")


def _chains(rows: list[list[Layer]], count: int) -> list[list[Layer]]:
    """Find the orders in which all layers fit, two at most; none where that would take too long."""
    found: list[list[Layer]] = []
    waiting: list[tuple[tuple[int, ...], list[Layer]]] = [((0,) * len(rows), [])]
    steps = 0
    while waiting and len(found) < 2:
        places, chain = waiting.pop()
        steps += 1
        if steps > MAX_STEPS:
            return []
        if len(chain) == count:
            found.append(chain)
        for k, row in enumerate(rows):
            if places[k] < len(row) and (not chain or chain[-1].sides[1] == row[places[k]].sides[0]):
                waiting.append(((*places[:k], places[k] + 1, *places[k + 1 :]), [*chain, row[places[k]]]))
    return found
