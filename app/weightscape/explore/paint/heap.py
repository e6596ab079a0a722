"""The C library's heap in a program that runs for hours.

glibc keeps an arena for every thread and hands memory back late: pictures and networks that are gone stay resident,
hundreds of megabytes of them. The constants are those of its malloc.h.
"""

import contextlib
import ctypes
import os
import sys
import time

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
ARENAS, LARGE_BYTES = 2, 1 << 20
# So much that is free at an arena's end stays until give_back: a picture's small arrays would each time be fresh pages,
# which take as long as what is done in them.
END_BYTES = 1 << 24
# Looking through the heap takes up to some ten milliseconds.
GIVEN_APART_S = 2.0
_given_s = 0.0


def keep_small() -> bool:
    """Let the heap have two arenas and hand pieces above 1 MiB back at once; tell whether it does: glibc alone can."""
    if not sys.platform.startswith("linux") or not _is_glibc():
        return False
    mallopt = ctypes.CDLL(None).mallopt
    limits = ((ARENA_MAX, ARENAS), (MMAP_THRESHOLD, LARGE_BYTES), (TRIM_THRESHOLD, END_BYTES))
    return all([mallopt(name, value) == 1 for name, value in limits])


def give_back() -> None:
    """Hand back what is free in the middle of the heap, too, unless that was done a moment ago."""
    global _given_s
    now = time.monotonic()
    if now - _given_s > GIVEN_APART_S and sys.platform.startswith("linux") and _is_glibc():
        _given_s = now
        ctypes.CDLL(None).malloc_trim(0)


def _is_glibc() -> bool:
    with contextlib.suppress(AttributeError, OSError, ValueError):  # other C libraries do not know the question
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    return False
