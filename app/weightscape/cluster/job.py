"""What travels to a worker: once what all pieces have in common, then a piece of a picture or a film at a time."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from weightscape import __version__
from weightscape.lens.catalogue import parts
from weightscape.network.fingerprint import fingerprint
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.picture.banding import Banding
from weightscape.picture.network_memory import network
from weightscape.picture.questions import PrecisionName
from weightscape.scene.scene import Scene
from weightscape.scene.tone import PLAIN, Tone

Marks = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """Hold what all pieces have in common. `engine`: a name, not auto.

    `networks`: those of weights files, by the names that the pieces' scenes have for them (lent_name()).
    """

    engine: str
    size: Size
    samples: int
    precision: PrecisionName
    networks: Mapping[str, Network] = field(default_factory=dict)
    tone: Tone = PLAIN


@dataclass(frozen=True)
class Piece:
    """Say which rows of which scene's picture are wanted, from a multiple of Banding.step on.

    With `text` they come as the bytes of a PNG file that carries it, else as pixels.
    """

    scene: Scene
    top: int
    rows: int
    text: Mapping[str, str] | None = None


def marks(banding: Banding, scene: Scene) -> Marks:
    """Tell all that the bytes of a piece depend on here, as a JSON object: the first that differs tells most."""
    made_by = banding.arithmetic()
    return {
        "weightscape": __version__,
        "NumPy": np.__version__,
        "llvmlite": _version("llvmlite") if "jit" in made_by.engines else "",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "engine": list(made_by.engines),
        "method": list(made_by.methods),
        "processor or driver": list(made_by.machines),
        "networks": [fingerprint(network(part.scene)) for part in parts(scene, banding.size)],
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
