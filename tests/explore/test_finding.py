"""Findings come later, once, each for what was asked for last; what cannot be found is nothing, and a fault is told."""

import threading
from pathlib import Path

import pytest
from patience import until
from program import running

from weightscape.explore.task.finding import MOST, Findings
from weightscape.network.interrupt import check
from weightscape.scene.scene_error import SceneError


def waited(findings: Findings) -> None:
    until(findings.fetch, "a finding")


def test_what_was_found_is_known_and_asked_for_once() -> None:
    woken, asked = threading.Event(), []

    def work() -> int:
        asked.append(1)
        return 7

    findings = Findings(woken.set)
    assert findings.find("seven", work) is None
    assert findings.find("seven", work) is None
    waited(findings)
    assert woken.is_set()
    assert findings.find("seven", work) == 7
    assert not findings.fetch()
    assert asked == [1]


def test_what_cannot_be_found_is_nothing_and_a_fault_of_ours_is_raised() -> None:
    def refuse() -> int:
        asked.append(1)
        raise SceneError("lens", "no")

    asked: list[int] = []
    findings = Findings(lambda: None)
    for _ in range(2):
        assert findings.find("refused", refuse) is None
        until(lambda: findings.fetch() or len(asked) == 1, "the refusal")
    assert findings.find("refused", refuse) is None
    assert asked == [1]
    findings.find("broken", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        waited(findings)
    assert findings.find("broken", lambda: 2) is None, "it is not tried again and again"


def test_another_picture_stops_the_work_of_the_one_before() -> None:
    ended = threading.Event()

    def endless() -> int:
        try:
            while True:
                check()
        finally:
            ended.set()

    findings = Findings(lambda: None)
    findings.find("endless", endless)
    findings.cancel()
    until(ended.is_set, "the end of the work")
    findings.find("next", lambda: 3)
    waited(findings)
    assert findings.find("next", lambda: 4) == 3


def test_the_oldest_are_forgotten() -> None:
    findings = Findings(lambda: None)
    for n in range(MOST + 1):
        findings.find(n, lambda n=n: n)
        waited(findings)
    assert findings.find(MOST, lambda: -1) == MOST
    assert findings.find(0, lambda: -1) is None


@pytest.mark.parametrize(
    "options",
    [
        ("--lens", "height", "--layers", "30", "--width", "85"),
        ("--lens", "regions", "--activation", "relu", "--rule", "he", "--layers", "12", "--width", "150"),
    ],
    ids=["height", "regions"],
)
def test_of_networks_above_200000_weights_enter_does_what_the_hint_says(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    with running(tmp_path, "--size", "160x120", "--radius", "40", *options) as program:
        until(lambda: program.said("found"), "the finding")
        assert program.asked_after("enter").radius < 40.0
