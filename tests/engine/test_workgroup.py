"""The shapes of workgroups: what of a matrix stands in shared memory, what fits, and that no sum depends on it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from specimen import mixed, scene
from suite import asked, check, tolerance
from variant import SHAPES, SHEETED

from weightscape.engine.question import Question, Tap
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.tuned import snug
from weightscape.engine.shader.workgroup import (
    GPU,
    LEAST_ACTIVATIONS,
    MOST_ACTIVATIONS,
    SOFTWARE,
    WARP,
    Tiles,
    Workgroup,
    afforded,
    doubled,
    fused,
    low,
    sheeted,
    wide,
)
from weightscape.scene.scene import Scene

KB, MB = 1 << 10, 1 << 20
LIMITS = (32 * KB, 48 * KB, 64 * KB)
SLICED = replace(GPU, fused_whole=0, wide_vectors=2)
# With half the threads a matrix of 64 x 64 has room in 32 KB, which is all that a software driver shares.
SMALL = replace(GPU, fused_threads=64)
NETWORKS = ((4, 16), (18, 30), (3, 40), (3, 64), (2, 128), (2, 200), (3, 131))


def shared(group: Workgroup) -> int:
    """The bytes of shared memory that fused.comp declares."""
    weights = (1 if group.is_whole else 2) * group.slice * group.units
    return (group.units * group.points + weights) * group.tiles.number_bytes


@pytest.mark.parametrize("tiles", [*SHAPES.values(), *SHEETED.values()])
def test_workgroups_fit_what_every_driver_has(tiles: Tiles) -> None:
    for width in range(1, tiles.fused_units + 1):
        group = fused(tiles, width)
        assert group
        assert width <= group.units
        assert group.units % max(tiles.steps, tiles.fused_slice) == 0
        assert shared(group) <= tiles.shared_bytes
        assert group.threads % WARP == 0
    for width in range(1, 513):
        group = wide(tiles, width)
        assert 4 * 2 * group.slice * (group.units + group.points) <= tiles.shared_bytes
        assert group.threads <= 1024
        assert group.units % tiles.output_steps == 0
        assert group.units % group.slice == 0
        assert group.slice % tiles.steps == 0


@pytest.mark.parametrize("tiles", SHAPES.values(), ids=SHAPES)
def test_doubles_fit_what_a_workgroup_has(tiles: Tiles) -> None:
    for each in (doubled(tiles), sheeted(doubled(tiles))):
        for width in (4, 30, 64, 128):
            group = fused(each, width)
            assert group is None or shared(group) <= each.shared_bytes
        group = wide(each, 512)
        assert group.threads <= 512
        assert 8 * 2 * group.slice * (group.points + group.units) <= each.shared_bytes


@pytest.mark.slow
@pytest.mark.parametrize("limit", LIMITS)
def test_no_shape_takes_more_shared_memory_than_there_is(limit: int) -> None:
    seen = 0
    for tiles in (GPU, SLICED, SMALL):
        for variant in (tiles, doubled(tiles), sheeted(tiles), sheeted(doubled(tiles))):
            limited = replace(variant, shared_bytes=limit)
            for width in range(1, 129, 3):
                group = fused(limited, width)
                if group:
                    seen += 1
                    assert shared(group) <= limit
                    assert width <= group.units
                    assert not group.is_whole or width <= group.slice <= group.units
    assert seen > 333


def laid(width: int, limit: int) -> tuple[int, int, bool]:
    group = fused(afforded(GPU, limit, None), width)
    assert group
    return group.slice, group.threads, group.is_whole


def test_a_narrow_networks_matrix_stands_whole_where_it_costs_no_threads() -> None:
    assert laid(30, 48 * KB) == (32, 128, True)
    assert laid(16, 48 * KB) == (16, 128, True)
    assert laid(64, 48 * KB) == (64, 128, True)
    assert laid(30, 32 * KB) == (32, 96, True)
    assert laid(64, 32 * KB) == (8, 96, False)
    assert laid(65, 48 * KB)[2] is False
    group = fused(SOFTWARE, 30)
    assert group
    assert (group.slice, group.is_whole) == (0, False)


def sums(tiles: Tiles, units: int) -> tuple[int, int]:
    """Units and points of a thread in a wide layer."""
    group = wide(tiles, units)
    return group.units // group.unit_groups, group.points // group.point_groups


def test_only_plain_values_of_wide_networks_have_16_units_a_thread() -> None:
    assert sums(GPU, 512) == sums(GPU, 400) == (16, 8)
    assert sums(low(GPU), 512) == (8, 8)
    assert sums(sheeted(GPU), 512) == (8, 12)
    assert sums(doubled(GPU), 512) == (4, 8)
    group = fused(GPU, 30)
    assert group
    assert (group.units // group.unit_groups, group.points // group.point_groups) == (8, 8)
    assert sums(SOFTWARE, 512) == (4, 8)


@pytest.mark.parametrize(
    ("free", "expected"),
    [(None, LEAST_ACTIVATIONS), (0, 64 * MB), (100 * MB, 64 * MB), (2048 * MB, 256 * MB), (1 << 40, MOST_ACTIVATIONS)],
)
def test_an_eighth_of_the_free_memory_is_for_activations(free: int | None, expected: int) -> None:
    assert afforded(GPU, 48 * KB, free).activation_bytes == expected


@pytest.fixture(scope="module")
def kept(ctx: Any) -> Iterator[list[ComputeEngine]]:
    engines = [ComputeEngine(ctx, tiles) for tiles in (GPU, SMALL, SLICED)]
    yield engines
    for engine in engines:
        engine.release()


@pytest.fixture
def engines(gl: Any, kept: list[ComputeEngine]) -> list[ComputeEngine]:
    return kept


def same(engines: list[ComputeEngine], asked: Question) -> np.ndarray[Any, Any]:
    """Answer with every shape; all bits are the same, as each unit's sum has its order."""
    answers = [engine.field(asked).data for engine in engines]
    assert all(np.array_equal(answers[0], each) for each in answers)
    return answers[0]


@pytest.mark.parametrize(("layers", "width"), NETWORKS)
def test_every_shape_gives_the_same_bits_and_true_values(layers: int, width: int, engines: list[ComputeEngine]) -> None:
    for method in ("single", "double"):
        question = asked(scene(layers, width, inputs="x,y,r"), method, size=(37, 11))
        true, most = tolerance(question)
        assert np.abs(same(engines, question) - true).max() <= most


@pytest.mark.parametrize(("layers", "width"), NETWORKS)
def test_every_shape_gives_the_same_derivatives_and_patterns(
    layers: int, width: int, engines: list[ComputeEngine]
) -> None:
    question = asked(scene(layers, width), "single", "derivatives")
    check(engines[0], question)
    same(engines, question)
    same(engines, asked(scene(layers, width, activation="relu"), "single", "pattern"))


def test_a_mixed_network_has_its_narrow_layers_padded_to_the_whole_matrix(engines: list[ComputeEngine]) -> None:
    made = mixed((2, 7, 33, 1, 60, 3), "tanh tanh tanh tanh sigmoid")
    question = asked(Scene(), size=(37, 11), made=made)
    true, most = tolerance(question)
    assert np.abs(same(engines, question) - true).max() <= most


# More points than a tile has, by few.
SMALL_SIZE = (19, 14)
Rivals = dict[str, list[ComputeEngine]]


# 400 units are no more than more groups of those of 130; a software driver takes seconds for them.
@pytest.fixture(params=[pytest.param(400, marks=pytest.mark.long), 200, 130])
def fitted(request: pytest.FixtureRequest, engines: list[ComputeEngine]) -> Iterator[tuple[int, Rivals]]:
    """A width, and by method an engine of common tiles (which others equal: above) and one whose tiles pad least."""
    width, first = request.param, engines[0]
    own = {name: ComputeEngine(first.ctx, snug(GPU, width, name == "double")) for name in ("single", "double")}
    assert wide(own["single"].tiles, width).units == {400: 80, 200: 112, 130: 80}[width]
    yield width, {name: [first, engine] for name, engine in own.items()}
    for engine in own.values():
        engine.release()


def test_snug_tiles_give_the_same_bits(fitted: tuple[int, Rivals]) -> None:
    width, rivals = fitted
    deep = scene(3, width, center=("0.3", "-0.2"), radius=1e-9)
    for method in ("single", "double"):
        question = asked(scene(3, width, inputs="x,y,r"), method, size=SMALL_SIZE)
        true, most = tolerance(question)
        assert np.abs(same(rivals[method], question) - true).max() <= most
    same(rivals["single"], asked(deep, "perturbed", size=SMALL_SIZE))


@pytest.mark.slow
def test_snug_tiles_give_the_same_derivatives_and_patterns(fitted: tuple[int, Rivals]) -> None:
    width, rivals = fitted
    for method in ("single", "double")[: 2 if width == 130 else 1]:  # a software driver compiles doubles for seconds
        question = asked(scene(3, width), method, "derivatives", size=SMALL_SIZE)
        check(rivals[method][1], question)
        same(rivals[method], question)
    same(rivals["single"], asked(scene(3, width, activation="relu"), "single", "pattern", size=SMALL_SIZE))


def test_snug_tiles_have_narrow_layers_and_many_outputs_too(fitted: tuple[int, Rivals]) -> None:
    width, rivals = fitted
    made = mixed((2, width, 9, width, 7), "tanh relu sigmoid identity")
    for taps in ((Tap(-1),), (Tap(0), Tap(1), Tap(-1))):
        question = asked(Scene(), size=SMALL_SIZE, made=made, taps=taps)
        true, most = tolerance(question)
        assert np.abs(same(rivals["single"], question) - true).max() <= most
