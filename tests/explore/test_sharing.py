"""Which windows share their context with the engine's thread."""

from typing import Any

import pytest

from weightscape.explore.paint.sharing import shared_context
from weightscape.gpu.context import Adapter

CARD = Adapter("NVIDIA Corporation", "NVIDIA GeForce RTX 3070", "4.5", is_software=False)
SOFTWARE = Adapter("Mesa", "llvmpipe", "4.5", is_software=True)


class Sharing:
    def shared_context(self) -> str:
        return "shared"


@pytest.mark.parametrize(
    ("drawn_by", "held", "gpu", "shares"),
    [
        (CARD, "auto", "", True),
        (CARD, "never", "", False),
        (CARD, "auto", "nvidia", True),
        (CARD, "auto", "radeon", False),
        (CARD, "auto", "0", False),  # a device's number, which may be another's
        (CARD, "auto", "3070", True),
        (SOFTWARE, "auto", "", False),
        (SOFTWARE, "always", "", True),
        (SOFTWARE, "never", "", False),
    ],
)
def test_who_shares(drawn_by: Adapter, held: Any, gpu: str, shares: bool) -> None:
    window: Any = Sharing()
    found = shared_context(window, drawn_by, held, gpu, diary=None)  # type: ignore[arg-type]
    assert found == ("shared" if shares else None)
