"""A film of networks has a frame of each, whole, whenever and however it is written; its end is a whole film."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
import spirals
from patience import ended, started, until
from PIL import Image
from training import WAYS, data, overwritten, replaced

from weightscape.file.frame_folder import frame_path
from weightscape.file.growing_film import unfinished
from weightscape.file.npz import write_weights
from weightscape.file.png import KEYWORD, read_text
from weightscape.file.whole_file import FileError
from weightscape.network.fingerprint import fingerprint
from weightscape.network.network import Network
from weightscape.picture.epochs import EPOCHS
from weightscape.picture.network_memory import network
from weightscape.picture.render import render
from weightscape.publish.networks import checkpoints, followed, shots
from weightscape.publish.still import Still
from weightscape.publish.training import Taken, write_training
from weightscape.scene.scene import Scene

SIZE, FPS = (32, 24), Fraction(10)
STILL = Still(SIZE, engine="numpy")
Frame = npt.NDArray[np.uint8]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.npz"
    path.write_bytes(data(1))
    return path


def drawn(tmp_path: Path, contents: bytes, **looks: object) -> Frame:
    other = tmp_path / "drawn.npz"
    other.write_bytes(contents)
    return render(Scene(weights=str(other), **looks), size=SIZE, engine="numpy")  # type: ignore[arg-type]


def seen(folder: Path, number: int) -> Frame:
    return np.asarray(Image.open(frame_path(folder, number)).convert("RGB"))


def taken(
    folder: Path, scenes: Iterator[Scene], after: Callable[[Taken], object] = lambda _: None, between: int = 0
) -> Taken:
    return write_training(str(folder), shots(scenes, between), STILL, FPS, progress=after)


def test_each_network_that_is_written_while_the_film_is_made_has_its_frame(file: Path, tmp_path: Path) -> None:
    def train(now: Taken) -> None:
        if now.networks <= len(WAYS):
            WAYS[now.networks - 1](file, data(now.networks + 1))

    folder, count = tmp_path / "frames", len(WAYS) + 1
    made = taken(folder, islice(followed(Scene(weights=str(file))), count), train)
    assert (made.networks, made.frames, made.names) == (count, count, (str(folder),))
    frames = [seen(folder, number) for number in range(count)]
    for number, frame in enumerate(frames, 1):
        assert np.array_equal(frame, drawn(tmp_path, data(number)))
    assert not any(np.array_equal(a, b) for a in frames for b in frames if a is not b)
    # Each tells the very network that it shows, which the file holds no more.
    told = json.loads(read_text(frame_path(folder, 1), KEYWORD) or "")
    (tmp_path / "second.npz").write_bytes(data(2))
    assert [*told["fingerprints"].values()] == [fingerprint(network(Scene(weights=str(tmp_path / "second.npz"))))]


@pytest.mark.slow
def test_half_a_file_is_waited_for_and_told(file: Path, tmp_path: Path) -> None:
    said: list[str] = []

    def tell(text: str) -> None:
        said.append(text)
        overwritten(file, data(2))

    scenes = followed(Scene(weights=str(file)), tell=tell)
    made = taken(tmp_path / "a", islice(scenes, 2), lambda now: now.networks < 2 and overwritten(file, data(2)[:300]))
    assert made.frames == 2
    assert np.array_equal(seen(tmp_path / "a", 1), drawn(tmp_path, data(2)))
    assert len(said) == 1
    assert said[0].endswith("; waiting for it")


def test_a_network_that_cannot_be_seen_is_told_and_passed_over(file: Path, tmp_path: Path) -> None:
    said: list[str] = []

    def tell(text: str) -> None:
        said.append(text)
        if "inputs" in text:
            replaced(file, data(3, (2, 4)))

    scene = Scene(weights=str(file), lens="unit", layer=1, unit=5)
    made = taken(
        tmp_path / "a", islice(followed(scene, tell=tell), 2), lambda _: replaced(file, data(2, (3, 4, 3))), between=2
    )
    assert (made.networks, made.frames) == (2, 4)
    assert len(said) == 2
    assert "cannot be seen so: inputs" in said[0]
    assert "unit" in said[1]  # which the small one has not: its last layer's first is seen
    assert np.array_equal(seen(tmp_path / "a", 3), drawn(tmp_path, data(3, (2, 4)), lens="unit"))
    # Between networks of other shapes there is no way: the one before stays.
    for number in (1, 2):
        assert np.array_equal(seen(tmp_path / "a", number), seen(tmp_path / "a", 0))


def test_frames_between_are_of_networks_between(tmp_path: Path) -> None:
    nets = [*islice(spirals.trained(40), 2)]
    files = [str(tmp_path / f"{number}.npz") for number in range(2)]
    for name, net in zip(files, nets, strict=True):
        write_weights(name, net.weights, net.biases, net.activations)
    looks = {"lens": "winner", "contour": True}
    scene = Scene(weights=files[0], **looks)  # type: ignore[arg-type]
    made = taken(tmp_path / "a", checkpoints(scene, files), between=3)
    assert (made.networks, made.frames) == (2, 5)
    for k in range(5):
        part = k / 4
        W, b = (
            tuple((1 - part) * v + part * w for v, w in zip(*pairs, strict=True))
            for pairs in ((nets[0].weights, nets[1].weights), (nets[0].biases, nets[1].biases))
        )
        between = Network(W, b, nets[0].activations)
        expected = render(between, view=Scene(**looks), size=SIZE, engine="numpy")  # type: ignore[arg-type]
        assert np.array_equal(seen(tmp_path / "a", k), expected)
        # What no file has tells no scene.
        assert (read_text(frame_path(tmp_path / "a", k), KEYWORD) is not None) == (k in (0, 4))
    smooth = [*shots(checkpoints(scene, files), 3, "smooth")]
    mixed = [shot.between[0].weights[0] for shot in smooth if shot.is_between]
    parts = [float(np.mean((v - nets[0].weights[0]) / (nets[1].weights[0] - nets[0].weights[0]))) for v in mixed]
    assert parts == pytest.approx([0.15625, 0.5, 0.84375], abs=1e-6)


def test_all_checkpoints_are_looked_at_before_the_first_is_drawn(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    other.write_bytes(data(1, (5, 3)))
    with pytest.raises(FileError, match=r"^cannot use .*other\.npz: inputs: 2 are listed, the network has 5$"):
        checkpoints(Scene(weights=str(file)), [str(file), str(other)])


@pytest.mark.slow
def test_old_networks_are_let_go(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EPOCHS, "_count", 10)  # of a hundred
    scenes = followed(Scene(weights=str(file)))
    names = []
    for number in range(2, 22):
        names.append(next(scenes).weights)
        replaced(file, data(number))
    scenes.close()  # type: ignore[attr-defined]
    assert len(set(names)) == 20
    assert EPOCHS.network(names[-1])
    assert not EPOCHS.network(names[1])


def test_where_nothing_comes_any_more_the_film_ends(file: Path, tmp_path: Path) -> None:
    assert taken(tmp_path / "a", followed(Scene(weights=str(file)), idle_s=0.2)).frames == 1


def follow(place: Path, *options: str) -> subprocess.Popen[str]:
    command = sys.executable, "-m", "weightscape", "animate", "--watch", "net.npz", "--size", "48x32", *options
    return started(*command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Path]:
    """Train, in a process of its own, for as long as a test lasts, which gets the folder."""
    process = started(sys.executable, spirals.__file__, str(tmp_path / "net.npz"))
    yield tmp_path
    process.kill()
    process.wait()


def count_of(film: Path) -> int:
    with av.open(str(film)) as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.slow
def test_ctrl_c_ends_a_film_which_is_whole(training: Path) -> None:
    film = training / "a.mp4"
    process = follow(training, "--lens", "winner", "-o", "a.mp4")
    draft = Path(unfinished(film))
    until(lambda: draft.exists() and draft.stat().st_size > 0, "half a second of film")
    process.send_signal(signal.SIGINT)
    status, out, err = ended(process)
    assert (status, out) == (0, "a.mp4\n"), err
    frames = count_of(film)
    assert frames >= 5
    assert err.splitlines()[-1] == f"weightscape: a.mp4: {frames} networks, {frames} frames"
    assert not draft.exists()
    assert (
        json.loads(
            subprocess.run(
                [sys.executable, "-m", "weightscape", "show", "a.mp4"], cwd=training, capture_output=True, check=True
            ).stdout
        )["weights"]
        == "net.npz"
    )


@pytest.mark.slow
def test_what_was_filmed_outlives_a_kill_and_is_not_written_over(training: Path) -> None:
    process = follow(training, "-o", "a.mp4")
    draft = Path(unfinished(training / "a.mp4"))
    until(lambda: draft.exists() and draft.stat().st_size > 0, "half a second of film")
    process.kill()
    ended(process)
    shutil.copy(draft, training / "copy.mp4")
    assert count_of(training / "copy.mp4") >= 5
    status, _, err = ended(follow(training, "-o", "a.mp4", "--epochs", "2"))
    assert status == 1
    assert err.splitlines()[-1] == (
        "weightscape: cannot write a.mp4: a.unfinished.mp4 is there, of a film without an end: move it"
    )
    assert not (training / "a.mp4").exists()


@pytest.mark.parametrize("name", ["a.gif", "a.png", pytest.param("a.webm", marks=pytest.mark.long)])
def test_a_film_of_any_kind_ends_after_so_many_networks(training: Path, name: str) -> None:
    status, out, err = ended(follow(training, "--epochs", "3", "--between", "1", "--size", "64x64", "-o", name))
    assert status == 0, err
    assert out.splitlines()[0] == name
    assert all((training / each).exists() for each in out.splitlines())
    assert err.splitlines()[-1] == f"weightscape: {name}: 3 networks, 5 frames"
    assert count_of(training / name) == 5


@pytest.mark.slow
def test_ctrl_c_before_there_is_a_network_leaves_nothing(tmp_path: Path) -> None:
    process = follow(tmp_path, "-o", "a.mp4")
    assert process.stderr
    assert until(process.stderr.readline, "what is waited for").startswith("weightscape: waiting for a network")
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 130
    assert os.listdir(tmp_path) == []
