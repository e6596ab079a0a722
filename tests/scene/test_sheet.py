"""A single weight in an animation and on a sheet."""

import pytest

from weightscape.network.edit import Cell, edits_of
from weightscape.scene.animation import Animation, Track
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.sheet import varied

NAME, CELL = "edits.2:5:3", Cell(2, 5, 3)
SCENE = Scene(layers=4, width=8, edits="1:0:0=0.5")


def test_one_weight_runs_beside_those_that_stay() -> None:
    film = Animation(SCENE, (Track(NAME, ("-1", "1", "-1")), Track("edits.1:0:1", (0, 2, 0))), 4)
    assert film.loop
    edits = [edits_of(film.at(k).edits) for k in range(4)]
    assert [each[CELL] for each in edits] == [-1.0, 0.0, 1.0, 0.0]
    assert [each[Cell(1, 0, 1)] for each in edits] == [0.0, 1.0, 2.0, 1.0]
    assert {each[Cell(1, 0, 0)] for each in edits} == {0.5}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("edits", "1:0:0=1", "does not vary"),
        ("edits.1:0", "1", "is not LAYER:INPUT:UNIT"),
        ("edits.1:0:3", "2e6", "a value within"),
        ("edits.1:0:3", "much", "a value within"),
    ],
)
def test_what_is_no_weight_or_no_number_is_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(SceneError, match=said):
        Animation(SCENE, (Track(name, ("0", value)),), 3)


def test_a_sheet_runs_from_left_to_right_and_from_the_bottom_to_the_top() -> None:
    found = varied(SCENE, Track(NAME, ("-1", "1")), Track("radius", (1.0, 4.0)), 3, 3)
    assert [edits_of(each.scene.edits)[CELL] for each in found[:3]] == [-1.0, 0.0, 1.0]
    assert [each.scene.radius for each in found[::3]] == pytest.approx([4.0, 2.0, 1.0])
    assert (found[0].across, found[0].up) == ("edits.2:5:3 = -1", "radius = 4")
    assert len(varied(SCENE, Track(NAME, ("-1", "1")), Track("radius", (1.0, 4.0)), 1, 1)) == 1
