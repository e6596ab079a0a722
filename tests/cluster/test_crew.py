"""Who is given what, and what becomes of it: a cluster that answers at once, in this process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from weightscape.cluster import crew
from weightscape.cluster.connection import ClusterError
from weightscape.cluster.crew import SPARE, Crew
from weightscape.cluster.job import Job, Piece
from weightscape.picture.banding import Arithmetic
from weightscape.scene.scene import Scene

MARKS = {"NumPy": "2.4", "engine": ["numpy"]}
BY = Arithmetic(("numpy",), ("single",), ("sums",))
JOB, PIECES = Job("numpy", (8, 80), 1, "auto"), [Piece(Scene(), top, 8) for top in range(0, 80, 8)]
Done = Callable[["Answer"], object]


@dataclass(eq=False)
class Answer:
    """A future that is what its worker makes of it."""

    value: Any
    status: str = "finished"
    heard: list[Done] = field(default_factory=list)

    def add_done_callback(self, done: Done) -> None:
        """Tell at once, unless the worker holds it."""
        self.heard.append(done)
        if self.status != "pending":
            done(self)

    def end(self) -> None:
        """Finish what was held."""
        self.status = "finished"
        for done in self.heard:
            done(self)

    def exception(self) -> Any:
        """Give what was raised."""
        return self.value

    def result(self, timeout: float) -> Any:
        """Give what came out."""
        return self.value


class Cluster:
    """A client of workers; `makes` says what becomes of a piece: (worker, piece) -> Answer."""

    def __init__(self, workers: dict[str, dict[str, Any]], makes: Callable[[str, Piece], Answer]) -> None:
        self.workers, self.makes = workers, makes
        self.held: list[tuple[str, Answer]] = []
        self.given: list[tuple[str, int]] = []
        self.cancelled: list[Answer] = []

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(self.workers, 1)

    def scatter(self, job: Job, workers: list[str], **_: Any) -> str:
        return f"job of {workers[0]}"

    def submit(self, function: Any, job: str, piece: Piece, *, workers: list[str], **_: Any) -> Answer:
        (name,) = workers
        assert job == f"job of {name}"
        if function is crew.marked:
            return Answer(self.workers[name])
        self.given.append((name, piece.top))
        return self.makes(name, piece)

    def cancel(self, answers: list[Answer]) -> None:
        self.cancelled += answers


def good(name: str, piece: Piece) -> Answer:
    return Answer((piece.top, BY))


def joined(cluster: Cluster, told: list[str] | None = None) -> Crew:
    tell = told.append if told is not None else pytest.fail
    return Crew(cluster, JOB, MARKS, BY, tell)


def test_each_piece_comes_once() -> None:
    cluster = Cluster({"a": MARKS, "b": MARKS}, good)
    assert sorted(joined(cluster).results(PIECES)) == [(k, 8 * k) for k in range(10)]
    assert len(cluster.given) == 10


def test_no_worker_has_more_than_one_that_waits() -> None:
    cluster = Cluster({"a": MARKS, "b": MARKS}, lambda *_: Answer((0, BY), "pending"))
    working = joined(cluster)
    working._pieces, working._waiting, working._urgent = PIECES, list(range(10)), crew.CHECK
    working._look()
    done: dict[int, str] = {}
    working._hear(done)
    working._hear(done)
    working._hand_out()
    assert sorted(name for name, _ in cluster.given) == (1 + SPARE) * ["a"] + (1 + SPARE) * ["b"]
    assert sorted(top for _, top in cluster.given) == [0, 8, 16, 24]
    working._cancel()
    assert len(cluster.cancelled) == 4


def test_frames_come_in_order_whoever_is_quick() -> None:
    late: list[Answer] = []

    def makes(name: str, piece: Piece) -> Answer:
        if piece.top == 0 and not late:
            late.append(Answer((0, BY), "pending"))
            return late[0]
        if piece.top == 24:
            late[0].end()
        return good(name, piece)

    cluster = Cluster({"a": MARKS, "b": MARKS}, makes)
    assert list(joined(cluster).results(PIECES, in_order=True)) == [(k, 8 * k) for k in range(10)]


def test_what_a_worker_had_is_made_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "LOOK_S", 0.0)
    workers = {"a": MARKS, "b": MARKS}

    def makes(name: str, piece: Piece) -> Answer:
        if name == "b":
            return good(name, piece)
        workers.pop("a", None)
        return Answer((piece.top, BY), "pending")

    cluster = Cluster(workers, makes)
    assert sorted(joined(cluster).results(PIECES)) == [(k, 8 * k) for k in range(10)]
    assert "a" in dict(cluster.given)


def test_who_begins_to_compute_otherwise_is_left_out() -> None:
    other, told = Arithmetic(("numpy",), ("single",), ("other sums",)), list[str]()

    def makes(name: str, piece: Piece) -> Answer:
        return Answer((piece.top, other if name == "a" else BY))

    cluster = Cluster({"a": MARKS, "b": MARKS}, makes)
    assert sorted(joined(cluster, told).results(PIECES)) == [(k, 8 * k) for k in range(10)]
    assert told == ["worker a has begun to compute with numpy, other sums: left out"]


def test_who_fails_is_left_out_and_nobody_is_left() -> None:
    told: list[str] = []
    cluster = Cluster({"a": MARKS, "b": MARKS | {"NumPy": "2.3"}}, lambda *_: Answer(MemoryError("too much"), "error"))
    with pytest.raises(ClusterError, match="no worker is left that computes as this machine does"):
        list(joined(cluster, told).results(PIECES))
    assert sorted(told) == ["worker a fails: too much: left out", "worker b differs: NumPy 2.3, not 2.4: left out"]


def test_a_piece_that_ends_workers_ends_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "LOOK_S", 0.0)
    workers = {"0": MARKS}

    def makes(name: str, piece: Piece) -> Answer:
        if workers.pop(name, None):
            workers[str(int(name) + 1)] = MARKS
        return Answer((piece.top, BY), "pending")

    with pytest.raises(ClusterError, match=r"^6 workers have ended with the same piece$"):
        list(joined(Cluster(workers, makes)).results(PIECES))


def test_closed_early_it_cancels_the_rest() -> None:
    cluster = Cluster({"a": MARKS}, good)
    results = joined(cluster).results(PIECES)
    assert next(results)[1] in range(0, 80, 8)
    results.close()  # type: ignore[attr-defined]
    assert len(cluster.cancelled) == len(cluster.given) - 1
