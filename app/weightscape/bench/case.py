"""What is measured: networks of layers x width at a size, and the series that show how the cost grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from weightscape.engine.question import Question
from weightscape.network.limit import MAX_LAYERS, MAX_WIDTH
from weightscape.network.network import Network
from weightscape.network.view import Size
from weightscape.picture.questions import question
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError

Shape = tuple[int, int]
# The floats of views that need no differences.
Plain = Literal["single", "double"]

NETWORKS: tuple[Shape, ...] = ((4, 16), (18, 30), (40, 30), (8, 64), (5, 400))
SIZE, QUICK_SIZE = (512, 512), (128, 128)
ROUNDS, QUICK_ROUNDS, MAX_ROUNDS = 5, 3, 1000
SEED = 1


@dataclass(frozen=True)
class Case:
    """Hold one thing to measure: a random network of independent tanh layers, and a picture's size."""

    layers: int = 18
    width: int = 30
    size: Size = SIZE
    precision: Plain = "single"

    @property
    def name(self) -> str:
        """Name the network as the command line does."""
        return f"{self.layers}x{self.width}" + ", double" * (self.precision == "double")

    @property
    def points(self) -> int:
        """Count the points of the picture."""
        return self.size[0] * self.size[1]

    def question(self, size: Size | None = None, seed: int = SEED) -> Question:
        """Ask for the picture, or for one of another size, or of another network of the same shape."""
        return question(_scene(self.layers, self.width, seed), size or self.size, self.precision)


@dataclass(frozen=True)
class Series:
    """Hold cases that differ in one number, named `what`: `numbers` has its values."""

    what: str
    fixed: str
    numbers: tuple[int, ...]
    cases: tuple[Case, ...]


def flops(network: Network) -> float:
    """Count two operations for each weight: what a matrix product does for one point, activations left out."""
    return float(2 * sum(W.size for W in network.weights))


def growth(size: Size = SIZE, is_quick: bool = False) -> tuple[Series, ...]:
    """List the series: layers and width at one size, pixels at the article's usual network."""
    layers = (2, 4, 8) if is_quick else (5, 10, 20, 40, 80)
    widths = (8, 16, 32) if is_quick else (8, 16, 32, 64, 128, 256)
    sides = (32, 64, 128) if is_quick else (64, 128, 256, 512, 1024)
    at = "x".join(map(str, size))
    return (
        Series("layers", f"width 30, {at}", layers, tuple(Case(n, 30, size) for n in layers)),
        Series("width", f"8 layers, {at}", widths, tuple(Case(8, n, size) for n in widths)),
        Series("pixels", "18x30", tuple(n * n for n in sides), tuple(Case(18, 30, (n, n)) for n in sides)),
    )


def parse_network(text: str) -> Shape:
    """Read "LxW", layers and width. Raises ValueError with value and range."""
    layers, cross, width = text.lower().partition("x")
    if cross and all(each.isdecimal() and len(each) <= 9 for each in (layers, width)):
        shape = int(layers), int(width)
        if 1 <= shape[0] <= MAX_LAYERS and 1 <= shape[1] <= MAX_WIDTH:
            try:
                _scene(*shape)
            except SceneError as error:
                raise ValueError(f"{text!r}: {error.reason}") from None
            return shape
    raise ValueError(f"{text!r} is not LAYERSxWIDTH in 1..{MAX_LAYERS} x 1..{MAX_WIDTH}")


def parse_precision(text: str) -> Plain:
    """Read in which floats networks are evaluated. Raises ValueError with value and range."""
    if text in get_args(Plain):
        return cast(Plain, text)
    raise ValueError(f"{text!r} is not one of {', '.join(get_args(Plain))}")


def parse_rounds(text: str) -> int:
    """Read how often everything is timed. Raises ValueError with value and range."""
    if text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= MAX_ROUNDS:
        return int(text)
    raise ValueError(f"{text!r} is not a whole number in 1..{MAX_ROUNDS}")


def cases(shapes: Sequence[Shape], size: Size, precision: Plain = "single") -> tuple[Case, ...]:
    """Make a case of each shape, each once; no shapes stand for the usual ones."""
    return tuple(Case(*shape, size, precision) for shape in dict.fromkeys(shapes or NETWORKS))


def _scene(layers: int, width: int, seed: int = SEED) -> Scene:
    return Scene(seed=seed, layers=layers, width=width, tied=False)
