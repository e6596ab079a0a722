"""A choice that is looked at: which scene is seen, how long, and what is told where there is none."""

import pytest

from weightscape.explore.preview import Preview, with_changes
from weightscape.scene.command import BY_NAME, LENS_KEYS, apply
from weightscape.scene.scene import Scene

START = Scene(layers=5, width=8)


def test_a_choice_is_seen_until_the_hand_leaves() -> None:
    preview = Preview()
    assert not preview.look(START, "", "")
    assert preview.look(START, "shape", "normal")
    assert preview.scene == with_changes(START, {"shape": "normal"})
    assert not preview.look(START, "shape", "normal")
    assert preview.look(START, "", "")
    assert preview.scene is None


def test_another_scene_is_seen_with_the_same_choice() -> None:
    preview = Preview()
    preview.look(START, "shape", "normal")
    other = Scene(seed=7)
    assert preview.look(other, "shape", "normal")
    assert preview.scene == with_changes(other, {"shape": "normal"})


def test_what_cannot_be_is_told_once_and_not_seen() -> None:
    preview = Preview()
    assert preview.look(START, "shape", "normal")
    assert preview.look(START, "shape", "soup")
    assert preview.scene is None
    assert "soup" in preview.take_fault()
    assert not preview.look(START, "shape", "soup")
    assert preview.take_fault() == ""


def test_what_was_refused_is_not_tried_again_before_another_one() -> None:
    preview = Preview()
    preview.look(START, "lens", "regions")
    preview.end()
    assert not preview.look(START, "lens", "regions")
    assert preview.scene is None
    assert preview.look(START, "lens", "atlas")


def test_it_is_on_the_screen_until_the_next_picture_has_come() -> None:
    preview = Preview()
    assert not preview.is_on_screen(is_whole=False)
    preview.look(START, "shape", "normal")
    assert preview.is_on_screen(is_whole=True)
    preview.look(START, "", "")
    assert preview.is_on_screen(is_whole=False)
    assert not preview.is_on_screen(is_whole=True)
    assert not preview.is_on_screen(is_whole=False)


@pytest.mark.parametrize("lens", LENS_KEYS)
def test_a_lens_that_is_chosen_looks_at_a_layer_as_by_its_key(lens: str) -> None:
    assert with_changes(START, {"lens": lens}) == apply(BY_NAME[lens], START, 0)
    assert with_changes(with_changes(START, {"lens": lens}), {"lens": "outputs"}).lens == "outputs"
