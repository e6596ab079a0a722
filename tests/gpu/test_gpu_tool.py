"""The programs of tools/gpu, which run where no test does, still find what they import and print what they say."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from patience import ran

TOOLS = Path(__file__).parents[2] / "tools" / "gpu"


def printed(*command: str) -> list[str]:
    done = ran(sys.executable, "-W", "error", str(TOOLS / command[0]), *command[1:])
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_probe_tells_of_literals_and_signs(gl: Any) -> None:
    if gl.version_code < 430:
        pytest.skip("needs compute shaders")
    _, literals, *signs = printed("probe.py")
    assert literals.startswith("float literals not rounded, of 15: ")
    assert len(signs) == 5
    assert all(" of 1000 wrong" in line for line in signs)


def test_times_are_told_of_each_shape_and_of_rivals(gl: Any) -> None:
    if gl.version_code < 430:
        pytest.skip("needs compute shaders")
    _, *lines = printed("perf.py", "--size", "16x9", "2x4")
    assert [line.split(":")[0] for line in lines] == [
        "2x4 at 16x9, as it is",
        "2x4 at 16x9, sliced",
        "2x4 at 16x9, more at once",
        "2x4 rivals",
    ]
    assert "busy " in lines[0]


@pytest.mark.parametrize("name", ["prepare.sh", "run.sh"])
def test_the_scripts_are_bash(name: str) -> None:
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("no bash")
    done = ran(bash, "-n", str(TOOLS / name))
    assert (done.returncode, done.stderr) == (0, "")
