"""What the key for colours does: it steps through readings and palettes, and back to the first."""

from dataclasses import replace

from weightscape.scene.palette import READINGS
from weightscape.scene.scene import Scene, overridden

# The palettes that a key steps through, each of its own kind; the panel has all.
STEPPED = ("viridis", "cividis", "magma", "twilight", "grey", "batlow", "thermal", "fire", "vik", "romaO")


def colours(scene: Scene, _: int) -> Scene:
    """Go through the readings of three outputs, then with one output through some palettes, and back.

    A loaded network keeps its outputs: there reading and palette step together, so that something changes in any case.
    """
    if scene.weights:
        ring = [*zip(READINGS, STEPPED, strict=False), *(("palette", name) for name in STEPPED[len(READINGS) :])]
        now = next((n for n, each in enumerate(ring) if each == (scene.reading, scene.palette)), -1)
        reading, palette = ring[(now + 1) % len(ring)]
        return overridden(scene, reading=reading, palette=palette)
    if scene.outputs == 3 and scene.reading != READINGS[-1]:
        return replace(scene, reading=READINGS[READINGS.index(scene.reading) + 1])
    if scene.outputs == 3:
        return overridden(scene, outputs=1, palette=STEPPED[0])
    now = STEPPED.index(scene.palette) + 1 if scene.palette in STEPPED else 0
    if now == len(STEPPED):
        return replace(scene, outputs=3, reading="rgb")
    return overridden(scene, palette=STEPPED[now])
