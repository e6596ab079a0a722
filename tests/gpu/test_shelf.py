"""Textures on loan: how many there are, when they come back, and what a lost context does."""

from typing import Any

import pytest

from weightscape.gpu.fence import NO_FENCE, FenceError
from weightscape.gpu.loan import Loan
from weightscape.gpu.shelf import MOST, STEP, Shelf


@pytest.fixture
def shelf(gl: Any) -> Any:
    shelf = Shelf(gl)
    yield shelf
    shelf.release()


def lent(shelf: Shelf, size: tuple[int, int] = (20, 10)) -> Loan | None:
    texture = shelf.take(size, 3)
    return shelf.lend(texture, (size[1], size[0], 3)) if texture else None


def test_a_texture_has_room_and_tells_where_the_picture_is(shelf: Shelf) -> None:
    loan = lent(shelf, (STEP + 1, 10))
    assert loan
    assert (loan.size, loan.components, loan.shape) == ((2 * STEP, STEP), 3, (10, STEP + 1, 3))
    assert loan.ready != NO_FENCE


@pytest.mark.slow
def test_a_loan_that_nobody_holds_comes_back(shelf: Shelf) -> None:
    names = set()
    for _ in range(3 * MOST):
        loan = lent(shelf)
        assert loan
        names.add(loan.texture)
        loan.read(shelf.fences.made())
        del loan  # the last reference: it comes back at once
    assert len(names) == 1


def test_no_more_than_a_few_are_on_loan(shelf: Shelf) -> None:
    loans = [lent(shelf) for _ in range(MOST + 3)]
    assert [bool(loan) for loan in loans] == [True] * MOST + [False] * 3
    assert len({loan.texture for loan in loans if loan}) == MOST
    loans.clear()
    assert lent(shelf)


def test_other_sizes_take_the_places_of_those_that_lie_idle(shelf: Shelf, gl: Any) -> None:
    for n in range(3 * MOST):
        assert lent(shelf, (1 + n * STEP % 5000, 7))
    assert len(shelf._idle) + len(shelf._lent) <= MOST


def test_what_is_not_lent_after_all_is_put_back(shelf: Shelf) -> None:
    texture = shelf.take((5, 5), 4)
    assert texture
    shelf.put(texture)
    assert shelf.take((5, 5), 4) is texture


def test_a_lost_context_is_a_fault(shelf: Shelf) -> None:
    shelf.fences._sync = lambda *_: None
    with pytest.raises(FenceError, match="lost"):
        lent(shelf)
    assert not shelf.release()
    shelf.fences.__init__(shelf._ctx)  # type: ignore[misc]
