"""What is seen, in plain words."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from weightscape.engine.tile import Spent
from weightscape.explore.display import Display
from weightscape.explore.tell.words import phase, seen, status, zoomed
from weightscape.explore.touching import Touched
from weightscape.lens.weights_cell import Weight
from weightscape.network.edit import Cell
from weightscape.picture.network_memory import SHIPPED_WEIGHTS, network
from weightscape.scene.command import BY_KEY, apply
from weightscape.scene.lens_name import LENSES
from weightscape.scene.scene import Scene
from weightscape.scene.term import explained
from weightscape.scene.tour import stations
from weightscape.window.message import Piece


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "random network 43, 27 layers of 30 tanh units"),
        ({"layers": 1}, "random network 43, 1 layer"),
        ({"width": 1, "scale": 1.0}, "random network 43, 27 layers of 1 tanh unit"),
        ({"to_seed": 44}, "random network 43 turning into 44, 27 layers of 30 tanh units"),
        ({"lens": "unit", "layer": 12, "unit": 3}, "unit 3 of layer 12 of random network 43"),
        ({"lens": "unit", "before": True}, "output 0 of random network 43 before activation"),
        ({"lens": "rgb", "layer": 2}, "units 0, 1, 2 of layer 2 of random network 43"),
        ({"lens": "units", "layer": 2}, "all units of layer 2 of random network 43"),
        ({"lens": "height", "layer": 1, "unit": 3}, "landscape of unit 3 of layer 1 of random network 43"),
        ({"lens": "cut", "layer": 4}, "random network 43, 27 layers of 30 tanh units, cut at layer 4"),
        ({"lens": "stretch"}, "stretch |J| of random network 43"),
        ({"lens": "weights"}, "weights of random network 43"),
        ({"weights": "/home/me/no-such.npz"}, "no-such.npz"),
    ],
)
def test_the_network_and_the_part_of_it_are_named(fields: dict[str, Any], told: str) -> None:
    assert seen(Scene(**fields)) == told


def test_a_loaded_network_is_named_with_its_layers(tmp_path: Path) -> None:
    path = Path(shutil.copy(next(Path(str(SHIPPED_WEIGHTS)).glob("street*.npz")), tmp_path))  # nobody has read it yet
    scene = Scene(weights=str(path))
    assert seen(scene) == path.name  # nothing is read for a word
    layers = network(scene).layers
    assert seen(scene) == f"{path.name}, {layers} layers"
    assert seen(replace(scene, lens="winner")) == f"largest output of {path.name}"


def test_every_lens_says_something_of_its_own() -> None:
    told = {seen(Scene(lens=name, layer=2 if "layer" in each.fields else 0)) for name, each in LENSES.items()}
    assert len(told) == len(LENSES)


@pytest.mark.parametrize(
    ("radius", "told"),
    [
        (2.6, ""),
        (1.3, "zoom 2x"),
        (2.6e-3, "zoom 1000x"),
        (2.6e-12, "zoom 1.0e12x"),
        (26.0, "zoom 1/10x"),
        (2.6e9, "zoom 1/1.0e9x"),
    ],
)
def test_the_radius_is_told_as_a_zoom(radius: float, told: str) -> None:
    assert zoomed(Scene(radius=radius)) == told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {},
            (
                "chaotic",
                "chaotic",
                "Here a small distance grows to 1.2 times its size in every layer, and sums settle at about 1.8. "
                "In the theory: q* 3.07, χ1 1.42, depth 2.9 layers",
            ),
        ),
        (
            {"scale": 0.3},
            (
                "calm",
                "calm",
                "Here a small distance shrinks to 0.87 times its size in every layer, and sums settle at about 0.34. "
                "In the theory: q* 0.116, χ1 0.749, depth 3.5 layers",
            ),
        ),
        ({"layers": 2}, None),
        ({"weights": "a.npz"}, None),
    ],
)
def test_the_phase_of_a_random_network_is_a_chip(fields: dict[str, Any], told: tuple[str, str, str] | None) -> None:
    piece = phase(Scene(**fields))
    assert (piece and (piece.text, piece.tone, piece.hint)) == told


def test_on_the_edge_a_small_distance_stays() -> None:
    piece = phase(Scene(scale=0.43))
    assert piece
    assert piece.hint.startswith("Here a small distance stays about the same in every layer, and sums settle at about ")


def test_where_values_grow_without_end_the_chip_says_nothing_of_their_size() -> None:
    piece = phase(Scene(activation="relu", scale=2.0))
    assert piece
    assert piece.hint.startswith("Here a small distance grows to ")
    assert "settle" not in piece.hint
    assert "q*" not in piece.hint


def test_the_station_about_order_and_chaos_begins_calm_and_its_key_crosses_the_edge() -> None:
    (station,) = (each for each in stations() if each.title == "From order to static")
    scene, tones = station.scene, []
    for _ in range(12):
        piece = phase(scene)
        assert piece
        tones += [piece.text] if piece.text not in tones else []
        scene = apply(BY_KEY[station.keys[0]], scene, 0)
    assert tones == ["calm", "edge of chaos", "chaotic"]
    assert all(word in station.trial for word in ("calm", "edge", "chaotic"))


def test_the_first_piece_has_all_facts_in_its_hint_and_the_article_its_name() -> None:
    facts = Piece("5 digits", "truth"), Piece("", "work"), Piece("numpy: asked for", "engine")
    pieces = status(Scene(radius=1.3, angle=30.0, inputs=("x", "y", "cos_t")), facts, "Figure 11")
    assert pieces[0].text == "Figure 11: random network 43, 27 layers of 30 tanh units"
    assert [piece.name for piece in pieces] == ["seen", "zoom", "angle", "time", "scale", "tied"]
    for text in ("zoom 2x", "turned 30°", "time 0.000", "scale 0.7", "tied", "radius 1.3", "5 digits", "numpy: asked"):
        assert text in pieces[0].hint
    assert " ·  · " not in pieces[0].hint


def test_every_piece_of_the_line_is_explained() -> None:
    explorer: Any = SimpleNamespace(
        painter=SimpleNamespace(choice=None, spent=Spent(cpu_s=1.0), truth=None),
        errands=SimpleNamespace(name="diving"),
        flow=SimpleNamespace(is_on=False),
        frames=[1.0, 2.0],
        recorded="0:12",
        written=("37 %", ""),
        is_late=False,
        touching=SimpleNamespace(held=Touched(Weight(Cell(2, 1, 3), 2, 0.5, 0.4)), is_swinging=False),
        sheeting=SimpleNamespace(is_on=False),
        scene=Scene(lens="weights"),
    )
    display = Display.__new__(Display)
    display._explorer = explorer
    scene = Scene(radius=1.0, angle=3.0, inputs=("x", "y", "cos_t"), beside='{"seed": 44}')
    facts, pinned, chip = display._facts(), display._pinned(), phase(scene)
    assert [piece.name for piece in facts] == ["truth", "work", "speed", "engine"]
    told = [
        ("weight", "weight 2:1:3: 0.5"),
        ("progress", "diving …"),
        ("progress", "poster 37 %"),
        ("recording", "REC 0:12"),
    ]
    assert [(piece.name, piece.text) for piece in pinned[:4]] == told
    assert chip
    pieces = (*status(scene, facts), chip, *facts, *pinned)
    assert len(pieces) == 17
    assert all(explained(f"status={piece.name}") for piece in pieces)
