"""A picture as a file that knows how it was made."""

import json
from os import PathLike
from typing import Any

from weightscape.engine.choice import Choice, opened
from weightscape.export.png import write_png
from weightscape.model.scene import Scene
from weightscape.picture import PrecisionName, Progress, Size, picture_bands, single_or_double

KEYWORD = "weightscape"


def caption(scene: Scene, size: Size, samples: int, precision: str) -> str:
    """Write what a picture carries: JSON of scene, size, samples and precision."""
    about: dict[str, Any] = {
        "scene": json.loads(scene.to_text()), "size": list(size), "samples": samples, "precision": precision,
    }  # fmt: skip
    return json.dumps(about, ensure_ascii=False)


def save_picture(
    path: str | PathLike[str], scene: Scene, size: Size, samples: int = 1, engine: str = "auto",
    precision: PrecisionName = "auto", progress: Progress = float,
) -> Choice:  # fmt: skip
    """Render a scene into a PNG file that carries it; return which engine drew and why.

    Raises FileError, EngineError.
    """
    precise = single_or_double(precision)
    with opened(engine, precise) as choice:
        bands = picture_bands(choice.engine, scene, size, samples, precise, progress)
        write_png(path, size, bands, {KEYWORD: caption(scene, size, samples, precise)})
    return choice
