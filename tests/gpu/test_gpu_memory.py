"""A GPU's memory: what its driver tells of it, and what happens when it is full."""

import ctypes
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from specimen import scene

from weightscape.engine.question import EngineError
from weightscape.engine.shader import compute
from weightscape.engine.shader.compute import ComputeEngine
from weightscape.engine.shader.workgroup import GPU, SOFTWARE
from weightscape.engine.tile import LARGEST_GPU_TILE, LARGEST_NUMBERS, LARGEST_TILE, Pace
from weightscape.gpu import memory
from weightscape.gpu.context import Adapter
from weightscape.gpu.memory import OutOfMemoryError, free_bytes, reserved, shared_bytes
from weightscape.picture.questions import question

GET = ctypes.CFUNCTYPE(None, ctypes.c_uint, ctypes.POINTER(ctypes.c_int))


def told(extension: str, **numbers: tuple[int, ...]) -> Any:
    """A context whose driver knows an extension and answers glGetIntegerv with `numbers` by name, in hexadecimal."""

    def get(name: int, place: Any) -> None:
        for k, number in enumerate(numbers[f"x{name:04X}"]):
            place[k] = number

    function = GET(get)
    address = ctypes.cast(function, ctypes.c_void_p).value
    loader = SimpleNamespace(load_opengl_function=lambda name: address, function=function)
    return SimpleNamespace(extensions={extension}, mglo=SimpleNamespace(_context=loader))


def test_free_memory_is_read_where_the_driver_tells_it() -> None:
    assert free_bytes(told("GL_NVX_gpu_memory_info", x9049=(80_000_000,))) == 80_000_000 * 1024
    assert free_bytes(told("GL_ATI_meminfo", x87FB=(4096, 2048, 8, 8))) == 4096 * 1024
    assert free_bytes(told("GL_ARB_gpu_shader5")) is None


def test_shared_memory_is_read_and_never_less_than_promised() -> None:
    assert shared_bytes(told("", x8262=(49152,))) == 49152
    assert shared_bytes(told("", x8262=(0,))) == 32768


def test_software_keeps_its_shapes_and_gpus_take_what_there_is(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shared_bytes(gl) >= 32768
    if compute.adapter(gl).is_software:
        software = ComputeEngine(gl)
        assert software.tiles == replace(SOFTWARE, activation_bytes=software.tiles.activation_bytes)
        assert software.largest == LARGEST_TILE
    monkeypatch.setattr(compute, "adapter", lambda ctx: Adapter("V", "a GPU", "4.6 some driver", is_software=False))
    monkeypatch.setattr(compute, "shared_bytes", lambda ctx: 49152)
    monkeypatch.setattr(compute, "free_bytes", lambda ctx: 1 << 30)
    engine = ComputeEngine(gl)
    assert engine.tiles == replace(GPU, shared_bytes=49152, activation_bytes=1 << 27)
    assert engine.largest == LARGEST_GPU_TILE


def test_large_tiles_are_for_gpus_and_for_few_numbers(gl: Any) -> None:
    engine, pace = ComputeEngine(gl), Pace(1e18)
    few, many = question(scene(3, 30), (8, 8)), question(scene(3, 512, outputs=3), (8, 8))
    many = replace(many, taps=many.taps * 200)
    for largest in (LARGEST_TILE, LARGEST_GPU_TILE):
        engine.largest = largest
        assert pace.points(engine, few, 0.04) == largest
        assert pace.points(engine, many, 0.04) == LARGEST_TILE
    assert many.channels * LARGEST_TILE > LARGEST_NUMBERS
    assert few.channels * LARGEST_GPU_TILE <= LARGEST_NUMBERS


def refusing(monkeypatch: pytest.MonkeyPatch, largest: int) -> list[int]:
    """Have a GPU without room for a buffer larger than so; the sizes refused."""
    refused: list[int] = []

    def reserve(ctx: Any, size: int, changes: bool = True) -> Any:
        if size > largest:
            refused.append(size)
            raise OutOfMemoryError(f"the GPU has no {size >> 20} MB left")
        return reserved(ctx, size, changes)

    monkeypatch.setattr("weightscape.engine.shader.storage.reserved", reserve)
    return refused


@pytest.mark.slow
@pytest.mark.parametrize(("width", "room"), [(30, 1 << 15), (140, 1 << 20)])
def test_a_full_gpu_is_asked_for_half_as_much_until_it_fits(
    width: int, room: int, gl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = question(scene(4, width), (97, 61))
    whole, engine = ComputeEngine(gl), ComputeEngine(gl)
    expected = whole.field(asked).values
    refused = refusing(monkeypatch, room)
    # A tile is smaller than what goes at once, and is not halved before that is as small.
    monkeypatch.setattr(compute, "FUSED_POINTS", asked.grid.points)
    assert np.array_equal(expected, engine.field(asked).values)
    assert refused
    refused.clear()
    assert np.array_equal(expected, engine.field(asked).values)
    assert not refused  # what was learnt is remembered
    for each in (whole, engine):
        each.release()


def test_a_gpu_without_any_room_is_told_of(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ComputeEngine(gl)
    refusing(monkeypatch, 0)
    with pytest.raises(EngineError, match=r"the compute engine cannot .*: the GPU has no \d+ MB left"):
        engine.field(question(scene(4, 30), (33, 17)))
    monkeypatch.undo()
    assert engine._share == 1  # there may be room again
    assert np.isfinite(engine.field(question(scene(4, 30), (33, 17))).values).all()
    engine.release()


def test_weights_get_the_room_of_other_buffers(gl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, engine = question(scene(4, 30), (33, 17)), ComputeEngine(gl)
    expected, seen, released = engine.field(asked).values, [], engine._numbers.release

    def reserve(ctx: Any, size: int, changes: bool = True) -> Any:
        if not seen:
            seen.append("refused")
            raise OutOfMemoryError("the GPU has no 0 MB left")
        return reserved(ctx, size, changes)

    monkeypatch.setattr("weightscape.engine.shader.storage.reserved", reserve)
    monkeypatch.setattr(engine._numbers, "release", lambda: [seen.append("released"), released()])
    other = replace(scene(4, 30), layers=5)
    assert np.isfinite(engine.field(question(other, (33, 17))).values).all()
    assert seen == ["refused", "released"]
    assert np.array_equal(engine.field(asked).values, expected)
    engine.release()


def test_a_refused_buffer_is_noticed_and_given_back() -> None:
    buffers: list[Any] = []

    def buffer(**_: Any) -> Any:
        buffers.append(SimpleNamespace(is_released=False))
        buffers[-1].release = lambda made=buffers[-1]: setattr(made, "is_released", True)
        return buffers[-1]

    errors = iter(["GL_INVALID_ENUM", "GL_OUT_OF_MEMORY", "GL_OUT_OF_MEMORY", "GL_NO_ERROR"])
    full = type("Full", (), {"error": property(lambda self: next(errors)), "buffer": staticmethod(buffer)})()
    with pytest.raises(OutOfMemoryError, match="no 3 MB left"):
        reserved(full, 3 << 20)
    assert buffers[0].is_released
    assert memory.reserved(full, 4) is buffers[1]  # an error from before is not its own
    assert not buffers[1].is_released
