"""What is built is whole: a wheel, made from an sdist and installed far from the checkout, does all it is asked."""

import os
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from patience import ran

ROOT = Path(__file__).parent.parent
FROM_PACKAGES = {"weightscape": "app/weightscape", "weightscape/shaders": "shaders", "weightscape/assets": "assets"}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an sdist from the checkout, and a wheel from the sdist, into a folder."""
    folder = tmp_path_factory.mktemp("built")
    done = ran(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def weightscape(installed: Path, place: Path, *args: str) -> str:
    """Run what is installed, in a folder from which no checkout is seen."""
    environment = os.environ | {"PYTHONPATH": str(installed), "HOME": str(place)}
    code = "import sys, weightscape.cli.cli as c; assert c.__file__.startswith(sys.argv.pop(1)), c.__file__; c.main()"
    done = ran(sys.executable, "-W", "error", "-c", code, str(installed), *args, cwd=place, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert "weightscape/py.typed" in names
    folders = {path.parent for folder in FROM_PACKAGES.values() for path in (ROOT / folder).rglob("__init__.py")}
    expected = {path for folder in folders for path in folder.iterdir() if path.is_file() and path.suffix != ".pyc"}
    assert names == {inside(path) for path in expected}


def inside(path: Path) -> str:
    """Tell where a file of the checkout lies in the wheel."""
    name = path.relative_to(ROOT).as_posix()
    into, out_of = next((into, out_of) for into, out_of in FROM_PACKAGES.items() if name.startswith(f"{out_of}/"))
    return into + name.removeprefix(out_of)


def test_the_sdist_holds_the_tests_and_all_that_they_read(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("tests", "assets", "shaders"):
        files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        assert {path.relative_to(ROOT).as_posix() for path in files} <= names
    assert {"README.md", "LICENSE", "pyproject.toml", ".ci/run", "mkdocs.yml", "docs/keys.md", "CHANGELOG.md"} <= names


def test_the_command_line_works_from_a_wheel(installed: Path, tmp_path: Path) -> None:
    assert weightscape(installed, tmp_path, "--version").startswith("weightscape")
    assert weightscape(installed, tmp_path, "explain")
    small = ("render", "--engine", "numpy", "--size", "32x24")
    for words in ([], ["--scene", "digits"], ["--lens", "probe"], ["--outputs", "1", "--palette", "magma"]):
        weightscape(installed, tmp_path, *small, *words, "-o", "a.png")
        assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("engine", ["fragment", "compute"])
def test_the_shaders_work_from_a_wheel(engine: str, installed: Path, tmp_path: Path, gl: object) -> None:
    weightscape(installed, tmp_path, "render", "--engine", engine, "--size", "32x24", "-o", "a.png")
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
