"""How a measurement is asked for on the command line: what each option means, and what stands in for it."""

from collections.abc import Sequence

from weightscape.bench.case import (
    NETWORKS,
    QUICK_ROUNDS,
    QUICK_SIZE,
    ROUNDS,
    SIZE,
    cases,
    parse_network,
    parse_precision,
    parse_rounds,
)
from weightscape.bench.case import growth as series
from weightscape.bench.contest import Plan
from weightscape.bench.live import BUDGET_S, QUICK_BUDGET_S, SIZES, LivePlan
from weightscape.bench.rival import RIVALS
from weightscape.cli.still_option import parsed
from weightscape.settings import parse_engine, parse_size


def plan(
    is_quick: bool,
    engines: Sequence[str],
    networks: Sequence[str],
    size: str | None,
    rounds: str | None,
    growth: bool,
    precision: str | None = None,
) -> Plan:
    """Make a plan of option values; None and nothing stand for the usual. Raises click.UsageError.

    In double precision nobody is measured who computes in single, and no growth.
    """
    usual_size, usual_rounds = (QUICK_SIZE, QUICK_ROUNDS) if is_quick else (SIZE, ROUNDS)
    shapes = [parsed("--network", parse_network, text) for text in networks]
    wanted = usual_size if size is None else parsed("--size", parse_size, size)
    floats = "single" if precision is None else parsed("--precision", parse_precision, precision)
    is_double = floats == "double"
    return Plan(
        cases(shapes, wanted, floats),
        usual_rounds if rounds is None else parsed("--rounds", parse_rounds, rounds),
        tuple(parsed("--engine", parse_engine, name) for name in engines),
        series(wanted, is_quick) if growth and not is_double else (),
        tuple(rival for rival in RIVALS if rival.is_double or not is_double),
    )


def live_plan(is_quick: bool, engines: Sequence[str], networks: Sequence[str], size: str | None) -> LivePlan:
    """Make a plan of windows of option values; None and nothing stand for the usual. Raises click.UsageError."""
    shapes = tuple(dict.fromkeys(parsed("--network", parse_network, text) for text in networks))
    return LivePlan(
        shapes or NETWORKS,
        SIZES if size is None else (parsed("--size", parse_size, size),),
        tuple(dict.fromkeys(parsed("--engine", parse_engine, name) for name in engines)) or ("auto",),
        QUICK_BUDGET_S if is_quick else BUDGET_S,
    )
