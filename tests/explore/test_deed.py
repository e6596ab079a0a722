"""The words of the history strip: what differs between two steps, for people."""

from dataclasses import replace
from itertools import pairwise

import pytest

from weightscape.explore.keep.history import Step
from weightscape.explore.tell.deed import deed, label
from weightscape.publish import gallery
from weightscape.scene.breed import turned
from weightscape.scene.command import COMMANDS, apply
from weightscape.scene.figure import FIGURES
from weightscape.scene.scene import Scene

START = Scene()


@pytest.mark.parametrize(
    ("changes", "text", "short"),
    [
        ({"seed": 17}, "seed 43 to 17", "seed 17"),
        ({"layers": 28}, "27 to 28 layers", "28 layers"),
        ({"layers": 1}, "27 to 1 layer", "1 layer"),
        ({"radius": 1.3}, "radius 2.6 to 1.3", "radius 1.3"),
        ({"radius": 1.3, "center": ("1", "0")}, "radius 2.6 to 1.3", "radius 1.3"),
        ({"center": ("1", "0")}, "moved", "moved"),
        ({"activation": "relu", "scale": 0.5}, "tanh to relu, scale 0.7 to 0.5", "relu"),
        ({"tied": False}, "independent", "independent"),
        ({"lens": "cut", "layer": 13}, "lens outputs to cut", "lens cut"),
        ({"layer": 13}, "layer output to 13", "layer 13"),
        ({"beside": "{}"}, "split view", "split view"),
        ({"angle": 5.0}, "angle 0° to 5°", "angle 5°"),
        ({"output_activation": "tanh"}, "output sigmoid to tanh", "output tanh"),
        ({"weights": "nets/own.npz"}, "opened own.npz", "own.npz"),
        ({"probe": (0.1, 0.2)}, "another point", "another point"),
        ({"seed": 5, "layers": 3, "width": 8, "scale": 0.5}, "another network: seed 5, 3 × 8 tanh", "3 × 8 tanh"),
        (
            {"seed": 5, "scale": 0.5, "shape": "normal", "tied": False},
            "another network: seed 5, 27 × 30 tanh",
            "seed 5",
        ),
        ({"lens": "height"}, "lens outputs to landscape", "lens landscape"),
    ],
)
def test_what_differs_is_told_in_words(changes: dict[str, object], text: str, short: str) -> None:
    steps = Step(START), Step(replace(START, **changes))  # type: ignore[arg-type]
    assert (deed(*steps), label(*steps)) == (text, short)


def test_a_turn_of_the_weights_is_told_in_degrees() -> None:
    near = turned(START, 12.0, 5)
    assert deed(Step(START), Step(near)) == "weights turned 12°"
    assert label(Step(START), Step(near)) == "turned 12°"
    assert deed(Step(START), Step(turned(START, 90.0, 5))) == "seed 43 to 5"
    changed = replace(near, activation="sin", layers=28)
    assert deed(Step(START), Step(changed)) == "weights turned 12°, 27 to 28 layers, tanh to sin"


def test_bred_steps_tell_their_ancestry() -> None:
    child, cross = Step(turned(START, 12.0, 5), bred="child"), Step(turned(START, 9.0, 6), bred="cross of a and b")
    assert (deed(Step(START), child), label(Step(START), child)) == ("child: weights turned 12°", "child")
    assert (deed(Step(START), cross), label(Step(START), cross)) == ("cross of a and b: weights turned 9°", "cross")
    paused = replace(child, is_paused=True)
    assert (deed(child, paused), label(child, paused)) == ("paused", "paused")


def test_pause_and_panel_are_deeds() -> None:
    assert deed(Step(START), Step(START, is_paused=True)) == "paused"
    assert deed(Step(START, is_paused=True), Step(START)) == "time runs"
    assert deed(Step(START), Step(START, is_paneled=True)) == "panel opened"
    assert label(Step(START, is_paneled=True), Step(START)) == "panel closed"


def test_another_half_is_no_new_split_view() -> None:
    one, other = (Step(replace(START, beside=f'{{"seed": {seed}}}')) for seed in (1, 2))
    assert (deed(one, other), label(one, other)) == ("the other half", "the other half")


def test_the_figures_of_the_article_can_be_told_apart() -> None:
    scenes = list(dict.fromkeys(panel.scene for figure in FIGURES for panel in figure.panels))
    told = [label(Step(one), Step(two)) for one, two in pairwise(scenes)]
    assert len(told) > 30
    for name, (one, two) in zip(told, pairwise(scenes), strict=True):
        assert one.seed != two.seed or "seed" not in name


def test_leaving_a_loaded_network_names_the_seed() -> None:
    assert deed(Step(Scene(weights="a.npz")), Step(Scene(seed=5))) == "a random network, seed 5"


def test_many_changes_are_cut_short() -> None:
    changed = replace(START, angle=5.0, levels="auto", quantise="floor", palette="magma")
    assert deed(Step(START), Step(changed)).endswith(", …")


def test_every_command_that_changes_a_scene_has_words() -> None:
    scenes = [START, *(gallery.scene(each.file) for each in gallery.presets())]
    told = [
        deed(Step(scene), Step(new))
        for scene in scenes
        for command in COMMANDS
        if command.change and (new := apply(command, scene, 7)) != scene
    ]
    assert len(told) > 200
    assert all(0 < len(text) < 100 for text in told)
