"""The shapes of workgroup that are tried: by a clock that is handed in, once a kind of network, the best remembered."""

import math
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clocks import WorkClock
from specimen import scene

from weightscape.engine import choice
from weightscape.engine.question import Question, Values
from weightscape.engine.shader import compute
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.tuned import TunedEngine, _laid, candidates, kind_of, quickest
from weightscape.engine.shader.workgroup import GPU, WARP, Workgroup, afforded, doubled, fused, low, padded, sheeted
from weightscape.engine.shader.workgroup import wide as tile
from weightscape.engine.speed import Memory
from weightscape.gpu.source import ShaderError, compute_program
from weightscape.picture.questions import question

HERE = "some GPU, some driver"
WIDE = ("tall", "square", "flat", "snug")


def narrow(**more: Any) -> Question:
    return question(scene(3, 30, **more), (9, 5))


def wide(width: int = 140, layers: int = 3) -> Question:
    return question(scene(layers, width), (9, 5))


def tuned(gl: Any, path: Path | None, speeds: dict[str, float], asked: Question) -> tuple[TunedEngine, list[str]]:
    """An engine on a GPU that does so many operations a second in each shape of a question's, and what it ran."""
    clock, ran = WorkClock(1e6), list[str]()
    clock.engine = inner = ComputeEngine(gl, GPU, clock)
    names = {tiles: name for name, tiles in candidates(inner.tiles, asked.network, asked.is_double).items()}
    answer = inner.field

    def field(question: Question, *more: Any) -> Any:
        ran.append(names[inner.tiles])
        clock.rate = speeds[ran[-1]]
        return answer(question, *more)

    inner.field = field  # type: ignore[method-assign]
    return TunedEngine(inner, Memory(path, HERE)), ran


@pytest.mark.parametrize("best", ["whole", "sliced", "flat"])
def test_the_quickest_shape_answers_and_is_remembered(best: str, gl: Any, tmp_path: Path) -> None:
    path, asked, plain_engine = tmp_path / "shapes.json", narrow(), ComputeEngine(gl)
    speeds = dict.fromkeys(("whole", "sliced", "flat"), 1e6) | {best: 2e6}
    engine, ran = tuned(gl, path, speeds, asked)
    expected: Values = plain_engine.field(asked).values
    assert np.array_equal(expected, engine.field(asked).values)
    assert {*ran} == {*speeds}
    assert ran[-1] == best
    assert engine.busy_s > 0.0
    known = Memory(path, HERE).get(kind_of(GPU, asked.network, False))
    assert {*known} == {*speeds}
    assert known[best] == pytest.approx(2e6, rel=0.01)
    ran.clear()
    engine.field(asked)
    engine.field(narrow(seed=9))
    assert ran == [best, best]
    engine.release()

    again, ran = tuned(gl, path, speeds, asked)
    again.field(asked)
    assert ran == [best]
    again.release()
    plain_engine.release()


def test_wide_networks_and_doubles_are_measured_apart(gl: Any, tmp_path: Path) -> None:
    asked = wide()
    engine, ran = tuned(gl, tmp_path / "shapes.json", dict.fromkeys(WIDE, 1e6) | {"square": 3e6}, asked)
    engine.field(asked)
    assert ran[-1] == "square"
    kinds = [kind_of(GPU, each.network, is_double) for each in (narrow(), asked) for is_double in (False, True)]
    at_once = "at once, whole flat with whole matrices, 32 wide"
    assert kinds[:2] == [at_once, f"{at_once}, double"]
    by_layers = "by layers, snug in tiles of"
    assert kinds[2:] == [f"{by_layers} 80, 256 wide", f"{by_layers} 48, 256 wide, double"]
    engine.release()


def test_a_name_means_one_shape_within_a_kind() -> None:
    for shared in (32768, 49152):
        tiles, known = replace(GPU, shared_bytes=shared), {}
        for width in range(4, 129, 4):
            network = question(scene(3, width), (4, 4)).network
            for is_double in (False, True):
                whole = {
                    name: _laid(each, network, is_double)[0].is_whole
                    for name, each in candidates(tiles, network, is_double).items()
                }
                kind = kind_of(tiles, network, is_double)
                assert known.setdefault(kind, whole) == whole, (shared, width, kind)
        assert len(known) > 8


def test_snug_tiles_are_remembered_apart_from_those_of_another_size(gl: Any, tmp_path: Path) -> None:
    # 400 and 390 units have tiles of 80, 480 has tiles of 96; 300 and 512 have none that pad less.
    best = {400: "snug", 480: "tall", 300: "flat"}
    speeds = dict.fromkeys(WIDE, 1e6)
    for width, name in best.items():
        asked = wide(width, layers=2)
        engine, ran = tuned(gl, tmp_path / "shapes.json", speeds | {name: 2e6}, asked)
        engine.field(asked)
        assert ran[-1] == name
        assert len(ran) > 1
        engine.release()
    for width, name in (best | {390: "snug", 512: "flat"}).items():
        asked = wide(width, layers=2)
        engine, ran = tuned(gl, tmp_path / "shapes.json", speeds, asked)
        engine.field(asked)
        assert ran == [name]
        engine.release()


@pytest.mark.slow
def test_snug_tiles_pad_less_and_fill_whole_warps_within_what_opengl_promises() -> None:
    listed, known = 0, dict[str, Workgroup]()
    for width, is_double in product(range(129, 513), (False, True)):
        network = wide(width).network
        shapes = candidates(GPU, network, is_double)
        if "snug" not in shapes:
            continue
        listed += 1
        first, group = (_laid(shapes[name], network, is_double)[0] for name in ("tall", "snug"))
        assert known.setdefault(kind_of(GPU, network, is_double), group) == group
        assert padded(width, group.units) < padded(width, first.units)
        assert group.units >= max(first.tiles.wide_units) // 2
        plain = doubled(shapes["snug"]) if is_double else shapes["snug"]
        for each in (plain, low(plain), sheeted(plain)):
            check_snug(tile(each, width))
    assert listed > 200
    assert len(known) > 5


def check_snug(group: Workgroup) -> None:
    tiles = group.tiles
    assert group.threads % WARP == 0
    assert group.threads <= 1024
    assert 2 * tiles.number_bytes * group.slice * (group.units + group.points) <= 32768
    # The next layer, or the outputs, reads whole slices of what has been written.
    assert group.units % math.lcm(4 * tiles.unit_vectors, group.slice, tiles.output_steps) == 0
    assert group.points == tiles.wide_points


def test_400_units_are_five_tiles_of_80() -> None:
    group = tile(candidates(GPU, wide(400).network, False)["snug"], 400)
    assert (group.units, group.points, group.unit_groups, group.point_groups, group.threads) == (80, 256, 5, 32, 160)
    assert [each for each in (256, 300, 400, 512) if "snug" in candidates(GPU, wide(each).network, False)] == [400]


def test_a_shape_that_a_driver_refuses_is_not_taken(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(ctx: Any, name: str, defines: Any) -> Any:
        if "WHOLE" in defines:
            raise ShaderError("too much")
        return compute_program(ctx, name, defines)

    monkeypatch.setattr(compute, "compute_program", refusing)
    engine, ran = tuned(gl, None, dict.fromkeys(("whole", "sliced", "flat"), 1e6), narrow())
    assert np.isfinite(engine.field(narrow()).values).all()
    assert ran[-1] == "sliced"
    engine.release()


def test_the_first_shape_stays_where_the_others_are_hardly_quicker() -> None:
    assert quickest(["a", "b"], {"a": 1.0, "b": 1.04}) == "a"
    assert quickest(["a", "b"], {"a": 1.0, "b": 1.06}) == "b"
    assert quickest(["a", "b"], {"a": 0.0, "b": 0.0}) == "a"


def test_the_list_is_short_and_holds_what_fits() -> None:
    network, broad = narrow().network, wide().network
    for limit in (32768, 49152):
        tiles = afforded(GPU, limit, None)
        for name, each in candidates(tiles, network, False).items():
            group = fused(each, 30)
            assert group, name
        assert [*candidates(tiles, network, False)] == ["whole", "sliced", "flat"]
        assert [*candidates(tiles, broad, False)] == [*WIDE]
        # Doubles have no tall tiles, and a matrix of 128 x 128 is never whole.
        assert "square" not in candidates(tiles, broad, True)
        assert "sliced" not in candidates(tiles, question(scene(3, 128), (4, 4)).network, False)


@pytest.mark.parametrize("is_software", [True, False])
def test_shapes_are_tried_on_gpus_alone(is_software: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from weightscape.gpu import context

    found = context.Adapter("V", "a GPU", "4.6 some driver", is_software)
    monkeypatch.setattr(context, "adapter", lambda ctx: found)
    looked = choice.look(with_software=True)
    engines = {engine.name: engine for engine in looked.engines}
    try:
        if "compute" not in engines:
            pytest.skip("no compute shaders")
        assert isinstance(engines["compute"], ComputeEngine if is_software else TunedEngine)
    finally:
        for engine in looked.engines:
            engine.release()
        looked.close()
