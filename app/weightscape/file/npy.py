"""Writes raw outputs as a .npy file, band by band, in constant memory. Knows no network and no colour."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.file.whole_file import FilePath, whole_file

Bands = Iterable[npt.NDArray[Any]]


def write_npy(path: FilePath, shape: tuple[int, int, int], dtype: npt.DTypeLike, bands: Bands) -> None:
    """Write bands (rows_i, width, channels), from the top down, as one array (height, width, channels).

    Little-endian, C order, version 1.0 of the format (numpy.lib.format). Raises ValueError where the bands do
    not make up the shape or the number type, FileError where the file cannot be written.
    """
    kind = np.dtype(dtype)
    if kind.kind not in "fiu":
        raise ValueError(f"a .npy file of type {kind} is not written here; want floats or integers")
    if len(shape) != 3 or min(shape) < 1:
        raise ValueError(f"an array of shape {shape} is no picture; want (height, width, channels)")
    little = kind.newbyteorder("<")
    header = {"descr": little.str, "fortran_order": False, "shape": tuple(int(n) for n in shape)}
    with whole_file(path) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for band in whole_bands(bands, shape, kind):
            file.write(np.ascontiguousarray(band, dtype=little).data)


def whole_bands(bands: Bands, shape: tuple[int, int, int], dtype: npt.DTypeLike) -> Iterator[npt.NDArray[Any]]:
    """Pass bands (rows_i, width, channels) on; raise ValueError where they do not stack to the shape.

    Byte order is free, the kind and size of number are not.
    """
    kind = np.dtype(dtype).newbyteorder("=")
    height, *row = shape
    done = 0
    for band in bands:
        if band.ndim != 3 or list(band.shape[1:]) != row or band.dtype.newbyteorder("=") != kind:
            raise ValueError(f"a band of {band.dtype} {band.shape}; want {kind} (rows, {row[0]}, {row[1]})")
        done += len(band)
        if done > height:
            raise ValueError(f"the bands have more than {height} rows")
        if len(band):
            yield band
    if done != height:
        raise ValueError(f"the bands end after {done} rows of {height}")
