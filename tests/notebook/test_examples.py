"""The examples of the docs, run from top to bottom as a notebook runs them; each comes to what it says."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from weightscape import Scene

FOLDER = Path(__file__).parents[2] / "docs" / "examples"
PAGE = (FOLDER.parent / "examples.md").read_text(encoding="utf-8")
Found = dict[str, Any]


def _inside(found: Found) -> bool:
    pictures = [picture.tobytes() for picture in found["pictures"].values()]
    return len(set(pictures)) == len(pictures) == 5 and "relu" in found["words"]


def _chaos(found: Found) -> bool:
    rough: list[float] = found["roughness"]
    return rough == sorted(rough) and rough[-1] > 100 * rough[0] and found["strip"].shape == (80, 400, 3)


def _live(found: Found) -> bool:
    seen: Scene = found["microscope"].scene
    return found["heard"][-1] == seen and (seen.layers, seen.radius, len(found["widths"])) == (12, 1.0, 13)


def _morph(found: Found) -> bool:
    with Image.open("morph.gif") as film:
        return getattr(film, "n_frames", 0) == 24 and not np.array_equal(found["frames"][0], found["frames"][-1])


CHECKS: dict[str, Callable[[Found], bool]] = {
    "first_picture": lambda found: found["picture"].shape == (200, 320, 3) and found["again"] == found["scene"],
    "arrays_as_a_network": lambda found: found["error"] < 1e-12,
    "xor_by_hand": lambda found: found["answers"] == [0, 1, 1, 0] and found["units"].shape == (120, 240, 3),
    "look_inside": _inside,
    "deep_zoom": lambda found: found["colours"][0] > 10 * found["colours"][1],
    "order_and_chaos": _chaos,
    "train_with_numpy": lambda found: found["accuracy"] > 0.97 and len(found["film"]) == 5,
    "live_widget": _live,
    "morph": _morph,
}
HEAVY: dict[str, Callable[[Found], bool]] = {
    "two_spirals": lambda found: found["accuracy"] > 0.98 and found["losses"][-1] < 0.2 * found["losses"][0]
}


@pytest.mark.parametrize("name", CHECKS)
def test_an_example_comes_to_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CHECKS[name](runpy.run_path(str(FOLDER / f"{name}.py")))


@pytest.mark.heavy
@pytest.mark.parametrize("name", HEAVY)
def test_an_example_with_pytorch_comes_to_what_it_says(name: str) -> None:
    found = runpy.run_path(str(FOLDER / f"{name}.py"))
    assert HEAVY[name](found)
    points = found["points"].double().numpy()
    assert np.abs(found["microscope"].network(points) - found["model"](found["points"]).detach().numpy()).max() < 1e-5


def test_every_example_is_checked_and_told() -> None:
    names = {path.stem for path in FOLDER.iterdir() if path.suffix == ".py"}
    assert names == {*CHECKS, *HEAVY}
    assert len(names) == 10
    assert set(re.findall(r"\(examples/(\w+)\.py\)", PAGE)) == names


def test_examples_are_cells_that_begin_with_words() -> None:
    for path in FOLDER.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# %% [markdown]\n# # "), path.name
        assert text.count("\n# %%") >= 2, path.name
