"""Recording: the film lasts as long as the hand, repeats what stands still, and never holds up the window."""

import time
from pathlib import Path

import av
import numpy as np
import pytest

from weightscape.model.scene import Scene
from weightscape.record import FPS, Recorder

SIZE = (65, 37)


def frame(level: int) -> np.ndarray:
    return np.full((SIZE[1], SIZE[0], 3), level, np.uint8)


def levels(path: Path) -> list[int]:
    with av.open(str(path)) as film:
        return [round(picture.to_ndarray(format="rgb24").mean()) for picture in film.decode(video=0)]


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    monkeypatch.setenv("WEIGHTSCAPE_OUTPUT_DIR", str(tmp_path))
    return Recorder(lambda: None)


def test_what_stands_still_is_repeated_until_something_new_is_seen(recorder: Recorder) -> None:
    recorder.toggle(Scene(), SIZE, 10.0)
    recorder.see(frame(50), 10.0)
    recorder.see(frame(200), 10.5)
    recorder.toggle(Scene(), SIZE, 11.5)
    recorder.close()
    (path,) = recorder.fetch()
    assert isinstance(path, Path)
    seen = levels(path)

    assert len(seen) == 1.5 * FPS
    assert np.allclose(seen[: FPS // 2], 50, atol=3)
    assert np.allclose(seen[FPS // 2 :], 200, atol=3)


def test_a_window_of_another_size_ends_the_film(recorder: Recorder) -> None:
    now = time.perf_counter()
    recorder.toggle(Scene(), SIZE, now)
    assert recorder.wants(SIZE)
    recorder.see(frame(9), now)

    assert not recorder.wants((64, 64))
    assert not recorder.is_recording
    recorder.close()
    (path,) = recorder.fetch()
    assert isinstance(path, Path)
    assert len(levels(path)) >= 1


def test_a_film_that_cannot_be_written_is_told_and_leaves_nothing(recorder: Recorder, tmp_path: Path) -> None:
    recorder.toggle(Scene(), SIZE, 0.0)
    recorder.see(np.zeros((3, 3, 3), np.uint8), 0.0)  # not the film's size
    recorder.toggle(Scene(), SIZE, 1.0)
    recorder.close()
    (fault,) = recorder.fetch()

    assert isinstance(fault, Exception)
    assert list(tmp_path.iterdir()) == []


def test_a_second_film_of_a_scene_gets_a_name_of_its_own(recorder: Recorder, tmp_path: Path) -> None:
    for _ in range(2):
        recorder.toggle(Scene(), SIZE, 0.0)
        recorder.see(frame(9), 0.0)
        recorder.toggle(Scene(), SIZE, 0.2)
        recorder.close()

    assert len(recorder.fetch()) == 2
    assert len(list(tmp_path.glob("*.mp4"))) == 2
