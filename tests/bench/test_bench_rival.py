"""Rivals compute the same network or say why they do not; what a machine can do at most is measured."""

import os
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from weightscape.bench import rival
from weightscape.bench.case import Case
from weightscape.bench.check import check
from weightscape.bench.peak import all_blas_threads, compute_peak, fragment_peak, sgemm
from weightscape.bench.rival import RIVALS, MissingError, Rival, points_of
from weightscape.bench.trial import trial
from weightscape.gpu.source import program
from weightscape.gpu.target import free, made
from weightscape.network.network import forward

TINY = Case(3, 5, (16, 12))
NOTEBOOK = RIVALS[0]


def asked(case: Case = TINY) -> tuple[Any, Any, Any]:
    """Ask for a case: its network, points, and true values."""
    ask = case.question()
    points = points_of(ask.grid)
    return ask.network, points, ask.network(points)


def test_the_points_are_the_engines_own() -> None:
    _, points, truth = asked()
    with trial("numpy", TINY) as ours:
        assert points.shape == (TINY.points, 2)
        assert np.abs(ours.picture().reshape(TINY.points, -1) - truth).max() < 1e-5


def test_a_wrong_answer_is_seen() -> None:
    network, points, truth = asked()
    judge = check(network, points, forward(network, points)[0])

    assert not judge.is_wrong(truth)
    assert judge.is_wrong(truth + 0.01)
    assert judge.is_wrong(np.full_like(truth, np.nan))
    assert judge.is_wrong(truth[::-1])
    assert judge.verdict(truth + 0.5)["max_difference"] == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("each", RIVALS, ids=lambda each: each.name)
def test_a_rival_agrees_with_the_truth_or_says_why_it_is_missing(each: Rival) -> None:
    if each.name.startswith("PyTorch compile") and find_spec("torch"):
        pytest.skip("takes a minute; runs behind -m long")
    network, points, truth = asked()
    missing = ""
    try:
        run, values = each.ready(network, points)
    except MissingError as error:
        missing = str(error)
    else:
        assert np.abs(values - truth).max() < 1e-5
        assert run() is not None
    assert missing in ("", "not installed", "sees no GPU")
    assert not missing or each is not NOTEBOOK


@pytest.mark.long
@pytest.mark.skipif(not find_spec("torch"), reason="no PyTorch")
def test_pytorch_compiles() -> None:
    network, points, truth = asked()
    _, values = next(each for each in RIVALS if each.name == "PyTorch compile").ready(network, points)
    assert np.abs(values - truth).max() < 1e-5


def test_a_library_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(rival.importlib, "import_module", gone)
    network, points, _ = asked()
    for each in RIVALS[1:]:
        with pytest.raises(MissingError, match=r"^not installed$"):
            each.ready(network, points)


def test_blas_has_every_core_for_a_while_and_then_what_it_had() -> None:
    def threads() -> list[int]:
        return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]

    with trial("numpy", TINY):
        assert set(threads()) <= {1}
        with all_blas_threads():
            assert len(os.sched_getaffinity(0)) in {*threads(), len(os.sched_getaffinity(0))}
        assert set(threads()) <= {1}


def test_peaks_are_measured(gl: Any) -> None:
    assert sgemm(64, 2) > 1e6
    assert fragment_peak(gl, 1, (16, 16), 3) > 1e5
    if gl.version_code >= 430:
        assert compute_peak(gl, 1, 1, 3) > 1e5


def test_the_gpus_peak_kernel_computes_what_it_says(gl: Any) -> None:
    """Two steps of eight multiply-adds each, summed over the chains."""
    shader, target = program(gl, "screen.vert", "peak.frag"), made(gl, (1, 1))
    triangle = gl.vertex_array(shader, [])
    shader["u_factor"], shader["u_offset"], shader["u_steps"] = 0.5, 0.25, 2
    target.use()
    triangle.render(vertices=3)
    seen = np.frombuffer(target.read(components=4, dtype="f4"), np.float32)
    start = 0.5 / 256 + np.arange(4) / 10
    expected = sum((start + more - 0.5) * 0.5**16 + 0.5 for more in (0.0, 0.4, 0.5, 0.6))
    free(gl, target)
    triangle.release()
    shader.release()

    np.testing.assert_allclose(seen, expected, rtol=1e-6)
