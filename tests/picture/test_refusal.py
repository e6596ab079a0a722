"""What a driver refuses, or no precision can do, is an EngineError: one line and status 1 on the command line."""

from pathlib import Path
from typing import Any, Literal

import pytest

import weightscape
from weightscape.cli.cli import run
from weightscape.deep import orbit as reference
from weightscape.engine.question import NoOrbitError
from weightscape.gpu import source

GPU: list[Literal["fragment", "compute"]] = ["fragment", "compute"]


@pytest.fixture
def broken_shaders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the driver refuse every shader."""
    text = source._file
    monkeypatch.setattr(source, "_file", lambda name: text(name) + "this is no GLSL\n")


@pytest.fixture
def no_orbit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "MAX_BITS", 8)


def said(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """Run the command line, expect status 1 and no file, and give the last line."""
    assert run(["render", "--size", "8x8", *args]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()[-1]


@pytest.mark.parametrize("engine", GPU)
def test_a_shader_that_the_driver_refuses_is_an_engine_error(
    engine: Literal["fragment", "compute"],
    broken_shaders: None,
    gl: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(weightscape.EngineError, match=rf"the {engine} engine cannot work: .*this is no GLSL") as caught:
        weightscape.render(size=(8, 8), engine=engine)
    assert isinstance(caught.value.__cause__, source.ShaderError)
    line = said(capsys, "--engine", engine, "-o", str(tmp_path / "a.png"))
    assert line.startswith(f"weightscape: the {engine} engine cannot work: ")
    assert not [*tmp_path.iterdir()]


def test_auto_goes_on_without_shaders(broken_shaders: None) -> None:
    assert weightscape.render(size=(8, 8)).shape == (8, 8, 3)


@pytest.mark.parametrize("precision", ["perturbed", "wide"])
def test_a_centre_that_cannot_be_followed_is_an_engine_error(
    precision: Literal["perturbed", "wide"], no_orbit: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = {"perturbed": 771, "wide": 772}[precision]  # of nobody else: orbits are remembered
    with pytest.raises(NoOrbitError, match=rf"{precision} precision cannot follow the centre: .* 8 bits; use "):
        weightscape.field(weightscape.Scene(seed=seed), size=(8, 8), precision=precision)
    line = said(capsys, "--seed", str(seed), "--precision", precision, "-o", str(tmp_path / "a.npy"))
    assert line.startswith(f"weightscape: {precision} precision cannot follow the centre: the reference orbit needs ")
    assert not [*tmp_path.iterdir()]


def test_auto_precision_goes_on_without_an_orbit(no_orbit: None) -> None:
    assert weightscape.render(weightscape.Scene(seed=773), size=(8, 8)).shape == (8, 8, 3)
