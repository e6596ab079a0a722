"""Recording: the film lasts as long as the hand, repeats what stands still, and never holds up the window."""

import time
from pathlib import Path

import av
import numpy as np
import pytest
from patience import until

from weightscape.explore.task.record import FPS, NETWORKS_PER_S, Recorder
from weightscape.file.whole_file import FileError
from weightscape.publish import gallery
from weightscape.scene.scene import Scene

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


def test_a_window_of_another_size_is_scaled_into_the_film_with_borders(recorder: Recorder) -> None:
    recorder.toggle(Scene(), SIZE, 0.0)
    recorder.see(frame(200), 0.0)
    recorder.see(np.full((72, 72, 3), 200, np.uint8), 1.0)
    assert recorder.is_recording
    recorder.toggle(Scene(), (72, 72), 2.0)  # ends the film, and begins no other
    assert not recorder.is_recording
    recorder.close()
    (path,) = recorder.fetch()
    assert isinstance(path, Path)
    with av.open(str(path)) as film:
        pictures = [picture.to_ndarray(format="rgb24") for picture in film.decode(video=0)]

    assert len(pictures) == 2 * FPS
    assert {picture.shape for picture in pictures} == {(36, 64, 3)}
    assert pictures[0].min() > 190
    assert pictures[-1][:, 16:48].min() > 190  # a square of 36 in the middle
    assert max(pictures[-1][:, :12].max(), pictures[-1][:, 52:].max()) < 10


def test_the_clock_tells_how_long_a_film_is(recorder: Recorder) -> None:
    assert recorder.clock(5.0) == ""
    recorder.toggle(Scene(), SIZE, 10.0)
    assert [recorder.clock(now) for now in (10.0, 22.9, 85.0)] == ["0:00", "0:12", "1:15"]
    recorder.see(frame(9), 10.0)
    recorder.toggle(Scene(), SIZE, 86.0)
    assert recorder.clock(86.0) == ""
    recorder.close()


def test_an_encoder_that_falls_behind_makes_a_film_no_shorter(recorder: Recorder) -> None:
    recorder.toggle(Scene(), SIZE, 0.0)
    for k in range(300):  # as fast as they can be handed in
        recorder.see(frame(k % 200), k / FPS)
    recorder.toggle(Scene(), SIZE, 300 / FPS)
    recorder.close()
    (path,) = recorder.fetch()

    assert isinstance(path, Path)
    assert len(levels(path)) == 300


def test_a_window_too_narrow_to_film_is_told_at_once(recorder: Recorder, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot film: 1x40 is too small"):
        recorder.toggle(Scene(), (1, 40), 0.0)
    assert not recorder.is_recording
    assert list(tmp_path.iterdir()) == []


def test_a_film_that_fails_ends_by_itself_and_another_can_begin(recorder: Recorder) -> None:
    recorder.toggle(Scene(), SIZE, 0.0)
    recorder.see(np.zeros((3, 3), np.uint8), 0.0)  # not a picture
    recorder.see(frame(1), 1.0)
    until(lambda: not recorder.is_recording, "the film to be given up")
    (fault,) = recorder.fetch()
    assert isinstance(fault, Exception)
    now = time.perf_counter()
    recorder.toggle(Scene(), SIZE, now)
    assert recorder.is_recording
    recorder.see(frame(1), now)
    recorder.close()
    assert isinstance(recorder.fetch()[0], Path)


def test_a_film_opens_as_the_scene_it_began_with(recorder: Recorder) -> None:
    now = time.perf_counter()
    recorder.toggle(Scene(seed=5), SIZE, now)
    recorder.see(frame(9), now)
    recorder.close()
    (path,) = recorder.fetch()
    assert isinstance(path, Path)
    carried = gallery.inside(path)

    assert (carried["scene"]["seed"], carried["size"]) == (5, [64, 36])


def test_a_film_that_cannot_be_written_is_told_and_leaves_nothing(recorder: Recorder, tmp_path: Path) -> None:
    recorder.toggle(Scene(), SIZE, 0.0)
    recorder.see(np.zeros((3, 3), np.uint8), 0.0)  # not a picture
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


def test_a_film_that_fails_late_leaves_what_was_filmed_and_says_where(recorder: Recorder, tmp_path: Path) -> None:
    recorder.toggle(Scene(), SIZE, 0.0)
    for k in range(90):
        recorder.see(frame(k), k / FPS)
    recorder.see(np.zeros((3, 3), np.uint8), 3.0)  # not a picture
    recorder.toggle(Scene(), SIZE, 4.0)
    recorder.close()
    (fault,) = recorder.fetch()
    (rest,) = tmp_path.iterdir()

    assert str(fault).endswith(f"what was filmed is {rest}")
    assert levels(rest)


def test_a_film_of_networks_has_one_frame_of_each_however_long_it_lasted(recorder: Recorder) -> None:
    recorder.toggle(Scene(), SIZE, 0.0, by_networks=True)
    assert not recorder.wants(is_whole=False)
    assert recorder.wants(is_whole=True)
    for network, level in enumerate((40, 120, 200)):
        assert recorder.clock(9.0) == f"network {network + 1}"
        assert not recorder.is_ready
        recorder.see(frame(0), 100.0 * network)  # of which more is seen later
        recorder.see(frame(level), 100.0 * network + 50.0)
        until(lambda: recorder.is_ready, "room for a frame")
        if level < 200:
            recorder.turn()
    recorder.toggle(Scene(), SIZE, 1000.0)
    assert recorder.is_ready
    recorder.close()
    (path,) = recorder.fetch()
    assert isinstance(path, Path)

    assert np.allclose(levels(path), [40, 120, 200], atol=3)
    with av.open(str(path)) as film:
        assert film.streams.video[0].average_rate == NETWORKS_PER_S


def test_any_other_film_wants_all_that_is_seen_and_waits_for_nothing(recorder: Recorder) -> None:
    assert not recorder.wants(is_whole=True)
    assert recorder.is_ready
    recorder.toggle(Scene(), SIZE, 0.0)
    assert recorder.wants(is_whole=False)
    assert recorder.is_ready
    recorder.turn()
    recorder.see(frame(9), 0.0)
    recorder.toggle(Scene(), SIZE, 0.5)
    recorder.close()
    assert len(recorder.fetch()) == 1
