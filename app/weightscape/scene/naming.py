"""A scene's network in a few words, as titles, the strip and bookmarks name it."""

from weightscape.scene.epoch import file_of
from weightscape.scene.scene import Scene


def network_name(scene: Scene) -> str:
    """Name a network by its file, or by what is first said of a random one."""
    return base_name(scene.weights) or f"seed {scene.seed}, {scene.layers} × {scene.width} {scene.activation}"


def base_name(path: str) -> str:
    """Take the folders off a path, however it is written."""
    return file_of(path).replace("\\", "/").rpartition("/")[2]
