"""Random colours that go together: a thousand draws keep the rule, and the rule refuses what is not pretty."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest

from weightscape.scene.colour_space import light, linear, oklab
from weightscape.scene.command import BY_NAME, apply
from weightscape.scene.palette import READINGS, table
from weightscape.scene.pretty import LEAST_SPAN, drawn_stops, fault, pretty, pretty_palettes, table_fault
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.stops import stops, stops_table

DRAWS = 1000


@pytest.fixture(scope="module")
def drawn() -> list[Scene]:
    return [pretty(Scene(), chance) for chance in range(DRAWS)]


@pytest.mark.slow
def test_a_thousand_draws_keep_the_rule(drawn: list[Scene]) -> None:
    for scene in drawn:
        assert not (fault(scene.stops) if scene.stops else table_fault(table(scene.palette)))
        assert 0.7 <= scene.gamma <= 1.42
    own = {scene.stops for scene in drawn} - {""}
    assert len(own) > 500
    assert {len(stops(text)) for text in own} == {2, 3, 4, 5}
    assert {scene.reading for scene in drawn} == {"oklab", "oklch", "palette"} < {*READINGS}


def test_drawn_tables_have_contrast_and_stay_in_gamut_without_clipping(drawn: list[Scene]) -> None:
    for text in sorted({scene.stops for scene in drawn} - {""})[:200]:
        labs = oklab(linear(np.array([stop.colour for stop in stops(text)]) / 255.0))
        part = np.linspace(0.0, 1.0, 101)[:, None]
        for a, b in pairwise(labs):
            shown = light(a + part * (b - a))
            assert shown.min() > -0.01
            assert shown.max() < 1.01
        assert np.ptp(oklab(linear(stops_table(text) / 255.0))[:, 0]) >= LEAST_SPAN


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#505060 #9090a0", "contrast"),
        ("#000000 #ffffff", "grey"),
        ("#200030 #a04040 #a14141 #ffe0a0", "stops too near"),
        ("#203060 #b0a020", "hues leap"),
        ("#301040 #c05070 #20a0a0 #fff0d0", "hues leap"),
        ("#ff0000 #ffff00 #00ffff", "gamut"),
        ("#101040@0 #fff0c0@0.02 #ffe0b0@1", "stops too near"),
        ("#404040@0 #e0c0b0@0.02 #fff0c0@1", "uneven"),
    ],
)
def test_the_rule_refuses_what_is_not_pretty(text: str, why: str) -> None:
    assert fault(text) == why


def test_the_rule_knows_tables_without_contrast() -> None:
    assert table_fault(table("phase")) == "contrast"
    assert table_fault(table("grey")) == "grey"
    assert {"viridis", "magma", "batlow", "vik", "twilight"} <= {*pretty_palettes()}


def test_a_number_decides_alone_and_the_rest_of_the_scene_stays() -> None:
    scene = Scene(seed=7, layers=5, radius=0.5)
    command = BY_NAME["pretty"]
    one, again = apply(command, scene, 12345), apply(command, scene, 12345)
    assert one == again != scene
    assert one == from_text(one.to_text())
    assert (one.seed, one.layers, one.radius, one.outputs) == (7, 5, 0.5, 3)
    assert drawn_stops(Random(5)) == drawn_stops(Random(5))
