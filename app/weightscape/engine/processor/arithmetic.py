"""What the last bits of NumPy's answers depend on: its version, its BLAS, and the instructions they choose by."""

import hashlib
from contextlib import suppress
from functools import cache
from importlib import import_module

import numpy as np

from weightscape.engine.processor.blas import LIBRARIES

# Where NumPy keeps the instructions that it uses: since version 2, and before.
PLACES = ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath")


@cache
def numpy_arithmetic() -> str:
    """Name NumPy, its BLAS, and the instructions of this processor that they use, in a few words."""
    blas = [f"{each.internal_api} {each.version} {getattr(each, 'architecture', '')}".strip() for each in LIBRARIES]
    mark = hashlib.sha256(" ".join(_instructions()).encode()).hexdigest()[:8]
    return ", ".join([f"NumPy {np.__version__}", *sorted(set(blas)), mark])


def _instructions() -> list[str]:
    for place in PLACES:
        with suppress(ImportError, AttributeError):
            features: dict[str, bool] = import_module(place).__cpu_features__
            return sorted(name for name, is_there in features.items() if is_there)
    return []
