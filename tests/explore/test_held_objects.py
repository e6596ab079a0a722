"""What a window that holds fields leaves behind: nothing, whatever is done, and whatever fails."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from gl_object import living
from patience import until
from stage import Stage, Theatre, opened_stage

from weightscape.engine.question import Cancelled
from weightscape.explore.paint import painter
from weightscape.explore.paint.painter import MOST_WAITING, WAIT_S
from weightscape.gpu.shelf import MOST
from weightscape.network.view import pan
from weightscape.publish import gallery
from weightscape.scene.scene import Scene
from weightscape.window.shared_context import SharedContext
from weightscape.window.window import Window, WindowError

START = Scene(layers=3, width=8)
SIZES = ((200, 150), (250, 160), (210, 200))
LENSES = ("outputs", "unit", "cut", "rgb", "stretch", "winner", "atlas", "units")
HELD = {"WEIGHTSCAPE_HELD": "always", "WEIGHTSCAPE_ENGINE": "compute"}


def opened(before: Callable[[], object] = tuple, **changes: str) -> AbstractContextManager[Theatre]:
    return opened_stage(START, SIZES[0], HELD | changes, before)


def adopted(stage: Stage) -> int:
    return stage.explorer.screen.adopted


def at_rest(stage: Stage, scene: Scene = START) -> int:
    """Show a scene until it is at rest; tell how many tiles were adopted for it."""
    before = stage.explorer.screen.adopted
    stage.show(scene)
    return stage.explorer.screen.adopted - before


def in_the_painters_thread(stage: Stage, deed: Callable[[Any], Any]) -> Any:
    """Call deed(engine) in the thread where its context is current, at the next question."""
    stage.rest()
    choice, done = stage.explorer.painter.choice, list[Any]()
    assert choice
    engine: Any = choice.engine

    def pick(question: Any) -> Any:
        del engine.pick
        done.append(deed(engine))
        return engine

    engine.pick = pick
    stage.show(replace(stage.explorer.scene, seed=stage.explorer.scene.seed + 1))
    return done[0]


def show_each(stage: Stage) -> None:
    """Show every kind of picture to its end: what is made at first need, such as a program, is there from then on."""
    for lens in LENSES:
        for outputs in (1, 3):
            if outputs == 3 or lens != "winner":
                stage.show(replace(START, lens=lens, outputs=outputs))


def change(stage: Stage, first: int, count: int) -> tuple[dict[str, int], dict[str, int]]:
    """Resize, reroll and change lenses so often, one after the other; count the objects of window and engine."""
    import glfw

    for n in range(first, first + count):
        lens = LENSES[n % len(LENSES)]
        stage.explorer.show(replace(START, seed=n, lens=lens, outputs=1 if n % 7 == 0 and lens != "winner" else 3))
        if n % 5 == 0:
            glfw.set_window_size(stage.window._handle, *SIZES[n // 5 % len(SIZES)])
        stage.step()
        if n % 10 == 0:
            stage.rest()
    stage.show(replace(START, seed=count))
    return living(stage.explorer.screen._ctx), in_the_painters_thread(stage, lambda engine: living(engine.ctx))


@pytest.mark.parametrize(
    ("engine", "count"),
    [
        ("compute", 40),
        *(
            pytest.param(*more, marks=pytest.mark.long)
            for more in (("fragment", 40), ("compute", 1050), ("fragment", 1050))
        ),
    ],
)
def test_resizes_rerolls_and_lenses_leave_no_object_behind(engine: str, count: int) -> None:
    with opened(WEIGHTSCAPE_ENGINE=engine) as theatre:
        theatre.run(show_each)
        before = theatre.run(change, 0, 40)
        after = theatre.run(change, 40, count)
        assert theatre.run(adopted) > count / 10
    for old, new in zip(before, after, strict=True):
        grown = {kind: new[kind] - known for kind, known in old.items()}
        # Textures on loan are a few, of whichever sizes were last.
        assert abs(grown.pop("Texture")) <= MOST
        assert not any(grown.values()), grown


POINTS = {
    "winner": replace(gallery.scene("digits"), lens="winner"),
    "regions": replace(START, lens="regions", activation="relu", rule="he"),
}


def turn(stage: Stage, lens: str, first: int, count: int) -> dict[str, int]:
    """Turn a picture of points so often, and resize it; count the window's objects."""
    import glfw

    for n in range(first, first + count):
        stage.explorer.show(replace(POINTS[lens], angle=float(n)))
        if n % 5 == 0:
            glfw.set_window_size(stage.window._handle, *SIZES[n // 5 % len(SIZES)])
        stage.step()
        if n % 10 == 0:
            stage.rest()
    stage.rest()
    return living(stage.explorer.screen._ctx)


@pytest.mark.parametrize("lens", POINTS)
def test_points_and_what_lies_over_them_leave_no_object_behind(lens: str) -> None:
    with opened() as theatre:
        before = theatre.run(turn, lens, 0, 20)
        after = theatre.run(turn, lens, 20, 30)
        assert theatre.run(adopted) > 40
    # Textures on loan are shared, and a few.
    assert abs(after.pop("Texture") - before.pop("Texture")) <= MOST
    assert after == before


def no_sharing() -> None:
    def refuse(window: Window) -> None:
        raise WindowError("for the test")

    Window.shared_context = refuse  # type: ignore[method-assign,assignment]


def no_context_beside() -> None:
    def refuse(shared: SharedContext) -> None:
        raise WindowError("for the test")

    SharedContext.take = refuse  # type: ignore[method-assign]


def said(stage: Stage) -> tuple[str, str]:
    return stage.explorer.notice, stage.explorer.fault


@pytest.mark.parametrize("before", [no_sharing, no_context_beside])
def test_where_nothing_can_be_shared_the_picture_comes_by_the_processor(before: Callable[[], None]) -> None:
    with opened(before) as theatre:
        assert theatre.run(at_rest, replace(START, seed=5)) == 0
        assert theatre.run(said) == ("", "")


def lose(engine: Any) -> None:
    """Leave the engine without its context."""
    import glfw

    glfw.make_context_current(None)


def lost(stage: Stage) -> tuple[str, int, bool]:
    in_the_painters_thread(stage, lose)
    return stage.explorer.fault, at_rest(stage, replace(START, seed=77)), stage.window.should_close


def test_a_lost_context_is_told_and_the_window_lives() -> None:
    with opened() as theatre:
        fault, more, is_closed = theatre.run(lost)
    assert "the compute engine cannot work" in fault
    assert (more, is_closed) == (0, False)


def drag_far(stage: Stage) -> tuple[float, list[float]]:
    """Drag a picture whose strips are never fine before the next step; tell its area, and what each step paints."""
    painter.FIRST_S = 0.0  # strips come coarse first
    stage.show(START)
    (width, height), steps = stage.window.size_px, 3
    choice: Any = stage.explorer.painter.choice
    engine, held = choice.engine, choice.engine.held

    def given_up(question: Any, cancelled: Any) -> Any:
        if question.grid.stride == 1:
            until(cancelled, "the next step")
            raise Cancelled
        return held(question, cancelled)

    stage.painted.clear()
    engine.held = given_up
    for _ in range(steps):
        stage.explorer.show(stage.explorer.scene.looking(pan(stage.explorer.scene.view, (width, height), 16.0, 0.0)))
        number = stage.explorer.request.number  # type: ignore[union-attr]
        until(lambda number=number: [stage.step()] and stage.explorer.seen == number, "first pixels")  # type: ignore[misc]
    del engine.held
    stage.explorer.ask()
    stage.rest()
    areas: dict[int, float] = {}
    for request, area in stage.painted:
        areas[request] = areas.get(request, 0.0) + area
    return float(width * height), [area for _, area in sorted(areas.items())]


def test_strips_that_are_not_fine_yet_are_all_that_a_longer_drag_paints() -> None:
    with opened(WEIGHTSCAPE_ENGINE="fragment") as theatre:
        whole, painted = theatre.run(drag_far)
    # Each step has its own strip, 16 of 200 pixels wide, and those before; they are gone over twice, and a little more.
    assert len(painted) == 4
    assert all(0 < area < 0.75 * whole for area in painted)


def unseen(stage: Stage) -> tuple[int, bool]:
    """Let the painter go on while the window takes in nothing; then take it in. Tell what waited, and if it rests."""
    stage.rest()
    stage.explorer.show(replace(START, seed=9))
    news, waiting, most = stage.explorer.painter._news, stage.explorer.painter._painted, 0
    until(lambda: len(waiting) > MOST_WAITING, "what waits")
    for _ in range(20):
        with news:
            news.wait(WAIT_S)
        most = max(most, len(waiting))
    stage.rest()
    return most, stage.rested == stage.explorer.request.number  # type: ignore[union-attr]


def test_a_window_that_looks_away_is_not_flooded() -> None:
    with opened(WEIGHTSCAPE_REST_SAMPLES="64") as theatre:
        most, is_at_rest = theatre.run(unseen)
    assert most <= MOST_WAITING + 2
    assert is_at_rest


def auto_with_software() -> None:
    """Have `auto` look at OpenGL in software, too, and find it the quickest."""
    from weightscape.engine import auto, choice

    choice.look = partial(choice.look, with_software=True)
    auto.AutoEngine._rates = lambda *_: {"numpy": 1.0, "fragment": 2.0, "compute": 3.0}  # type: ignore[method-assign]


def adopted_by_auto(stage: Stage) -> tuple[int, str]:
    """Reroll until `auto` has its engine ready and pictures are adopted; then lose the context: NumPy goes on."""
    until(lambda: at_rest(stage, replace(stage.explorer.scene, seed=stage.explorer.scene.seed + 1)) > 0, "adoption")
    choice: Any = stage.explorer.painter.choice
    choice.engine._thread.submit(lose, None).result()
    stage.show(replace(START, seed=1000))
    return at_rest(stage, replace(START, seed=1001)), stage.explorer.fault + choice.engine.name


def test_auto_holds_and_goes_on_without_its_context() -> None:
    with opened(auto_with_software, WEIGHTSCAPE_ENGINE="auto") as theatre:
        assert theatre.run(adopted_by_auto) == (0, "numpy")


def begin(stage: Stage) -> None:
    """Ask for what takes long, and leave it at that."""
    stage.explorer.show(Scene(layers=60, width=64, tied=False))
    stage.step()


@pytest.mark.parametrize("engine", ["compute", "fragment"])
def test_a_window_closes_while_a_tile_is_under_way(engine: str) -> None:
    with opened(WEIGHTSCAPE_ENGINE=engine) as theatre:
        theatre.run(begin)


def put_away(stage: Stage) -> int:
    """Go on as a window that is iconified: what comes is taken in, and nothing is drawn."""
    type(stage.window).iconified = property(lambda window: True)  # type: ignore[assignment,method-assign]
    before = stage.explorer.screen.adopted
    for seed in range(10):
        stage.explorer.show(replace(START, seed=seed))
        number = stage.explorer.request.number  # type: ignore[union-attr]
        until(lambda number=number: [stage.step()] and stage.rested == number, "rest")  # type: ignore[misc]
    return stage.explorer.screen.adopted - before


def test_a_window_that_is_put_away_keeps_no_texture() -> None:
    with opened() as theatre:
        assert theatre.run(put_away) >= 10


def test_two_windows_hold_each_their_own() -> None:
    with opened() as one, opened() as other:
        assert one.run(at_rest, replace(START, seed=3)) > 0
        assert other.run(at_rest, replace(START, seed=4)) > 0
        assert one.run(at_rest, replace(START, seed=5)) > 0
