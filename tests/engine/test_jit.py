"""The engine of compiled code, beside what all engines are asked: bits, object code that is kept, going without."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from patience import ran, until
from processor import MACHINES
from specimen import scene
from suite import ANSWERS, TAPS, answered, asked, check, check_moved, check_pattern

from weightscape.deep.accuracy import MOVED, Method
from weightscape.engine import choice
from weightscape.engine.jit import library as library_of
from weightscape.engine.jit import proof
from weightscape.engine.jit.jit_engine import JitEngine
from weightscape.engine.jit.library import Library
from weightscape.engine.jit.machine import described, host
from weightscape.engine.jit.program import Writer
from weightscape.engine.jit.step import ROW
from weightscape.engine.question import Answer, EngineError, Question


@pytest.fixture
def made() -> Iterator[Callable[..., JitEngine]]:
    engines = []

    def make(threads: int = 0, machine: str = "own", folder: Path | None = None) -> JitEngine:
        engines.append(JitEngine(MACHINES[machine], Library(MACHINES[machine], folder), threads))
        return engines[-1]

    yield make
    for each in engines:
        each.release()


def large(method: Method, answer: Answer) -> Question:
    """A question of so much work that threads share it, whose last strip is not full."""
    return asked(scene(5, 30, activation="relu"), method, answer, (301, 97), TAPS)


KINDS = [(method, answer) for method, answer in product(JitEngine.methods, ANSWERS)]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "answer"), KINDS)
def test_a_points_value_does_not_depend_on_its_tile_its_neighbours_or_the_threads(
    made: Callable[..., JitEngine], method: Method, answer: Answer
) -> None:
    question = large(method, answer)
    whole = made(1).field(question).data
    assert np.array_equal(made(3).field(question).data, whole)
    for column, row, columns, rows in ((0, 0, 1, 1), (17, 5, 3, 90), (40, 1, 261, 7), (299, 96, 2, 1)):
        tile = replace(question, grid=question.grid.tile(column, row, columns, rows))
        assert np.array_equal(made(2).field(tile).data, whole[row : row + rows, column : column + columns])


@pytest.mark.parametrize("machine", [name for name in MACHINES if name != "own"])
@pytest.mark.parametrize(("method", "answer"), KINDS)
def test_code_for_other_processors_is_right_too(
    made: Callable[..., JitEngine], method: Method, answer: Answer, machine: str
) -> None:
    seen = scene(4, 19, activation="relu")
    engine, question = made(2, machine), asked(seen, method, answer, taps=TAPS)
    if method not in MOVED:
        check(engine, question)
    elif answer == "pattern":
        check_pattern(engine, question, asked(seen, "double", answer), 1e-5)
    else:
        check_moved(engine, question, asked(seen, "wide", answer, taps=TAPS))


def test_object_code_is_kept_and_found_again(made: Callable[..., JitEngine], tmp_path: Path) -> None:
    question = large("single", "values")
    first = made(folder=tmp_path).field(question).data
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(files) >= 5
    assert np.array_equal(made(folder=tmp_path).field(question).data, first)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files


SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda code: code[: len(code) // 2],
    "empty": lambda code: b"",
    "turned": lambda code: code[:-40] + bytes([code[-40] ^ 1]) + code[-39:],
    "another": lambda code: code.replace(b"\n", b"\n0", 1),
    "nothing of ours": lambda code: b"\x7fELF" + code,
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_object_code_that_is_not_what_it_should_be_is_made_again(
    made: Callable[..., JitEngine], tmp_path: Path, spoil: str
) -> None:
    question = large("single", "values")
    first = made(folder=tmp_path).field(question).data
    whole = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for path, code in whole.items():
        path.write_bytes(SPOILS[spoil](code))
    assert np.array_equal(made(folder=tmp_path).field(question).data, first)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == whole


def test_object_code_for_another_processor_is_another_file(made: Callable[..., JitEngine], tmp_path: Path) -> None:
    question = large("single", "values")
    for machine in MACHINES:
        answered(made(machine=machine, folder=tmp_path), question)
    counts = {path.name.rsplit("-", 1)[0]: 0 for path in tmp_path.iterdir()}
    for path in tmp_path.iterdir():
        counts[path.name.rsplit("-", 1)[0]] += 1
    assert counts["walk_float"] == counts["activate_relu_float"] == len(MACHINES)


@pytest.mark.parametrize("folder", ["a file", "no right"])
def test_a_folder_that_cannot_be_written_is_done_without(
    made: Callable[..., JitEngine], tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "code"
    if folder == "a file":
        place.write_text("")
    else:

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError("read-only")

        monkeypatch.setattr(library_of.os, "replace", refuse)
    check(made(folder=place), asked(scene(3, 8)))


RENDERS = """
import weightscape
print(weightscape.render(weightscape.Scene(layers=4, width=16), size=(64, 48), engine="jit").sum())
"""


def begun(folder: Path) -> "subprocess.Popen[str]":
    environment = os.environ | {"WEIGHTSCAPE_CACHE_DIR": str(folder)}
    return subprocess.Popen([sys.executable, "-c", RENDERS], env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_processes_that_compile_at_once_and_one_that_is_killed_leave_whole_files(tmp_path: Path) -> None:
    killed = begun(tmp_path)
    until(lambda: (tmp_path / "code").exists() or killed.poll() is not None, "the first code")
    killed.kill()
    killed.communicate()
    together = [begun(tmp_path) for _ in range(3)]
    answers = {each.communicate()[0] for each in together}
    assert len(answers) == 1
    assert answers != {""}
    for path in (tmp_path / "code").glob("*.o"):
        head, _, code = path.read_bytes().partition(b"\n\n")
        assert code
        assert library_of._head(head.split(b"\n")[1].decode(), code) == head


def test_without_llvmlite_numpy_answers_and_a_forced_engine_tells_why(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith(("llvmlite", "weightscape.engine.jit"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    with pytest.raises(EngineError, match=r"the jit engine needs llvmlite \(pip install 'weightscape\[cpu\]'\)"):
        choice.compiled()
    with choice.opened("auto") as opened:
        check(opened.engine, asked(scene(3, 8)))
        if "OpenGL is software" in opened.reason:
            assert opened.engine.name == "numpy"
            assert "llvmlite" in opened.reason


def test_code_that_fails_its_proof_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from weightscape.engine.jit import catalogue, layer_step

    def negative(step: layer_step.Step, name: str) -> None:
        target = step.scratch("target")
        with layer_step.each_vector(step) as at:
            step.put(-layer_step.ACTIVATIONS[name].function(step.vector(target, at)), target, at)

    monkeypatch.setitem(catalogue.OF, "activate", negative)
    with pytest.raises(EngineError, match=f"the jit engine fails its proof on {host().name}: single and double"):
        proof.proven(None)
    with choice.opened("auto") as opened:
        check(opened.engine, asked(scene(3, 8)))
        assert opened.engine.name != "jit"


def test_what_llvm_refuses_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JitEngine, "_address", lambda *_: (_ for _ in ()).throw(RuntimeError("LLVM IR\nparsing error")))
    with pytest.raises(EngineError, match=r"the jit engine cannot work with llvmlite .*: LLVM IR parsing error"):
        proof.proven(None)


def test_strips_of_short_and_many_registers_are_longer() -> None:
    made = {
        name: described(triple, name, features)
        for triple, name, features in (
            ("x86_64-unknown-linux-gnu", "znver5", "+avx2,+avx512f"),
            ("x86_64-unknown-linux-gnu", "x86-64-v3", "+avx,+avx2"),
            ("x86_64-unknown-linux-gnu", "x86-64", ""),
            ("arm64-apple-darwin", "apple-m1", "+neon"),
        )
    }
    shapes = [machine.shape("float") for machine in made.values()]
    assert [(shape.lanes, shape.vectors) for shape in shapes] == [(16, 2), (8, 2), (4, 2), (4, 4)]
    assert [machine.units(machine.shape("float")) for machine in made.values()] == [12, 6, 6, 6]


def test_rows_have_the_order_that_steps_read() -> None:
    question = asked(scene(3, 19))
    writer = Writer(question, 1000, 1, {"clamp": 7}.__getitem__)
    data = np.zeros(3)
    writer.add("clamp", data, source=1, target=2, n_in=3, n_out=4, count=5, unit=6)
    wanted = {"function": 7, "source": 1, "target": 2, "n_in": 3, "n_out": 4, "count": 5, "unit": 6}
    assert dict(zip(ROW, writer.program().rows[0].tolist(), strict=True)) == wanted | {"data": data.ctypes.data}


FORKS = """
import os, sys, threading, time
from weightscape.engine.choice import compiled
from weightscape.engine.jit.library import Library
from weightscape.engine.jit.catalogue import symbol, text
from weightscape.engine.jit.machine import host

def compile_on() -> None:
    shape, kept = host().shape("double"), []
    while True:
        kept.append(Library(host(), None))
        kept[-1].address(symbol("activate sin", shape), lambda: text("activate sin", shape))
        time.sleep(1e-4)  # else who wants to fork may not get its turn for long: a lock is not fair

threading.Thread(target=compile_on, daemon=True).start()
for _ in range(4):
    child = os.fork()
    if not child:
        compiled().release()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
print("done")
os._exit(0)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_that_is_forked_while_code_is_made_makes_its_own() -> None:
    done = ran(sys.executable, "-W", "ignore", "-c", FORKS)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
