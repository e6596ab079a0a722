"""Which activations the layers of a weights file have: by the names in it, and by a word where it names none."""

from collections.abc import Mapping, Sequence

from weightscape.file.member import Member
from weightscape.network.activation_name import known_as, known_names
from weightscape.network.softmax import SOFTMAX

HIDDEN, OUTPUT = ("activations", "activation", "hidden_activation"), "output_activation"
UNNAMED_HIDDEN, UNNAMED_OUTPUT = "tanh", "sigmoid"
# What a file may leave untold: the hidden layers' activation and the last one's, called as a scene's fields are.
UNTOLD = ("activation", "output_activation")


def named(members: Mapping[str, Member], count: int) -> tuple[list[str], tuple[str, ...]]:
    """Read the names of `count` layers' activations as the table has them, and which of UNTOLD they do not tell.

    One name is all hidden layers'; without a name hidden layers are tanh and the last is sigmoid. Raises ValueError.
    """
    lower = {name.lower(): found for name, found in members.items()}
    there = [name for name in HIDDEN if name in lower]
    if len(there) > 1 or len(lower) < len(members):
        raise ValueError(f"members {', '.join(sorted(members))} name the same activations; keep one")
    hidden, last = [UNNAMED_HIDDEN] * (count - 1), list[str]()
    if there:
        hidden, last = _split(lower[there[0]], _read(lower[there[0]], count), count)
    if OUTPUT in lower:
        last = _one_last(lower[OUTPUT], _read(lower[OUTPUT], 1), last)
    is_untold = count > 1 and not there, not last
    untold = tuple(name for name, is_missing in zip(UNTOLD, is_untold, strict=True) if is_missing)
    return checked([*hidden, *(last or [UNNAMED_OUTPUT])]), untold


def checked(names: Sequence[str]) -> list[str]:
    """Give activations the table's names. Raises ValueError for unknown ones and for softmax in a hidden layer."""
    known = []
    for k, name in enumerate(names, 1):
        found = known_as(name)
        if found is None:
            raise ValueError(
                f"member activations holds {name[:40]!r}, which is no activation here; there are "
                f"{known_names()}, and softmax in the last layer"
            )
        if found == SOFTMAX and k < len(names):
            raise ValueError(f"member activations holds softmax for layer {k} of {len(names)}; it is the last layer's")
        known.append(found)
    return known


def _read(found: Member, count: int) -> list[str]:
    if not 1 <= found.size <= count:
        raise _miscounted(found, count)
    return found.words()


def _miscounted(found: Member, count: int) -> ValueError:
    wanted = f"{count} names, one a layer, or one for the hidden ones" if count > 1 else "one name"
    return ValueError(f"member {found.name} has shape {found.shape}; want {wanted}")


def _split(found: Member, names: list[str], count: int) -> tuple[list[str], list[str]]:
    """Tell the hidden layers' names and the last one's, if it is there."""
    if len(names) == count:
        return names[:-1], names[-1:]
    if len(names) == 1:
        return names * (count - 1), []
    if len(names) == count - 1:
        return names, []
    raise _miscounted(found, count)


def _one_last(found: Member, names: list[str], last: list[str]) -> list[str]:
    if last and known_as(last[0]) != known_as(names[0]):
        raise ValueError(f"members activations and {found.name} name another one each for the last layer; keep one")
    return names
