"""The session's folder: one window writes, files are whole, and what cannot be used is set aside."""

import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from patience import ran, until

from weightscape.explore.keep import keeper
from weightscape.explore.keep.history import History, Step
from weightscape.explore.keep.keeper import TAKEN, Keeper
from weightscape.explore.keep.session import Lines, Session, session
from weightscape.explore.keep.store import BROKEN, EARLIER, LOCK, NAME, Store, TakenError
from weightscape.file.whole_file import FileError
from weightscape.scene.scene import Scene

FRAME = 10, 20, 640, 400
OLD = Session((Step(Scene(seed=1)), Step(Scene(seed=2))), 1, FRAME)


def standing(frame: tuple[int, int, int, int] = FRAME) -> Any:
    """Stand for a window that tells where it is."""
    return SimpleNamespace(moves=0, frame=frame, is_fullscreen=False)


def test_a_second_window_does_not_get_the_folder_until_the_first_lets_go(tmp_path: Path) -> None:
    first = Store(tmp_path / "new" / "folder")
    with pytest.raises(TakenError):
        Store(tmp_path / "new" / "folder")
    first.write("a")
    first.close()
    first.close()
    second = Store(tmp_path / "new" / "folder")
    assert second.read() == "a"
    second.close()


def test_the_system_lets_go_of_a_killed_windows_folder(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from weightscape.explore.keep.store import Store; "
        f"Store(Path({str(tmp_path)!r})).write('killed'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert ran(sys.executable, "-c", code).returncode < 0
    store = Store(tmp_path)
    assert store.read() == "killed"
    store.close()


def test_what_is_there_is_whole_and_nothing_is_half(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for text in ("a", "bb" * 1000, "c"):
        store.write(text)
        assert (store.read(), sorted(os.listdir(tmp_path))) == (text, [NAME, LOCK])
    store.set_aside(EARLIER)
    assert store.read() == ""
    assert sorted(os.listdir(tmp_path)) == [EARLIER, LOCK]
    store.close()


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot write into"):
        Store(tmp_path / "file")
    with pytest.raises(FileError, match="cannot write into"):
        Store(tmp_path / "file" / "deeper")


def test_a_session_is_taken_up_and_the_next_deed_is_written(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(Lines().text(OLD))
    kept = Keeper(tmp_path)
    left, told = kept.recall()
    assert left == OLD
    assert told == "as you left it: Shift+Home for the first picture, Backspace goes back"
    history = History(Scene())
    history.restore(OLD.steps, OLD.place)
    kept.watch(history, standing())
    history.go(Scene(seed=3), 0.0)
    kept.watch(history, standing())
    until(lambda: session((tmp_path / NAME).read_text())[0].steps[-1].scene.seed == 3, "the deed")
    kept.close()
    assert not (tmp_path / EARLIER).exists()


def test_a_window_that_nothing_was_done_in_leaves_no_session_and_another_keeps_the_one_before(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(Lines().text(OLD))
    kept, history = Keeper(tmp_path), History(Scene(seed=9))
    kept.watch(history, standing())
    moved = standing((0, 0, 300, 200))
    moved.moves = 5
    kept.watch(history, moved)
    kept.watch(history, moved, is_last=True)
    assert sorted(os.listdir(tmp_path)) == [NAME]
    history.go(Scene(seed=10), 0.0)
    kept.watch(history, moved)
    kept.close()
    assert session((tmp_path / EARLIER).read_text())[0] == OLD
    found = session((tmp_path / NAME).read_text())[0]
    assert ([step.scene.seed for step in found.steps], found.frame) == ([9, 10], (0, 0, 300, 200))


def test_time_that_ran_is_written_at_the_end(tmp_path: Path) -> None:
    kept, history = Keeper(tmp_path), History(Scene())
    kept.watch(history, standing())
    history.go(Scene(inputs=("x", "y", "cos_t")), 0.0)
    kept.watch(history, standing())
    history.replace(Scene(inputs=("x", "y", "cos_t"), time=0.5))
    kept.watch(history, standing(), is_last=True)
    kept.close()
    assert session((tmp_path / NAME).read_text())[0].steps[-1].scene.time == 0.5


def test_a_second_window_says_so_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(Lines().text(OLD))
    first = Store(tmp_path)
    kept, history = Keeper(tmp_path), History(Scene())
    assert kept.recall() == (None, TAKEN)
    silent = Keeper(tmp_path)  # started with an option: it learns of the first when it would write
    for each in (kept, silent):
        each.watch(history, standing())
    history.go(Scene(seed=10), 0.0)
    for each in (kept, silent):
        each.watch(history, standing())
        each.watch(history, standing(), is_last=True)
        each.close()
    assert first.read() == Lines().text(OLD)
    first.close()


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", Lines().text(OLD)[:-9].encode(), b'{"version": 2}'])
def test_a_broken_session_is_set_aside_in_one_line(data: bytes, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(data)
    kept = Keeper(tmp_path)
    left, told = kept.recall()
    assert left is None
    assert told.startswith("the last session cannot be used (")
    assert "\n" not in told
    assert (tmp_path / BROKEN).read_bytes() == data
    assert not (tmp_path / NAME).exists()
    kept.close()


def test_steps_that_are_lost_are_counted(tmp_path: Path) -> None:
    lost = Session((*OLD.steps, Step(Scene(weights="/nowhere.npz"))), 2, FRAME)
    (tmp_path / NAME).write_text(Lines().text(lost))
    kept = Keeper(tmp_path)
    assert kept.recall()[1].startswith("as you left it, but for 1 step that cannot be shown any more: ")
    kept.close()


def test_without_a_folder_all_goes_on_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    kept, history = Keeper(None), History(Scene())
    assert kept.recall() == (None, "")
    history.go(Scene(seed=1), 0.0)
    kept.watch(history, standing())
    kept.close()
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    kept, history = Keeper(tmp_path / "file"), History(Scene())
    assert kept.recall() == (None, "")
    for n in range(3):
        history.go(Scene(seed=n), 0.0)
        kept.watch(history, standing())
    kept.close()
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("weightscape: the session is not kept: cannot write into ")
    assert err.count("\n") == 1


def test_the_window_never_waits_for_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk hangs while deeds go on; what is written at last is the last of them."""
    is_free, texts = threading.Event(), []

    class Slow(Store):
        def write(self, text: str) -> None:
            until(is_free.is_set, "the disk")
            texts.append(text)

    monkeypatch.setattr(keeper, "Store", Slow)
    kept, history = Keeper(tmp_path), History(Scene())
    kept.watch(history, standing())
    for n in range(100):
        history.go(Scene(seed=n), 0.0)
        kept.watch(history, standing())
    assert texts == []
    is_free.set()
    kept.close()
    assert session(texts[-1])[0].steps[-1].scene.seed == 99
    assert len(texts) <= 2
