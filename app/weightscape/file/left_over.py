"""What a weights file has beside the layers that are read: told, as the network may need it."""

import re
from collections.abc import Callable, Collection, Mapping

from weightscape.file.member import Member, quoted

# What an inference needs none of: counters of normalising layers, records of the training, and what optimisers keep.
IDLE = re.compile(
    r"(?:.*[./])?(?:(?:\w+_)?num_batches_tracked|seed_generator_state|seed|history|lr|learning_rate|"
    r"epochs?|(?:global_)?steps?|iterations?|(?:\w+_)?loss(?:es)?|"
    r"(?:opt|opt_state|optim\w*|exp_avg\w*|momentum\w*|adam\w*|sgd\w*|rmsprop\w*)(?:[./].*)?)(?::0)?",
    re.I | re.S,
)
SHOWN = 4
FOURIER = (
    "{0} holds the frequencies of Fourier features? In Python, Network.after_fourier({1}) puts them before the network"
)


def left_over(members: Mapping[str, Callable[[], Member]], used: Collection[str], inputs: int) -> list[str]:
    """Say in a line or none what is passed over: members that are not `used`; `inputs` of the first layer."""
    names = [name for name in members if name not in used and not IDLE.fullmatch(name)]
    if not names:
        return []
    shapes = {name: _shape(members[name]) for name in names[:SHOWN]}
    listed = ", ".join(f"{quoted(name)} {'' if shape is None else shape}".rstrip() for name, shape in shapes.items())
    said = f"passed over: {listed}{', ...' * (len(names) > SHOWN)}"
    for name, shape in shapes.items():
        if shape and len(shape) == 2 and 2 * max(shape) == inputs:
            said += f"; {FOURIER.format(quoted(name), 'B' if shape[0] == max(shape) else 'B.T')}"
    return [said]


def _shape(make: Callable[[], Member]) -> tuple[int, ...] | None:
    """Tell a member's shape, None where it is no array."""
    try:
        return make().shape
    except ValueError:
        return None
