"""Posters and films by the workers of a cluster: what they are asked for, and what comes back, equal to the bit."""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from weightscape.cluster.connection import ClusterError, opened_cluster
from weightscape.cluster.crew import Crew
from weightscape.cluster.job import Job, Piece, marks
from weightscape.engine.question import Engine
from weightscape.lens.lens import Span
from weightscape.network.interrupt import ignore
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.picture.banding import Arithmetic, Banding, Pixels
from weightscape.picture.network_memory import lent_name, network
from weightscape.picture.questions import PrecisionName
from weightscape.publish.caption import files_of, renamed, weights_of
from weightscape.publish.poster import Elsewhere
from weightscape.scene.scene import Scene, from_text

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Machines:
    """Say whose workers compute (cluster/connection.py), and how; `tell` hears of them."""

    where: str
    samples: int
    precision: PrecisionName
    tell: Tell = ignore

    def bands(self, banding: Banding, scene: Scene) -> Elsewhere:
        """Give what has a picture's bands made. Raises ClusterError for a picture without bands."""
        _check_points(scene)
        if not banding.is_streamed:
            raise ClusterError(f"a cluster makes bands, and the lens {banding.whole[0]} is drawn as a whole")

        def made(missing: Sequence[Span]) -> Generator[tuple[Span, Pixels], None, None]:
            sent, networks = handed_on(scene)
            pieces = [Piece(sent, *span) for span in missing]
            with closing(self._made(banding, scene, networks, pieces)) as found:
                for number, pixels in found:
                    yield missing[number], pixels

        return made

    def frames(
        self, engine: Engine, size: Size, scenes: Sequence[Scene], texts: Sequence[Mapping[str, str]] | None = None
    ) -> Generator[tuple[int, Any], None, None]:
        """Have frames made, whole: with `texts` the bytes of PNG files, in any order; else pixels, in theirs.

        Gives each with its number. `engine` is the one that would make them here.
        """
        _check_points(scenes[0])
        first = Banding(engine, scenes[0], size, self.samples, self.precision)
        sent = [handed_on(scene) for scene in scenes]
        networks = {name: found for _, each in sent for name, found in each.items()}
        carried: Sequence[Mapping[str, str] | None] = texts or [None] * len(scenes)
        pieces = [Piece(scene, 0, size[1], text) for (scene, _), text in zip(sent, carried, strict=True)]
        yield from self._made(first, scenes[0], networks, pieces, texts is None)

    def _made(
        self,
        banding: Banding,
        scene: Scene,
        networks: Mapping[str, Network],
        pieces: Sequence[Piece],
        in_order: bool = False,
    ) -> Generator[tuple[int, Any], None, None]:
        """Have pieces made by whoever makes a scene's picture as `banding` does."""
        if not pieces:
            return
        made_by = banding.arithmetic()
        job = Job(one_engine(made_by), banding.size, self.samples, self.precision, networks, banding.tone)
        with opened_cluster(self.where, self.tell) as client:
            yield from Crew(client, job, marks(banding, scene), made_by, self.tell).results(pieces, in_order)


def _check_points(scene: Scene) -> None:
    """Refuse points: they are in a file of this machine's."""
    values = json.loads(scene.to_text())
    if {*files_of(values)} - {*weights_of(values)}:
        raise ClusterError("a cluster makes no picture with points: --points '' leaves them out")


def one_engine(made_by: Arithmetic) -> str:
    """Name the engine of a picture. Raises ClusterError where its halves have two."""
    if len(made_by.engines) != 1:
        raise ClusterError(f"a cluster computes with one engine, and not {' and '.join(made_by.engines)}: --engine")
    return made_by.engines[0]


def handed_on(scene: Scene) -> tuple[Scene, dict[str, Network]]:
    """Make a scene of one with weights files that needs none, with networks by their names in that scene."""
    values = json.loads(scene.to_text())
    found = {name: network(Scene(weights=name)) for name in weights_of(values)}
    if not found:
        return scene, {}
    lent = {name: lent_name(each) for name, each in found.items()}
    sent = from_text(json.dumps(renamed(values, lent.__getitem__)))
    return sent, {lent[name]: each for name, each in found.items()}
