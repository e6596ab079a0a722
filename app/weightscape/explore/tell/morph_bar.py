"""What the bar of a morph says."""

from weightscape.explore.morphing import Morphing
from weightscape.window.message import MorphBar


def morph_bar(moving: Morphing) -> MorphBar | None:
    """Make the bar of the morph that is seen; None where none is."""
    morph = moving.morph
    if morph is None:
        return None
    ways, names = len(morph.ways), (*moving.names, *moving.names[:1])
    n = min(int(moving.moment * ways), ways - 1)
    first, second = names[n : n + 2]
    text = (
        f"{first} to {second}" if first != second else f"{first}, picture {n + 1} to {(n + 1) % len(morph.scenes) + 1}"
    )
    marks = tuple(k / ways for k in range(ways + 1))
    return MorphBar(moving.moment, text, marks, moving.is_playing, morph.loop)
