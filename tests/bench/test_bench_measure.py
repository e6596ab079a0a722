"""Fair turns, cases and series, and how numbers are written."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from weightscape.bench import measure
from weightscape.bench.case import Case, cases, flops, growth, parse_network, parse_rounds
from weightscape.bench.growth import exponent
from weightscape.bench.measure import interleaved, paired, quickest
from weightscape.bench.report import duration, number


class Clock:
    """A clock that moves only when somebody works."""

    def __init__(self) -> None:
        self.now, self.order = 0.0, ""

    def __call__(self) -> float:
        return self.now

    def worker(self, name: str, *seconds: float) -> Callable[[], None]:
        """Make somebody who takes so long, one time after the other, the last for ever."""
        left = list(seconds)

        def work() -> None:
            self.order += name
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return work


def timed(clock: Clock, workers: dict[str, Callable[[], None]], rounds: int, **spent: float) -> dict[str, Any]:
    return interleaved(workers, rounds, spent=spent, clock=clock, rest=lambda _: None)


def test_everybody_runs_once_a_round_and_the_first_is_another_each_time() -> None:
    clock = Clock()
    times = timed(clock, {name: clock.worker(name, 1.0) for name in "abc"}, 4)

    assert clock.order == "abcbcacababc"
    assert times == {name: {n: 1.0 for n in range(4)} for name in "abc"}


def test_ratios_are_taken_within_rounds() -> None:
    """The second round is ten times as slow for both: medians of each alone would tell nothing."""
    clock = Clock()
    times = timed(clock, {"a": clock.worker("a", 1.0, 20.0, 3.0), "b": clock.worker("b", 2.0, 40.0, 6.0)}, 3)

    assert paired(times["b"], times["a"]) == 2.0
    assert paired(times["a"], times["a"]) == 1.0
    assert quickest(times, ["b", "a"]) == "a"
    assert quickest(times, ["b"]) == "b"


def test_the_slow_sit_out_but_are_timed_once() -> None:
    clock = Clock()
    patience = measure.PATIENCE_S
    workers = {"a": clock.worker("a", 1.0), "b": clock.worker("b", 0.6 * patience), "c": clock.worker("c", 1.0)}
    times = timed(clock, workers, 4, c=patience + 1.0)

    assert [len(times[name]) for name in "abc"] == [4, 2, 1]
    assert paired(times["c"], times["a"]) == 1.0


def test_rounds_are_told_and_may_have_nobody() -> None:
    told: list[int] = []

    assert interleaved({}, 3, lambda: told.append(1)) == {}
    assert len(told) == 3


def test_the_usual_cases_and_each_only_once() -> None:
    assert [each.name for each in cases((), (4, 4))] == ["4x16", "18x30", "40x30", "8x64", "5x400"]
    assert [each.name for each in cases([(2, 3), (2, 3)], (4, 4))] == ["2x3"]
    assert flops(Case(3, 5).question().network) == 2 * (2 * 5 + 5 * 5 + 5 * 3)


@pytest.mark.parametrize(
    ("parse", "text"),
    [(parse_network, text) for text in ("", "x", "4", "4x", "x4", "0x4", "257x4", "4x513", "-1x4", "4x4x4", "4.0x4")]
    + [(parse_network, "256x512")]
    + [(parse_rounds, text) for text in ("", "0", "1001", "-1", "1.5", "many")],
)
def test_what_is_out_of_range_is_told(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        parse(text)


def test_series_differ_in_one_number() -> None:
    layers, width, pixels = growth((512, 512))

    assert layers.numbers == tuple(case.layers for case in layers.cases) == (5, 10, 20, 40, 80)
    assert width.numbers == tuple(case.width for case in width.cases) == (8, 16, 32, 64, 128, 256)
    assert pixels.numbers == tuple(case.points for case in pixels.cases)
    assert (pixels.numbers[0], pixels.numbers[-1]) == (64**2, 1024**2)
    assert {case.width for case in layers.cases} == {30}
    assert {(case.layers, case.size) for case in width.cases} == {(8, (512, 512))}


def test_an_exponent_is_the_power_that_time_grows_with() -> None:
    assert exponent([1.0, 10.0, 100.0], [2.0, 20.0, 200.0]) == pytest.approx(1.0)
    assert exponent([1.0, 10.0, 100.0], [1.0, 100.0, 10000.0]) == pytest.approx(2.0)
    assert exponent([1.0], [1.0]) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "-"), (0.0, "0.00 ms"), (0.00123, "1.23 ms"), (0.0456, "45.6 ms"), (0.789, "789 ms"), (12.34, "12.3 s")],
)
def test_durations_have_three_digits(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_numbers_have_three_digits() -> None:
    assert [number(value) for value in (0.126, 1.234, 12.34, 123.4)] == ["0.126", "1.23", "12.3", "123"]
