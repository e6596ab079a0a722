"""One weight, without a window: what a step of the wheel does, how it swings, and the sheet of two."""

import json
from dataclasses import replace

import numpy as np
import pytest

from weightscape.explore.keep.history import History, Step
from weightscape.explore.sheeting import MIDDLE, SIDE, SPREADS, START, Sheeting
from weightscape.explore.tell.deed import deed
from weightscape.explore.touching import PERIOD_S, REACH, REDUCED_S, STEP, Touched, Touching
from weightscape.lens.split import other
from weightscape.lens.weights_cell import Weight
from weightscape.network.edit import MAX_EDITS, Cell, edits_of
from weightscape.scene.scene import Scene, from_text

SCENE = Scene(layers=4, width=6, tied=False, lens="weights")
WEIGHT = Weight(Cell(2, 1, 3), 2, 0.31234567, 0.4)
OTHER = Weight(Cell(3, 0, 5), 3, -0.2, 0.5)
TOUCHED = Touched(WEIGHT)


def nothing() -> None:
    """Wake nobody."""


def stepped(scene: Scene, steps: float) -> Scene:
    return TOUCHED.set_to(scene, TOUCHED.stepped(scene, steps))


def test_steps_add_up_and_back_again_the_edit_is_gone() -> None:
    scene = SCENE
    for _ in range(7):
        scene = stepped(scene, STEP)
    assert TOUCHED.value(scene) == pytest.approx(WEIGHT.original + 7 * STEP * 0.4, abs=1e-4)
    assert from_text(scene.to_text()) == scene
    for _ in range(7):
        scene = stepped(scene, -STEP)
    assert scene == SCENE


def test_on_the_way_through_it_stops_at_what_it_was() -> None:
    scene = TOUCHED.set_to(SCENE, WEIGHT.original + 0.03)
    assert stepped(scene, -1.0) == SCENE
    assert TOUCHED.value(stepped(SCENE, -1.0)) == pytest.approx(WEIGHT.original - 0.4, abs=1e-4)
    assert TOUCHED.value(stepped(SCENE, 1e9)) == 1e6


def test_it_tells_what_it_is_and_was() -> None:
    assert TOUCHED.told(SCENE) == "weight 2:1:3: 0.3123"
    assert TOUCHED.told(TOUCHED.set_to(SCENE, 1.0)) == "weight 2:1:3: 1 (was 0.3123)"
    assert Touched(replace(WEIGHT, last=9)).told(SCENE) == "weight 2:1:3: 0.3123, the same in layers 2 to 9"
    assert deed(Step(SCENE), Step(TOUCHED.set_to(SCENE, 1.0))) == "weight 2:1:3: 1"
    assert deed(Step(TOUCHED.set_to(SCENE, 1.0)), Step(SCENE)) == "weight 2:1:3: as it was"


def test_of_a_split_view_the_half_changes_that_the_weight_is_of() -> None:
    shared = replace(SCENE, beside=json.dumps({"lens": "outputs"}))
    both = TOUCHED.set_to(shared, 1.0)
    assert both.edits == other(both).edits == "2:1:3=1.0"
    own = replace(SCENE, beside=json.dumps({"edits": "", "seed": 5}))
    right = replace(TOUCHED, is_other=True).set_to(own, 1.0)
    assert (right.edits, other(right).edits) == ("", "2:1:3=1.0")
    left = TOUCHED.set_to(own, 1.0)
    assert (left.edits, other(left).edits) == ("2:1:3=1.0", "")


@pytest.mark.parametrize(("is_reduced", "period_s"), [(False, PERIOD_S), (True, REDUCED_S)])
@pytest.mark.parametrize("start", [WEIGHT.original, 0.9, -7.0])
def test_it_swings_about_what_it_was_from_where_it_is(start: float, is_reduced: bool, period_s: float) -> None:
    touching, scene = Touching(nothing), TOUCHED.set_to(SCENE, start)
    history = History(scene)
    touching.swing(TOUCHED, scene, history, is_reduced)
    assert TOUCHED.value(touching.advance(scene, 0.0)) == pytest.approx(start, abs=1e-4)
    found = [TOUCHED.value(touching.advance(scene, period_s / 200)) for _ in range(200)]
    reach = max(REACH * WEIGHT.deviation, abs(start - WEIGHT.original))
    assert max(found) == pytest.approx(WEIGHT.original + reach, abs=1e-3 * reach)
    assert min(found) == pytest.approx(WEIGHT.original - reach, abs=1e-3 * reach)
    assert found[-1] == pytest.approx(start, abs=1e-4)
    assert np.abs(np.diff(found)).max() < 1.01 * reach * 2 * np.pi / 200


def test_another_deed_ends_a_swing_and_giving_up_tells_the_steps_from_before() -> None:
    touching, history = Touching(nothing), History(SCENE)
    touching.swing(TOUCHED, SCENE, history, False)
    seen = touching.advance(SCENE, 0.5)
    touching.meet(seen)
    assert touching.is_swinging
    touching.meet(replace(seen, radius=1.0))
    assert not touching.is_swinging
    touching.swing(TOUCHED, SCENE, history, False)
    assert touching.left() == ((Step(SCENE),), 0)
    assert not touching.is_swinging


def sheet(scene: Scene = SCENE) -> Sheeting:
    found = Sheeting()
    found.begin((TOUCHED, Touched(OTHER)), scene, "outputs")
    return found


def test_a_sheet_has_the_present_in_its_middle_and_one_weight_along_each_side() -> None:
    found = sheet()
    members = found.members(SCENE)
    assert len(members) == SIDE * SIDE == len(set(members))
    assert members[MIDDLE] == replace(SCENE, lens="outputs")
    edits = [edits_of(each.edits) for each in members]
    across = [row.get(WEIGHT.cell, WEIGHT.original) for row in edits[:SIDE]]
    up = [row.get(OTHER.cell, OTHER.original) for row in edits[::SIDE]]
    assert across == pytest.approx([WEIGHT.original + k * 0.4 for k in range(-2, 3)], abs=1e-4)
    assert up == pytest.approx([OTHER.original + k * 0.5 for k in range(2, -3, -1)], abs=1e-4)
    for each in members:
        assert from_text(each.to_text()) == each
    for n in range(SIDE * SIDE):
        assert found.taken(SCENE, n) == replace(SCENE, edits=members[n].edits)


def test_a_sheet_follows_the_view_and_ends_with_another_scene() -> None:
    found, moved = sheet(), replace(SCENE, radius=0.5)
    found.meet(moved)
    assert {each.radius for each in found.members(moved)} == {0.5}
    found.meet(replace(SCENE, seed=44))
    assert not found.is_on
    assert found.staged(SCENE) is SCENE


def test_a_sheet_is_set_farther_apart_up_to_an_end() -> None:
    found = sheet()
    assert found.wider(1)
    assert found.values(MIDDLE + 1)[0] == pytest.approx(WEIGHT.original + SPREADS[START + 1] * 0.4, abs=1e-4)
    found.wider(99)
    assert not found.wider(1)


def test_arrows_walk_within_the_sheet() -> None:
    found = sheet()
    for _ in range(SIDE):
        found.walk(1, 0)
    found.walk(0, -1)
    assert found.chosen == MIDDLE + 2 - SIDE


def test_two_new_weights_need_room_among_the_64() -> None:
    full = replace(SCENE, width=70, edits=",".join(f"3:{k}:1=1" for k in range(MAX_EDITS - 1)))
    with pytest.raises(ValueError, match="which is the limit"):
        sheet(full).staged(full)
