"""Which output stands for which class of a table, or why that cannot be told."""

from dataclasses import dataclass
from typing import Any

from weightscape.network.decision import boundary

# One output stands for two classes.
TWO = 2
# So many classes are listed.
FEW = 4


@dataclass(frozen=True)
class Standing:
    """Hold the output of each class, None where nothing is judged, and what is to be said of it, "" for nothing."""

    outputs: tuple[int, ...] | None
    told: str = ""


def standing(classes: tuple[Any, ...], outputs: int, activation: str) -> Standing:
    """Tell which of so many outputs, of this activation, stands for each class.

    A whole number is its output's own, counted from 0, if all of them are. Else as many classes as outputs stand for
    these in their order. Fewer ones might stand for any, and more for none: they are not judged. One output stands for
    two classes, the second of them where it exceeds its boundary.
    """
    count = max(outputs, TWO)
    is_own = all(isinstance(each, int) and 0 <= each < count for each in classes)
    if not classes:
        return Standing(None)
    if not is_own and len(classes) != count:
        return Standing(None, _unknown(classes, outputs))
    chosen = classes if is_own else tuple(range(count))
    if outputs == 1:
        second = classes[chosen.index(1)] if 1 in chosen else 1
        return Standing(chosen, f"class {second} is an output over {boundary(activation):g}")
    if is_own:
        is_open = 0 not in classes and len(classes) < count
        return Standing(chosen, f"class {classes[0]} is taken for output {classes[0]}, counted from 0" * is_open)
    listed = ", ".join(f"{name} is output {n}" for n, name in enumerate(classes[:FEW]))
    return Standing(chosen, f"in their order, class {listed}{', ...' * (count > FEW)}")


def _unknown(classes: tuple[Any, ...], outputs: int) -> str:
    """Say why classes are not judged."""
    several = f"{outputs} outputs" if outputs > 1 else "1 output, which tells two apart"
    if len(classes) > max(outputs, TWO):
        return f"not judged: {len(classes):,} classes, {several}"
    listed = ", ".join(map(str, classes[:FEW])) + ", ..." * (len(classes) > FEW)
    named = f"classes {listed} stand" if len(classes) > 1 else f"class {listed} stands"
    which = f"which of {outputs} outputs" if outputs > 1 else "for which side of 1 output"
    return f"not judged: {which} {named}{' for' * (outputs > 1)} is not told; number classes from 0"
