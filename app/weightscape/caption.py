"""What a picture file says of itself: enough to make it again."""

import json
from typing import Any

from weightscape.model.scene import Scene

KEYWORD = "weightscape"


def caption(scene: Scene, size: tuple[int, int], samples: int, precision: str) -> str:
    """Write JSON of scene, size, samples and precision, for a PNG's text under KEYWORD."""
    about: dict[str, Any] = {
        "scene": json.loads(scene.to_text()), "size": list(size), "samples": samples, "precision": precision,
    }  # fmt: skip
    return json.dumps(about, ensure_ascii=False)
