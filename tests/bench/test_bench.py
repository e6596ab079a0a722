"""The whole measurement: consistent numbers, all rows that were asked for, one line for whatever is wrong."""

import json
import os
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from patience import ended, ran, started, until

from weightscape.bench import contest
from weightscape.bench.case import Case, growth
from weightscape.bench.chart import png
from weightscape.bench.contest import Plan, measured
from weightscape.bench.report import report
from weightscape.bench.rival import RIVALS, Rival
from weightscape.bench.trial import uncached
from weightscape.cli.bench_option import plan
from weightscape.cli.cli import run
from weightscape.engine.choice import ENGINES
from weightscape.engine.question import EngineError

TINY = Case(3, 5, (16, 12))
NOTEBOOK = RIVALS[0]
ONCE = ("compile_s", "upload_s", "first_picture_s", "longest_s", "busy_s")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """Measure once, with every engine and one rival, what the tests below look at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contest, "peaks", lambda: {"cpu": {"gflops": 2.0, "what": "made up"}})
        series = growth((8, 8), is_quick=True)[:1]
        return measured(Plan((TINY, Case(1, 1, (9, 1))), 2, growth=series, rivals=(NOTEBOOK,)))


@pytest.mark.slow
def test_there_is_a_row_for_everybody(found: dict[str, Any]) -> None:
    engines = sorted(set(ENGINES) - {"auto"} - found["missing"].keys())
    rows = [(row["network"], row["name"]) for row in found["rows"]]

    assert sorted(rows) == sorted((net, name) for net in ("3x5", "1x1") for name in [*engines, NOTEBOOK.name])
    assert rows[0] == ("3x5", "numpy")
    assert sorted((row["what"], row["name"]) for row in found["growth"]) == [("layers", name) for name in engines]


@pytest.mark.slow
def test_in_double_precision_are_those_alone_who_compute_in_it() -> None:
    made = plan(True, ["numpy", "jit"], ["3x5"], "16x12", "1", True, "double")
    assert [rival.name for rival in made.rivals] == ["NumPy float64"]
    assert made.growth == ()
    rows = measured(made)["rows"]
    assert {row["name"] for row in rows} == {"numpy", "jit", "NumPy float64"}
    for row in rows:
        assert (row["network"], row["precision"], row["peak_share"]) == ("3x5, double", "double", None)
        assert row["max_difference"] < 1e-12


@pytest.mark.slow
def test_numbers_are_positive_and_fit_together(found: dict[str, Any]) -> None:
    for row in found["rows"]:
        assert 0.0 < row["min_s"] <= row["median_s"]
        assert row["ratio"] > 0.0
        assert row["gflops"] == pytest.approx(row["mpx_s"] * row["flops_per_point"] / 1e3)
        assert row["mpx_s"] == pytest.approx(row["points"] / row["median_s"] / 1e6)
        assert row["peak"] is None or row["peak_share"] == pytest.approx(row["gflops"] / 2.0)
        assert not row["wrong"]
        if row["kind"] == "engine":
            assert all(row[key] >= 0.0 for key in ONCE)
            # Of numbers that are smaller round by round the median is, too.
            assert 0.0 < row["busy_s"] <= row["median_s"]
            assert min(row["first_picture_size"]) >= 6
    for name in ("3x5", "1x1"):
        ours = [row for row in found["rows"] if (row["network"], row["kind"]) == (name, "engine")]
        assert min(ours, key=lambda row: row["median_s"])["ratio"] == 1.0


def test_software_drivers_are_marked(found: dict[str, Any]) -> None:
    kinds = {row["name"]: row["device"] for row in found["rows"]}

    assert kinds["numpy"] == kinds[NOTEBOOK.name] == "CPU"
    if "fragment" in kinds:
        assert kinds["fragment"] == ("software" if found["machine"]["software"] else "GPU")


def test_growth_stands_beside_its_line(found: dict[str, Any]) -> None:
    for row in found["growth"]:
        assert len(row["numbers"]) == len(row["median_s"]) == len(row["ideal_s"]) == len(row["flops"]) == 3
        assert all(ideal <= seen * 1.000001 for seen, ideal in zip(row["median_s"], row["ideal_s"], strict=True))
        assert any(ideal == pytest.approx(seen) for seen, ideal in zip(row["median_s"], row["ideal_s"], strict=True))
        per_flop = np.divide(row["ideal_s"], row["flops"])
        np.testing.assert_allclose(per_flop, per_flop[0])


def test_the_measurement_is_json_and_names_what_it_means(found: dict[str, Any]) -> None:
    assert json.loads(json.dumps(found)) == found
    assert {"gflops", "ratio", "compile_s", "peak_share"} <= found["definitions"].keys()
    assert {"cpu", "cores", "renderer", "driver", "versions"} <= found["machine"].keys()


def test_the_table_has_all_of_it_in_100_columns(found: dict[str, Any]) -> None:
    text = report(found | {"missing": {f"Rival {n} of a long name": "not installed" for n in range(9)}})

    assert max(map(len, text.splitlines())) <= 100
    for word in ("3x5 at 16x12", "1x1 at 9x1", NOTEBOOK.name, "made up", "layers (width 30, 8x8)", "not installed"):
        assert word in text
    rows = [line for line in text.splitlines() if line.startswith("  numpy")]
    assert len(rows) == 2
    assert all(len(line) == len(rows[0]) for line in rows)


@pytest.mark.parametrize("left_out", [(), ("rows",), ("growth",), ("rows", "growth")])
def test_a_plot_is_a_picture(found: dict[str, Any], left_out: tuple[str, ...]) -> None:
    assert png(found | {key: [] for key in left_out})[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_wrong_rival_is_marked_and_a_broken_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(network: Any, points: Any) -> Any:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr(contest, "peaks", dict)
    liar = Rival("liar", "CPU", lambda network, points: lambda: np.zeros((len(points), 3)))
    result = measured(Plan((TINY,), 1, ("numpy",), rivals=(liar, Rival("broken", "CPU", broken))))

    assert [(row["name"], row["wrong"]) for row in result["rows"]] == [("numpy", False), ("liar", True)]
    assert result["missing"] == {"broken": "failed: RuntimeError: first line second line"}
    assert "liar WRONG" in report(result)
    assert "broken: failed" in report(result)


def test_drivers_caches_are_off_only_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESA_SHADER_CACHE_DISABLE", "maybe")
    monkeypatch.delenv("__GL_SHADER_DISK_CACHE", raising=False)
    with uncached():
        assert (os.environ["MESA_SHADER_CACHE_DISABLE"], os.environ["__GL_SHADER_DISK_CACHE"]) == ("true", "0")
    assert os.environ["MESA_SHADER_CACHE_DISABLE"] == "maybe"
    assert "__GL_SHADER_DISK_CACHE" not in os.environ


def test_an_engine_that_was_asked_for_and_fails_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Any, question: Any, cancelled: Any = bool) -> Any:
        raise EngineError("no room\nfor this")

    monkeypatch.setattr(contest, "peaks", dict)
    monkeypatch.setattr("weightscape.engine.processor.numpy_engine.NumpyEngine.field", failing)
    with pytest.raises(EngineError, match="no room"):
        measured(Plan((TINY,), 1, ("numpy",), rivals=()))
    if not os.environ.get("WEIGHTSCAPE_GL"):
        return
    result = measured(Plan((TINY,), 1, rivals=()))
    assert result["missing"]["numpy at 3x5"] == "no room"
    assert "fragment" in {row["name"] for row in result["rows"]}


def test_an_engine_that_would_take_for_ever_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contest, "peaks", dict)
    monkeypatch.setattr("weightscape.bench.entrant.LONGEST_S", 0.0)
    monkeypatch.setattr("weightscape.bench.growth.PATIENCE_S", 0.0)
    result = measured(Plan((TINY,), 1, growth=growth((8, 8), is_quick=True)[2:], rivals=()))

    assert result["rows"] == []
    assert re.fullmatch("a picture would take about .* s", result["missing"]["numpy at 3x5"])
    assert {tuple(row["numbers"]) for row in result["growth"]} == {(32**2,)}
    assert report(result)


def test_help_names_it_and_loads_no_mathematics() -> None:
    code = "import sys; from weightscape.cli.cli import run; run(['--help']); print('numpy' in sys.modules)"
    done = ran(sys.executable, "-c", code)
    assert done.stdout.splitlines()[-1] == "False"
    assert "  bench  " in done.stdout


def bench(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real program as a process of its own."""
    return ran(sys.executable, "-m", "weightscape", "bench", *options, env=os.environ | environment)


@pytest.mark.slow
@pytest.mark.skipif(bool(find_spec("torch")), reason="importing and compiling take a minute")
def test_bench_from_end_to_end(tmp_path: Path) -> None:
    plot = tmp_path / "bench.png"
    done = bench(
        "--quick", "--network", "2x4", "--size", "16x16", "--rounds", "1", "--no-growth", "--json", "--plot", str(plot)
    )

    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert {"numpy", NOTEBOOK.name} <= {row["name"] for row in found["rows"]}
    assert found["growth"] == []
    assert found["missing"]["JAX jit"] == "not installed"
    assert found["peak"]["cpu"]["gflops"] > 0.0
    assert plot.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ("--engine warp", 2, "--engine: 'warp' is not one of auto, fragment"),
        ("--network 4", 2, "--network: '4' is not LAYERSxWIDTH in 1..256 x 1..512"),
        ("--rounds 0", 2, "--rounds: '0' is not a whole number in 1..1000"),
        ("--size 0x1", 2, "--size: '0x1' is not WIDTHxHEIGHT in"),
        ("--plot x.jpg", 2, "--plot: 'x.jpg' does not end in .png"),
        ("--plot /nowhere/x.png", 1, "the folder /nowhere does not exist"),
        ("stray", 2, "unexpected extra argument"),
    ],
)
def test_what_is_wrong_is_one_line(options: str, status: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", *options.split()]) == status
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_ctrl_c_ends_it_in_one_line(tmp_path: Path) -> None:
    plot = tmp_path / "bench.png"
    process = started(
        sys.executable,
        "-m",
        "weightscape",
        "bench",
        "--engine",
        "numpy",
        "--network",
        "40x30",
        "--rounds",
        "1000",
        "--size",
        "1024x1024",
        "--plot",
        str(plot),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until(lambda: [*tmp_path.iterdir()], "the plot's own temporary file")
    process.send_signal(signal.SIGINT)

    status, out, err = ended(process)
    assert (status, out, err.strip()) == (130, "", "weightscape: stopped")
    assert [*tmp_path.iterdir()] == []
