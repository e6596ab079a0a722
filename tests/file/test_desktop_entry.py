"""Entries of a desktop's menu, read back as the specification says, whatever is in a path."""

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from patience import ran

from weightscape.file.desktop_entry import NAMESPACE, FileType, entry, escaped, mime_package, quoted

ARGUMENTS = ["/usr/bin/plain", "/a b/c", "/100%/x", "/%f", '/"q"', "/back\\slash", "/$HOME/`ls`", "/ü;=#'", "/end\\"]


def values(text: str) -> dict[str, str]:
    """Read the first group of an entry: section 4 of the specification."""
    rows = dict(line.split("=", 1) for line in text.splitlines()[1:])
    return {key: unescaped(value) for key, value in rows.items()}


def unescaped(value: str) -> str:
    read, signs = "", iter(value)
    for sign in signs:
        read += {"\\": "\\", "n": "\n", "t": "\t", "r": "\r", "s": " "}[next(signs)] if sign == "\\" else sign
    return read


def arguments(line: str) -> list[str]:
    """Read Exec as section 7 of the specification says; a field code stands alone."""
    found, now, is_quoted, signs = [], "", False, iter(line + " ")
    for sign in signs:
        if sign == '"':
            is_quoted = not is_quoted
        elif sign == "\\" and is_quoted:
            now += next(signs)
        elif sign == "%":
            code = next(signs)
            now += "%" if code == "%" else f"<{code}>"
        elif sign == " " and not is_quoted:
            found, now = [*found, now], ""
        else:
            now += sign
    return found


def made(*command: str) -> str:
    return entry("weightscape", "Look", command, ("image/png", "application/x-a+json"), ("Education",), "weightscape")


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_an_argument_is_read_as_it_was(argument: str) -> None:
    read = values(made(argument, "explore", argument))
    assert arguments(read["Exec"]) == [argument, "explore", argument, "<f>"]


def test_what_the_specification_gives_as_escapes() -> None:
    assert quoted("a\\b") == '"a\\\\b"'
    assert escaped(quoted("a\\b")) == '"a\\\\\\\\b"', "four backslashes for one"
    assert escaped("two\nlines") == "two\\nlines"


def test_an_entry_lists_types_and_ends_each_with_a_semicolon() -> None:
    read = values(made("/usr/bin/weightscape"))
    assert read["MimeType"] == "image/png;application/x-a+json;"
    assert (read["Type"], read["Terminal"], read["Icon"]) == ("Application", "false", "weightscape")


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-validate is missing")
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_the_desktops_own_program_finds_no_fault(argument: str, tmp_path: Path) -> None:
    path = tmp_path / "weightscape.desktop"
    path.write_text(made(argument))
    assert ran("desktop-file-validate", str(path)).stdout == ""


def test_file_types_are_xml_whatever_their_names_are() -> None:
    given = FileType("application/x-a+json", 'A & "B" < C', "application/json", ("*.a&b", "*.c"))
    (found,) = ElementTree.fromstring(mime_package((given,)))
    tags = {"comment": "", "sub-class-of": "type", "glob": "pattern"}
    read = [(each.tag.partition("}")[2], each.get(tags[each.tag.partition("}")[2]]) or each.text) for each in found]
    assert found.tag == f"{{{NAMESPACE}}}mime-type"
    assert found.get("type") == given.name
    assert read == [
        ("comment", given.comment),
        ("sub-class-of", given.parent),
        *(("glob", pattern) for pattern in given.patterns),
    ]
