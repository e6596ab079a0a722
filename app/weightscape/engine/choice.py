"""Which engine works here: opens engines by name, and says why one was taken.

A forced engine is never swapped for another; `auto` measures (auto.py). OpenGL on a processor is never taken by
itself: the processor's own engines are quicker there.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import platformdirs

from weightscape.engine.auto import AutoEngine, Found
from weightscape.engine.processor.numpy_engine import NumpyEngine
from weightscape.engine.processor.workers import cores
from weightscape.engine.question import Engine, EngineError
from weightscape.engine.speed import Memory

if TYPE_CHECKING:
    import moderngl

    from weightscape.engine.jit.jit_engine import JitEngine
    from weightscape.gpu.context import Source

EngineName = Literal["auto", "fragment", "compute", "numpy", "jit"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
OPENGL, PROCESSORS = ("fragment", "compute"), ("numpy", "jit")
CACHE = "WEIGHTSCAPE_CACHE_DIR"
QUICKER = "and a processor's engines are quicker"


@dataclass(frozen=True)
class Choice:
    """Hold an open engine, and why it was taken where it was not left to choose."""

    engine: Engine
    because: str = "asked for"
    adapter: str = ""

    @property
    def reason(self) -> str:
        """Tell why the engine that answered last was taken."""
        return self.engine.reason if isinstance(self.engine, AutoEngine) else self.because

    @property
    def renderer(self) -> str:
        """Name who draws in OpenGL, "" without it or while that is not known."""
        return self.engine.renderer if isinstance(self.engine, AutoEngine) else self.adapter


@contextmanager
def opened(
    name: str = "auto",
    *,
    niceness: int = 0,
    waits: bool = True,
    gpu: str = "",
    source: "Source | None" = None,
    threads: int = 0,
) -> Iterator[Choice]:
    """Open an engine for the thread that asks, and release it afterwards.

    `niceness` lowers the priority of NumPy's threads, for a window that must stay smooth. `waits`: whether `auto`
    should rather be late than answer with another engine while OpenGL, or the compiler, gets ready. `gpu` is the device
    wanted, by number or name; `source` is where shaders' context comes from instead, that of a window for instance.
    `threads`: of `numpy` and `jit`, where it is not every core. Raises EngineError when a forced engine cannot work
    here.
    """
    if name in OPENGL:
        with _forced(name, gpu, source) as choice:
            yield choice
        return
    look_for_opengl = partial(look, gpu=gpu, source=source)
    choice = Choice(_on_processor(name, niceness, waits, look_for_opengl, threads))
    try:
        yield choice
    finally:
        choice.engine.release()


def _on_processor(name: str, niceness: int, waits: bool, look_for_opengl: Callable[[], Found], threads: int) -> Engine:
    """Open an engine that needs no OpenGL, or the one that picks."""
    if name == "jit":
        return compiled(niceness, threads)
    numpy = NumpyEngine(threads, niceness)
    if name == "numpy":
        return numpy
    processor = AutoEngine(numpy, partial(look_for_compiler, niceness), waits, "the compiler", is_swift=True)
    return AutoEngine(processor, look_for_opengl, waits)


def compiled(niceness: int = 0, threads: int = 0) -> "JitEngine":
    """Open the engine of compiled code. Raises EngineError where it cannot work."""
    # Imported here: llvmlite may be missing, and takes its time.
    try:
        from weightscape.engine.jit.proof import proven
    except (ImportError, OSError, AttributeError) as error:  # missing, broken, or of another age
        raise EngineError(f"the jit engine needs llvmlite (pip install 'weightscape[cpu]'): {error}") from None
    folder = cache_folder()
    return proven(folder and folder / "code", niceness, threads)


def look_for_compiler(niceness: int = 0) -> Found:
    """Find the engine of compiled code, and its speeds in earlier processes."""
    try:
        engine = compiled(niceness)
    except EngineError as error:
        return Found(lack=str(error))
    folder = cache_folder()
    memory = Memory(folder and folder / "engines.json", f"{engine.machine}, {cores()} cores")
    return Found([engine], engine.machine.name, "", memory)


def cache_folder() -> Path | None:
    """Tell where measurements are kept: WEIGHTSCAPE_CACHE_DIR, else the user's cache folder, if they have a home."""
    with suppress(RuntimeError):
        folder = Path(os.environ.get(CACHE) or platformdirs.user_cache_dir("weightscape", appauthor=False))
        return folder if os.environ.get(CACHE) or folder.is_absolute() else None
    return None


def look(with_software: bool = False, gpu: str = "", source: "Source | None" = None) -> Found:
    """Find the engines that OpenGL offers in this thread, on the device wanted, none where it is software.

    Software is not even opened, where EGL tells that there is nothing else: a context takes time, its driver's code
    stays, and after Mesa's LLVM another library that brings its own, such as Triton, crashes when it is loaded.
    """
    # Imported here: whoever asks for NumPy, or for help, need not have OpenGL.
    from weightscape.gpu.context import GPU, NoContextError
    from weightscape.gpu.device import is_software_alone

    if source is None and not with_software:
        if gpu in _software:
            return _software[gpu]
        if not (gpu or os.environ.get(GPU)) and is_software_alone():
            return Found(lack=f"OpenGL is software here {QUICKER}")
    try:
        source, ctx = _context(gpu, source)
    except NoContextError as error:
        return Found(lack=str(error))
    try:
        found = _found(ctx, source, with_software)
    except BaseException:
        source.close(ctx)
        raise
    if not found.engines:
        source.close(ctx)
        if not source.is_shared:
            _software[gpu] = found
    return found


def _found(ctx: "moderngl.Context", source: "Source", with_software: bool) -> Found:
    """Tell which engines a context has, none where it is software and that is not wanted."""
    from weightscape.gpu.context import adapter
    from weightscape.gpu.shader_file import FILES

    found = adapter(ctx)
    if found.is_software and not with_software:
        return Found((), found.renderer, f"OpenGL is software here ({found.renderer}) {QUICKER}")
    machine = f"{found.driver}, {cores()} cores"
    folder = None if FILES.is_watched else cache_folder()
    # What is being edited is measured, too, and remembered by nobody.
    memory = None if FILES.is_watched else Memory(folder and folder / "engines.json", machine)
    # Shapes are tried on GPUs alone: a driver of software compiles slowly.
    shapes = None if found.is_software else Memory(folder and folder / "shapes.json", found.driver)
    engines = _engines(ctx, shapes, source.is_shared)
    return Found(engines, found.renderer, "", memory, partial(source.close, ctx))


def _context(gpu: str, source: "Source | None") -> "tuple[Source, moderngl.Context]":
    """Open a context where it is to come from, or, if there is none, one without a window. Raises NoContextError."""
    from weightscape.gpu.context import NoContextError, alone

    if source:
        with suppress(NoContextError):
            return source, source.open()
    lone = alone(gpu)
    return lone, lone.open()


_software: dict[str, Found] = {}  # by the device wanted


def _engines(ctx: "moderngl.Context", shapes: Memory | None, is_shared: bool) -> list[Engine]:
    from weightscape.engine.shader.compute import ComputeEngine
    from weightscape.engine.shader.fragment import FragmentEngine
    from weightscape.engine.shader.tuned import TunedEngine
    from weightscape.gpu.shelf import Shelf

    shelf = Shelf(ctx) if is_shared else None
    engines: list[Engine] = [FragmentEngine(ctx, shelf=shelf)]
    with suppress(EngineError):  # OpenGL before 4.3
        compute = ComputeEngine(ctx, shelf=shelf)
        engines.append(TunedEngine(compute, shapes) if shapes else compute)
    return engines


@contextmanager
def _forced(name: str, gpu: str, source: "Source | None") -> Iterator[Choice]:
    """Open an engine of OpenGL's in this very thread."""
    from weightscape.engine.shader.compute import ComputeEngine
    from weightscape.engine.shader.fragment import FragmentEngine
    from weightscape.engine.shader.shader_answer import failing
    from weightscape.gpu.context import NoContextError, adapter
    from weightscape.gpu.shelf import Shelf

    try:
        source, ctx = _context(gpu, source)
    except NoContextError as error:
        raise EngineError(f"the {name} engine cannot work: {error}") from None
    try:
        with failing(name):
            shelf = Shelf(ctx) if source.is_shared else None
            engine: Engine = FragmentEngine(ctx, shelf=shelf) if name == "fragment" else ComputeEngine(ctx, shelf=shelf)
        try:
            yield Choice(engine, adapter=adapter(ctx).renderer)
        finally:
            engine.release()
    finally:
        source.close(ctx)
