"""The shipped gallery for a live page: those scenes that it can show, each with a small picture that opens it."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from weightscape.engine.question import Engine
from weightscape.network.interrupt import ignore
from weightscape.network.view import Size
from weightscape.page.fit import check
from weightscape.page.word import known_keys
from weightscape.picture.bands import picture_bands
from weightscape.picture.watch import Progress, Watch
from weightscape.publish import gallery
from weightscape.scene.link import link
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

SIZE, SAMPLES = (240, 150), 4
# Small pictures are soon looked past: at this quality one has about seven kilobytes.
QUALITY = 75


@dataclass(frozen=True)
class Card:
    """A scene of the gallery: its name, a line about it, the fragment of its link, its picture as an address."""

    name: str
    about: str
    link: str
    picture: str


def fitting() -> Iterator[tuple[gallery.Listed, Scene]]:
    """List the shipped scenes that a page can show: of networks that it draws from a seed."""
    for each in gallery.listed():
        scene = gallery.scene(each.file)
        try:
            check(scene)
        except SceneError:
            continue
        if not scene.weights:
            yield each, scene


def cards(engine: Engine, size: Size = SIZE, samples: int = SAMPLES, progress: Progress = ignore) -> tuple[Card, ...]:
    """Make the gallery's cards, whose pictures an engine computes. Raises EngineError."""
    found, watch = list(fitting()), Watch(progress=progress)
    return tuple(
        Card(each.name, _about(each.about), link(scene).partition("#")[2], _picture(pixels))
        for n, (each, scene) in enumerate(found)
        for pixels in [list(picture_bands(engine, scene, size, samples, "auto", watch.share(n, len(found))))]
    )


def _about(text: str) -> str:
    """Leave out what to press where that is a key that a page has not."""
    what, _, hint = text.rstrip(".").partition("; ")
    return f"{what}." if hint[:1].isupper() and hint[0].lower() not in known_keys() else text


def _picture(bands: list[npt.NDArray[np.uint8]]) -> str:
    """Write a picture into an address."""
    file = io.BytesIO()
    Image.fromarray(np.concatenate(bands)).save(file, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
