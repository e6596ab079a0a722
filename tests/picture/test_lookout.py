"""A file is found anew however it is written, and waited for while it cannot be read; time is handed in."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mangled import seeds
from training import WAYS, data, overwritten, patched, replaced

from weightscape.picture import lookout as lookout_module
from weightscape.picture.epochs import EPOCHS
from weightscape.picture.follower import POLL_S
from weightscape.picture.lookout import AGAIN_S, QUIET_S, SURE_S, Arrival, Lookout
from weightscape.picture.network_memory import network
from weightscape.scene.epoch import epoch_name
from weightscape.scene.scene import Scene

LONG = 100.0  # after which a time that a file bears is sure


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.npz"
    path.write_bytes(data(1))
    return path


@pytest.fixture
def lookout(file: Path) -> Lookout:
    """Look at a file that has been read and not been touched for long."""
    EPOCHS.follow([str(file)])
    network(Scene(weights=str(file)))
    found = Lookout(str(file))
    assert found.look(0.0) is None
    return found


def holds(name: str, number: int, folder: Path) -> bool:
    other = folder / "other.npz"
    other.write_bytes(data(number))
    return np.array_equal(network(Scene(weights=name)).weights[0], network(Scene(weights=str(other))).weights[0])


@pytest.mark.parametrize("write", WAYS)
def test_the_first_look_after_a_file_was_written_sees_the_new_network(
    lookout: Lookout, file: Path, tmp_path: Path, write: Callable[[Path, bytes], None]
) -> None:
    assert POLL_S <= 0.5  # so often there is a look
    for number in (2, 3):
        write(file, data(number))
        name = epoch_name(str(file), number)
        assert lookout.look(LONG * number) == Arrival(str(file), name, looks=1, is_first=False)
        assert holds(name, number, tmp_path)
        assert lookout.look(LONG * number + POLL_S) is None
    assert holds(str(file), 1, tmp_path)


def test_the_same_contents_are_no_news(lookout: Lookout, file: Path) -> None:
    replaced(file, data(1))
    assert lookout.look(LONG) is None
    os.utime(file)
    assert lookout.look(2 * LONG) is None


def test_half_a_file_is_waited_for_in_silence(lookout: Lookout, file: Path) -> None:
    contents = data(2)
    cuts = range(0, len(contents), 97)
    assert len(cuts) > 10
    for n, cut in enumerate(cuts):
        overwritten(file, contents[:cut])
        assert lookout.look(LONG + 0.9 * QUIET_S * n / len(cuts)) is None
    overwritten(file, contents)
    assert lookout.look(LONG + QUIET_S) == Arrival(str(file), epoch_name(str(file), 2), len(cuts) + 1, False)


@pytest.mark.parametrize("kind", ["npz", "safetensors", "onnx", "pt"])
def test_no_part_of_a_file_is_taken_for_a_network(tmp_path: Path, kind: str) -> None:
    if kind == "pt":
        pytest.importorskip("torch")
    file, contents = tmp_path / f"net.{kind}", dict(seeds(tmp_path))[kind]
    EPOCHS.follow([str(file)])
    lookout = Lookout(str(file))
    cuts = range(0, len(contents), max(len(contents) // 200, 1))
    assert len(cuts) > 50
    for n, cut in enumerate(cuts):
        overwritten(file, contents[:cut])
        assert not isinstance(lookout.look(POLL_S * n), Arrival), cut
    overwritten(file, contents)
    assert isinstance(lookout.look(LONG), Arrival)


def test_a_file_that_is_gone_for_a_moment_is_waited_for(lookout: Lookout, file: Path) -> None:
    file.unlink()
    assert [lookout.look(LONG + AGAIN_S * n) for n in range(3)] == [None] * 3
    file.write_bytes(data(2))
    assert isinstance(lookout.look(LONG + 3 * AGAIN_S), Arrival)


def chain() -> bytes:
    """Give a file whose shapes do not chain."""
    held = io.BytesIO()
    np.savez(held, W1=np.ones((2, 4)), b1=np.ones(4), W2=np.ones((5, 3)), b2=np.ones(3))
    return held.getvalue()


@pytest.mark.parametrize("wrong", [b"", b"no network", data(2)[:300], chain(), None])
def test_what_stays_wrong_is_told_once_until_it_is_right_again(
    lookout: Lookout, file: Path, wrong: bytes | None
) -> None:
    for begin in (LONG, 9 * LONG):
        if wrong is None:
            file.unlink()
        else:
            file.write_bytes(wrong)
        looks = [lookout.look(begin + POLL_S * n) for n in range(int((QUIET_S + SURE_S + 5.0) / POLL_S))]
        (told,) = [each for each in looks if each]
        assert isinstance(told, str)
        assert f"cannot read {file}" in told
        assert looks.index(told) * POLL_S >= QUIET_S - POLL_S
        if wrong:
            file.write_bytes(wrong + b" ")  # still wrong
            assert lookout.look(begin + 0.5 * LONG) is None
        file.write_bytes(data(int(begin)))
        assert isinstance(lookout.look(begin + LONG), Arrival)


def test_a_disk_that_tells_times_coarsely_is_looked_at_again(
    lookout: Lookout, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def coarse(path: str) -> tuple[int, ...]:
        return (os.stat(path).st_size,)  # as if all were written within the same two seconds

    monkeypatch.setattr(lookout_module, "_stamp", coarse)
    replaced(file, data(2))
    assert isinstance(lookout.look(LONG), Arrival)
    patched(file, data(3))
    assert AGAIN_S <= 0.5
    assert lookout.look(LONG + 0.2 * AGAIN_S) is None
    assert lookout.look(LONG + AGAIN_S) == Arrival(str(file), epoch_name(str(file), 3), 1, False)


def test_a_file_that_stays_is_not_read_again(lookout: Lookout, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    monkeypatch.setattr(lookout_module, "renewed", lambda file: reads.append(file) or file)
    for n in range(1000):
        lookout.look(POLL_S * n)
    assert 1 <= len(reads) <= SURE_S / AGAIN_S + 1


def test_a_file_that_could_not_be_read_at_first_is_told_apart(tmp_path: Path) -> None:
    late = tmp_path / "late.npz"
    EPOCHS.follow([str(late)])
    lookout = Lookout(str(late))
    assert lookout.look(0.0) is None
    late.write_bytes(data(1))
    assert lookout.look(POLL_S) == Arrival(str(late), str(late), looks=2, is_first=True)
