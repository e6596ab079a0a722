"""What helps where a lens cannot show a network, or shows nothing, is what the key does that it names."""

from dataclasses import replace

import pytest

from weightscape.lens.remedy import Remedy, Seen, hint, remedy
from weightscape.scene.command import BY_KEY, apply
from weightscape.scene.mean_field import of_scene
from weightscape.scene.scene import Scene

SIZE = (640, 400)


@pytest.mark.parametrize(
    ("scene", "key", "words"),
    [
        (Scene(lens="regions"), "a", "J wants relu, leaky_relu or abs: press A (2x), or Enter"),
        (Scene(lens="regions", activation="sigmoid"), "a", "press A, or Enter"),
        (Scene(lens="regions", layers=1), "o", "press O"),
    ],
)
def test_the_key_is_named_and_how_often(scene: Scene, key: str, words: str) -> None:
    found = remedy(scene)
    assert found
    assert words in found.text
    pressed = scene
    while pressed != found.scene:
        assert remedy(pressed)
        pressed = apply(BY_KEY[key], pressed, 0)
    assert remedy(found.scene) is None


def test_the_winner_of_one_output_has_two_sides() -> None:
    assert remedy(Scene(lens="winner", outputs=1)) is None
    assert remedy(Scene(lens="winner", weights="a.npz"), is_refused=True) is None


def test_what_is_loaded_stays_and_another_lens_is_offered() -> None:
    scene, key = Scene(lens="regions", weights="a.npz"), "q"
    assert remedy(scene) is None, "perhaps the lens can show it"
    found = remedy(scene, is_refused=True)
    assert found
    assert f"press {key.upper()}, or Enter" in found.text
    assert found.scene == apply(BY_KEY[key], scene, 0)
    assert remedy(Scene(lens="unit", layer=99), is_refused=True) is None


def test_a_loaded_network_whose_file_tells_no_activation_gets_another_by_its_key() -> None:
    scene = Scene(lens="regions", weights="a.npz")
    found = remedy(scene, is_refused=True, free=("activation",))
    assert found
    assert "J wants relu, leaky_relu or abs: press A (2x), or Enter" in found.text
    assert found.scene == replace(scene, activation="relu")
    other = remedy(found.scene, is_refused=True, free=("activation",))
    assert other
    assert "press Q, or Enter" in other.text, "the activation is not to blame"


def told(scene: Scene, seen: Seen | None = None, layers: int = 0) -> Remedy | None:
    return hint(scene, layers or scene.layers, seen, SIZE)


@pytest.mark.parametrize("lens", ["cut", "rgb", "norms"])
def test_of_one_layer_more_are_offered(lens: str) -> None:
    found = told(Scene(layers=1, lens=lens))
    assert found
    assert "of one layer" in found.text
    assert "press ]" in found.text
    assert found.scene.layers > 1
    assert told(found.scene) is None
    assert told(Scene(layers=1, lens="unit")) is None


def test_an_output_layer_that_reads_what_it_has_not_learnt_is_told() -> None:
    scene = Scene(lens="cut", layer=1, weights="a.npz")
    found = told(scene, layers=3)
    assert found
    assert (found.scene.lens, found.scene.layer) == ("units", 1)
    assert told(replace(scene, layer=3), layers=3) is None


def test_what_is_flat_is_stretched_and_what_is_quite_flat_is_woken() -> None:
    thin, nearly, quite = Scene(width=1), Seen(1e-6, 1.0), Seen(0.0, 1.0)
    found = told(thin, nearly)
    assert found
    assert found.text == "flat: press L to stretch it, the up arrow to wake it, or Enter"
    assert found.scene == apply(BY_KEY["l"], thin, 0)
    assert told(found.scene, nearly) is None
    assert told(thin, Seen(0.5, 1.0)) is None
    assert told(replace(thin, weights="a.npz"), quite) is None
    wide = told(replace(thin, lens="winner"), nearly)
    assert wide
    assert "press }" in wide.text
    assert wide.scene.width >= 8
    assert told(replace(thin, lens="probe"), quite) is None, "one point has no range"
    small = Scene(scale=0.1)
    woken = told(small, quite)
    assert woken
    assert "press the up arrow" in woken.text
    assert of_scene(small).phase == "ordered"
    assert of_scene(woken.scene).phase == "chaotic"


def test_what_is_flat_deep_inside_is_told_the_way_back() -> None:
    deep, nearly = Scene(radius=1e-6), Seen(1e-6, 1.0)
    found = told(deep, nearly)
    assert found
    assert found.text == "flat this deep: press L to stretch it, Home to go back out, or Enter"
    assert found.scene == apply(BY_KEY["l"], deep, 0)
    assert told(found.scene, nearly) is None
    gone = told(replace(deep, weights="a.npz"), Seen(0.0, 1.0))
    assert gone
    assert "press Home" in gone.text
    assert gone.scene == apply(BY_KEY["home"], replace(deep, weights="a.npz"), 0)


def test_gravel_is_zoomed_into_until_something_is_seen() -> None:
    scene = Scene(lens="height", layers=80)
    pixel = 2.0 * scene.radius / min(SIZE)
    found = told(scene, Seen(0.5, 0.1 * pixel))
    assert found
    assert "finer than a pixel: press Z" in found.text
    assert "Backspace goes back" in found.text
    assert 0.1 * pixel / (2.0 * found.scene.radius / min(SIZE)) == pytest.approx(12.0)
    assert told(scene, Seen(0.5, 3.0 * pixel)) is None
    assert told(replace(scene, lens="outputs"), Seen(0.5, 0.1 * pixel)) is None
