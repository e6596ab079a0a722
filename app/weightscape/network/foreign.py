"""Objects of other programs, known by the names of their classes and of the modules these come from."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
PROGRAMS = ("torch", "sklearn")
LONGEST = 80
# What a layer or an operator makes of a network, by a part of its name.
NOT_YET = dict.fromkeys(("Conv", "Pool"), "convolutional") | dict.fromkeys(("RNN", "LSTM", "GRU"), "recurrent")


def family(thing: object) -> str | None:
    """Tell which of PROGRAMS an object's class, or one it is derived from, belongs to; None for an array or else."""
    if hasattr(thing, "__array__"):  # a tensor is an array
        return None
    programs = (each.__module__.partition(".")[0] for each in type(thing).__mro__)
    return next((program for program in programs if program in PROGRAMS), None)


def base(thing: object, module: str) -> type:
    """Tell the first class of an object's that stands below a module. Raises ValueError without one."""
    for each in type(thing).__mro__:
        if each.__module__.startswith(f"{module}."):
            return each
    raise ValueError(f"{named(thing)} is no {module}")


def not_yet(kind: str) -> str:
    """Say which networks have layers or operators of a kind, "" for one that tells no such network."""
    return next((f"{what} networks are not read yet" for part, what in NOT_YET.items() if part in kind), "")


def named(thing: object) -> str:
    """Name an object's class, for people."""
    return type(thing).__name__[:LONGEST]


def told(thing: object) -> str:
    """Write an object in one line as its program does, arguments and all."""
    return " ".join(repr(thing).split())[:LONGEST]


def real_numbers(thing: Any, what: str) -> Array:
    """Make a float64 array of an array or a tensor; one that is float64 stays itself. Raises ValueError."""
    try:
        if hasattr(thing, "detach"):  # a tensor, of whatever type and device: NumPy knows no bfloat16
            thing = thing.detach().cpu()
            thing = thing if "complex" in str(thing.dtype) else thing.double().numpy()
        array = np.asarray(thing)
        if array.dtype.kind not in "iuf":
            raise ValueError
    except (TypeError, ValueError, RuntimeError):  # the last of a tensor that has no numbers
        raise ValueError(f"{what} is no array of real numbers") from None
    return np.asarray(array, np.float64)
