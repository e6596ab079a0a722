"""What else a user would compute these pictures with: NumPy as in a notebook, PyTorch, JAX, ONNX Runtime.

Each rival is a factory: (network, points) -> something to call that evaluates the network at all points, in the
library's best way, and waits. Points and weights are where the library wants them beforehand, and results stay
there: the clock sees the evaluation alone. Only tanh layers with sigmoid outputs are known here.
"""

import importlib
import importlib.util
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from weightscape.bench.measure import timed
from weightscape.bench.onnx_model import model_bytes
from weightscape.bench.peak import all_blas_threads
from weightscape.engine.processor.workers import cores
from weightscape.engine.question import Grid
from weightscape.network.network import Network

Points = npt.NDArray[np.float32]
Values = npt.NDArray[np.floating]
# Evaluates once, and gives the values (points, outputs), whole or in chunks, as the library holds them.
Ready = Callable[[], Any]

PACKAGES = ("torch", "jax", "onnxruntime", "onnx")
# Of each the faster one is kept.
TORCH_CHUNKS, ONNX_CHUNKS = (4096, 16384), (2048, 8192)
COMPILERS = ("g++", "clang++", "cl")
LONGEST_REASON = 100


class MissingError(Exception):
    """A rival that cannot take part here; the text says why."""


@dataclass(frozen=True)
class Rival:
    """Name a rival, where it computes ("CPU" or "CUDA"), how it is made ready, and whether it does so in float64."""

    name: str
    device: str
    factory: Callable[[Network, Points], Ready]
    is_double: bool = False

    def ready(self, network: Network, points: Points) -> tuple[Ready, Values]:
        """Make it ready and run it once, so that all is compiled. Raises MissingError, whatever goes wrong.

        Gives what to call from now on, and the values (points, outputs) of the first call.
        """
        if set(network.activations[:-1]) - {"tanh"} or network.activations[-1] != "sigmoid":
            raise MissingError("knows only tanh layers with sigmoid outputs")
        with _quiet():
            try:
                run = self.factory(network, points)
                return run, _values(run())
            except MissingError:
                raise
            except Exception as error:
                raise MissingError(f"failed: {_line(error)}") from error


def points_of(grid: Grid) -> Points:
    """List a grid's points, row after row: float32 (points, 2)."""
    x = grid.x + grid.stride * np.arange(grid.columns)
    y = grid.y - grid.stride * np.arange(grid.rows)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)


def _values(result: Any) -> Values:
    """Bring what a rival computed to NumPy: (points, outputs)."""
    if isinstance(result, list):
        return np.concatenate([_values(each) for each in result])
    return np.asarray(result.cpu() if hasattr(result, "cpu") else result)


def load_early() -> None:
    """Load what crashes when Mesa's LLVM is there before it, as it is once a context in software was open: Triton."""
    if importlib.util.find_spec("triton"):
        with suppress(Exception):  # whatever is wrong with it, its owner will say
            importlib.import_module("triton._C.libtriton")


def _notebook(network: Network, points: Points) -> Ready:
    """Evaluate as a notebook would: float64, whole arrays, BLAS on every core."""
    layers, wide = list(zip(network.weights, network.biases, strict=True)), points.astype(np.float64)

    def run() -> npt.NDArray[np.float64]:
        h = wide
        with all_blas_threads(), np.errstate(over="ignore"):
            for W, b in layers[:-1]:
                h = np.tanh(h @ W + b)
            W, b = layers[-1]
            return np.asarray(1.0 / (1.0 + np.exp(-(h @ W + b))))

    return run


def _torch(network: Network, points: Points, device: str, way: str) -> Ready:
    """Evaluate with PyTorch: "eager" (whole array), "chunks" or "compile"."""
    torch = _library("torch")
    if device == "cuda" and not torch.cuda.is_available():
        raise MissingError("sees no GPU")
    if way == "compile" and device == "cpu" and not any(map(shutil.which, (os.environ.get("CXX", ""), *COMPILERS))):
        raise MissingError("no C++ compiler")
    torch.set_num_threads(cores())
    layers = [
        tuple(torch.tensor(each, dtype=torch.float32, device=device) for each in pair)
        for pair in zip(network.weights, network.biases, strict=True)
    ]
    there = torch.tensor(points, device=device)

    def forward(h: Any) -> Any:
        for W, b in layers[:-1]:
            h = torch.tanh(torch.addmm(b, h, W))
        W, b = layers[-1]
        return torch.sigmoid(torch.addmm(b, h, W))

    if way == "compile":
        torch._dynamo.reset()  # after some shapes it would give up compiling and quietly go on as eager
        forward = torch.compile(forward)

    def run(chunk: int) -> Any:
        with torch.inference_mode():
            result = [forward(part) for part in there.split(chunk)]
        if device == "cuda":
            torch.cuda.synchronize()
        return result

    chunks = TORCH_CHUNKS if way == "chunks" else (len(points),)
    return _fastest([partial(run, chunk) for chunk in chunks])


def _jax(network: Network, points: Points, platform: str) -> Ready:
    """Evaluate with JAX, jit-compiled, in full float32 (on GPUs its default is less)."""
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # it would take most of a GPU's memory
    jax = _library("jax")
    try:
        device = jax.devices(platform)[0]
    except RuntimeError:
        raise MissingError("sees no GPU") from None
    pairs = zip(network.weights, network.biases, strict=True)
    layers = [tuple(jax.device_put(np.float32(each), device) for each in pair) for pair in pairs]
    there = jax.device_put(points, device)

    @jax.jit  # type: ignore[untyped-decorator]
    def forward(layers: Any, h: Any) -> Any:
        for W, b in layers[:-1]:
            h = jax.numpy.tanh(jax.numpy.matmul(h, W, precision="highest") + b)
        W, b = layers[-1]
        return jax.nn.sigmoid(jax.numpy.matmul(h, W, precision="highest") + b)

    return lambda: forward(layers, there).block_until_ready()


def _onnx(network: Network, points: Points, device: str) -> Ready:
    """Evaluate with ONNX Runtime: in chunks on the CPU, on a GPU with input and result bound there."""
    runtime = _library("onnxruntime")
    model = model_bytes(_library("onnx", "needs onnx"), network)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = cores()
    if device == "cpu":
        session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

        def run(chunk: int) -> Any:
            return [session.run(None, {"h": points[n : n + chunk]})[0] for n in range(0, len(points), chunk)]

        return _fastest([partial(run, chunk) for chunk in ONNX_CHUNKS])
    if "CUDAExecutionProvider" not in runtime.get_available_providers():
        raise MissingError("sees no GPU")
    session = runtime.InferenceSession(model, options, providers=[("CUDAExecutionProvider", {"use_tf32": "0"})])
    if "CUDAExecutionProvider" not in session.get_providers():
        raise MissingError("sees no GPU")  # it would go on with the CPU
    binding = session.io_binding()
    binding.bind_ortvalue_input("h", runtime.OrtValue.ortvalue_from_numpy(points, "cuda", 0))
    binding.bind_output(f"h{network.layers - 1}", "cuda", 0)

    def bound() -> Any:
        session.run_with_iobinding(binding)
        binding.synchronize_outputs()
        return _OnGpu(binding)

    return bound


@dataclass(frozen=True)
class _OnGpu:
    """Hold results that ONNX Runtime left on the GPU."""

    binding: Any

    def cpu(self) -> Any:
        return self.binding.copy_outputs_to_cpu()[0]


def _fastest(runs: list[Ready]) -> Ready:
    """Keep the quickest of several ways, each tried once after a first run."""
    if len(runs) == 1:
        return runs[0]
    seconds = []
    for run in runs:
        run()
        seconds.append(timed(run)[1])
    return runs[seconds.index(min(seconds))]


def _library(name: str, lack: str = "not installed") -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise MissingError(lack if error.name == name else f"needs {error.name}") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the libraries warn of their own affairs elsewhere."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _line(error: Exception) -> str:
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return words if len(words) <= LONGEST_REASON else words[:LONGEST_REASON] + " ..."


RIVALS = (
    Rival("NumPy float64", "CPU", _notebook, is_double=True),
    *(
        Rival(f"PyTorch {way}{suffix}", device, partial(_torch, device=device.lower(), way=way))
        for device, suffix in (("CPU", ""), ("CUDA", " CUDA"))
        for way in ("eager", "chunks", "compile")
        if (device, way) != ("CUDA", "chunks")
    ),
    Rival("JAX jit", "CPU", partial(_jax, platform="cpu")),
    Rival("JAX jit CUDA", "CUDA", partial(_jax, platform="cuda")),
    Rival("ONNX Runtime", "CPU", partial(_onnx, device="cpu")),
    Rival("ONNX Runtime CUDA", "CUDA", partial(_onnx, device="cuda")),
)
