"""The README says what is so: its keys are the table's, its pictures exist, its commands are known."""

import re
import shlex
from pathlib import Path

import pytest

from weightscape.cli.cli import cli
from weightscape.scene.key_help import help_rows

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_keys_are_those_of_the_command_table() -> None:
    for group, keys, text in help_rows():
        row = f"| {group} | {' '.join(f'`{key}`' for key in keys.split())} | {text} |"

        assert row in README


def test_every_picture_is_there_and_small_and_no_other_is() -> None:
    named = set(re.findall(r"\((assets/picture/[^)]+)\)", README))
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "assets" / "picture").iterdir()}

    assert there == named
    assert all((ROOT / name).stat().st_size < 300_000 for name in named)


@pytest.mark.parametrize("line", sorted(set(re.findall(r"^weightscape .*$|`(?:weightscape )[^`]*`", README, re.M))))
def test_its_commands_are_those_of_the_command_line(line: str) -> None:
    words = shlex.split(line.strip("`").split("&&")[0].split("#")[0])[1:]
    name = words.pop(0)
    context = cli.make_context("weightscape", [], resilient_parsing=True)
    command = cli.get_command(context, name)

    assert command is not None
    options = {option for each in command.get_params(context) for option in getattr(each, "opts", ())}
    assert {word for word in words if re.match(r"--?[a-z]", word)} <= options | {"--independent", "--help"}


def test_ci_runs_the_line_that_a_reader_is_given() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    pattern = re.search(r"sed -n 's/(.*)/\\1/p' README.md", script)
    assert pattern
    lines = [line for line in README.splitlines() if line.startswith("$(command -v sudo)") and "pytest" in line]

    assert len(lines) == 1
