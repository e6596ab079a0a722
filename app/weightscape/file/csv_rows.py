"""The rows of a .csv file: numbers, and a last column of words where there is one more than wanted."""

import csv
from array import array
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from weightscape.file.csv_header import is_counted, is_guessed, is_header, is_numbered
from weightscape.file.csv_text import LOOKED_AT, lines, separator, trimmed
from weightscape.file.csv_word import as_number, has_decimal_comma, is_missing, is_whole, quoted, shortened

Floats = npt.NDArray[np.float64]
# Words, or, of a file of numbers, these.
Column = list[str] | Floats


def csv_rows(file: BinaryIO, inputs: int, max_rows: int, max_numbers: int) -> tuple[Floats, Column | None, str]:
    """Read `inputs` numbers a row, NaN where one is missing, and a last column if there is one; say what is guessed.

    A first line without a number in front is a header. The sign between the columns is a comma, semicolon, tab or
    space, whichever makes as many columns as are wanted. Raises ValueError that names the line.
    """
    with closing(lines(file)) as text:
        blank, looked_at = _first(text)
        sign = separator(looked_at, inputs)
        reader = csv.reader(chain(looked_at, text), delimiter=sign, skipinitialspace=True, strict=True)
        found = _Read(inputs, min(max_rows, max_numbers // inputs))
        for line, row in _rows(reader, sign, inputs, blank):
            if found.is_full:
                raise ValueError(f"at most {max_rows:,} rows and {max_numbers:,} numbers are read")
            found.add(row, line)
    return found.made()


class _Read:
    """Hold what has been read: numbers, words, and what the first row is."""

    def __init__(self, inputs: int, most: int) -> None:
        self._inputs, self._most = inputs, most * inputs
        self._numbers, self._words, self._known = array("d"), list[str](), dict[str, str]()
        self._first, self._line = list[str](), 0
        self._may_count = False  # all columns of the first row count from 0, and no other row has whole numbers

    @property
    def is_full(self) -> bool:
        return len(self._numbers) == self._most

    def add(self, row: list[str], line: int) -> None:
        """Take in a row. Raises ValueError for a word where a number is wanted."""
        _add(self._numbers, row[: self._inputs], line)
        for each in row[self._inputs :]:
            word = each.strip()
            self._words.append(self._known.setdefault(word, word))
        if not self._first:
            self._first, self._line, self._may_count = row, line, is_counted(row)
        elif self._may_count:
            self._may_count = not any(map(is_whole, row[: self._inputs]))

    def made(self) -> tuple[Floats, list[str] | None, str]:
        """Give the rows, without the first one where that is taken for a header."""
        found = np.frombuffer(self._numbers, np.float64) if self._numbers else np.empty(0)
        rows, words, first = found.reshape(-1, self._inputs), self._words, self._first
        if len(rows) < 2 or not is_guessed(first, words, self._inputs, self._may_count):
            return rows, words or None, ""
        return rows[1:], words[1:] or None, f"line {self._line} is taken as names: {shortened(','.join(first))}"


def _first(text: Iterator[str]) -> tuple[int, list[str]]:
    """Take the first lines of a text: how many are empty at its beginning, and some that are not."""
    blank, found = 0, list[str]()
    for line in text:
        if line.strip() or found:
            found.append(line)
        else:
            blank += 1
        if len(found) == LOOKED_AT:
            break
    return blank, found


def _rows(reader: Any, sign: str, inputs: int, line: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that are not empty, and no header, all of one length, and the line of each."""
    width, skipped = 0, line
    while (found := _next(reader, skipped)) is not None:
        line, row = found[0], trimmed(found[1], sign)
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if not width:
            width = _checked(row, inputs)
            if is_header(row, inputs):
                continue
        if len(row) != width:
            raise ValueError(f"line {line} has {len(row)} columns, the first has {width}")
        yield line, row


def _next(reader: Any, skipped: int) -> tuple[int, list[str]] | None:
    """Read the next row, which is one line: a quote that is open at its end would take in all that follows."""
    line = reader.line_num + 1
    try:
        row: list[str] | None = next(reader, None)
        is_closed = row is None or reader.line_num == line
    except csv.Error:
        is_closed = False
    if not is_closed:
        raise ValueError(f'line {line + skipped}: a quote (") is not closed on its line, or something follows it')
    return None if row is None else (line + skipped, row)


def _checked(row: list[str], inputs: int) -> int:
    if is_numbered(row):
        raise ValueError("its first column has no name, as the one in which pandas numbers rows; save with index=False")
    if len(row) not in (inputs, inputs + 1):
        raise ValueError(columns(len(row), inputs))
    return len(row)


def columns(width: int, inputs: int) -> str:
    """Say how many columns a table has, and how many are wanted."""
    return (
        f"it has {width} column{'s' * (width != 1)}; want {inputs}, one for each input, or {inputs + 1}, the class last"
    )


def _add(numbers: "array[float]", row: list[str], line: int) -> None:
    """Add a row's numbers, NaN where one is missing."""
    try:
        if "_" not in "".join(row):
            numbers.extend([float(each) for each in row])
            return
    except ValueError:
        pass
    numbers.extend([_number(each, line) for each in row])


def _number(word: str, line: int) -> float:
    found = as_number(word)
    if found is None and not is_missing(word):
        fault = "has a decimal comma; write a point" if has_decimal_comma(word) else "is not a number"
        raise ValueError(f"line {line}: {quoted(word)} {fault}")
    return float("nan") if found is None else found
