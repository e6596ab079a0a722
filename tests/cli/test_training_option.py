"""Which networks a film has on the command line, and in which order; what makes no film is refused in a line."""

import os
from pathlib import Path

import pytest
from training import data

from weightscape.cli.cli import run
from weightscape.cli.training_option import found
from weightscape.file.whole_file import FileError

NAMES = "epoch_1.npz", "epoch_2.npz", "epoch_10.npz", "epoch_010.npz", "epoch_b.npz"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runs").mkdir()
    for number, name in enumerate(NAMES):
        (tmp_path / "runs" / name).write_bytes(data(number))
    (tmp_path / "runs" / "log.txt").write_text("")
    monkeypatch.chdir(tmp_path)


def test_files_stand_in_natural_order() -> None:
    names = [os.path.join("runs", name) for name in NAMES]
    for given in (["runs"], ["runs/"], [os.path.join("runs", "epoch_*.npz")], names[::-1], [*names, "runs"]):
        seen = [os.path.normpath(name) for name in found(given)]
        assert sorted(seen) == sorted(names)
        assert seen[:2] == names[:2]
        assert set(seen[2:4]) == set(names[2:4])
    for given in (["none_*.npz"], ["."]):
        with pytest.raises(FileError, match="no file"):
            found(given)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("runs --vary radius=1:2", "--vary: nothing else varies in a film of networks"),
        ("runs --seconds 3", "--seconds: nothing else varies"),
        ("runs --no-loop", "--loop: nothing else varies"),
        ("runs --ease geometric", "--ease: 'geometric' is not one of linear, smooth"),
        ("runs --epochs 3", "--epochs: tells when --watch ends"),
        ("runs --idle 3", "--idle: tells when --watch ends"),
        ("runs --weights runs/epoch_1.npz", "--weights: the networks are those of runs"),
        ("runs --between -1", "--between: '-1' is not a whole number in 0..1000"),
        ("runs --cluster local:1", "--cluster: the networks of a film are drawn one by one"),
        ("runs/epoch_1.npz", "FILE: a film needs two networks, and there is runs/epoch_1.npz; --watch follows one"),
        ("--between 2 --vary radius=1:2", "--between: there are no networks"),
        ("--watch", "--watch: there is no weights file to follow"),
        ("--watch runs/epoch_1.npz --idle 0", "--idle: '0' is not a number of seconds above 0"),
        ("--watch runs/epoch_1.npz --epochs 0", "--epochs: '0' is not a whole number in 1..1000000"),
        ("--watch runs/epoch_1.npz runs/epoch_2.npz", "--watch: follows one file, not 2"),
    ],
)
def test_what_makes_no_film_of_networks_is_refused(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["animate", *words.split(), "-o", "a.mp4"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"weightscape: {said}")
    assert err.count("\n") == 1
    assert not Path("a.mp4").exists()


def test_a_network_that_never_comes_is_waited_for_as_long_as_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["animate", "--watch", "none.npz", "--idle", "0.2", "-o", "a.mp4"]) == 1
    assert capsys.readouterr().err == (
        "weightscape: no network has come in 0.2 seconds: cannot read none.npz: it does not exist\n"
    )


def test_a_folder_becomes_a_film(capsys: pytest.CaptureFixture[str]) -> None:
    Path("runs/epoch_b.npz").unlink()
    assert run(["animate", "runs", "--size", "16x16", "--engine", "numpy", "-o", "frames"]) == 0
    said = capsys.readouterr()
    assert said.out == "frames\n"
    assert said.err == "weightscape: frames: 4 networks, 4 frames\n"
    assert sorted(os.listdir("frames")) == [f"{k:06}.png" for k in range(1, 5)]
