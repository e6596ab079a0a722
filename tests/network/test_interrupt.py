"""What nobody waits for any more ends soon, also where it plans and draws nothing yet."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest

from weightscape.deep.orbit import double_orbit, orbit
from weightscape.deep.planner import perturb
from weightscape.engine.question import Cancelled, until
from weightscape.network.interrupt import check, interruptible
from weightscape.network.network import Network
from weightscape.network.view import View
from weightscape.publish.still import Still, write_still
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

MADE = draw(Scene(layers=20, width=4))
PLACE = (("x", "y"), 0.0, (Decimal(0), Decimal(0)))


@pytest.mark.parametrize(
    "work",
    [
        lambda: orbit(MADE, *PLACE),
        lambda: double_orbit(MADE, *PLACE),
        lambda: perturb(other(), *PLACE[:2], View(), (9, 9)),
    ],
)
def test_every_long_loop_asks_once_a_layer(work: Callable[[], object]) -> None:
    asked = []

    def given_up() -> bool:
        asked.append(1)
        return len(asked) > 7

    with until(given_up), pytest.raises(Cancelled):
        work()
    assert len(asked) == 8
    with until(lambda: False):
        work()


def other() -> Network:
    return draw(Scene(layers=20, width=4, seed=9))


def test_a_still_that_is_given_up_while_it_plans_leaves_nothing(tmp_path) -> None:  # type: ignore[no-untyped-def]
    asked = []

    def given_up() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Cancelled):
        write_still(
            str(tmp_path / "a.png"),
            Scene(layers=30, width=5, seed=8),
            Still((8, 8), engine="numpy"),
            cancelled=given_up,
        )
    assert len(asked) == 4
    assert list(tmp_path.iterdir()) == []


def test_a_check_is_the_threads_own_and_ends_with_its_block() -> None:
    seen = []
    with interruptible(lambda: seen.append("outer")):
        with interruptible(lambda: seen.append("inner")):
            check()
        thread = threading.Thread(target=check)
        thread.start()
        thread.join()
        check()
    check()
    assert seen == ["inner", "outer"]
