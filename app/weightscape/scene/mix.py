"""The networks of other seeds that are mixed into a random one: "SEED:PART,...", and the sphere on which they lie.

A mixed network is a sum of drawn ones, network = own w(seed) + part_1 w(seed_1) + ..., whose squared parts sum to 1:
a point of the unit sphere with an axis for each seed. Independent weights keep their variance everywhere on it.
"""

import math
import re
from collections.abc import Mapping

from weightscape.network.decimal_text import is_decimal

MAX_MIXED = 16
# Parts are written with so many places; a part below half of the last one is none.
PLACES = 9
MIXED = re.compile(r"([0-9]{1,20})\s*:(.*)")
LARGEST_SEED = 2**64 - 1
# What rounded parts may sum to.
MOST_SQUARES = 1.0 + 1e-8

# A point of the sphere: the part of each seed.
Parts = Mapping[int, float]


def mixed_in(text: str) -> dict[int, float]:
    """Read "SEED:PART,...": the part in 0..1 of each seed. Raises ValueError, which tells value and range."""
    found: dict[int, float] = {}
    for each in filter(None, map(str.strip, text.split(","))):
        match = MIXED.fullmatch(each)
        if not match or int(match[1]) > LARGEST_SEED:
            raise ValueError(f"{each!r} is not SEED:PART, such as 17:0.25")
        seed, part = int(match[1]), _part(each, match[2])
        if seed in found:
            raise ValueError(f"seed {seed} stands there twice")
        found[seed] = part
    if len(found) > MAX_MIXED:
        raise ValueError(f"{len(found)} seeds, the limit is {MAX_MIXED}")
    if sum(part * part for part in found.values()) > MOST_SQUARES:
        raise ValueError("the squares of its parts are together more than 1")
    return found


def _part(each: str, text: str) -> float:
    part = float(text) if is_decimal(text.strip()) else math.nan
    if not 0.0 < part <= 1.0:
        raise ValueError(f"{each!r} has no part above 0 and at most 1")
    return part


def written(mixed: Parts) -> str:
    """Write what mixed_in() reads."""
    return ",".join(f"{seed}:{part!r}" for seed, part in mixed.items())


def own_part(mixed: Parts) -> float:
    """Tell the part that is left for the scene's own seed: the sum of all squares is 1."""
    left = 1.0
    for part in mixed.values():
        left -= part * part
    return math.sqrt(max(left, 0.0))


def point(seed: int, mix: str) -> dict[int, float]:
    """Tell where on the sphere a scene's network lies, its own seed first. Raises ValueError."""
    mixed = mixed_in(mix)
    return {seed: own_part(mixed)} | mixed


def recipe_at(parts: Parts) -> tuple[int, str]:
    """Tell seed and mix of a network at a point of the sphere: the seed with the largest part owns it.

    Of more seeds than MAX_MIXED + 1 the smallest parts are left out, and what is left goes back onto the sphere.
    """
    largest = sorted(parts.items(), key=lambda each: -each[1])[: MAX_MIXED + 1]
    kept = {seed: part for seed, part in largest if part > 0.0}
    length = math.sqrt(math.fsum(part * part for part in kept.values()))
    seed, *others = kept
    rounded = {other: round(kept[other] / length, PLACES) for other in others}
    return seed, written({other: part for other, part in rounded.items() if part > 0.0})


def between(a: Parts, b: Parts, part: float) -> dict[int, float]:
    """Go that part of the way from one point of the sphere to another, along the great circle.

    `part` 0..1 at an even pace. Source: K. Shoemake, "Animating rotation with quaternion curves", 1985 (slerp).
    """
    angle = math.acos(min(max(math.fsum(a[seed] * b.get(seed, 0.0) for seed in a), -1.0), 1.0))
    if angle < 1e-9:
        return dict(b if part >= 0.5 else a)
    first, second = math.sin((1.0 - part) * angle) / math.sin(angle), math.sin(part * angle) / math.sin(angle)
    return {seed: first * a.get(seed, 0.0) + second * b.get(seed, 0.0) for seed in {**a, **b}}
