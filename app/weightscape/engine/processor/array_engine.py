"""What the processor's engines have in common: their answers are arrays, and nothing of theirs is on a GPU."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection

from weightscape.deep.accuracy import METHODS, Method
from weightscape.draw.relief import Ground, Sight, drawn
from weightscape.engine.question import Engine, Field, Question, Values
from weightscape.engine.softmax import through_softmax
from weightscape.engine.tile import LARGEST_TILE
from weightscape.network.interrupt import never
from weightscape.network.network import Network
from weightscape.network.view import Size


class ArrayEngine(ABC):
    """Answer with arrays; see the protocol Engine (engine/question.py)."""

    name: str
    arithmetic: str
    methods: Collection[Method] = METHODS
    has_watchdog = False
    largest = LARGEST_TILE

    def __init__(self) -> None:
        self.busy_s = self.longest_s = 0.0
        self.gpu_s = None

    def pick(self, question: Question) -> Engine:
        """Tell itself."""
        return self

    def field(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer a question on every core."""
        return through_softmax(question, lambda asked: self._field(asked, cancelled))

    def holds(self, question: Question) -> bool:
        """Tell that nothing is on a GPU."""
        return False

    def held(self, question: Question, cancelled: Callable[[], bool] = never) -> Field:
        """Answer as field() does."""
        return self.field(question, cancelled)

    def seen(self, question: Question, ground: Ground, sight: Sight, size: Size, is_rough: bool) -> Values:
        """Draw a landscape in this thread."""
        return drawn(ground, sight, size, is_rough)

    @abstractmethod
    def smallest(self, network: Network) -> int:
        """Tell below how many points a question takes as long."""

    @abstractmethod
    def release(self) -> None:
        """Stop the threads; again is harmless."""

    @abstractmethod
    def _field(self, question: Question, cancelled: Callable[[], bool]) -> Field:
        """Answer a question that has no softmax."""
