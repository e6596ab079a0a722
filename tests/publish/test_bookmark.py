"""Bookmarks: what is starred stays, whoever else writes the file, and whatever somebody has written into it."""

import json
import multiprocessing
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weightscape.file.npz import write_weights
from weightscape.file.whole_file import FileError
from weightscape.network.network import Network
from weightscape.publish import bookmark_file
from weightscape.publish.bookmark import FILE, Bookmarks, in_words
from weightscape.scene.scene import Scene, from_mapping
from weightscape.scene.scene_error import SceneError


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder with one bookmark, neither of which we may write, even where the tests run as root."""
    folder = Path(tempfile.mkdtemp())
    Bookmarks(folder / FILE).star(Scene(seed=5))
    (folder / FILE).chmod(0o444)
    folder.chmod(0o555)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


@pytest.fixture
def store(path: Path) -> Bookmarks:
    return Bookmarks(path)


def names(path: Path) -> list[str]:
    return [each["name"] for each in json.loads(path.read_text("utf-8"))]


def write_net(path: Path, seed: int) -> None:
    draws = np.random.default_rng(seed)
    net = Network([draws.normal(size=(2, 4)), draws.normal(size=(4, 3))], [np.zeros(4), np.zeros(3)], ["tanh", "tanh"])
    write_weights(path, net.weights, net.biases, net.activations)


def test_what_is_starred_is_there_until_its_star_is_taken_away(store: Bookmarks, path: Path) -> None:
    one, two = Scene(seed=5), Scene(seed=6, layers=3)
    assert store.bookmarks() == ()
    assert not path.exists()
    for scene in (one, two):
        assert store.toggle(scene).is_starred
    assert [each.scene for each in store.bookmarks()] == [one, two]
    assert (store.is_starred(one), store.is_starred(Scene())) == (True, False)
    change = store.toggle(one)
    assert (change.is_starred, change.place, change.bookmark.scene) == (False, 0, one)
    assert [each.scene for each in store.bookmarks()] == [two]
    assert not store.is_starred(one)


def test_star_twice_is_star_once(store: Bookmarks) -> None:
    assert store.star(Scene()).is_starred
    assert store.star(Scene()).is_starred
    assert len(store.bookmarks()) == 1


def test_time_and_the_probe_run_on_and_are_the_same_bookmark(store: Bookmarks) -> None:
    moving = Scene(inputs=("x", "y", "cos_t"), lens="probe", time=0.25, probe=(0.5, 0.0))
    store.star(moving)
    later = replace(moving, time=0.75, probe=(0.0, 0.1))
    assert store.is_starred(later)
    assert not store.is_starred(replace(later, radius=1.0))
    assert not store.toggle(later).is_starred


def test_the_file_can_be_read_by_people(store: Bookmarks, path: Path) -> None:
    store.star(Scene(seed=2**64 - 1, center=("0.1000000000000000000000000001", "-2e-5")))  # type: ignore[arg-type]
    text = path.read_text("utf-8")
    assert text.splitlines()[0] == "["
    assert text.splitlines()[1] == '{"name": "seed 18446744073709551615, 27 × 30 tanh",'
    (entry,) = json.loads(text)
    assert list(entry) == ["name", "made", "scene"]
    assert from_mapping(entry["scene"]) == store.bookmarks()[0].scene


@pytest.mark.parametrize(
    ("scene", "name"),
    [
        (Scene(), "seed 43, 27 × 30 tanh"),
        (Scene(seed=7, lens="probe"), "seed 7, 27 × 30 tanh, probe"),
        (Scene(weights="some/where/net.npz", lens="winner"), "net, winner"),
        (Scene(beside="{}"), "seed 43, 27 × 30 tanh, split"),
        (Scene(lens="height"), "seed 43, 27 × 30 tanh, landscape"),
    ],
)
def test_a_bookmark_is_named_in_words(scene: Scene, name: str) -> None:
    assert in_words(scene) == name


def test_names_are_unique_and_can_be_changed(store: Bookmarks, path: Path) -> None:
    for radius in (1.0, 2.0, 3.0):
        store.star(Scene(radius=radius))
    base = in_words(Scene())
    assert names(path) == [base, f"{base} (2)", f"{base} (3)"]
    store.rename(store.bookmarks()[1], f" {base} ")
    assert names(path)[1] == f"{base} (2)"
    assert store.rename(store.bookmarks()[1], "mine").bookmark.name == "mine"
    assert names(path) == [base, "mine", f"{base} (3)"]


def test_what_was_removed_comes_back_as_it_was(store: Bookmarks, path: Path) -> None:
    for seed in (1, 2, 3):
        store.star(Scene(seed=seed))
    before = path.read_bytes()
    gone = store.remove(store.bookmarks()[1])
    assert [each.scene.seed for each in store.bookmarks() if each.scene] == [1, 3]
    store.restore(gone)
    assert path.read_bytes() == before


def test_removing_what_another_window_removed_takes_nothing_else(store: Bookmarks, path: Path) -> None:
    for seed in (1, 2):
        store.star(Scene(seed=seed))
    old = store.bookmarks()[0]
    Bookmarks(path).remove(old)
    store.remove(old)
    store.rename(old, "gone")
    assert names(path) == [in_words(Scene(seed=2))]


def test_what_others_write_is_seen_and_stays(store: Bookmarks, path: Path) -> None:
    store.star(Scene(seed=1))
    entries = json.loads(path.read_text("utf-8"))
    foreign = [{"name": "by hand", "scene": {"seed": 9}, "note": "loved"}, {"version": 7}, "a word", 5]
    path.write_text(json.dumps([*entries, *foreign]), "utf-8")
    assert store.is_starred(Scene(seed=9))
    store.star(Scene(seed=2))
    store.toggle(Scene(seed=1))
    assert json.loads(path.read_text("utf-8"))[:4] == foreign
    assert len(store.bookmarks()) == 5


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"name": "a", "scene": {"seed": -1}}, "seed: -1 is not in"),
        ({"name": "a", "scene": {"hue": 1}}, "hue: this program knows no such field"),
        ({"name": "a", "scene": 3}, "not a JSON object"),
        ({"name": "a"}, "it has no scene"),
        ({"name": "a", "scene": {}, "fingerprints": 3}, "fingerprints"),
        ({"name": ["a"], "scene": {"version": 2}}, "version: 2 is not 1"),
        (None, "it has no scene"),
    ],
)
def test_a_scene_that_does_not_load_is_told_and_stays(store: Bookmarks, path: Path, entry: object, fault: str) -> None:
    path.write_text(json.dumps([entry]))
    (found,) = store.bookmarks()
    assert found.scene is None
    assert fault in found.fault
    with pytest.raises(SceneError, match=re.escape(fault)):
        store.opened(found)
    store.star(Scene())
    assert json.loads(path.read_text("utf-8"))[0] == entry


@pytest.mark.parametrize("data", [b"{", b'{"name": 1}', b"\xff\xfe", b"[" * 100_000, b"7"])
def test_a_broken_file_is_told_and_set_aside_once_it_would_be_written(
    store: Bookmarks, path: Path, data: bytes
) -> None:
    for name in ("bookmarks-broken.json", "bookmarks-broken-2.json"):
        path.write_bytes(data)
        assert store.bookmarks() == ()
        assert "\n" not in store.fault
        assert str(path) in store.fault
        assert path.read_bytes() == data
        assert store.star(Scene()).aside == name
        assert path.with_name(name).read_bytes() == data
        assert len(store.bookmarks()) == 1
        assert store.fault == ""


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf[]"])
def test_an_empty_file_is_an_empty_list(store: Bookmarks, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert store.bookmarks() == ()
    assert store.fault == ""
    assert store.star(Scene()).aside == ""


def test_a_file_that_is_too_long_is_not_read(store: Bookmarks, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookmark_file, "MAX_FILE", 10)
    path.write_text("[1, 2, 3, 4, 5]")
    assert store.bookmarks() == ()
    assert "more than 10 bytes" in store.fault


def test_a_folder_in_the_way_is_told(store: Bookmarks, path: Path) -> None:
    path.mkdir()
    assert store.bookmarks() == ()
    assert "it is a folder" in store.fault
    with pytest.raises(FileError, match="it is a folder"):
        store.star(Scene())


def test_a_place_that_cannot_be_written_is_told_and_nothing_changes(
    store: Bookmarks, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.star(Scene())
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise FileError(f"cannot write {path}: no permission")

    monkeypatch.setattr(bookmark_file, "whole_file", refuse)
    with pytest.raises(FileError, match="no permission"):
        store.star(Scene(seed=1))
    assert path.read_bytes() == before
    assert len(store.bookmarks()) == 1


@pytest.mark.skipif(os.name != "posix", reason="users and permissions as POSIX has them")
def test_bookmarks_that_may_only_be_read_are_shown_and_not_written(closed_folder: Path) -> None:
    store = Bookmarks(closed_folder / FILE)
    assert store.is_starred(Scene(seed=5))
    for change in (
        lambda: store.toggle(Scene(seed=5)),
        lambda: store.star(Scene()),
        lambda: store.remove(store.bookmarks()[0]),
    ):
        with pytest.raises(FileError, match="no permission"):
            change()
    assert os.listdir(closed_folder) == [FILE]
    assert len(store.bookmarks()) == 1


def test_by_default_it_stands_beside_the_captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path / "captures"))
    store = Bookmarks()
    assert not store.is_starred(Scene())
    assert not (tmp_path / "captures").exists()
    store.star(Scene())
    assert names(tmp_path / "captures" / FILE) == [in_words(Scene())]


def test_weights_are_named_from_the_file_and_known_by_their_contents(
    store: Bookmarks, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nets").mkdir()
    write_net(tmp_path / "nets" / "a.npz", 1)
    monkeypatch.chdir(tmp_path / "nets")
    scene = Scene(weights="a.npz")
    store.star(scene)
    (entry,) = json.loads(path.read_text("utf-8"))
    assert entry["scene"]["weights"] == "nets/a.npz"
    assert list(entry["fingerprints"]) == ["nets/a.npz"]
    assert store.is_starred(scene)
    assert store.is_starred(Scene(weights=str(tmp_path / "nets" / "a.npz")))
    monkeypatch.chdir("/")
    assert store.opened(store.bookmarks()[0]) == (Scene(weights=str(tmp_path / "nets" / "a.npz")), [])
    write_net(tmp_path / "nets" / "a.npz", 2)
    assert "has changed since this was made" in store.opened(store.bookmarks()[0])[1][0]


def test_threads_lose_nothing(path: Path) -> None:
    def add(first: int) -> None:
        for seed in range(first, first + 10):
            Bookmarks(path).star(Scene(seed=seed))

    threads = [threading.Thread(target=add, args=(10 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.scene.seed for each in Bookmarks(path).bookmarks() if each.scene) == [*range(40)]


def _add(path: Path, first: int) -> None:
    for seed in range(first, first + 10):
        Bookmarks(path).star(Scene(seed=seed))


def test_windows_lose_nothing(path: Path) -> None:
    spawned = multiprocessing.get_context("spawn")
    windows = [spawned.Process(target=_add, args=(path, 10 * n)) for n in range(3)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert [window.exitcode for window in windows] == [0] * 3
    assert sorted(each.scene.seed for each in Bookmarks(path).bookmarks() if each.scene) == [*range(30)]
