"""What helps where a lens cannot show a network is what the key does that it names."""

import pytest

from weightscape.explore.remedy import remedy
from weightscape.scene.command import BY_KEY, apply
from weightscape.scene.scene import Scene


@pytest.mark.parametrize(
    ("scene", "key", "words"),
    [
        (Scene(lens="regions"), "a", "J wants relu, leaky_relu or abs: press A (2x), or Enter"),
        (Scene(lens="regions", activation="sigmoid"), "a", "press A, or Enter"),
        (Scene(lens="regions", layers=1), "o", "press O"),
        (Scene(lens="winner", outputs=1, palette="grey"), "c", "G wants three outputs: press C, or Enter"),
        (Scene(lens="winner", outputs=1), "c", "press C (5x)"),
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


def test_what_is_loaded_cannot_be_helped_by_a_key() -> None:
    assert remedy(Scene(lens="regions", weights="a.npz")) is None
    assert remedy(Scene(lens="unit", layer=99)) is None
