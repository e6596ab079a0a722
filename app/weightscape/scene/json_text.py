"""JSON of any origin: an object of bounded length, or one line that says what is wrong."""

import json
from typing import Any

from weightscape.scene.scene_error import SceneError

MAX_TEXT = 65_536


def json_object(written: str) -> dict[str, Any]:
    """Read a JSON object from text of any origin. Raises SceneError for what is too long or something else."""
    if len(written) > MAX_TEXT:
        raise SceneError("scene", f"{len(written)} characters, the limit is {MAX_TEXT}")
    try:
        values = json.loads(written)
    except json.JSONDecodeError as error:
        where = f": {error.msg}, line {error.lineno}, column {error.colno}" if written.lstrip()[:1] == "{" else ""
        raise SceneError("scene", f"not JSON{where}") from None
    except (ValueError, RecursionError) as error:
        raise SceneError("scene", f"not JSON: {error}") from None
    if not isinstance(values, dict):
        raise SceneError("scene", "not a JSON object")
    return values
