"""Submissions: whatever the network and the picture, none holds a GPU for long, from the very first tile on."""

import os
from itertools import islice
from statistics import median
from typing import Any

import pytest

from weightscape.ask import question
from weightscape.engine.compute import ComputeEngine
from weightscape.engine.fragment import FragmentEngine
from weightscape.engine.question import Engine
from weightscape.engine.tile import Pace, tiles
from weightscape.model.scene import Scene
from weightscape.painter import TILE_S

# Drivers end programs after 0.6 s at the earliest; the wish is TILE_S. Here other tests take processor time, too.
LONGEST_S = 0.25
SHAPES = [(1, 1), (4, 16), (27, 30), (60, 64), (8, 128), (4, 512)]
WIDE = [(256, 30), (60, 256), (256, 512)]  # minutes on a processor
SIZES = [(64, 64), (3840, 2160)]
TILES = 6


@pytest.mark.parametrize("kind", [FragmentEngine, ComputeEngine])
@pytest.mark.parametrize(
    ("layers", "width"), [*SHAPES, *(pytest.param(*shape, marks=pytest.mark.long) for shape in WIDE)]
)
def test_no_submission_is_long(kind: Any, layers: int, width: int, gl: Any) -> None:
    engine: Engine = kind(gl)
    spent = []
    for size in SIZES:
        ask = question(Scene(layers=layers, width=width, rule="lecun"), size)
        # The focus lies where a hand would be; a new size begins with a new pace, as a new window does.
        for _ in islice(tiles(engine, ask, Pace(), TILE_S, (size[0] / 3, size[1] / 3)), TILES):
            spent.append(engine.longest_s)
            engine.longest_s = 0.0
    engine.release()
    if os.environ.get("WEIGHTSCAPE_SAY"):
        print(f"{engine.name} {layers}x{width}: longest {max(spent):.3f} s, median {median(spent):.3f} s")
    assert max(spent) < LONGEST_S
    assert median(spent) < 1.5 * TILE_S
