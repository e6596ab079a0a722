"""Faults are told in a sentence: our own as they are, others by name."""

import pytest

from weightscape.picture.fault import sentence
from weightscape.scene.scene_error import SceneError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SceneError("layer", "9 is not in 0..4"), "layer: 9 is not in 0..4"),
        (SceneError("lens", "it wants more"), "it wants more"),
        (KeyError("x"), "saving: KeyError: 'x'"),
        (MemoryError(), "saving: MemoryError"),
        (ValueError(), "saving: ValueError"),
    ],
)
def test_an_error_is_a_sentence(error: Exception, told: str) -> None:
    assert sentence(error, "saving") == told
