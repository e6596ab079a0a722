"""--watch waits for a file that is not there yet, or half there; what cannot be followed is refused in a line."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from patience import ended, started, until
from training import data

from weightscape.cli.cli import run
from weightscape.cli.watch_option import wait_for
from weightscape.picture.network_memory import network
from weightscape.scene.scene import Scene


@pytest.mark.parametrize(
    ("options", "culprit"), [(["--watch"], "--watch"), (["--record"], "--record"), (["--watch", "--record"], "--watch")]
)
def test_there_must_be_something_to_follow(
    options: list[str], culprit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explore", *options]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"weightscape: {culprit}: ")
    assert err.count("\n") == 1


def test_a_file_that_is_there_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.npz"
    file.write_bytes(data(1))
    wait_for(str(file))
    assert network(Scene(weights=str(file))).widths == (2, 6, 3)
    assert capsys.readouterr().err == ""


def waiting(file: Path) -> subprocess.Popen[str]:
    code = "import sys\nfrom weightscape.cli.watch_option import wait_for\nwait_for(sys.argv[1])\nprint('there')"
    return started(sys.executable, "-c", code, str(file), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_a_file_that_is_not_there_is_waited_for_and_said_so_once(tmp_path: Path) -> None:
    file = tmp_path / "net.npz"
    process = waiting(file)
    assert process.stderr
    first = process.stderr.readline()
    file.write_bytes(data(1)[:200])
    file.write_bytes(data(1))
    status, out, err = ended(process)
    assert (status, out, err) == (0, "there\n", "")
    assert first == f"weightscape: waiting for a network: cannot read {file}: it does not exist\n"


@pytest.mark.slow
def test_ctrl_c_ends_the_wait(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "weightscape", "--weights", str(tmp_path / "net.npz"), "--watch"]
    process = started(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr
    assert until(process.stderr.readline, "what is waited for").startswith("weightscape: waiting for a network")
    process.send_signal(signal.SIGINT)
    status, out, err = ended(process)
    assert (status, out) == (130, "")
    assert "Traceback" not in err
