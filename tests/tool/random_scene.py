"""Random scenes of random networks, with every field set that matters to their lens, in all digits that there are."""

import random
from dataclasses import fields
from decimal import Decimal
from typing import Any

from weightscape.network.input import NAMED_INPUTS
from weightscape.network.view import trimmed
from weightscape.scene.lens_name import LENS_FIELDS, LENSES
from weightscape.scene.scene import Scene

# Fields that are none of a plain random scene, and those that are drawn by hand.
OTHERS = ("weights", "points", "beside", "origin", "u", "v", "mix", "edits", "silenced")
DRAWN = {
    "center": lambda chance: (Decimal(0), Decimal(0)),
    "inputs": lambda chance: tuple(chance.sample(NAMED_INPUTS, chance.randint(1, 5))),
    "lens": lambda chance: chance.choice([*LENSES]),
    "rule": lambda chance: chance.choice(["lecun", "glorot", "he", "orthogonal"]),
    "scale": lambda chance: 10.0 ** chance.uniform(-3, 2),
    "bias_scale": lambda chance: 10.0 ** chance.uniform(-3, 1),
    "time": lambda chance: chance.random(),
    "tied": lambda chance: True,
    "probe": lambda chance: (chance.uniform(-1.8, 1.8), chance.uniform(-1.0, 1.0)),
    "stops": lambda chance: chance.choice(["", "#102030 #Ffeedd", "#000000@0.125,#ff0080@0.3 #ffffff@0.3"]),
    "cycle": lambda chance: chance.choice([0.0, chance.uniform(-5, 5)]),
    "units": lambda chance: tuple(chance.randrange(512) for _ in range(3)),
}


def random_scene(chance: random.Random, smallest: float = -6.0) -> Scene:
    """Draw a scene with a radius of at least 10 ** smallest."""
    values: dict[str, Any] = {}
    for each in fields(Scene):
        if each.name in OTHERS:
            continue
        kind = each.metadata
        if each.name in DRAWN:
            values[each.name] = DRAWN[each.name](chance)
        elif "choices" in kind:
            values[each.name] = chance.choice(kind["choices"])
        elif "switch" in kind:
            values[each.name] = chance.random() < 0.5
        elif isinstance(kind["low"], int):
            values[each.name] = chance.randint(kind["low"], kind["high"])
        else:
            values[each.name] = chance.uniform(kind["low"], kind["high"])
    own = LENSES[values["lens"]].fields
    radius = 10.0 ** chance.uniform(smallest, 1.0)
    x, y = (Decimal(chance.randrange(-9 * 10**400, 9 * 10**400)).scaleb(-400) for _ in range(2))
    kept = {name: value for name, value in values.items() if name not in LENS_FIELDS or name in own}
    return Scene(**kept | {"radius": radius, "center": trimmed((x, y), radius)})
