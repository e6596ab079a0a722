"""The table of the window: a row for each that opens, a word for what does not, and no GPU where there is none."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from display import opened_display

from weightscape.bench import live
from weightscape.bench.case import NETWORKS
from weightscape.bench.live import LivePlan, lively
from weightscape.bench.live_window import LiveCase
from weightscape.bench.report import report
from weightscape.cli.bench_option import live_plan
from weightscape.cli.cli import run

TINY = LivePlan(((3, 5),), ((320, 240),), ("numpy",), 0.2)
RATES = ("drag_fps", "zoom_fps", "time_fps")
ROW = {
    "network": "18x30",
    "layers": 18,
    "width": 30,
    "size": [1920, 1080],
    "name": "compute",
    "device": "GPU",
    "renderer": "some GPU",
    "software": False,
    "held": True,
    "changes": 9,
    "first_s": 0.0041,
    "whole_s": 0.0043,
    "gpu_s": 0.0036,
    "cpu_s": None,
    "drag_fps": 240.0,
    "zoom_fps": 180.0,
    "time_fps": 175.0,
}


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give a display that children find, too."""
    with opened_display() as name:
        monkeypatch.setenv("DISPLAY", name)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        yield name


def written(*rows: dict[str, Any], **more: Any) -> str:
    about = {"cpu": "a CPU", "cores": 2, "renderer": None, "driver": "none", "load": None, "versions": {"blas": "some"}}
    return report({"machine": about, "peak": {}, "rows": [], "growth": [], "live": rows, "missing": {}} | more)


def test_a_window_becomes_a_row(display: str) -> None:
    told = list[float]()
    found = lively(TINY, told.append)

    assert found["missing"] == {}
    assert (told[0], told[-1]) == (0.0, 1.0)
    (row,) = found["live"]
    assert row.keys() == ROW.keys()
    assert (row["network"], row["size"], row["name"], row["device"]) == ("3x5", [320, 240], "numpy", "CPU")
    assert row["held"] is False
    assert row["changes"] >= 1
    assert 0.0 < row["first_s"] <= row["whole_s"]
    assert row["gpu_s"] is None
    assert row["cpu_s"] > 0.0
    assert all(row[name] > 0.0 for name in RATES)
    assert json.loads(json.dumps(found)) == found
    assert {"first_s", "drag_fps", "held"} <= found["definitions"].keys()
    text = report(found)
    assert "3x5 at 320x240" in text
    assert ("OpenGL is software here" in text) == row["software"]


def test_without_a_display_that_is_all_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    found = lively(TINY)
    assert found["live"] == []
    assert found["missing"].keys() == {"live"}
    assert "there is no display" in report(found)


def test_the_table_says_who_drew_and_what_is_no_figure_of_a_gpu() -> None:
    software = ROW | {"name": "fragment", "device": "software", "renderer": "llvmpipe", "software": True}
    text = written(ROW, ROW | {"held": False, "whole_s": None, "gpu_s": None})
    lines = text.splitlines()

    assert "drawn by some GPU" in text
    assert "no figure" not in text
    assert max(map(len, lines)) <= 100
    assert [line.split() for line in lines if line.startswith("  compute")] == [
        ["compute", "yes", "4.10", "ms", "4.30", "ms", "GPU", "3.60", "ms", "240", "/s", "180", "/s", "175", "/s"],
        ["compute", "no", "4.10", "ms", "-", "-", "240", "/s", "180", "/s", "175", "/s"],
    ]
    text = written(software | {"gpu_s": None, "cpu_s": 0.2})
    assert "drawn by llvmpipe" in text
    assert "none of this is a figure of a GPU" in text
    assert "fragment (software)" in text
    assert "CPU 200 ms" in text
    assert "GPU 3" not in text


def test_each_window_is_asked_for_with_and_without_held_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[tuple[LiveCase, str, str]]()

    def child(case: LiveCase, engine: str, held: str) -> dict[str, Any]:
        asked.append((case, engine, held))
        if case.size == (64, 48):
            return {"lack": "a fault"}
        return ROW | {"name": engine, "held": held == "always" and engine == "compute"}

    monkeypatch.setattr(live, "_child", child)
    found = lively(LivePlan(((3, 5),), ((320, 240), (64, 48)), ("compute", "fragment", "numpy")))

    assert [(case.size, engine, held) for case, engine, held in asked[:5]] == [
        ((320, 240), "compute", "never"),
        ((320, 240), "compute", "always"),
        ((320, 240), "fragment", "never"),
        ((320, 240), "fragment", "always"),
        ((320, 240), "numpy", "never"),
    ]
    assert [(row["name"], row["held"]) for row in found["live"]] == [
        ("compute", False),
        ("compute", True),
        ("fragment", False),
        ("numpy", False),
    ]
    assert "shares nothing" in found["missing"]["live 3x5 at 320x240, fragment, held fields"]
    assert found["missing"]["live 3x5 at 64x48, compute, held never"] == "a fault"


@pytest.mark.parametrize(
    ("out", "err", "status", "reason"),
    [("", "a trace\nKeyError: 'x'\n", 1, "KeyError: 'x'"), ("", "", -11, "it ended with status -11")],
)
def test_a_child_that_fails_is_a_word(
    out: str, err: str, status: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, str] = {}

    def ran(command: Any, env: dict[str, str], **_: Any) -> Any:
        given.update(env)
        return subprocess.CompletedProcess(command, status, out, err)

    monkeypatch.setattr(subprocess, "run", ran)
    assert live._child(LiveCase(3, 5, (320, 240), 0.2), "compute", "always") == {"lack": reason}
    wanted = {"WEIGHTSCAPE_ENGINE": "compute", "WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_REST_SAMPLES": "1"}
    assert wanted.items() <= given.items()
    assert given.items() >= {**os.environ, **wanted}.items()


def test_options_choose_the_windows(capsys: pytest.CaptureFixture[str]) -> None:
    assert live_plan(False, (), (), None) == LivePlan(NETWORKS, ((1280, 720), (1920, 1080)), ("auto",), live.BUDGET_S)
    assert live_plan(True, ("numpy",), ("3x5", "3x5"), "320x240") == LivePlan(
        ((3, 5),), ((320, 240),), ("numpy",), live.QUICK_BUDGET_S
    )
    assert run(["bench", "--live", "--plot", "x.png"]) == 2
    assert "--live goes with neither" in capsys.readouterr().err
