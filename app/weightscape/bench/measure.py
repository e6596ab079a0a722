"""Fair timings on a noisy machine: in every round each contestant runs once, and times are compared within rounds.

Knows no engine and no library: a contestant is a name and something to call.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

from weightscape.network.interrupt import ignore

# Round number -> seconds. Somebody slow is left out of later rounds, so numbers may be missing.
Times = dict[int, float]
Result = TypeVar("Result")

# A contestant that has had so much time in a case takes no part in its later rounds.
PATIENCE_S = 10.0
# Threads of the libraries go on spinning for a while after an answer; the next contestant must not pay for it.
SETTLE_S = 0.1


def interleaved(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    told: Callable[[], object] = ignore,
    spent: Mapping[str, float] | None = None,
    clock: Callable[[], float] = time.perf_counter,
    rest: Callable[[float], object] = time.sleep,
) -> dict[str, Times]:
    """Time every contestant once a round, each round beginning with another one; `told` hears of each round.

    `spent`: the seconds that a contestant's first, untimed run took. Everybody is timed at least once.
    """
    names = list(contestants)
    times: dict[str, Times] = {name: {} for name in names}
    used = {name: (spent or {}).get(name, 0.0) for name in names}
    for number in range(rounds):
        for name in _rotated(names, number):
            if times[name] and used[name] > PATIENCE_S:
                continue
            rest(SETTLE_S)
            _, times[name][number] = timed(contestants[name], clock)
            used[name] += times[name][number]
        told()
    return times


def timed(work: Callable[[], Result], clock: Callable[[], float] = time.perf_counter) -> tuple[Result, float]:
    """Do something: what it gives, and the seconds it took."""
    start = clock()
    result = work()
    return result, clock() - start


def paired(times: Times, best: Times) -> float:
    """Tell how many times as long as `best` somebody takes: the median over the rounds in which both ran."""
    return median(times[number] / best[number] for number in times.keys() & best.keys())


def quickest(times: Mapping[str, Times], names: Sequence[str]) -> str:
    """Tell who of `names` has the smallest median."""
    return min(names, key=lambda name: median(times[name].values()))


def _rotated(names: list[str], number: int) -> list[str]:
    first = number % len(names) if names else 0
    return names[first:] + names[:first]
