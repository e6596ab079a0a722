"""What other packages hand in, as Python's own values: NumPy's numbers, words and arrays, tensors, paths."""

import os
from typing import Any

import numpy as np

# Bool, whole numbers, floats, text, and objects that are looked at one by one.
KINDS = "biufUO"
MOST = 4096
PLAIN = (float, int, str, bool)


def plain(value: Any) -> Any:
    """Make Python's own value of a number, word, array (a list) or path; give back unchanged what is none of these.

    Raises ValueError for an array that is no list of at most 4096 numbers or words.
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, list | tuple):
        return value if all(type(part) in PLAIN for part in value) else [plain(part) for part in value]
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if not hasattr(value, "__array__") or isinstance(value, type):
        return value
    array = np.asarray(value)
    is_list = array.ndim == 1 and array.size <= MOST
    if array.dtype.kind not in KINDS or not (is_list or (array.ndim == 0 and array.dtype != object)):
        raise ValueError(f"an array of shape {array.shape} and type {array.dtype}")
    if array.dtype.kind == "f":
        array = array.astype(np.float64)  # Python has no other
    return plain(array.tolist()) if array.dtype == object else array.tolist()
