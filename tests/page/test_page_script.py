"""The scripts as text: one script of many files, in which no name may stand twice."""

import re
from collections import Counter
from pathlib import Path

import weightscape
from weightscape.page.page import SCRIPTS

FOLDER = Path(weightscape.__file__).parent / "page" / "script"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.js"))}
DEFINED = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.M)


def test_every_script_is_in_the_page_once() -> None:
    assert sorted(SCRIPTS) == sorted(TEXTS)
    assert len(TEXTS) > 10


def test_no_name_stands_twice() -> None:
    # Of two functions of one name the later one would do for both, and nobody would say so.
    names = Counter(name for text in TEXTS.values() for name in DEFINED.findall(text))
    assert [name for name, count in names.items() if count > 1] == []
    assert len(names) > 100


def test_files_are_small_and_say_what_they_are() -> None:
    for name, text in TEXTS.items():
        lines = text.splitlines()
        assert re.match(r"// [A-Z].*", lines[0]), name
        assert len(lines) < 250, name
        assert [line for line in lines if len(line) > 120] == [], name


def test_functions_are_short() -> None:
    found = 0
    for name, text in TEXTS.items():
        for match in re.finditer(r"^(?:async )?function.*?^}", text, re.M | re.S):
            found += 1
            assert match[0].count("\n") < 30, f"{name}: {match[0].splitlines()[0]}"
    assert found > 80
