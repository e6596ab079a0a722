"""Small pictures: what is wanted first comes first, what is no longer wanted does not come, faults stay small."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from patience import PATIENCE_S, until
from spirals import written

import weightscape
from weightscape.explore.paint import artist
from weightscape.explore.paint.artist import Artist, Thumbnail, thumbnail
from weightscape.picture import points_memory
from weightscape.picture.points_memory import points
from weightscape.scene.scene import Scene

SIZE = (12, 8)


def blank(_: str, __: Callable[[], bool]) -> Thumbnail:
    return np.zeros((1, 1, 3), np.uint8)


def test_a_small_picture_is_the_scene_rendered_small() -> None:
    scene = Scene(layers=3, width=5, radius=1e-9)
    assert np.array_equal(thumbnail(scene, SIZE, bool), weightscape.render(scene, size=SIZE, samples=2, engine="numpy"))


def test_a_small_picture_has_its_points_which_are_not_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net, data = written(tmp_path)
    scene, size = Scene(weights=net, points=data, axes=True, contour=True, lens="winner"), (64, 64)
    bare = thumbnail(replace(scene, points=""), size, bool)
    monkeypatch.setattr("weightscape.picture.over.misjudged", None)
    seen = thumbnail(scene, size, bool)
    assert (seen != bare).any(-1).sum() > 100
    # Large files that nobody has read, and what is no table, are left out.
    points_memory._tables.clear()
    monkeypatch.setattr(artist, "SMALL", 10)
    assert np.array_equal(thumbnail(scene, size, bool), bare)
    points(scene)
    assert np.array_equal(thumbnail(scene, size, bool), seen)
    (tmp_path / "one.csv").write_text("1,2,3,4")
    for name in ("none.csv", "one.csv"):
        assert np.array_equal(thumbnail(replace(scene, points=str(tmp_path / name)), size, bool), bare)


def test_what_is_wanted_last_is_drawn_next_and_the_rest_of_earlier_wishes_is_not() -> None:
    drawn, gate, begun = list[str](), threading.Event(), threading.Event()

    def draw(subject: str, cancelled: Callable[[], bool]) -> Thumbnail:
        begun.set()
        assert gate.wait(PATIENCE_S)
        drawn.append(subject)
        return blank(subject, cancelled)

    woken = threading.Semaphore(0)
    hand = Artist(draw, woken.release)
    assert hand.pictures(["a", "b", "c"]) == [None] * 3
    assert begun.wait(PATIENCE_S)
    assert hand.pictures(["d", "b"]) == [None] * 2
    gate.set()
    until(lambda: all(picture is not None for picture in hand.pictures(["d", "b"])), "the pictures")
    hand.close()
    assert drawn == ["a", "d", "b"]
    assert all(woken.acquire(timeout=PATIENCE_S) for _ in drawn)


def test_what_is_wanted_again_while_it_is_drawn_is_drawn_once() -> None:
    drawn, gate, begun = list[str](), threading.Event(), threading.Event()

    def draw(subject: str, cancelled: Callable[[], bool]) -> Thumbnail:
        drawn.append(subject)
        begun.set()
        assert gate.wait(PATIENCE_S)
        return blank(subject, cancelled)

    hand = Artist(draw, bool)
    hand.pictures(["a", "b"])
    assert begun.wait(PATIENCE_S)
    hand.pictures(["a", "b"])  # as the next frame does
    gate.set()
    until(lambda: all(picture is not None for picture in hand.pictures(["a", "b"])), "the pictures")
    hand.close()
    assert drawn == ["a", "b"]


def test_what_cannot_be_drawn_is_tried_once() -> None:
    tried = []

    def draw(subject: str, _: Callable[[], bool]) -> Thumbnail:
        tried.append(subject)
        raise ValueError(subject)

    woken = threading.Semaphore(0)
    hand = Artist(draw, woken.release)
    hand.pictures(["a"])
    assert woken.acquire(timeout=PATIENCE_S)
    assert hand.pictures(["a"]) == [None]
    hand.close()
    assert tried == ["a"]


def test_those_wanted_longest_ago_are_forgotten() -> None:
    hand = Artist(blank, lambda: None)
    first = [str(n) for n in range(artist.MOST)]

    def are_there(wanted: list[str]) -> bool:
        return all(picture is not None for picture in hand.pictures(wanted))

    until(lambda: are_there(first), "the first pictures")
    until(lambda: are_there(["new", *first[:-1]]), "another one")
    assert hand.pictures(first[-1:]) == [None]
    hand.close()


def test_after_closing_nothing_is_drawn() -> None:
    hand = Artist(blank, lambda: None)
    hand.close()
    assert hand.pictures(["a"]) == [None]
    hand.close()
