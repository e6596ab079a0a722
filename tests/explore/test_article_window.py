"""The article in the window, without the window: walking round, what is shown, small pictures, an end at once."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from patience import PATIENCE_S, until

from weightscape.engine.choice import opened
from weightscape.engine.question import Cancelled
from weightscape.explore.paint import artist
from weightscape.explore.paint.artist import Thumbnail
from weightscape.explore.tell import article
from weightscape.explore.tell.article import PANELS, THUMB_PX, Article
from weightscape.publish.capture import NICENESS
from weightscape.scene.figure import FIGURES, as_picture
from weightscape.scene.scene import Scene


@pytest.fixture
def reader() -> Iterator[Article]:
    reader = Article(lambda: None)
    yield reader
    reader.close()


def test_figures_follow_one_another_round_and_round(reader: Article) -> None:
    for _ in range(2):
        for figure in FIGURES:
            assert reader.turn(1) == as_picture(figure.panels[0])
            assert reader.caption.startswith(f"Figure {figure.number}, ")
    for figure in reversed(FIGURES[:-1]):
        assert reader.turn(-1) == as_picture(figure.panels[0])
    assert reader.turn(-1) == as_picture(FIGURES[-1].panels[0])


def test_panels_follow_one_another_round_and_round(reader: Article) -> None:
    for _ in range(2):
        for _, panel in PANELS:
            assert reader.step(1) == as_picture(panel)
    assert reader.step(1) == as_picture(PANELS[0][1])
    assert reader.step(-1) == as_picture(PANELS[-1][1])


def test_whoever_begins_backwards_begins_at_the_end() -> None:
    assert Article(lambda: None).turn(-1) == as_picture(FIGURES[-1].panels[0])
    assert Article(lambda: None).step(-1) == as_picture(FIGURES[-1].panels[-1])


def test_from_within_a_figure_the_next_and_the_one_before_begin_at_their_first_panel(reader: Article) -> None:
    reader.go(9)
    reader.step(1)
    reader.step(1)
    assert reader.turn(1) == as_picture(FIGURES[10].panels[0])
    reader.go(9)
    reader.step(1)
    assert reader.turn(-1) == as_picture(FIGURES[8].panels[0])


def test_a_panel_is_left_by_another_network_and_not_by_another_view(reader: Article) -> None:
    assert not any(reader.is_at(n, Scene()) for n in range(20))
    assert reader.caption == ""
    scene = reader.go(9)
    moved = replace(scene, center=("0.5", "-1"), radius=0.01, angle=30.0)
    for seen in (scene, moved):
        assert reader.shows(seen)
        assert [n for n in range(20) if reader.is_at(n, seen)] == [9]
    for change in (
        {"layers": 3},
        {"width": 31},
        {"scale": 0.71},
        {"activation": "relu"},
        {"tied": False},
        {"seed": 44},
        {"outputs": 1},
        {"rule": "he", "bias_scale": 0.3},
        {"inputs": ("x", "r")},
        {"weights": "figure-3"},
        {"to_seed": 5, "part": 0.5},
    ):
        assert not reader.shows(replace(scene, **change)), change
        assert not reader.is_at(9, replace(scene, **change)), change


def test_time_may_run(reader: Article) -> None:
    assert reader.shows(replace(reader.go(1), time=0.37))


def test_what_is_drawn_as_a_plot_is_said_to_be(reader: Article) -> None:
    said = {}
    for _, panel in PANELS:
        reader.step(1)
        assert "\n" not in reader.caption
        assert ("drawn as a plot in the article; here " in reader.caption) == (panel.drawing != "picture")
        said[panel.label] = reader.caption
    assert said["hidden units"] == (
        "Figure 4, hidden units (drawn as a plot in the article; here the same network as a picture):"
        " S-curves are weighted and added; the sum is squashed again."
    )
    assert "as a picture through softsign)" in said["weighted sum"]
    assert "here a unit of a relu network as a picture)" in said["relu"]


def pictures(reader: Article) -> list[Thumbnail | None]:
    return reader.artist.pictures(range(len(article.FIGURES)))


def test_small_pictures_come_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    woken = threading.Semaphore(0)
    few = [FIGURES[n] for n in (2, 3, 6, 12)]
    monkeypatch.setattr(article, "FIGURES", tuple(few))
    niceness = []

    def noted(*args: Any, **options: Any) -> Any:
        niceness.append(options["niceness"])
        return opened(*args, **options)

    for room in (article, artist):
        monkeypatch.setattr(room, "opened", noted)
    reader = Article(woken.release)
    assert len(pictures(reader)) == 4
    for _ in few:
        assert woken.acquire(timeout=PATIENCE_S)
    made = [picture for picture in pictures(reader) if picture is not None]
    reader.close()
    assert [picture.shape for picture in made] == [(THUMB_PX, THUMB_PX, 3)] * 4
    assert all(np.ptp(picture) > 100 for picture in made)
    assert niceness == [NICENESS] * 4


def test_closing_waits_for_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(*given: Any, **_: Any) -> Iterator[Any]:
        begun.set()
        until(given[-1].cancelled, "the end")
        ended.set()
        raise Cancelled
        yield

    monkeypatch.setattr(artist, "picture_bands", endless)
    reader = Article(lambda: None)
    pictures(reader)
    assert begun.wait(PATIENCE_S)
    reader.close()
    assert ended.is_set()
    assert pictures(reader) == [None] * 20
    reader.close()


@pytest.mark.parametrize("number", [3, 4, 16])
def test_a_small_picture_can_be_given_up(number: int) -> None:
    with pytest.raises(Cancelled):
        article._thumbnail(FIGURES[number - 1], lambda: True)
