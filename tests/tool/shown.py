"""Pictures of a live page: a canvas of its own, a scene shown in it, its pixels."""

import base64
from typing import Any

import numpy as np
import numpy.typing as npt
from browser import Tab

from weightscape.network.view import Size
from weightscape.scene.scene import Scene

# A canvas over the page, and all that its picture tells.
MADE = """(() => {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "position:fixed;left:0;top:0;width:%dpx;height:%dpx";
  document.body.append(canvas);
  globalThis.heard = [];
  globalThis.tested = new Picture(canvas, ({kind, text, stride, part}) => heard.push({kind, text, stride, part}));
})()"""
PIXELS = """(() => {
  const {data} = tested.pixels();
  let text = "";
  for (let n = 0; n < data.length; n += 4096) text += String.fromCharCode(...data.subarray(n, n + 4096));
  return btoa(text);
})()"""
# A method that does what it did, and something of the test's own before; `given` are its arguments.
WATCHED = """(() => {
  const own = %s, done = own.%s;
  own.%s = function (...given) { %s; return done.apply(this, given); };
})()"""


def watch(tab: Tab, owner: str, method: str, deed: str) -> None:
    """Have `deed`, JavaScript that may read `given`, done before each call of an object's method."""
    tab.js(WATCHED % (owner, method, method, deed))


def begin(tab: Tab, size: Size) -> None:
    """Make an empty picture, `tested`, of so many CSS pixels; it tells `heard`."""
    tab.js(MADE % size)


def show(tab: Tab, scene: Scene) -> str:
    """Show a scene, wait until nothing is left to do, and tell how it ended."""
    tab.js(f"tested.show(checkedScene(JSON.parse({json_text(scene)!r})))")
    return str(tab.js("tested.idle"))


def json_text(scene: Scene) -> str:
    """Write a scene as the page reads it."""
    return scene.to_text()


def pixels(tab: Tab) -> npt.NDArray[np.uint8]:
    """Read what is shown: (rows, columns, 3), row 0 on top."""
    width, height = tab.js("tested.canvas.size")
    data = np.frombuffer(base64.b64decode(tab.js(PIXELS)), np.uint8)
    return data.reshape(height, width, 4)[..., :3]


def is_ours(seen: Any, ours: Any) -> None:
    """Fail unless all but a few pixels are within 2 of those of the program."""
    assert seen.shape == ours.shape
    apart = np.abs(seen.astype(int) - ours).max(axis=-1)
    assert (apart <= 2).mean() >= 0.995, np.bincount(apart.ravel())
