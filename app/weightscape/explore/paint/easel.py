"""What pictures come about on: the window's screen, the painter, and what they share on the GPU, as the user set it."""

from weightscape import settings
from weightscape.engine.choice import PROCESSORS
from weightscape.explore.keep.diary import Diary
from weightscape.explore.paint.painter import Painter
from weightscape.explore.paint.screen import Screen
from weightscape.explore.paint.sharing import shared_context, source
from weightscape.window.shared_context import SharedContext
from weightscape.window.window import Window


def easel(window: Window, diary: Diary, samples: int) -> tuple[Screen, SharedContext | None, Painter]:
    """Open the screen, and begin the painter's thread, with the context that it shares with the window, if any."""
    held = settings.held()
    screen = Screen(window, "never" if settings.engine() in PROCESSORS else held)
    shared = shared_context(window, screen.drawn_by, held, settings.gpu(), diary)
    if shared:
        screen.expect_loans()

    def hands_on() -> bool:
        return screen.draws_landscapes

    return screen, shared, Painter(settings.engine(), window.wake, samples, source(shared), hands_on=hands_on)
