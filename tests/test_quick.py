"""README's line runs every test that opens no window, browser or cluster, with two sets each; CI runs the others."""

import re
import shutil
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from opener import OPENERS, opens
from patience import ran
from program import running

ROOT = Path(__file__).parent.parent
# Of each of these files some tests open what is said, others nothing.
FILES = {
    "lens/test_lens_height.py": "a window",
    "page/test_page_words.py": "a browser",
    "publish/test_many_machines.py": "a cluster",
    "window/test_help.py": "a host of windows",
}
# Nine parameter sets of each kind of test.
SETS = """
import pytest
from program import running

pytestmark = pytest.mark.parametrize("n", range(9))

def test_cheap(n): ...

@pytest.mark.spread(3)
def test_spread(n): ...

@pytest.mark.slow
def test_slow(n): ...

def test_opening(n): running()

@pytest.mark.slow
@pytest.mark.every
def test_slow_every(n): ...
"""


def at_once() -> None:
    with running(Path()):
        pass


def by_another() -> None:
    at_once()


def within() -> Iterator[object]:
    yield (running(Path(name)) for name in ("a", "b"))


def by_none() -> str:
    return "running"


@pytest.mark.parametrize("function", [at_once, by_another, within])
def test_who_calls_an_opener_opens(function: object) -> None:
    assert opens(by_none, function)


def test_who_calls_none_does_not() -> None:
    assert not opens(by_none, test_who_calls_none_does_not)


@pytest.mark.parametrize("name", sorted(OPENERS))
def test_every_opener_is_a_helper_that_starts_a_program(name: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "tool").glob("*.py")]

    assert sum(bool(re.search(rf"^@.*contextmanager\ndef {name}\(", text, re.M)) for text in texts) == 1


def test_every_test_is_quick_with_a_few_of_its_sets_but_what_opens_a_program() -> None:
    def collected(mark: str) -> Counter[tuple[str, str]]:
        paths = [str(ROOT / "tests" / name) for name in FILES]
        done = ran(sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", mark, *paths, cwd=ROOT)
        return Counter(re.findall(r"^tests/(\S+)::(\w+)", done.stdout, re.M))

    usual, quick = collected("not long and not heavy"), collected("quick")
    left_out = usual.keys() - quick.keys()
    assert {path for path, _ in quick} == {path for path, _ in left_out} == FILES.keys()
    assert ("lens/test_lens_height.py", "test_the_right_mouse_button_orbits_in_the_window") in left_out
    assert quick <= usual
    assert max(usual.values()) > max(quick.values()) == 2


def test_what_is_costly_runs_with_few_sets_and_what_is_quick_with_fewer(tmp_path: Path) -> None:
    (tmp_path / "test_sets.py").write_text(SETS, encoding="utf-8")
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)

    def collected(mark: str) -> Counter[str]:
        done = ran(
            *(sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", mark),
            *("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(tmp_path)),
        )
        return Counter(re.findall(r"::test_(\w+)", done.stdout))

    assert collected("not long") == {"cheap": 9, "spread": 3, "slow": 3, "opening": 3, "slow_every": 9}
    assert collected("quick") == {"cheap": 2, "spread": 1}


def test_ci_runs_what_the_readme_leaves_out() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    (usual,) = re.findall(r"-m '(.*)'", settings["addopts"])
    line = next(
        line
        for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if " pytest " in line or "/pytest " in line
    )
    (quick,) = re.findall(r"-m (\w+)$", line)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert f"\n.venv/bin/pytest -n 2 --dist loadfile -m 'not {quick} and {usual}'\n" in script
