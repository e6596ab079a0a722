"""The processors whose compiled code runs on this one."""

import re

from weightscape.engine.jit.machine import Machine, described, host


def machines() -> dict[str, Machine]:
    """The processor as it is, and as older ones were, whose code it runs too."""
    own, found = host(), {"own": host()}
    if own.triple.startswith("x86_64"):
        has = set(own.features.split(","))
        if "+avx512f" in has:
            less = re.sub(r"\+(avx512\w*|avx10[\w.]*)", r"-\1", own.features)
            found["avx2"] = described(own.triple, "x86-64-v3", less)
        found["sse2"] = described(own.triple, "x86-64", "")
    return found


MACHINES = machines()
