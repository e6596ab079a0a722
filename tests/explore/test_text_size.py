"""The text's size: its steps, and that the last one is kept, whatever lies in its file."""

from pathlib import Path

import pytest

from weightscape.explore.keep.text_size import NAME, TEXT_SIZES, keep_text_size, kept_text_size, next_text_size
from weightscape.file.whole_file import FileError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHTSCAPE_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_steps_lead_through_all_sizes_and_end_there() -> None:
    size, found = TEXT_SIZES[0], []
    for _ in range(len(TEXT_SIZES) + 1):
        found.append(size)
        size = next_text_size(size, 1)
    assert found == [*TEXT_SIZES, TEXT_SIZES[-1]]
    assert next_text_size(TEXT_SIZES[0], -1) == TEXT_SIZES[0]
    assert next_text_size(1.3, -1) == 1.25
    assert next_text_size(2.0, 0) == 1.0


def test_the_last_size_is_kept(folder: Path) -> None:
    assert kept_text_size() == 1.0
    keep_text_size(1.5)
    keep_text_size(1.25)
    assert kept_text_size() == 1.25
    assert [path.name for path in folder.iterdir()] == [NAME]


@pytest.mark.parametrize("text", ["", "1.3", "[1.5", '"1.5"', "[1.5]", "NaN", "\xff", "9" * 1000])
def test_what_is_no_size_is_none(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / NAME).write_text(text, encoding="latin-1")
    assert kept_text_size() == 1.0


def test_a_place_that_cannot_be_written_is_told(folder: Path) -> None:
    folder.write_text("no folder")
    with pytest.raises(FileError, match="state"):
        keep_text_size(1.5)
