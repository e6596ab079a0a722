"""Faults of drivers that this program works around: on every driver and always, whatever draws."""

from dataclasses import dataclass

H100 = "NVIDIA (an H100, driver 580)"


@dataclass(frozen=True)
class Cure:
    """Hold on which driver a fault was seen, what it is, and what is done in its place."""

    driver: str
    fault: str
    cure: str


CURES = (
    Cure(H100, "gives exactly the version of OpenGL it is asked for", "4.5, 4.3, 4.1 and 3.3 are asked for in turn"),
    Cure(H100, "cuts double literals off instead of rounding them", "decimals that are not below the number"),
    Cure(H100, "adds constants last, whatever the order written", "selections, and `precise` from 4.0 on, hold it"),
    Cure(H100, "refuses a component of a dvec4 by a variable index", "all four are written at once"),
    Cure(H100, "stores a dvec4 wrongly after `abs` or a minus", "`max(z, -z)`, and no minus at the end"),
    Cure(H100, "has `mix` at 1 off by one ulp", "a selection"),
    Cure("Mesa (llvmpipe)", "ends the loops of an invocation after some 65,535 rounds", "wide networks go by layers"),
    Cure("GLSL itself", "promises no precision for exp, sin and tanh", "functions of our own, tested against NumPy"),
)
