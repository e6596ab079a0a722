"""No part of a small real window lies over another, whatever is open; a chart that is saved is as without a panel."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from display import until
from PIL import Image
from program import STAYS, Program, running

import weightscape
from weightscape.lens.split import other
from weightscape.window.over.status import status_height
from weightscape.window.sheet import Box, meet

SIZE = 640, 400
STATUS_PX = status_height(1.0)
# What is open, by which keys, which key closes it, and the parts that are to be seen. The panel is open at first.
STATES: dict[str, tuple[tuple[str, ...], str, set[str]]] = {
    "panel": ((), "", {"controls"}),
    "figures": (("f2",), "f2", {"controls", "strip"}),
    "steps": (("f3",), "f3", {"controls", "strip"}),
    "notice": (("f12",), "", {"controls", "said"}),
    "seed": (("enter",), "escape", {"controls", "prompt"}),
    "norms": (("n",), "backspace", {"controls", "said"}),
    "stretch": (("q",), "backspace", {"controls", "legend"}),
    "pieces": (("j",), "backspace", {"controls"}),
    "station": (("shift+f2",), "shift+f2", {"controls", "station"}),
    "figure": (("page_down",), "backspace", {"controls", "said"}),
    "help": (("h",), "h", {"help"}),
    "album": (("f4",), "f4", {"album"}),
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    size = f"{SIZE[0]}x{SIZE[1]}"
    with running(
        tmp_path_factory.mktemp("layout"), "--size", size, "--layers", "4", "--width", "8", before=STAYS
    ) as program:
        yield program


@pytest.fixture
def program(opened: Program) -> Iterator[Program]:
    """Give the window with its first picture and the panel."""
    opened.settled()
    opened.key("tab")
    until(lambda: "controls" in parts(opened), "the panel")
    yield opened
    opened.begin_again()


def parts(program: Program) -> dict[str, Box]:
    """Tell where the parts are that are seen."""
    return {name: (*box,) for name, box in program.parts().items()}  # type: ignore[misc]


def test_no_part_of_a_small_window_lies_over_another_and_none_is_cut(program: Program) -> None:
    for state, (keys, closing, names) in STATES.items():
        for key in keys:
            program.key(key)
        until(lambda names=names: names <= {*parts(program)}, f"the parts {names}")  # type: ignore[misc]
        seen = parts(program)
        for left, top, right, bottom in seen.values():
            assert 0 <= left < right <= SIZE[0], state
            assert 0 <= top < bottom <= SIZE[1] - STATUS_PX, state
        for one, another in combinations(seen, 2):
            assert not meet(seen[one], seen[another]), (state, one, another)
        if closing:
            program.key(closing)
        until(lambda: {*parts(program)} in ({"controls"}, {"controls", "said"}), f"the end of {state}")  # type: ignore[misc]


@pytest.mark.parametrize("key", ["n", "m"])
def test_a_chart_is_saved_as_it_is_without_the_panel(program: Program, key: str) -> None:
    program.asked_after(key)
    program.settled()
    program.said_after("s", "picture saved")
    path = max((program.folder / "captures").glob("*.png"), key=lambda path: path.stat().st_mtime_ns)
    saved = np.asarray(Image.open(path))
    whole = SIZE[0], SIZE[1] - STATUS_PX
    assert np.array_equal(saved, weightscape.render(program.scene(), size=whole, engine="numpy"))
    program.key("tab")
    until(
        lambda: np.abs(program.pixels()[: whole[1]].astype(int) - saved).max(-1).mean() < 1.0, "the same in the window"
    )


def test_a_chart_stands_above_a_hint_that_stays_with_it(program: Program) -> None:
    program.key("tab")
    for _ in range(3):
        program.asked_after("[")
    program.key("n")
    until(lambda: program.scene().lens == "norms" and "said" in parts(program), "the hint")
    program.settled()

    def is_above() -> bool:
        left, top, right, _ = (round(each) for each in parts(program)["said"])
        pixels, paper = program.pixels(), program.pixels()[top, 0]
        below = pixels[top : SIZE[1] - STATUS_PX]
        is_bare = (below[:, : left - 1] == paper).all() and (below[:, right + 1 :] == paper).all()
        return bool(is_bare and (pixels[: top - 1] != paper).any(-1).mean() > 0.1)

    until(is_above, "the chart above the hint, once what was said before is gone")


@pytest.mark.parametrize(("key", "asks"), [("j", True), ("g", True), ("l", False)])
def test_words_over_a_picture_are_asked_for_again_where_other_room_is_left(
    program: Program, key: str, asks: bool
) -> None:
    program.asked_after("a")
    program.asked_after("a")
    program.asked_after(key)
    program.settled()
    before = len(program.said("ask"))
    program.key("tab")
    until(lambda: "controls" not in parts(program), "the panel to go")
    program.said_after("f12", "no such key")
    assert (len(program.said("ask")) > before) == asks


@pytest.mark.parametrize("key", ["m", "shift+m"])
def test_a_chart_stands_above_a_hint_that_its_picture_gives(tmp_path: Path, key: str) -> None:
    size = f"{SIZE[0]}x{SIZE[1]}"
    with running(tmp_path, "--size", size, "--layers", "4", "--width", "8", "--scale", "0.001") as program:
        program.settled()
        program.asked_after(key)

        def stands_above() -> bool:
            left, top, right, _ = parts(program).get("said", (0, 0, 0, 0))
            colourful = np.ptp(program.pixels()[: SIZE[1] - STATUS_PX].astype(int), axis=-1) > 40
            rows = np.flatnonzero(colourful.any(-1))
            is_hint = right - left > 0.5 * SIZE[0]  # a notice is shorter
            return is_hint and rows.size > 0 and bool(0.5 * SIZE[1] < rows[-1] < top)

        until(stands_above, "the cells above the hint")
        program.key("enter")
        until(lambda: program.scene().levels == "auto", "what the hint says")


@pytest.mark.parametrize("keys", ["b", "nb"])
def test_no_half_of_a_split_view_lies_under_the_panel(program: Program, keys: str) -> None:
    for key in keys:
        program.asked_after(key)
    until(lambda: "said" in parts(program), "what is below")
    program.settled()
    assert "below: the same recipe" in program.said("notice")[-1]["text"]
    scene, width = program.scene(), round(parts(program)["controls"][0])
    high = (SIZE[1] if keys == "b" else SIZE[1] - STATUS_PX) - 1
    upper, lower = (
        weightscape.render(half, size=(width, high // 2), engine="numpy").astype(int)
        for half in (replace(scene, beside=""), other(scene))
    )
    seen = program.pixels()[:, :width].astype(int)
    rows = round(parts(program)["said"][1]) - (high + 2) // 2  # of the lower half, above what is said
    assert rows > 50
    apart = np.abs(upper - lower).mean()
    assert np.abs(seen[: high // 2] - upper).mean() < 0.2 * apart
    assert np.abs(seen[(high + 2) // 2 :][:rows] - lower[:rows]).mean() < 0.2 * apart
