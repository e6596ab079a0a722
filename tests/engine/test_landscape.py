"""The landscape as a mesh: by NumPy's picture of it, and in what it asks of the driver."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt
import pytest
from gl_object import living
from glsl import VERTEX
from suite import EVERY_GPU

import weightscape
from weightscape.draw.panorama import _ground
from weightscape.draw.plate import PAPER
from weightscape.draw.relief import Ground, Sight, drawn, light, lit
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.question import EngineError, Question
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.fragment import FragmentEngine
from weightscape.engine.shader.landscape import lattice, look
from weightscape.gpu.context import adapter
from weightscape.gpu.landscape import Mesh
from weightscape.gpu.source import source
from weightscape.lens.height import HEIGHT
from weightscape.lens.lens import Answered
from weightscape.picture.questions import question
from weightscape.publish import gallery
from weightscape.scene.recipe import draw
from weightscape.scene.scene import Scene

Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[np.floating]
# Scenes of the gallery whose landscapes are smooth; others are gravel, of which each pixel is another stone.
SMOOTH = ("cross-section", "gaussian-star", "sine-clouds")
SIZE = (480, 300)
assert HEIGHT.surface
SURFACE = HEIGHT.surface


@cache
def landscape(name: str, size: tuple[int, int] = SIZE, stride: int = 1) -> tuple[Scene, Question, Ground]:
    """Evaluate a scene's landscape with NumPy."""
    scene = replace(gallery.scene(name), lens="height")
    network, engine = draw(scene), NumpyEngine()
    (want,) = HEIGHT.wants(scene, network, size)
    whole = question(scene, want.size)
    asked = replace(whole, taps=want.taps, grid=whole.grid.coarser(stride))
    ground = SURFACE.ground(scene, network, size, Answered(asked, engine.field(asked), stride))
    engine.release()
    return scene, asked, ground


def sight(name: str, size: tuple[int, int] = SIZE, **fields: float) -> Sight:
    return SURFACE.sight(replace(landscape(name, size)[0], **fields), size)  # type: ignore[arg-type]


@pytest.fixture(params=[True, False])
def mesh(gl: Any, request: Any) -> Iterator[Mesh]:
    """Give a mesh whose pixels are split, or one whose pixels have samples."""
    mesh = Mesh(gl)
    if not request.param and gl.max_samples <= 1:
        pytest.skip("a driver without samples")
    mesh.is_split = request.param
    yield mesh
    mesh.release()


def meshed(mesh: Mesh, ground: Ground, sight: Sight, size: tuple[int, int] = SIZE) -> Array:
    return mesh.picture(lattice(ground), look(sight), size)


def wider(mask: Mask) -> Mask:
    """Tell which pixels are set or have a neighbour that is."""
    padded = np.pad(mask, 1)
    rows, columns = mask.shape
    return np.any([padded[j : j + rows, i : i + columns] for i in range(3) for j in range(3)], axis=0)


def compare(one: Array, other: Array, paper: tuple[float, float, float], share: float = 0.98) -> None:
    """Hold two pictures against each other: colours, and the outline within a pixel."""
    assert np.mean(np.abs(one - other).max(-1) <= 4.0 / 255.0) >= share
    there = [np.abs(picture - paper).max(-1) > 2e-3 for picture in (one, other)]
    assert 0.05 < there[0].mean() < 0.95
    assert not (there[0] & ~wider(there[1])).any()
    assert not (there[1] & ~wider(there[0])).any()


@pytest.mark.parametrize(
    ("name", "turn", "tilt", "lift"),
    [
        ("cross-section", 30.0, 50.0, 1.0),
        ("gaussian-star", -135.0, 25.0, 1.0),
        ("sine-clouds", 200.0, 90.0, 1.0),
        ("sine-clouds", 90.0, 0.0, 1.0),
        ("cross-section", 75.0, 25.0, 0.0),
        ("gaussian-star", 10.0, 65.0, 3.0),
    ],
)
def test_the_mesh_is_numpys_picture(name: str, turn: float, tilt: float, lift: float, mesh: Mesh) -> None:
    if mesh._ctx.max_samples <= 1 and turn != 30.0:
        pytest.skip("a driver without samples is slow: one camera is enough")
    ground, seen = landscape(name)[2], sight(name, turn=turn, tilt=tilt, lift=lift)
    compare(drawn(ground, seen, SIZE, is_rough=False), meshed(mesh, ground, seen), seen.paper)


@pytest.mark.parametrize(("size", "stride"), [((160, 500), 1), ((700, 90), 1), ((300, 200), 7), ((61, 97), 40)])
def test_any_shape_and_a_coarse_lattice_too(size: tuple[int, int], stride: int, mesh: Mesh) -> None:
    """Lattices that run over the sides end there; so small, pictures are mostly edges."""
    ground, seen = landscape("cross-section", size, stride)[2], sight("cross-section", size)
    compare(drawn(ground, seen, size, is_rough=False), meshed(mesh, ground, seen, size), seen.paper, 0.9)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (7, 5)])
def test_the_smallest_pictures_are_drawn(size: tuple[int, int], mesh: Mesh) -> None:
    ground = landscape("cross-section", size)[2]
    for turn, tilt, lift in ((0.0, 0.0, 1.0), (45.0, 90.0, 10.0), (-360.0, 45.0, 0.0)):
        picture = meshed(mesh, ground, sight("cross-section", size, turn=turn, tilt=tilt, lift=lift), size)
        assert picture.shape == (size[1], size[0], 3)
        assert np.isfinite(picture).all()
        assert picture.min() >= 0.0
        assert picture.max() <= 1.0


def evaluated(gl: Any, expression: str, ground: Ground, sight: Sight, places: Array) -> Array:
    """Evaluate an expression of `place`, in relief.glsl, at places (rows, columns, 2) on a lattice: 4 numbers each."""
    rows, columns, _ = places.shape
    text = source("landscape.vert").text.partition("uniform int u_part")[0]
    fragment = f"""{text}
uniform sampler2D u_places;
out vec4 out_color;
void main() {{
    vec2 place = texelFetch(u_places, ivec2(gl_FragCoord.xy), 0).xy;
    out_color = {expression};
}}"""
    program = gl.program(vertex_shader=f"#version 330 core\n{VERTEX}", fragment_shader=fragment)
    lattice = gl.texture(ground.points.shape[1::-1], 4, np.ascontiguousarray(ground.points), dtype="f4")
    asked = gl.texture((columns, rows), 2, np.ascontiguousarray(places, np.float32), dtype="f4")
    target = gl.framebuffer([gl.texture((columns, rows), 4, dtype="f4")])
    numbers = {"u_points": 0, "u_places": 1, "u_step": ground.step, "u_lift": sight.lift, "u_sun": tuple(sight.sun)}
    for name, value in numbers.items():
        program[name] = value
    lattice.use(0)
    asked.use(1)
    target.use()
    gl.vertex_array(program, []).render(moderngl.TRIANGLES, vertices=3)
    return np.frombuffer(target.read(components=4, dtype="f4"), np.float32).reshape(rows, columns, 4)


def steep(rows: int = 23, columns: int = 31) -> tuple[Ground, Sight]:
    """Make a ground of every slope and colour."""
    points = np.random.default_rng(3).uniform(0.0, 1.0, (rows, columns, 4)).astype(np.float32)
    points[..., 0] = 0.1 * points[..., 0] - 0.05
    step = 2.0 / rows
    scene = Scene(lens="height", lift=1.5, turn=70.0)
    seen = SURFACE.sight(scene, (columns, rows))
    return Ground(points, -step * (columns - 1) / 2, step * (rows - 1) / 2, step), seen


def test_the_light_is_its_twins(gl: Any) -> None:
    ground, seen = steep()
    rows, columns, _ = ground.points.shape
    places = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).astype(np.float32)
    found = evaluated(gl, "vec4(light(ivec2(place)))", ground, seen, places)[..., 0]
    expected = light(ground.points[..., 0] * np.float32(seen.lift), ground.step, seen.sun)
    assert len(np.unique(expected.round(3))) > 100
    assert np.abs(found - expected).max() < 1e-5


def test_the_ground_between_its_points_is_its_twins(gl: Any) -> None:
    ground, seen = steep()
    land = lit(ground, seen)
    places = np.random.default_rng(4).uniform(-1.0, 32.0, (9, 40, 2)).astype(np.float32)
    found = evaluated(gl, "ground(place)", ground, seen, places)
    x = np.float32(land.left) + places[..., 0] * np.float32(land.step)
    y = np.float32(land.top) - places[..., 1] * np.float32(land.step)
    assert np.abs(found - _ground(land, x, y)).max() < 1e-4


def test_bands_are_one_picture(mesh: Mesh, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (50, 31)
    ground, seen = landscape("cross-section", size)[2], sight("cross-section", size)
    whole = meshed(mesh, ground, seen, size)
    monkeypatch.setattr("weightscape.gpu.landscape.BAND_PIXELS", 50 * 6)
    assert len(list(mesh.bands(lattice(ground), look(seen), size))) == 6
    assert np.mean(np.abs(meshed(mesh, ground, seen, size) - whole) < 1.0 / 255.0) > 0.99


def test_a_tall_picture_is_drawn_in_bands_that_there_is_room_for(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (40, 90)
    ground, seen, mesh = landscape("cross-section", size)[2], sight("cross-section", size), Mesh(gl)
    mesh.is_split, made, sizes = True, mesh._targets, []
    monkeypatch.setattr(mesh, "_targets", lambda each: (sizes.append(each), made(each))[1])
    whole = meshed(mesh, ground, seen, size)
    mesh._widest = 2 * size[0] + 1
    banded = meshed(mesh, ground, seen, size)
    assert mesh.fine == 2
    assert sizes == [(80, 180), (80, 80)]
    assert np.abs(banded - whole).max() < 4.0 / 255.0
    mesh.release()


def test_pixels_are_split_as_far_as_there_is_room(gl: Any) -> None:
    size = (90, 60)
    ground, seen, mesh = landscape("cross-section", size)[2], sight("cross-section", size), Mesh(gl)
    assert mesh.is_split or not adapter(gl).is_software
    mesh.is_split = True
    split = meshed(mesh, ground, seen, size)
    assert mesh.fine == 2
    mesh._widest = 2 * size[0] - 1
    whole = meshed(mesh, ground, seen, size)
    assert mesh.fine == 1
    assert 0.9 < np.mean(np.abs(split - whole).max(-1) < 4.0 / 255.0) < 1.0
    mesh.release()


@pytest.mark.slow
def test_no_object_of_opengl_is_left(gl: Any) -> None:
    sizes = ((40, 30), (41, 30), (40, 31))
    grounds = [(landscape("cross-section", size)[2], size) for size in sizes]
    mesh, after = Mesh(gl), []
    before = living(gl)
    for n in range(30):
        ground, size = grounds[n % 3]
        meshed(mesh, ground, sight("cross-section", size, turn=3.6 * n), size)
        if n in (2, 29):
            after.append(living(gl))
    assert after[0] == after[1] != before
    mesh.release()
    mesh.release()
    assert living(gl) == before


@EVERY_GPU
def test_engines_of_the_gpu_draw_the_mesh(engine: Any) -> None:
    size = (90, 60)
    (_, asked, ground), seen = landscape("cross-section", size), sight("cross-section", size)
    own = Mesh(engine.ctx)
    expected = meshed(own, ground, seen, size)
    own.release()
    assert np.array_equal(engine.seen(asked, ground, seen, size, is_rough=False), expected)


def test_numpy_draws_by_itself_and_a_rough_picture_on_every_second_pixel(numpy_engine: NumpyEngine) -> None:
    size = (91, 60)
    (_, asked, ground), seen = landscape("cross-section", size), sight("cross-section", size)
    assert np.array_equal(numpy_engine.seen(asked, ground, seen, size, False), drawn(ground, seen, size, False))
    rough = numpy_engine.seen(asked, ground, seen, size, True)
    assert np.array_equal(rough[::2, :-1:2], rough[1::2, 1::2])


def test_what_a_driver_has_no_room_for_is_an_error_and_the_next_picture_comes(gl: Any) -> None:
    (_, asked, ground), engine = landscape("cross-section", (90, 60)), FragmentEngine(gl)
    wide = 2 * gl.info["GL_MAX_TEXTURE_SIZE"], 1
    with pytest.raises(EngineError, match="the fragment engine cannot work"):
        engine.seen(asked, ground, SURFACE.sight(landscape("cross-section")[0], wide), wide, is_rough=False)
    gl.error  # noqa: B018 - what the driver said of it
    picture = engine.seen(asked, ground, sight("cross-section", (90, 60)), (90, 60), is_rough=False)
    assert np.ptp(picture) > 0.2
    engine.release()


@pytest.mark.parametrize("name", ["fragment", "compute"])
def test_a_file_by_an_engine_of_the_gpu_has_its_landscape(name: Any, gl: Any) -> None:
    if name == "compute" and gl.version_code < ComputeEngine.needs:
        pytest.skip("compute shaders need OpenGL 4.3")
    scene, size = landscape("cross-section")[0], (160, 100)
    pictures = [weightscape.render(scene, size=size, engine=engine) / 255.0 for engine in ("numpy", name)]
    compare(*pictures, paper=PAPER, share=0.95)
