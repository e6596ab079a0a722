"""A landscape drawn by the GPU: from what the lens hands on to the numbers of a mesh (gpu/landscape.py)."""

from weightscape.draw.camera import Vector
from weightscape.draw.relief import Ground, Sight
from weightscape.engine.question import Engine, Values
from weightscape.engine.shader.shader_answer import failing
from weightscape.gpu.landscape import Lattice, Look, Mesh
from weightscape.network.view import Size

# What lies nearer than so much of the way to the box, or farther than that behind it, is cut off: nothing does.
FREE = 0.9


def seen_by_shaders(engine: Engine, mesh: Mesh, ground: Ground, sight: Sight, size: Size) -> Values:
    """Draw a ground and read the picture: float32 (height, width, 3). Raises EngineError for a driver's refusal."""
    with failing(engine.name):
        return mesh.picture(lattice(ground), look(sight), size)


def lattice(ground: Ground) -> Lattice:
    """Hand on a ground."""
    return Lattice(ground.points, ground.left, ground.top, ground.step)


def look(sight: Sight) -> Look:
    """Hand on how it is seen; depths are told apart between the box's nearest and farthest corner."""
    camera, box = sight.camera, sight.box
    depths = (camera.eye - box.corners) @ camera.back
    near, far = float(depths.min()) * FREE, float(depths.max()) / FREE
    return Look(
        matrix=camera.matrix(near, far),
        eye=_three(camera.eye),
        lift=sight.lift,
        box=(box.x, box.y),
        floor=box.low,
        sun=_three(sight.sun),
        walls=sight.walls,
        paper=sight.paper,
    )


def _three(vector: Vector) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in vector)
    return x, y, z
