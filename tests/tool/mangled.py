"""Files damaged at random, each handed to the command line, in a process of limited memory: what came of it, as JSON.

    python tests/tool/mangled.py COUNT FOLDER

Of each file a kind is told: how many ended in which exit status. `faults` lists those that raised, said anything but
one line, or ran out of memory; the file's number makes it again.
"""

import io
import json
import random
import resource
import struct
import sys
import time
import traceback
import zlib
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
from carrier import dzi, exr, gif, tiff
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file
from state_dict import state_dict

from weightscape.cli.cli import run
from weightscape.file.png import SIGNATURE, write_png
from weightscape.file.video import write_video
from weightscape.file.weights import write_weights

# Bytes of address space beyond those of the program with all that it has loaded: what is allowed is less, and told.
ROOM = 1 << 30
TEXT = json.dumps({"scene": {"seed": 5, "layers": 3, "lens": "rgb"}, "size": [9, 7], "samples": 4})
NET = [np.eye(2), np.ones((2, 3))], [np.ones(2), np.ones(3)], ["tanh"] * 2
NORMALISED = {"0.weight": np.ones((2, 2)), "0.bias": np.ones(2), "3.weight": np.ones((3, 2)), "norm_eps": np.ones(1)}
NORMALISED |= {f"1.{name}": np.ones(2) for name in ("running_mean", "running_var", "weight", "bias")}
WEIGHTS = ("npz", "safetensors", "onnx", "pt")  # kinds that --weights is handed, too
MANIFEST = json.dumps({"scene": {"seed": 5}, "size": [9, 7], "engine": "jit 0.45", "bands": [0, 4], "done": [True]})
EXTREMES = (b"\0" * 4, b"\xff" * 4, b"\x7f" + b"\xff" * 3, b"\xff" * 3 + b"\x7f", b"\0\0\0\x80", b"\x80\0\0\0")


def seeds(folder: Path) -> list[tuple[str, bytes]]:
    """Make a whole file of each kind."""
    pixels = [np.zeros((8, 8, 3), np.uint8)]
    made = {
        "a.png": lambda path: write_png(path, (8, 8), pixels, {"Comment": "no", "weightscape": TEXT}),
        "b.png": lambda path: write_png(path, (8, 8), pixels, {"weightscape": TEXT + " " * 2000}),
        "a.mp4": lambda path: write_video(path, (8, 8), 10, pixels * 3, TEXT),
        "a.webm": lambda path: write_video(path, (8, 8), 10, pixels * 3, TEXT),
        "a.npz": lambda path: write_weights(path, ".npz", *NET),
        "a.safetensors": lambda path: write_weights(path, ".safetensors", *NET),
        "b.npz": lambda path: np.savez(path, **NORMALISED),
        "b.safetensors": lambda path: save_file(NORMALISED, path),
    }
    for name, make in made.items():
        make(folder / name)
    text = TEXT.encode()
    return [
        *((Path(name).suffix[1:], (folder / name).read_bytes()) for name in made),
        ("onnx", graph()),
        ("pt", state_dict({"0.weight": np.ones((2, 2)), "0.bias": np.ones(2), "activations": ["tanh"]})),
        ("pt", state_dict({"state_dict": NORMALISED, "activations": ["tanh"] * 2, "norm_place": ["after"]})),
        *(("tif", tiff(text, order, big, before)) for order, big, before in (("<", 0, 0), (">", 0, 2), ("<", 1, 1))),
        ("tif", tiff(text, ">", True)),
        ("exr", exr(text)),
        ("exr", exr(text, 3)),
        ("dzi", dzi(TEXT)),
        ("gif", gif(TEXT)),
        ("json", text),
        (
            "json",
            json.dumps({"version": 1, "center": ["0." + "123456789" * 90, "-2e-5"], "inputs": ["x", "0.5"]}).encode(),
        ),
        ("manifest", MANIFEST.encode()),
    ]


def graph() -> bytes:
    """Make an ONNX model of two layers, one of them by MatMul and Add, one normalised."""
    tables = {"a": np.ones(3), "W": np.eye(2), "b": np.ones(2), "V": np.ones((3, 2)), "c": np.ones(3)}
    nodes = [
        helper.make_node("MatMul", ["x", "W"], ["m"]),
        helper.make_node("Add", ["m", "b"], ["z"]),
        helper.make_node("LeakyRelu", ["z"], ["h"], alpha=0.01),
        helper.make_node("Gemm", ["h", "V", "c"], ["u"], alpha=0.5, transB=1),
        helper.make_node("BatchNormalization", ["u", "a", "c", "c", "a"], ["t"], epsilon=0.1, momentum=0.9),
        helper.make_node("Reshape", ["t", "shape"], ["v"]),
        helper.make_node("Softmax", ["v"], ["y"], axis=-1),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n", None]) for name in "xy"]
    initial = [numpy_helper.from_array(array, name) for name, array in {**tables, "shape": np.array([-1, 3])}.items()]
    return bytes(helper.make_model(helper.make_graph(nodes, "net", ends[:1], ends[1:], initial)).SerializeToString())


def mangled(data: bytes, dice: random.Random) -> bytes:
    """Damage a file in one to four places; of a PNG the checks of its chunks may be made to fit again."""
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        data = _struck(data, dice)
    return _checked(data) if data.startswith(SIGNATURE) and dice.random() < 0.7 else data


def _struck(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    # Much of what can go wrong stands at the beginning.
    place = min(place, dice.randrange(200)) if dice.random() < 0.5 else place
    length = dice.choice((1, 1, 2, 8, 60))
    kinds = {
        "flip": lambda: data[:place] + bytes(byte ^ 1 << dice.randrange(8) for byte in data[place:][:1]),
        "extreme": lambda: data[:place] + dice.choice(EXTREMES),
        "insert": lambda: data[:place] + dice.randbytes(length) + data[place:],
        "remove": lambda: data[:place] + data[place + length :],
        "double": lambda: data[:place] + data[place : place + length] * dice.choice((2, 50)) + data[place + length :],
        "cut": lambda: data[:place],
        "digits": lambda: data[:place] + dice.choice((b"9" * 400, b"1e999", b"[" * 2000, b'"\\ud800"')) + data[place:],
    }
    kind = dice.choice(("flip", "flip", *kinds))
    struck = kinds[kind]()
    return struck + data[len(struck) :] if kind in ("flip", "extreme") else struck


def _checked(data: bytes) -> bytes:
    """Make the checks of a PNG's chunks fit, as far as chunks can be made out."""
    made, place = bytearray(data[:8]), 8
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if place + 12 + length > len(data):
            break
        body = data[place + 4 : place + 8 + length]
        made += data[place : place + 4] + body + struct.pack(">I", zlib.crc32(body))
        place += 12 + length
    return bytes(made) + data[place:]


def said(*args: str) -> tuple[int, str]:
    """Run the program here: exit status, and stderr."""
    out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            return run(args), err.getvalue()
        except BaseException:
            return -1, traceback.format_exc()[-1500:]


def complaint(status: int, text: str) -> str:
    """Tell what is wrong with how a run ended, "" for nothing: a refusal is one line."""
    if status == 0:
        return ""
    lines = text.splitlines()
    is_fine = status in (1, 2) and len(lines) == 1 and lines[0].startswith("weightscape: ")
    # FFmpeg says of a claim that it does not believe that it "cannot allocate memory".
    return "" if is_fine and "out of memory" not in text else f"{status}: {text}"


def peak() -> int:
    """Tell the most memory that this process has had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def main(count: int, folder: Path) -> None:
    """Damage `count` files, and print what came of it."""
    whole, out = seeds(folder), str(folder / "out.json")

    def ends(data: bytes, kind: str) -> list[tuple[int, str]]:
        path = folder / (f"damaged.{kind}" if kind in WEIGHTS else "damaged")
        path.write_bytes(data)
        found = [said("show", str(path)), said("export", "--scene", str(path), "-o", out)]
        return [*found, said("export", "--weights", str(path), "-o", out)] if kind in WEIGHTS else found

    for kind, data in whole:  # loads all that is ever loaded
        ends(data, kind)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM,) * 2)
    statuses: dict[str, Counter[int]] = {kind: Counter() for kind, _ in whole}
    faults, slowest, before = [], (0.0, 0), peak()
    for number in range(count):
        kind, data = whole[number % len(whole)]
        start = time.monotonic()
        for status, text in ends(mangled(data, random.Random(number)), kind):
            statuses[kind][status] += 1
            if wrong := complaint(status, text):
                faults.append(f"file {number}, {kind}: {wrong}")
        slowest = max(slowest, (time.monotonic() - start, number))
    grown = (peak() - before) >> 20
    about = {"statuses": statuses, "faults": faults, "slowest_s": slowest, "grown_mb": grown, "peak_mb": peak() >> 20}
    print(json.dumps(about))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
