"""The album without a window: what a search finds, where tiles stand, where keys lead."""

import itertools

import pytest

from weightscape.window.event import typed
from weightscape.window.message import Deed, Tile
from weightscape.window.over.album_choice import Choice, keeps
from weightscape.window.over.album_grid import GAP_PX, SHAPE, Grid, found, grid, moved

TILES = (
    Tile("My Star", "Yours", "starred", "seed 43 tanh outputs", is_own=True),
    Tile("Other", "Yours", "starred", "seed 5 relu probe", is_own=True),
    Tile("Jungle", "Gallery", "folds within folds", "jungle tanh outputs"),
    Tile("Relu patchwork", "Gallery", "flat pieces", "relu outputs"),
)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [0, 1, 2, 3]),
        ("relu", [1, 3]),
        ("RELU  flat", [3]),
        ("star", [0, 1]),
        ("43", [0]),
        ("probe", [1]),
        ("tanh jung", [2]),
        ("tanh relu", []),
    ],
)
def test_a_search_finds_all_words_anywhere(query: str, numbers: list[int]) -> None:
    assert found(TILES, query) == numbers


@pytest.mark.parametrize(
    ("width", "scale", "columns"),
    [(560.0, 1.0, 4), (1200.0, 1.0, 6), (1160.0, 2.0, 4), (3760.0, 1.0, 11), (90.0, 1.0, 2)],
)
def test_tiles_fill_the_width_at_every_size_and_stand_apart(width: float, scale: float, columns: int) -> None:
    em = 16 * scale
    laid = grid(["Yours"] * 3 + ["Gallery"] * 14, width, scale, em)
    assert len(laid.places) == 17
    assert sum(y == laid.places[3][1] for _, y in laid.places) == min(columns, 14)
    assert laid.picture[0] / laid.picture[1] == pytest.approx(SHAPE, rel=0.02)
    right = max(x for x, _ in laid.places) + laid.picture[0]
    assert width - columns - 1 <= right <= width + 1 or columns > 14
    boxes = [(x, y, x + laid.picture[0], y + laid.tile_height) for x, y in laid.places]
    lines = [(0.0, y, width, y + em) for _, y in laid.headings]
    for a, b in itertools.combinations([*boxes, *lines], 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert [text for text, _ in laid.headings] == ["Yours", "Gallery"]
    assert laid.height == max(box[3] for box in boxes)


def test_six_tiles_and_more_are_in_sight_in_a_window_of_640_by_400() -> None:
    """Its sheet leaves 575 x 271 pixels."""
    laid = grid(["Gallery"] * 24, 575.0, 1.0, 16.0)
    whole = [n for n in laid.seen(0.0, 271.0) if laid.places[n][1] + laid.tile_height <= 271.0]
    assert len(whole) >= 6


@pytest.mark.parametrize("width", [-100.0, -10.0, 0.0, 3.0])
def test_no_window_is_too_small(width: float) -> None:
    laid = grid(["Gallery"] * 5, width, 1.0, 16.0)
    assert len({y for _, y in laid.places}) == 3
    assert min(laid.picture) > 0


def test_nothing_found_is_no_grid() -> None:
    assert grid([], 500.0, 1.0, 16.0).places == ()
    assert grid([], 500.0, 1.0, 16.0).height == 0.0


@pytest.fixture
def laid() -> Grid:
    """Two rows of four and three, then two rows of four and two."""
    laid = grid(["Yours"] * 7 + ["Gallery"] * 6, 560.0, 1.0, 16.0)
    assert laid.places[4][0] == laid.places[7][0] == laid.places[11][0] == 0.0
    return laid


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (0, "left", 0),
        (0, "right", 1),
        (3, "right", 4),
        (12, "right", 12),
        (0, "up", 0),
        (0, "down", 4),
        (3, "down", 6),  # the last one of a row that is shorter
        (6, "down", 9),
        (9, "down", 12),
        (8, "up", 5),
        (1, "page_down", 8),
        (12, "page_up", 5),
        (5, "home", 0),
        (5, "end", 12),
    ],
)
def test_keys_walk(laid: Grid, start: int, key: str, end: int) -> None:
    assert moved(laid, start, key, 2.2 * laid.tile_height) == end


def test_what_is_in_sight_is_what_can_be_seen(laid: Grid) -> None:
    assert laid.seen(0.0, laid.height) == [*range(13)]
    assert laid.seen(0.0, laid.places[4][1]) == [0, 1, 2, 3]
    assert laid.seen(laid.places[4][1] + 1, 1.5 * laid.tile_height) == [4, 5, 6, 7, 8, 9, 10]


def test_scrolling_goes_no_further_than_it_must_and_shows_the_heading(laid: Grid) -> None:
    room = 1.5 * laid.tile_height
    assert laid.scrolled(0, 300.0, room) == 0.0
    assert laid.scrolled(5, 0.0, room) == laid.places[5][1] + laid.tile_height - room
    assert laid.scrolled(12, 0.0, room) == laid.height - room
    assert laid.scrolled(8, laid.height, room) == laid.headings[1][1]
    assert laid.scrolled(5, laid.places[4][1] - GAP_PX, room) == laid.places[4][1] - GAP_PX


def choice_after(*keys: str, tiles: tuple[Tile, ...] = TILES) -> Choice:
    choice = Choice()
    for key in keys:
        laid = grid([tiles[n].group for n in choice.settle(tiles)], 560.0, 1.0, 16.0)
        choice.react(key, typed(key), tiles, laid, 300.0)
    choice.settle(tiles)
    return choice


@pytest.mark.parametrize(
    ("keys", "deeds"),
    [
        (["enter"], [Deed("open", 0)]),
        (["r", "e", "l", "u", "enter"], [Deed("open", 1)]),
        (["r", "e", "l", "u", "right", "enter"], [Deed("open", 3)]),
        (["x", "x", "enter", "delete", "f2", "right"], []),
        (["j", "u", "n", "f2", "a"], [Deed("rename", 2)]),
        (["x", "backspace", "enter"], [Deed("open", 0)]),
        (["shift+j", "space", "f", "enter"], [Deed("open", 2)]),
        (["x", "escape"], []),
        (["x", "escape", "escape"], [Deed("close")]),
        (["delete", "right", "delete"], [Deed("remove", 0), Deed("remove", 1)]),
        (["end", "delete", "f2"], [Deed("remove", 3), Deed("rename", 3)]),
        (["ctrl+z"], [Deed("restore")]),
        (["space", "right", "ctrl+space"], [Deed("mark", 0), Deed("mark", 1)]),
        (["r", "e", "l", "u", "space", "right", "ctrl+space"], [Deed("mark", 3)]),
        (["x", "x", "ctrl+space", "escape", "space"], [Deed("mark", 0)]),
        (["f2", "backspace", "s", "enter"], [Deed("rename", 0, "My Stas")]),
        (["f2", "ctrl+backspace", "n", "enter"], [Deed("rename", 0, "n")]),
        (["x", "ctrl+backspace", "enter"], [Deed("open", 0)]),
        (["f2", "a", "escape", "enter"], [Deed("open", 0)]),
        (["f2", *["backspace"] * 9, "space", "enter", "enter"], [Deed("open", 0)]),
    ],
)
def test_keys_do_what_the_foot_says(keys: list[str], deeds: list[Deed]) -> None:
    assert choice_after(*keys).deeds == deeds


def test_what_was_opened_last_is_chosen_first() -> None:
    tiles = (*TILES, Tile("Here", "Gallery", is_last=True))
    assert choice_after("enter", tiles=tiles).deeds == [Deed("open", 4)]
    assert choice_after("r", "escape", "enter", tiles=tiles).deeds == [Deed("open", 4)]


def test_what_is_chosen_stays_in_the_list_when_that_gets_shorter() -> None:
    choice = choice_after("end")
    choice.settle(TILES[:2])
    assert choice.chosen == 1
    assert choice.settle(()) == []


@pytest.mark.parametrize(
    "key", ["r", "shift+r", "f2", "ctrl+z", "ctrl+space", "escape", "enter", "left", "page_down", "space", "?"]
)
def test_the_album_takes(key: str) -> None:
    assert keeps(key)


@pytest.mark.parametrize("key", ["f4", "f11", "f1", "ctrl+b", "ctrl+m", "ctrl+q", "ctrl+c", "alt+x", "shift+f3"])
def test_the_album_leaves(key: str) -> None:
    assert not keeps(key)
