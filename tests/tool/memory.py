"""How much memory something takes."""

import tracemalloc
from collections.abc import Callable


def peak(deed: Callable[[], object]) -> int:
    """Tell the most bytes that Python and NumPy held at once, beyond what they held before, while `deed()` ran."""
    tracemalloc.start()
    try:
        deed()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
