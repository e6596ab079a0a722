"""The rows of a .npy file: one array of numbers, its last column the class where there is one more than wanted."""

import os
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from weightscape.file.csv_rows import columns
from weightscape.file.npy_member import NUMBER, StructuredError, header

Floats = npt.NDArray[np.float64]


def npy_rows(file: BinaryIO, inputs: int, max_rows: int, max_numbers: int) -> tuple[Floats, Floats | None, str]:
    """Read `inputs` numbers a row, and a last column if there is one. Raises ValueError for anything else."""
    shape, is_fortran, dtype = _claim(file)
    if len(shape) != 2:
        raise ValueError(f"its array has shape {shape}; want (rows, {inputs}) or (rows, {inputs + 1}), the class last")
    rows, width = shape
    if width not in (inputs, inputs + 1):
        raise ValueError(columns(width, inputs))
    if rows > max_rows or rows * inputs > max_numbers:
        raise ValueError(f"it has {rows:,} x {width} numbers; at most {max_rows:,} rows and {max_numbers:,} are read")
    wanted, there = rows * width * dtype.itemsize, os.fstat(file.fileno()).st_size - file.tell()
    if there != wanted:
        raise ValueError(f"it has {there:,} bytes of numbers, its header wants {wanted:,}")
    data = np.frombuffer(file.read(wanted), dtype)
    if len(data) != rows * width:
        raise ValueError("it was cut while it was read")
    table = data.reshape(shape, order="F" if is_fortran else "C")
    with np.errstate(invalid="ignore"):  # some NaN complain of being moved
        points = np.array(table[:, :inputs], np.float64, order="C")
        return points, np.array(table[:, inputs], np.float64) if width > inputs else None, ""


def _claim(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read what the file says that it holds."""
    try:
        descr, is_fortran, shape, _ = header("", file)
    except StructuredError:
        raise ValueError("it holds named columns, a structured array; save a plain one of (rows, columns)") from None
    except ValueError:
        raise ValueError("it is no .npy array of numbers, or its header is damaged") from None
    if not NUMBER.fullmatch(descr):
        is_pickle = "O" in descr
        kind = "Python objects, a pickle, which is never read" if is_pickle else repr(descr[:20])
        raise ValueError(f"it holds {kind}, not real numbers of up to 64 bits; save a plain array")
    return shape, is_fortran, np.dtype(descr)
