"""What to press: of a scene, of one half of a split view, of a loaded network; and where a key leads at first."""

import json
from dataclasses import replace

import numpy as np
import pytest

from weightscape.explore.act.start import started, told
from weightscape.explore.tell.advice import helping, hinting, is_refused, seen
from weightscape.lens.region import TOO_MANY, hidden, seen_pieces
from weightscape.lens.remedy import Remedy, Seen
from weightscape.lens.split import other
from weightscape.network.pattern import pattern
from weightscape.picture.network_memory import network
from weightscape.publish import gallery
from weightscape.scene.command import BY_KEY, apply
from weightscape.scene.scene import Scene

SIZE = (640, 400)
DIGITS, LIGHT = gallery.scene("digits"), gallery.scene("street-light")


def test_only_what_a_lens_refuses_of_a_loaded_network_is_helped() -> None:
    scene = replace(DIGITS, lens="regions")
    assert is_refused(scene)
    found = helping(scene, "its pieces are not flat")
    assert found
    assert found.scene.lens == "stretch"
    assert helping(replace(LIGHT, lens="regions"), "there is no such file") is None
    assert not is_refused(replace(LIGHT, lens="winner"))
    assert not is_refused(Scene(weights="nowhere.npz", lens="regions"))


@pytest.mark.parametrize("right", [{"activation": "relu"}, {"activation": "tanh"}])
def test_in_a_split_view_the_half_that_cannot_be_shown_is_helped(right: dict[str, str]) -> None:
    left = "tanh" if right["activation"] == "relu" else "relu"
    scene = Scene(lens="regions", activation=left, beside=json.dumps(right))
    found = helping(scene, "")
    assert found
    assert "press A" in found.text
    assert found.scene.activation == other(found.scene).activation == "relu"
    assert helping(found.scene, "") is None


def test_gravel_is_told_from_the_steepness_of_the_whole_view() -> None:
    deep, plain = Scene(lens="height", layers=80), Scene(lens="height", layers=12)
    found = looked(deep)
    assert found
    assert "finer than a pixel" in found.text
    assert looked(found.scene) is None
    assert looked(plain) is None
    assert looked(replace(deep, width=200)), "a large network is looked at, too"
    assert hinting(replace(deep, beside="{}"), seen(deep, 0.9, SIZE), SIZE) is None
    assert hinting(deep, None, SIZE) is None, "nothing is known yet"


def test_pieces_finer_than_a_pixel_are_zoomed_into_until_they_are_seen() -> None:
    fine = Scene(lens="regions", activation="relu", rule="he", tied=False, layers=12, width=300, radius=40.0)
    found = looked(fine)
    assert found
    assert found.text == "finer than a pixel: press Z to zoom in (Backspace goes back), or Enter"
    assert counted(fine) > TOO_MANY * 64 * 64
    assert counted(found.scene) < TOO_MANY * 64 * 64 / 4
    assert looked(found.scene) is None
    assert looked(replace(fine, layers=2, width=8)) is None


def test_a_hint_of_a_network_that_is_not_read_yet_waits_for_nothing() -> None:
    assert hinting(Scene(weights="nowhere.npz", lens="cut", layer=2), None, SIZE) is None


def test_stretches_beyond_the_colours_are_told_apart() -> None:
    scene = Scene(lens="stretch", layers=1)
    found = hinting(scene, Seen(1.0, 0.0, is_beyond=True), SIZE)
    assert found
    assert found.scene == apply(BY_KEY["l"], scene, 0)
    assert hinting(found.scene, Seen(1.0, 0.0, is_beyond=True), SIZE) is None


def counted(scene: Scene) -> int:
    """Count the pieces that are seen in the middle 64 x 64 pixels."""
    steps = 2.0 * scene.radius / min(SIZE) * np.arange(-32, 32)
    points = np.stack(np.meshgrid(steps, steps), -1) + np.array([float(each) for each in scene.center])
    return seen_pieces(pattern(hidden(scene, network(scene)), points))


def looked(scene: Scene) -> Remedy | None:
    return hinting(scene, seen(scene, 0.9, SIZE), SIZE)


def test_a_landscape_of_a_loaded_network_begins_with_the_largest_output() -> None:
    high = apply(BY_KEY["y"], DIGITS, 0)
    best = started(DIGITS, high).unit
    centre = replace(DIGITS, probe=(0.0, 0.0))
    x, y = (float(each) for each in centre.center)
    point = [o + x * u + y * v for o, u, v in zip(DIGITS.origin, DIGITS.u, DIGITS.v, strict=True)]
    assert best == network(DIGITS)(point).argmax() == 5
    assert started(Scene(), replace(Scene(), lens="height")).unit == 0


def test_a_layer_of_a_loaded_network_is_a_middle_one_or_the_one_before() -> None:
    deep = replace(DIGITS, lens="unit", layer=2)
    assert started(DIGITS, apply(BY_KEY["u"], DIGITS, 0)).layer == 1
    assert started(deep, apply(BY_KEY["m"], deep, 0)).layer == 2
    missing = Scene(weights="nowhere.npz")
    assert started(missing, apply(BY_KEY["m"], missing, 0)).layer == 1


def test_a_new_split_view_and_pictures_that_can_be_clicked_are_told() -> None:
    split = apply(BY_KEY["b"], Scene(), 0)
    assert (
        told(Scene(), split)
        == "on the right: the same recipe with independent layers; it stays, and keys change the left"
    )
    assert told(Scene(), split, is_stacked=True).startswith("below: the same recipe with independent layers; it stays")
    assert told(split, replace(split, seed=7)) == ""
    assert "all units of a layer" in told(DIGITS, apply(BY_KEY["b"], DIGITS, 0))
    assert "on the right: seed 44" in told(Scene(), replace(Scene(), beside='{"seed": 44}'))
    assert told(Scene(), replace(Scene(), lens="atlas")) == "a click enlarges a unit"
    assert told(Scene(), replace(Scene(), lens="cut")) == ""
