"""The rows of a .csv file: numbers, and a last column of words where there is one more than wanted."""

import csv
from array import array
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# Words, or, of a file of numbers, these.
Column = list[str] | Floats

MAX_LINE = 1 << 17
SEPARATORS = ",;\t "
# What stands for a number that is not there.
MISSING = ("", "na", "n/a", "null", "none", "?")


def csv_rows(file: BinaryIO, inputs: int, max_rows: int, max_numbers: int) -> tuple[Floats, Column | None]:
    """Read `inputs` numbers a row, NaN where one is missing, and a last column if there is one.

    A first line without a number in front is a header. The sign between the columns is a comma, semicolon, tab or
    space, whichever the first line has. Raises ValueError that names the line.
    """
    lines = _lines(file)
    first = next(lines, "")
    separator = next((sign for sign in SEPARATORS if sign in first.strip()), ",")
    reader = csv.reader(chain([first], lines), delimiter=separator, skipinitialspace=True)
    numbers, words, known = array("d"), list[str](), dict[str, str]()
    most = min(max_rows, max_numbers // inputs) * inputs
    try:
        for row in _rows(reader, separator, inputs):
            if len(numbers) == most:
                raise ValueError(f"at most {max_rows:,} rows and {max_numbers:,} numbers are read")
            _add(numbers, row[:inputs], reader.line_num)
            words += [known.setdefault(each, each) for each in row[inputs:]]
    except csv.Error as fault:
        raise ValueError(f"line {reader.line_num}: {fault}") from None
    made = np.frombuffer(numbers, np.float64) if numbers else np.empty(0)
    return made.reshape(-1, inputs), [each.strip() for each in words] if words else None


def _rows(reader: Any, separator: str, inputs: int) -> Iterator[list[str]]:
    """Give the rows that are not empty, and no header, all of one length."""
    width = 0
    for row in reader:
        row = row[:-1] if separator == " " and row and not row[-1] else row
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if not width:
            width = _checked(len(row), inputs)
            if _is_header(row[:inputs]):
                continue
        if len(row) != width:
            raise ValueError(f"line {reader.line_num} has {len(row)} columns, the first has {width}")
        yield row


def _lines(file: BinaryIO) -> Iterator[str]:
    """Give a text's lines, none of them long."""
    codec = "utf-8-sig"
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise ValueError(f"it is no .csv: a line has more than {MAX_LINE:,} letters")
        if b"\0" in line:
            raise ValueError("it is no .csv: it is binary")
        try:
            yield line.decode(codec)
        except UnicodeDecodeError:
            raise ValueError("it is no .csv: it is not text in UTF-8") from None
        codec = "utf-8"


def _checked(width: int, inputs: int) -> int:
    if width not in (inputs, inputs + 1):
        raise ValueError(columns(width, inputs))
    return width


def columns(width: int, inputs: int) -> str:
    """Say how many columns a table has, and how many are wanted."""
    return (
        f"it has {width} column{'s' * (width != 1)}; want {inputs}, one for each input, or {inputs + 1}, the class last"
    )


def _is_header(row: list[str]) -> bool:
    return not any(_is_number(each) for each in row)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return word.strip().lower() in MISSING
    return True


def _add(numbers: "array[float]", row: list[str], line: int) -> None:
    """Add a row's numbers, NaN where one is missing."""
    try:
        numbers.extend([float(each) for each in row])
    except ValueError:
        numbers.extend([_number(each, line) for each in row])


def _number(word: str, line: int) -> float:
    try:
        return float(word)
    except ValueError:
        if word.strip().lower() in MISSING:
            return float("nan")
        raise ValueError(f"line {line}: {_quoted(word)} is not a number") from None


def _quoted(word: str) -> str:
    return repr(word if len(word) <= 40 else f"{word[:40]}…")
