"""Live pages of scenes, for a browser to open."""

from pathlib import Path

from weightscape.page.page import page
from weightscape.scene.scene import Scene


def written(folder: Path, scene: Scene) -> str:
    """Write a scene's page, and give its address."""
    file = folder / "net.html"
    file.write_text(page(scene), encoding="utf-8")
    return file.as_uri()
