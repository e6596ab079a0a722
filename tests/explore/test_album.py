"""The album without a window: what it lists, what becomes of stars, and that no scene breaks it."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import until

from weightscape.explore.album import LEVELS, OWN, SHIPPED, Album, Wish
from weightscape.explore.paint.artist import Thumbnail
from weightscape.explore.paint.thumbs import Thumbs
from weightscape.publish import gallery
from weightscape.publish.bookmark import FILE, Bookmark
from weightscape.scene.scene import Scene
from weightscape.window.message import Tile
from weightscape.window.over.album_grid import found

START = Scene(layers=2, width=4)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def album(folder: Path) -> Iterator[Album]:
    album = Album(lambda: None)
    yield album
    album.close()


class Textures:
    """Stand in for the GPU: numbers of pictures."""

    def __init__(self, album: Album) -> None:
        self.kept: list[Thumbnail] = []
        self.thumbs: Thumbs[Wish] = Thumbs(album.artist, self.keep, lambda _: None)

    def keep(self, pixels: Thumbnail) -> int:
        self.kept.append(pixels)
        return len(self.kept)


def told(album: Album) -> str:
    """Wait for what became of the last change."""
    said: list[str | Exception] = []
    until(lambda: said.extend(album.fetch()) or said, "a word")
    (one,) = said
    return str(one)


def own(album: Album) -> list[Bookmark]:
    return [each for each in album.subjects() if isinstance(each, Bookmark)]


def tiles(album: Album) -> tuple[Tile, ...]:
    return album.tiles(Textures(album).thumbs)


def test_without_bookmarks_it_lists_the_gallery_with_its_keys(album: Album) -> None:
    listed = gallery.listed()
    album.last = listed[1]
    shown = tiles(album)
    assert {tile.group for tile in shown} == {SHIPPED}
    assert [tile.label for tile in shown] == [each.name for each in listed]
    assert [tile.mark for tile in shown[:10]] == [*"123456789", ""]
    assert [tile.label for tile in shown if tile.is_last] == [listed[1].name]
    assert all(tile.about.startswith(f"{tile.label}: ") and not tile.is_own for tile in shown)


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("relu-patchwork", "Relu patchwork"),
        ("gaussian", "Gaussian star"),
        ("forward pass", "Street light"),
        ("weights every matrix", "Masks"),
        ("film", "Cross-section"),
        ("split", "Sigmoid and relu"),
    ],
)
def test_a_scene_is_found_by_name_activation_and_lens(album: Album, query: str, label: str) -> None:
    shown = tiles(album)
    assert label in [shown[n].label for n in found(shown, query)]


def test_own_ones_come_first_and_the_newest_before_the_others(album: Album) -> None:
    for seed in (1, 2):
        album.toggle(Scene(seed=seed))
        assert told(album).startswith(f"starred: seed {seed}, 27 × 30 tanh")
    album.last = own(album)[1]
    shown = tiles(album)
    assert [tile.label for tile in shown if tile.group == OWN] == ["seed 2, 27 × 30 tanh", "seed 1, 27 × 30 tanh"]
    assert [tile.is_own for tile in shown[:3]] == [True, True, False]
    assert [tile.is_last for tile in shown[:3]] == [False, True, False]


def test_a_star_given_back_has_its_old_name(album: Album) -> None:
    album.toggle(START)
    told(album)
    album.rename(own(album)[0], "mine")
    assert told(album) == "renamed: mine"
    album.toggle(START)
    assert told(album).startswith("no star any longer: mine")
    assert own(album) == []
    album.toggle(START)
    assert told(album).startswith("starred: mine")
    assert [each.name for each in own(album)] == ["mine"]


def test_what_is_removed_can_be_brought_back_one_after_the_other(album: Album) -> None:
    assert album.restore() == "no bookmark was removed"
    for seed in (1, 2, 3):
        album.toggle(Scene(seed=seed))
        told(album)
    before = own(album)
    for n in (1, 0):
        album.remove(own(album)[n])
        assert told(album).startswith("removed: seed ")
    assert len(own(album)) == 1
    for _ in range(2):
        assert album.restore().startswith("bringing seed ")
        assert told(album).startswith("back: seed ")
    assert own(album) == before


def test_only_what_is_in_sight_is_drawn(folder: Path) -> None:
    woken = threading.Event()
    album = Album(woken.set)
    textures = Textures(album)
    album.toggle(START)
    told(album)
    album.tiles(textures.thumbs)
    assert textures.kept == []
    album.seen = (0, 3)
    until(
        lambda: (
            len([tile for tile in album.tiles(textures.thumbs) if tile.texture]) == len(album.seen)
            and len(textures.kept) == 6
        ),
        "both in all sizes",
    )
    assert [tile.texture > 0 for tile in album.tiles(textures.thumbs)[:5]] == [True, False, False, True, False]
    sizes = [picture.shape[1::-1] for picture in textures.kept]
    assert sizes == [size for size in LEVELS for _ in album.seen]
    assert [album.tiles(textures.thumbs)[n].texture for n in album.seen] == [5, 6]
    assert woken.is_set()
    album.close()


def test_what_cannot_be_opened_is_shown_as_such_and_breaks_nothing(album: Album, folder: Path) -> None:
    entries = [
        {"name": "future", "scene": {"hue": 1}},
        {"name": "gone", "scene": {"weights": "gone.npz"}},
        {"name": "good", "scene": {"layers": 2, "width": 4}},
    ]
    (folder / FILE).write_text(json.dumps(entries))
    textures = Textures(album)
    album.seen = (0, 1, 2)
    until(lambda: all(tile.texture or tile.fault for tile in album.tiles(textures.thumbs)[:3]), "all three")
    good, gone, future, *others = album.tiles(textures.thumbs)
    assert (good.label, good.fault) == ("good", "")
    assert gone.fault.startswith("gone cannot be opened: ")
    assert "gone.npz" in gone.fault
    assert future.fault == "future cannot be opened: hue: this program knows no such field; a newer one may"
    assert len(others) == len(gallery.listed())
    assert json.loads((folder / FILE).read_text()) == entries


def test_a_broken_file_is_told_with_the_star(album: Album, folder: Path) -> None:
    (folder / FILE).write_text("{")
    album.toggle(START)
    assert told(album).endswith("the old file was broken and is called bookmarks-broken.json now")
    assert (folder / "bookmarks-broken.json").read_text() == "{"


def test_what_goes_wrong_is_told(album: Album, folder: Path) -> None:
    (folder / FILE).mkdir()
    album.toggle(START)
    assert "it is a folder" in told(album)


def test_a_star_is_written_before_the_end(folder: Path) -> None:
    album = Album(lambda: None)
    album.toggle(START)
    album.close()
    assert len(json.loads((folder / FILE).read_text("utf-8"))) == 1
