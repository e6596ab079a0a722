"""A morph in the window, without one: marks, moments, playing, and the history that it leaves as it was."""

from dataclasses import replace

import pytest

from weightscape.explore.keep.history import History, Step
from weightscape.explore.morphing import WAY_S, Marks, Morphing, check_ways, name_of
from weightscape.explore.tell.morph_bar import morph_bar
from weightscape.publish import gallery
from weightscape.scene.morph import Morph
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

A, B, C = Scene(seed=1), Scene(seed=2, radius=0.3), Scene(seed=3)


def begun(*scenes: Scene, plays: bool = True) -> tuple[Morphing, History]:
    moving, history = Morphing(), History(A)
    for scene in (B, C):
        history.go(scene, 0.0)
    history.back()
    moving.begin(Morph(scenes), tuple(map(name_of, scenes)), history, plays)
    return moving, history


def test_marks_are_numbered_in_their_order_and_taken_away() -> None:
    marks, listed = Marks(), gallery.listed()[0]
    for item in (A, listed, B):
        marks.toggle(item)
    assert [marks.number(item) for item in (A, listed, B, C)] == [1, 2, 3, 0]
    assert marks.told == "3 marked: Ctrl+M morphs between them"
    marks.toggle(listed)
    assert [marks.number(item) for item in (A, listed, B)] == [1, 0, 2]
    marks.toggle(replace(A, time=0.3))  # time has run on since
    assert marks.items == [B]
    assert marks.told == "1 marked: Ctrl+M morphs from what is seen to it"
    marks.toggle(B)
    assert marks.told == "nothing is marked any more"


def test_a_refusal_names_both_and_the_field() -> None:
    with pytest.raises(SceneError, match=r"^layers: no morph from b to c: 27 and 9 differ, and a morph keeps it$"):
        check_ways((A, B, replace(C, layers=9)), ("a", "b", "c"))


def test_it_plays_to_its_end_and_once_more_from_the_beginning() -> None:
    moving, _ = begun(A, B, C)
    assert moving.advance(WAY_S) == B
    assert moving.advance(WAY_S / 2) == moving.morph.seen(0.75)  # type: ignore[union-attr]
    assert moving.is_playing
    assert moving.advance(WAY_S) == C
    assert (moving.is_playing, moving.moment) == (False, 1.0)
    moving.play()
    assert (moving.is_playing, moving.moment) == (True, 0.0)
    moving.play()
    assert not moving.is_playing


def test_a_loop_leads_back_and_the_picture_stays_where_it_is() -> None:
    moving, _ = begun(A, B)
    before = moving.go(0.4)
    assert moving.toggle_loop() == before
    assert moving.moment == pytest.approx(0.2)
    assert moving.advance(2 * WAY_S).radius == pytest.approx(before.radius)
    assert moving.is_playing
    assert moving.go(0.5) == B
    moving.go(0.9)
    assert moving.toggle_loop() == B  # on the way back, which is none any more


def test_its_film_has_a_second_of_frames_for_each_second_of_it() -> None:
    moving, _ = begun(A, B, C)
    film = moving.film()
    assert film.frames == 240
    assert (film.at(0), film.at(239)) == (A, C)
    moving.toggle_loop()
    assert moving.film().frames == 360


def test_all_of_it_is_one_step_and_leaving_brings_back_every_step() -> None:
    moving, history = begun(B, C)
    before = [*history.steps], history.place
    for moment in (0.2, 0.6):
        history.go(moving.go(moment), 0.0, moving.gesture, is_held=True)
    assert history.steps == [Step(A), Step(B), Step(moving.go(0.6))]
    edition, deeds = history.edition, history.deeds
    assert history.withdraw(*moving.left())
    assert ([*history.steps], history.place) == before
    assert not moving.is_on
    assert (history.edition, history.deeds) == (edition + 1, deeds + 1)


def test_a_second_morph_is_another_step() -> None:
    moving, history = begun(B, C)
    history.go(moving.go(0.5), 0.0, moving.gesture, is_held=True)
    kept = history.scene
    moving.end()
    moving.begin(Morph((kept, A)), ("b", "a"), history, False)
    history.go(moving.go(0.5), 0.0, moving.gesture, is_held=True)
    assert history.steps[-2].scene == kept


def test_another_deed_ends_it() -> None:
    moving, _ = begun(A, B)
    moving.meet(moving.go(0.3))
    assert moving.is_on
    moving.meet(C)
    assert not moving.is_on
    assert morph_bar(moving) is None


def test_its_bar_says_between_which_it_is() -> None:
    moving, _ = begun(A, B, C, plays=False)
    moving.go(0.75)
    bar = morph_bar(moving)
    assert bar
    assert (bar.place, bar.text, bar.marks, bar.is_playing, bar.is_loop) == (
        0.75, "seed 2 to seed 3", (0.0, 0.5, 1.0), False, False
    )  # fmt: skip
    moving.toggle_loop()
    moving.go(0.9)
    again = morph_bar(moving)
    assert again
    assert (again.text, again.is_loop, len(again.marks)) == ("seed 3 to seed 1", True, 4)


def test_names_that_are_alike_are_counted() -> None:
    moving, _ = begun(A, replace(A, radius=1.0))
    bar = morph_bar(moving)
    assert bar
    assert bar.text == "seed 1, picture 1 to 2"
    moving.toggle_loop()
    moving.go(0.8)
    back = morph_bar(moving)
    assert back
    assert back.text == "seed 1, picture 2 to 1"
