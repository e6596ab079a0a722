"""The painter while pictures flow: each is one pass, seen as a whole, of a steady step; then comes the rest of it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, pairwise

import numpy as np
import pytest
from exposing import laid
from patience import until

import weightscape
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import Engine, Question, work
from weightscape.engine.tile import Pace
from weightscape.explore.paint import heap
from weightscape.explore.paint.painter import Painter
from weightscape.explore.paint.request import Painted, Request
from weightscape.network.view import pan
from weightscape.picture.exposure import Stamp
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene
from weightscape.scene.shade import quantise

SAMPLES, SIZE, FRAME_S = 5, (301, 200), 0.0125
TIMED = Scene(layers=4, width=8, inputs="x,y,cos_t,sin_t")
SPLIT = replace(TIMED, beside='{"activation": "sin", "palette": "magma", "outputs": 1}')


class Watched:
    """A painter of a known speed: what it told of at once, each time, and whether it has nothing more to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rates, self.rounds, self.batches = cycle([2e8]), 0, list[list[Painted]]()

        def learn(pace: Pace, engine: Engine, question: Question) -> None:
            pace.rates[engine.name, question.is_double] = next(self.rates)

        def begin() -> None:
            self.rounds += 1

        monkeypatch.setattr(Pace, "learn", learn)
        monkeypatch.setattr(heap, "give_back", begin)  # before each request, and before none comes
        self.painter = Painter("numpy", lambda: self.batches.append(self.painter.fetch()), SAMPLES)
        until(lambda: self.rounds == 1, "the painter")

    def painted(self, request: Request) -> list[list[Painted]]:
        """Paint a request to its end; give its tiles as they came."""
        rounds, self.batches = self.rounds, []
        self.painter.ask(request)
        until(lambda: self.rounds > rounds, "the picture")
        self.batches.append(self.painter.fetch())
        return [batch for batch in self.batches if batch]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    watched = Watched(monkeypatch)
    yield watched
    watched.painter.close()


def flowing(n: int, scene: Scene = TIMED) -> Request:
    return Request(replace(scene, time=n / 1000), SIZE, (9.0, 9.0), n, frame_s=FRAME_S)


def strides(batches: list[list[Painted]]) -> list[int]:
    return [tile.patch.stride for batch in batches for tile in batch if tile.patch.values.size]


@pytest.mark.parametrize("scene", [TIMED, SPLIT, replace(TIMED, lens="height")])
def test_what_flows_is_one_pass_that_is_seen_as_a_whole(
    watched: Watched, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weightscape.explore.paint.painter.TILE_S", 1e-3)  # many tiles
    for n in range(1, 5):
        batches = watched.painted(flowing(n, scene))
        assert len(batches) == 1
        (tiles,) = batches
        assert {tile.request.number for tile in tiles} == {n}
        if scene.lens == "outputs":
            assert len(tiles) > 2
            assert max(strides(batches)) > 1
        assert not any(tile.samples > 1 or tile.ends for tile in tiles)
        seen = laid(tiles, SIZE)
        assert np.isfinite(seen).all()


@pytest.mark.parametrize("scene", [TIMED, SPLIT])
def test_then_comes_the_rest_of_it_and_nothing_as_coarse_again(watched: Watched, scene: Scene) -> None:
    (flowed,) = watched.painted(flowing(1, scene))
    request = replace(flowing(1, scene), frame_s=0.0)
    batches = watched.painted(request)
    assert max(strides(batches)) < max(strides([flowed]))
    assert strides(batches)[-1] == 1
    assert len(batches) > 2, "tile by tile: something is seen already"
    tiles = [tile for batch in batches for tile in batch]
    assert (tiles[-1].ends, tiles[-1].samples) == (True, SAMPLES)
    truth = weightscape.render(request.scene, size=SIZE, samples=SAMPLES, engine="numpy").astype(int)
    assert np.abs(quantise(laid([*flowed, *tiles], SIZE), "round") - truth).max() <= 1


def test_the_rest_gives_way_to_the_next_that_flows(watched: Watched) -> None:
    watched.painted(flowing(1))
    second = flowing(2)

    def ask_again() -> None:
        if watched.painter._request is not second:
            watched.painter.ask(second)
        watched.batches.append(watched.painter.fetch())

    watched.painter._wake = ask_again  # at the very first tile of the rest
    tiles = [tile for batch in watched.painted(replace(flowing(1), frame_s=0.0)) for tile in batch]
    until(lambda: any(tile.request.number == 2 for batch in watched.batches for tile in batch), "the next one")
    assert not any(tile.ends for tile in tiles)


@pytest.mark.slow
def test_steps_do_not_alternate_when_the_measured_speed_strays(watched: Watched) -> None:
    watched.rates = cycle([2e8, 2.6e8, 1.4e8, 1.5e8, 2.5e8])
    first = [max(strides(watched.painted(replace(flowing(n), frame_s=0.0)))) for n in range(1, 21)]
    second = [max(strides(watched.painted(flowing(n)))) for n in range(101, 161)]
    assert len(set(first)) > 1, "else nothing is shown"
    assert sum(a < b for a, b in pairwise(second)) <= 1
    assert len(set(second[30:])) == 1


def test_a_faster_display_gets_a_coarser_picture_but_none_coarser_than_a_first_one(watched: Watched) -> None:
    def seen(n: int, frame_s: float) -> int:
        watched.painted(Request(TIMED, SIZE, (0.0, 0.0), n))  # another flow begins
        return max(strides(watched.painted(replace(flowing(n + 1), frame_s=frame_s))))

    first = max(strides(watched.painted(Request(replace(TIMED, time=0.9), SIZE, (0.0, 0.0), 1))))
    slow, usual, fast = (seen(n, frame_s) for n, frame_s in ((10, 0.03), (20, 0.015), (30, 0.003)))
    assert slow < usual == fast == first
    watched.rates = cycle([1.1 * work(network(TIMED)) * SIZE[0] * SIZE[1] / 0.015])
    watched.painted(replace(flowing(40), frame_s=0.0))
    assert (seen(50, 0.015), seen(60, 0.003)) == (1, 2), "a step of 2 is fine enough"


def test_a_moved_view_keeps_its_pixels_and_is_painted_to_its_end_unasked(watched: Watched) -> None:
    watched.painted(Request(TIMED, SIZE, (0.0, 0.0), 1))
    new = TIMED.looking(pan(TIMED.view, SIZE, 9, 4))
    batches = watched.painted(Request(new, SIZE, (0.0, 0.0), 2, frame_s=FRAME_S))
    tiles = [tile for batch in batches for tile in batch]
    fresh = sum(np.prod(tile.patch.values.shape[:2]) for tile in tiles if tile.patch.stride == 1 and tile.samples == 1)
    assert fresh == SIZE[0] * SIZE[1] - (SIZE[0] - 9) * (SIZE[1] - 4)
    assert tiles[-1].samples == SAMPLES
    assert not any(tile.request.frame_s for tile in tiles), "so that no rest is asked for"


def test_pieces_are_counted_once_nothing_moves(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NumpyEngine, "holds", lambda engine, question: True)
    scene = replace(TIMED, lens="regions", activation="relu")

    def counts(request: Request) -> int:
        return sum(isinstance(tile.patch, Stamp) for batch in watched.painted(request) for tile in batch)

    assert [counts(flowing(n, scene)) for n in range(1, 5)] == [0, 0, 0, 0]
    assert counts(replace(flowing(4, scene), frame_s=0.0)) == 1
