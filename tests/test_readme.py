"""README and docs/ say what is so: keys are the table's, pictures exist, commands are known, citations lead there."""

import os
import re
import shlex
from pathlib import Path

import pytest

from weightscape.cli.cli import cli
from weightscape.cli.scene_option import scene_options
from weightscape.scene.key_help import help_rows
from weightscape.settings import PREFIX, READERS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"))
}
TEXT = "\n".join(PAGES.values())
CODE = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for room in ("app", "shaders", "tests", "tools")
    for ending in ("py", "glsl", "vert", "frag", "comp")
    for path in (ROOT / room).glob(f"**/*.{ending}")
}
# As people write them: docs/shaders.md, section 2; the words between may stand in two lines of a comment.
CITATION = re.compile(r"docs/([\w/-]+\.md)(?:,\s(?:[#/*]*\s*)?section\s(?:[#/]*\s*)?(\d+))?")
COMMANDS = re.findall(r"^weightscape .*$|`weightscape [^`]*`", TEXT, re.M)


def cell(text: str) -> str:
    return text.replace("|", r"\|")


def test_the_keys_are_those_of_the_command_table() -> None:
    found = re.findall(r"^\| \w+ \| `.*$", PAGES["docs/keys.md"], re.M)

    assert found == [
        f"| {group} | {' '.join(f'`{key}`' for key in keys.split())} | {cell(text)} |"
        for group, keys, text in help_rows()
    ]


def test_the_keys_of_the_readme_are_some_of_them() -> None:
    found = re.findall(r"^\| (`.*) \| (.*) \|$", README.split("## The window")[1].split("\n## ")[0], re.M)

    assert len(found) > 9
    assert set(found) <= {(" ".join(f"`{key}`" for key in keys.split()), cell(text)) for _, keys, text in help_rows()}


def test_the_readme_is_short() -> None:
    assert README.count("\n") < 200


def test_every_picture_is_there_and_small_and_no_other_is() -> None:
    named = {
        os.path.normpath(ROOT / page / ".." / name)
        for page, text in PAGES.items()
        for name in re.findall(r"\(([\w./-]*assets/picture/[^)]+)\)", text)
    }
    there = {str(path) for path in (ROOT / "assets" / "picture").iterdir()}

    assert there == named
    # The animation may be larger, and is the only one.
    assert all(Path(name).stat().st_size < (600_000 if name.endswith(".webp") else 300_000) for name in named)
    assert sum(name.endswith(".webp") for name in named) == 1


def test_links_between_pages_lead_to_files() -> None:
    links = [
        (page, link)
        for page, text in PAGES.items()
        for link in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", text)
    ]

    assert len(links) > 60
    assert [(page, link) for page, link in links if not (ROOT / page).parent.joinpath(link).is_file()] == []


@pytest.mark.parametrize("line", sorted(set(COMMANDS)))
def test_its_commands_are_those_of_the_command_line(line: str) -> None:
    words = shlex.split(line.strip("`").split("&&")[0].split("#")[0])[1:]
    name = words.pop(0)
    context = cli.make_context("weightscape", [], resilient_parsing=True)
    command = cli.get_command(context, name)

    assert command is not None
    options = {option for each in command.get_params(context) for option in getattr(each, "opts", ())}
    assert {word for word in words if re.match(r"--?[a-z]", word)} <= options | {"--independent", "--help"}


def test_there_are_commands_to_test() -> None:
    assert len(set(COMMANDS)) > 40


def test_the_fields_of_a_scene_are_listed() -> None:
    found = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGES["docs/api.md"], re.M)

    assert found == [(each.name, cell(str(each.help))) for each in scene_options()[1:]]


def test_every_setting_is_told() -> None:
    read = {PREFIX + name.upper() for name in READERS}
    named = set(re.findall(r"WEIGHTSCAPE_[A-Z_]+", "".join(CODE[name] for name in CODE if name.startswith("app/"))))
    found = re.findall(r"^\| `(\w+)` \| (?:`(\w+)` )?\|", PAGES["docs/settings.md"], re.M)

    assert {name for name, _ in found} == read | named
    assert {name for _, name in found if name} == set(READERS)


def test_what_the_code_cites_is_there() -> None:
    cited = [(name, page, section) for name, text in CODE.items() for page, section in CITATION.findall(text)]
    headings = {(page, number) for page, text in PAGES.items() for number in re.findall(r"^## (\d+)\. ", text, re.M)}

    assert len(cited) >= 10
    assert [each for each in cited if f"docs/{each[1]}" not in PAGES] == []
    assert [each for each in cited if each[2] and (f"docs/{each[1]}", each[2]) not in headings] == []


def test_files_that_pages_name_are_there() -> None:
    named = set(re.findall(r"(?:`|python )([\w./-]+\.(?:py|glsl|vert|frag|comp))\b", TEXT))
    there = [f"/{name}" for name in (*CODE, *(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.py")))]

    assert len(named) > 15
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


def test_files_that_the_code_names_are_there() -> None:
    """In comments and docstrings: a name alone, or with the folders that it stands in."""
    told = re.compile(r"(?<![\w./*-])((?:\w+/)*\w+\.(?:py|glsl|comp|frag|vert))\b")
    named = {
        (place, name)
        for place, text in CODE.items()
        if place.startswith(("app/", "shaders/"))
        for name in told.findall(re.sub(r"^\s*#include.*$", "", text, flags=re.MULTILINE))
    }
    there = [f"/{name}" for name in CODE]

    assert len(named) > 60
    assert [each for each in sorted(named) if not any(path.endswith(f"/{each[1]}") for path in there)] == []


def test_the_plan_of_the_house_is_the_house() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {*re.findall(r"^\| `(\w+)` \|", plan, re.MULTILINE)}
    walk = re.findall(r"`([\w/]+\.py)`", plan.split("## 4.")[1].split("## 5.")[0])

    assert rooms == {path.parent.name for path in (ROOT / "app" / "weightscape").glob("*/__init__.py")}
    assert 10 < len(walk) == len(set(walk)) < 20
    assert all((ROOT / "app" / "weightscape" / name).exists() for name in walk)


def test_the_code_cites_nothing_that_a_clone_has_not() -> None:
    elsewhere = re.compile(r"\b[Nn]otes on\b|\bthe notes\b|\(notes\b|\bDESIGN\b|\bARTICLE:")
    here = f"tests/{Path(__file__).name}"

    assert [name for name, text in CODE.items() if elsewhere.search(text) and not name.endswith(here)] == []


def test_ci_runs_the_line_that_a_reader_is_given() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    pattern = re.search(r"sed -n 's/(.*)/\\1/p' README.md", script)
    assert pattern
    lines = [line for line in README.splitlines() if line.startswith("$(command -v sudo)") and "pytest" in line]

    assert len(lines) == 1
