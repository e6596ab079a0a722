"""The strip of all steps: what each says, which is framed, and that only what is seen is drawn."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from patience import until

from weightscape.explore.keep.history import History
from weightscape.explore.paint.artist import Thumbnail
from weightscape.explore.tell import past
from weightscape.explore.tell.past import BESIDE, PER_TURN, Past
from weightscape.scene.scene import Scene


class Drawn:
    """Stand for the artist's hand: remember what was drawn, and give it numbers."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.pixels: list[Thumbnail] = []

    def draw(self, scene: Scene, size: tuple[int, int], _: Callable[[], bool]) -> Thumbnail:
        self.scenes.append(scene)
        return np.zeros((*size, 3), np.uint8)

    def keep(self, pixels: Thumbnail) -> int:
        self.pixels.append(pixels)
        return len(self.pixels)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    hand = Drawn()
    monkeypatch.setattr(past, "thumbnail", hand.draw)
    return hand


@pytest.fixture
def strip(drawn: Drawn) -> Iterator[Past]:
    stars = SimpleNamespace(is_starred={Scene(seed=1)}.__contains__)
    strip = Past(lambda: None, drawn.keep, lambda number: None, stars)
    yield strip
    strip.close()


def walked(steps: int) -> History:
    history = History(Scene())
    for n in range(1, steps):
        history.go(Scene(seed=n), 0.0)
    return history


def test_of_500_steps_only_those_that_are_seen_are_drawn_and_described(strip: Past, drawn: Drawn) -> None:
    history = walked(500)
    seen = range(489, 500)
    until(lambda: all(thumb.texture for thumb in strip.thumbs(history, seen)[489:]), "the pictures")
    thumbs = strip.thumbs(history, seen)
    assert len(thumbs) == 500
    assert [n for n, thumb in enumerate(thumbs) if thumb.label] == [*seen]
    assert [n for n, thumb in enumerate(thumbs) if thumb.is_current] == [499]
    assert (thumbs[490].label, thumbs[490].hint) == ("seed 490", "seed 489 to 490")
    until(lambda: len(drawn.scenes) == len(seen) + BESIDE, "those beside them")
    assert {scene.seed for scene in drawn.scenes} == {*range(489 - BESIDE, 500)}
    assert drawn.scenes[0].seed == 499  # where we are first


def test_before_anything_is_seen_nothing_but_the_current_place_is_told(strip: Past, drawn: Drawn) -> None:
    history = walked(100)
    history.jump(40)
    thumbs = strip.thumbs(history, range(0))
    assert [n for n, thumb in enumerate(thumbs) if thumb.is_current] == [40]
    assert {thumb.label for thumb in thumbs} == {""}


def test_those_gone_back_from_are_there_too(strip: Past) -> None:
    history = walked(4)
    history.jump(1)
    assert [thumb.label for thumb in strip.thumbs(history, range(4))] == ["the first", "seed 1", "seed 2", "seed 3"]


def test_a_step_without_another_scene_has_the_same_picture(strip: Past, drawn: Drawn) -> None:
    history = walked(2)
    history.do(replace(history.step, is_paneled=True), 0.0)
    until(lambda: all(thumb.texture for thumb in strip.thumbs(history, range(3))), "the pictures")
    assert [thumb.texture for thumb in strip.thumbs(history, range(3))][1:] == [1, 1]
    assert len(drawn.scenes) == 2


@pytest.mark.parametrize(
    ("scene", "side"),
    [
        (Scene(), 96),
        (Scene(layers=64, width=128), 48),
        (Scene(layers=256, width=512), 12),
        (Scene(weights="digits-relu"), 96),
    ],
)
def test_large_networks_have_fewer_and_larger_pixels(scene: Scene, side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def squares(_: Scene, size: tuple[int, int], __: Callable[[], bool]) -> Thumbnail:
        return np.arange(size[0] * size[1] * 3).reshape(*size, 3).astype(np.uint8)

    monkeypatch.setattr(past, "thumbnail", squares)
    pixels = past._drawn(scene, bool)
    assert pixels.shape == (96, 96, 3)
    assert np.array_equal(pixels[:: 96 // side, :: 96 // side], squares(scene, (side, side), bool))


def test_while_time_runs_the_picture_is_drawn_now_and_then(strip: Past, drawn: Drawn) -> None:
    history = History(Scene(inputs=("x", "y", "cos_t")))
    for n in range(200):
        history.replace(replace(history.scene, time=n / 200))
        until(lambda: strip.thumbs(history, range(1))[0].texture, "a picture")
    assert len(drawn.scenes) <= PER_TURN + 1


def test_the_current_picture_stays_until_the_next_is_there(strip: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    history = walked(1)
    until(lambda: strip.thumbs(history, range(1))[0].texture, "a picture")
    number = strip.thumbs(history, range(1))[0].texture
    history.replace(Scene(radius=1.0))
    assert strip.thumbs(history, range(1))[0].texture
    until(lambda: strip.thumbs(history, range(1))[0].texture != number, "the next picture")


def test_scenes_that_are_bookmarks_have_a_star(strip: Past) -> None:
    history = walked(3)
    assert [thumb.is_starred for thumb in strip.thumbs(history, range(3))] == [False, True, False]
