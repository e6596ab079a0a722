"""The workers of a cluster that compute as this machine does, and the pieces that they make.

A worker is given pieces only once it was seen to compute with the same; a few at a time, so that little is lost with
it and little comes at once.
"""

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from weightscape.cluster.connection import REACH_S, ClusterError
from weightscape.cluster.job import Job, Marks, Piece
from weightscape.cluster.worker import made, marked
from weightscape.file.band_folder import difference
from weightscape.picture.banding import Arithmetic

# How often it is looked who has come and gone, and how long there may be nobody.
LOOK_S, NOBODY_S = 0.25, 30.0
# A worker has a piece for each thread, and so many more that wait there.
SPARE = 1
# So many workers may end while they have one and the same piece.
MOST_LOST = 5
CHECK = -1


@dataclass
class Hand:
    """Hold what a worker has: the job, and pieces on their way or not yet taken. `ready`: it was checked."""

    threads: int
    job: Any
    ready: bool = False
    busy: dict[int, Any] = field(default_factory=dict)


class Crew:
    """Have pieces made by whoever of `client`'s workers answers `expected` when asked for marks.

    `made_by`: engine and processor or driver of every piece. `tell` hears who is left out, and why.
    """

    def __init__(
        self, client: Any, job: Job, expected: Marks, made_by: Arithmetic, tell: Callable[[str], object]
    ) -> None:
        self._client, self._job, self._expected, self._made_by = client, job, expected, made_by
        self._tell = tell
        self._hands: dict[str, Hand] = {}
        self._refused: set[str] = set()
        self._answers: SimpleQueue[tuple[str, int, Any]] = SimpleQueue()
        self._lost: Counter[int] = Counter()
        self._looked = self._seen = time.monotonic()

    def results(self, pieces: Sequence[Piece], in_order: bool = False) -> Iterator[tuple[int, Any]]:
        """Give what is made of each piece with its number, as it comes or `in_order`; a piece is pixels or bytes.

        Raises ClusterError where nobody is left. What has not come when it is closed is cancelled.
        """
        self._pieces, self._waiting = pieces, list(range(len(pieces)))
        self._urgent = 0 if in_order else CHECK
        done: dict[int, str] = {}
        left = len(pieces)
        try:
            self._look()
            while left:
                if time.monotonic() - self._looked > LOOK_S:
                    self._look()
                self._hand_out()
                self._hear(done)
                while (number := self._urgent if in_order else next(iter(done), CHECK)) in done:
                    data = self._taken(number, done.pop(number))
                    if data is not None:
                        left -= 1
                        self._urgent += in_order
                        yield number, data
        finally:
            self._cancel()

    def _look(self) -> None:
        """See who has come and who has gone. Raises ClusterError where nobody is left, or the scheduler has gone."""
        try:
            there = self._client.nthreads()
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(f"the scheduler has gone: {error}") from None
        self._looked = time.monotonic()
        for address in self._hands.keys() - there.keys():
            self._forget(address)
        for address in there.keys() - self._hands.keys() - self._refused:
            self._check(address, there[address])
        if self._hands:
            self._seen = self._looked
        elif there and there.keys() <= self._refused:
            raise ClusterError("no worker is left that computes as this machine does")
        elif self._looked - self._seen > NOBODY_S:
            raise ClusterError("the cluster has no worker")

    def _check(self, address: str, threads: int) -> None:
        """Send a worker the job, and have it tell what it computes with."""
        try:
            job = self._client.scatter(self._job, workers=[address], hash=False, timeout=REACH_S)
        except (OSError, TimeoutError, ValueError, KeyError):
            return  # it has gone again, or is looked at again
        self._hands[address] = Hand(threads, job)
        self._submit(address, CHECK, marked, self._pieces[0])

    def _hand_out(self) -> None:
        """Give waiting pieces to those that have fewest; who is full is given none but the one that all wait for."""
        ready = [address for address, hand in self._hands.items() if hand.ready]
        while ready and self._waiting:
            load, address = min((len(self._hands[each].busy) - self._hands[each].threads, each) for each in ready)
            if load >= SPARE and self._waiting[0] != self._urgent:
                return
            number = heapq.heappop(self._waiting)
            self._submit(address, number, made, self._pieces[number])

    def _submit(self, address: str, number: int, function: Callable[..., Any], piece: Piece) -> None:
        hand = self._hands[address]
        hand.busy[number] = future = self._client.submit(
            function,
            hand.job,
            piece,
            key=f"weightscape-{function.__name__}-{uuid4()}",
            workers=[address],
            allow_other_workers=False,
            pure=False,
        )
        future.add_done_callback(lambda future: self._answers.put((address, number, future)))

    def _hear(self, done: dict[int, str]) -> None:
        """Wait a while for an answer; note the number of a piece that is made, and who has it."""
        try:
            address, number, future = self._answers.get(timeout=LOOK_S)
        except Empty:
            return
        hand = self._hands.get(address)
        is_ours = hand is not None and hand.busy.get(number) is future
        if hand is None or not is_ours:
            return  # of a worker that has gone
        if future.status == "error" and type(future.exception()).__name__ != "KilledWorker":
            self._refuse(address, f"fails: {future.exception()}")
        elif future.status != "finished":
            self._forget(address)
        elif number == CHECK:
            self._judge(address, hand)
        else:
            done[number] = address

    def _judge(self, address: str, hand: Hand) -> None:
        told = self._fetched(address, hand.busy[CHECK])
        if told is None:
            return
        del hand.busy[CHECK]
        hand.ready = told == self._expected
        if not hand.ready:
            self._refuse(address, f"differs: {difference(told, self._expected)}")

    def _taken(self, number: int, address: str) -> Any:
        """Take over a piece that is made; None where it has to be made again."""
        hand = self._hands.get(address)
        if hand is None or number not in hand.busy:
            return None
        found = self._fetched(address, hand.busy[number])
        if found is None:
            return None
        data, made_by = found
        if (made_by.engines, made_by.machines) != (self._made_by.engines, self._made_by.machines):
            self._refuse(address, f"has begun to compute with {', '.join((*made_by.engines, *made_by.machines))}")
            return None
        del hand.busy[number]
        return data

    def _fetched(self, address: str, future: Any) -> Any:
        """Fetch an answer; None where its worker ends meanwhile."""
        while address in self._hands:
            with suppress(TimeoutError):
                return future.result(timeout=REACH_S)
            self._look()
        return None

    def _refuse(self, address: str, why: str) -> None:
        self._tell(f"worker {address} {why}: left out")
        self._refused.add(address)
        self._forget(address, is_lost=False)
        self._look()

    def _forget(self, address: str, is_lost: bool = True) -> None:
        """Have what a worker has not handed in made by others. Raises ClusterError for what ends many workers."""
        hand = self._hands.pop(address)
        again = [number for number in hand.busy if number != CHECK]
        self._client.cancel(list(hand.busy.values()))
        for number in again:
            heapq.heappush(self._waiting, number)
            self._lost[number] += is_lost
            if self._lost[number] > MOST_LOST:
                raise ClusterError(f"{self._lost[number]} workers have ended with the same piece")

    def _cancel(self) -> None:
        futures = [future for hand in self._hands.values() for future in hand.busy.values()]
        self._hands.clear()
        with suppress(OSError, TimeoutError, ValueError):
            self._client.cancel(futures)
