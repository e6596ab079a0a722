"""Damaged files of every kind through the command line: each is read or refused in one line, in little memory."""

import json
import os
import sys
from pathlib import Path

import pytest
from patience import PATIENCE_S, ran

TOOL = Path(__file__).parents[1] / "tool"
# More of them find what is rarer: the same number is the same file.
COUNT = int(os.environ.get("WEIGHTSCAPE_MANGLED", "300"))
KINDS = {"png", "mp4", "webm", "npz", "safetensors", "onnx", "pt", "tif", "exr", "dzi", "gif", "json", "manifest"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is set as Linux has it")
def test_no_damaged_file_crashes_the_program_or_takes_its_memory(tmp_path: Path) -> None:
    done = ran(
        sys.executable,
        str(TOOL / "mangled.py"),
        str(COUNT),
        str(tmp_path),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TOOL), "PYTHONWARNINGS": "error"},
        timeout=PATIENCE_S * max(1, COUNT / 300),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    about = json.loads(done.stdout)
    assert about["faults"] == []
    assert about["statuses"].keys() == KINDS
    assert sum(sum(each.values()) for each in about["statuses"].values()) >= 2 * COUNT
    for kind, ends in about["statuses"].items():
        assert ends.get("1", 0) + ends.get("2", 0) > 0, kind
    # Some damage leaves a scene.
    assert sum(ends.get("0", 0) > 0 for ends in about["statuses"].values()) >= 6
    assert about["grown_mb"] < 256
