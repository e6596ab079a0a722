"""`weightscape figures` takes engine and precision as `render` does: option, environment, configuration, default."""

import json
from pathlib import Path

import pytest

from weightscape.cli.cli import run
from weightscape.file.png import read_text
from weightscape.publish.figures import FIGURE_KEYWORD, Making


@pytest.fixture
def makings(config: Path, monkeypatch: pytest.MonkeyPatch) -> list[Making]:
    """What figures would be made by, in an empty home."""
    found: list[Making] = []
    monkeypatch.setattr("weightscape.publish.figures.write_figures", lambda figures, making, *_: found.append(making))
    return found


def made(makings: list[Making], *words: str) -> tuple[str, str]:
    assert run(["figures", "3", "-o", "no", *words]) == 0
    return makings[-1].engine, makings[-1].precision


def test_option_environment_configuration_default(
    makings: list[Making], config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made(makings) == ("auto", "auto")
    config.write_text('engine = "numpy"\nprecision = "double"\n')
    assert made(makings) == ("numpy", "double")
    monkeypatch.setenv("WEIGHTSCAPE_PRECISION", "single")
    assert made(makings) == ("numpy", "single")
    monkeypatch.setenv("WEIGHTSCAPE_ENGINE", "fragment")
    assert made(makings) == ("fragment", "single")
    assert made(makings, "--engine", "auto", "--precision", "double") == ("auto", "double")


def test_the_sheet_tells_the_precision_of_the_environment(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHTSCAPE_PRECISION", "single")
    assert run(["figures", "11", "--size", "16", "-o", str(tmp_path / "made")]) == 0
    text = read_text(tmp_path / "made" / "fig11.png", FIGURE_KEYWORD)
    assert text
    assert json.loads(text)["precision"] == "single"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ENGINE", "warp", "'warp' is not one of auto, "),
        ("PRECISION", "half", "'half' is not one of auto, single, double, perturbed, wide"),
    ],
)
def test_a_wrong_setting_is_told_as_render_tells_it(
    name: str,
    value: str,
    said: str,
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"WEIGHTSCAPE_{name}", value)
    told = []
    for command in (["figures", "3", "-o", str(tmp_path / "made")], ["render", "-o", str(tmp_path / "a.png")]):
        assert run(command) == 2
        told.append(capsys.readouterr())
    assert told[0] == told[1]
    assert told[0].err.startswith(f"weightscape: WEIGHTSCAPE_{name}: {said}")
    assert told[0].err.count("\n") == 1
    assert not (tmp_path / "made").exists()
