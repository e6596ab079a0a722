"""The rows of a .npy file: one array of numbers, its last column the class where there is one more than wanted."""

import os
import warnings
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from weightscape.file.csv_rows import columns
from weightscape.network.lock import Lock

Floats = npt.NDArray[np.float64]
MAX_HEADER = 1024
_filters = Lock()


def npy_rows(file: BinaryIO, inputs: int, max_rows: int, max_numbers: int) -> tuple[Floats, Floats | None]:
    """Read `inputs` numbers a row, and a last column if there is one. Raises ValueError for anything else."""
    shape, is_fortran, dtype = _header(file)
    if dtype.hasobject:
        raise ValueError("it holds Python objects, a pickle, which is never read; save a plain array of numbers")
    if dtype.kind not in "fiub" or dtype.itemsize > 8:
        raise ValueError(f"it holds {str(dtype)[:40]}, not real numbers of up to 64 bits")
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
        return points, np.array(table[:, inputs], np.float64) if width > inputs else None


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = np.lib.format.read_magic(file)
        # The filters are the whole process's: two threads that read would put them back in the wrong order.
        with _filters, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the parser warns of odd escapes and numbers
            read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(
                version
            )
            if read is None:
                raise ValueError("it is no .npy array of version 1 or 2")
            shape, is_fortran, dtype = read(file, max_header_size=MAX_HEADER)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, OverflowError, AttributeError) as fault:
        if str(fault).startswith("it is"):
            raise
        raise ValueError("it is no .npy array, or its header is damaged") from None
    if any(side < 0 for side in shape):
        raise ValueError("its header makes no sense")
    return shape, is_fortran, dtype
