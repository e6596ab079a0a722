"""A flight of the autopilot as a film: the scene of each frame, the same whenever it is flown."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from weightscape.network.view import Size
from weightscape.picture.questions import PrecisionName
from weightscape.picture.scout import check_flight, sight
from weightscape.scene.animation import MAX_FRAMES
from weightscape.scene.flight import Flight, begun
from weightscape.scene.scene import Scene
from weightscape.scene.scene_error import SceneError
from weightscape.scene.varying import Variation, check_varied


@dataclass(frozen=True)
class Flown:
    """Fly through a scene for so many `frames`, `fps` a second, seen in `size` pixels; `vary` time and weights gently.

    Where it leads depends on these and on a forced `precision`, not on the engine: NumPy looks out. Raises SceneError
    for a lens that shows no plane, for what does not vary, and for a picture that is flat from however far.
    """

    scene: Scene
    frames: int
    fps: Fraction
    size: Size
    vary: tuple[str, ...] = ()
    precision: PrecisionName = "auto"
    loop: bool = field(default=False, init=False)
    _flights: list[Flight] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= MAX_FRAMES:
            raise SceneError("frames", f"{self.frames} is not in 1..{MAX_FRAMES}")
        check_flight(self.scene)
        check_varied(self.scene, self.vary)
        first = self._seen(begun(self.scene, Variation(self.vary)))
        if first.is_lost:
            raise SceneError("radius", f"{self.scene.radius:g} shows a flat picture, from farther away, too")
        self._flights.append(first)

    @property
    def marks(self) -> tuple[int, ...]:
        """List the frames at its beginning: nobody knows the others yet."""
        return (0,)

    def at(self, k: int) -> Scene:
        """Make the scene of frame `k`, 0 for the first. Raises IndexError outside the film."""
        if not 0 <= k < self.frames:
            raise IndexError(f"frame {k} is not in 0..{self.frames - 1}")
        while len(self._flights) <= k:
            self._flights.append(self._seen(self._flights[-1].after(float(1 / self.fps))))
        return self._flights[k].scene(self.scene)

    def told(self) -> dict[str, Any]:
        """Say in values of JSON that it is a flight, and what varies in it."""
        return {"autopilot": list(self.vary)}

    def _seen(self, flight: Flight) -> Flight:
        """Look out wherever the flight asks for it."""
        while flight.asked:
            flight = flight.told(sight(flight.scene(self.scene), flight.asked, self.size, self.precision))
        return flight
