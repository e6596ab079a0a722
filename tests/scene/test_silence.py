"""Units are silenced and heard again: each the other's exact undoing, up to the limit."""

from dataclasses import replace

import pytest

from weightscape.network.edit import MAX_EDITS, Unit
from weightscape.scene.scene import Scene, from_text
from weightscape.scene.scene_error import SceneError
from weightscape.scene.silence import is_silenced, silenced_in, toggled

SCENE = Scene(layers=5, width=100)


def test_silencing_twice_is_the_scene_before_and_its_text_holds_it() -> None:
    once = toggled(toggled(SCENE, Unit(2, 5)), Unit(1, 7))
    assert once.silenced == "1:7,2:5"
    assert is_silenced(once, Unit(2, 5))
    assert not is_silenced(once, Unit(2, 7))
    assert from_text(once.to_text()) == once
    assert toggled(toggled(once, Unit(2, 5)), Unit(1, 7)) == SCENE


def test_layers_of_an_atlas_count_from_0() -> None:
    scene = replace(SCENE, silenced="1:7,2:5,2:9")
    assert [silenced_in(scene, layer) for layer in range(3)] == [{7}, {5, 9}, set()]


def test_one_more_than_the_limit_is_refused_and_one_of_them_may_come_back() -> None:
    full = replace(SCENE, silenced=",".join(f"1:{n}" for n in range(MAX_EDITS)))
    with pytest.raises(SceneError, match="64 units are silenced, the limit"):
        toggled(full, Unit(2, 0))
    assert silenced_in(toggled(full, Unit(1, 3)), 0) == {*range(MAX_EDITS)} - {3}
