"""SPIR-V in NumPy: our GLSL as the compilers of Khronos read it, computed over arrays by a given arithmetic.

`StraightLine` reads what glslangValidator and spirv-opt make of a compute shader: straight-line code, every function
inlined. `run` computes it: numbers are arrays of shape (points / 4,), vectors of shape (4, points / 4). SPIR-V's name
for what is `precise` in GLSL is NoContraction.
Opcodes: https://registry.khronos.org/SPIR-V/specs/unified1/SPIRV.html, and GLSL.std.450 beside it.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from hostile import Arithmetic, Array, Value
from patience import ran
from spirv import tool

# What leaves one block of code without local variables, in which equal expressions have one name.
PASSES = (
    "--merge-return",
    "--inline-entry-points-exhaustive",
    "--eliminate-dead-functions",
    "--private-to-local",
    "--convert-local-access-chains",
    "--eliminate-local-single-block",
    "--eliminate-local-single-store",
    "--ssa-rewrite",
    "--eliminate-dead-code-aggressive",
    "--local-redundancy-elimination",
)
SUM = {"OpFAdd": 1, "OpFSub": -1}
PRODUCT = ("OpFMul", "OpVectorTimesScalar")


class Instruction(NamedTuple):
    """One line of SPIR-V: what `name` makes of `operands`, of the type with number `type`."""

    name: str
    type: str
    operands: tuple[str, ...]


@cache
def disassembled(text: str, passes: tuple[str, ...] = ()) -> str:
    """Compile a compute shader to SPIR-V, as text; skip (or fail, where GL is required) without tools."""
    with tempfile.TemporaryDirectory() as folder:
        made, flat, source = (f"{folder}/{name}" for name in ("made.spv", "flat.spv", "source.comp"))
        Path(source).write_text(text, encoding="utf-8")
        for command in (
            (tool("glslangValidator"), "-G", "--aml", "--amb", source, "-o", made),
            (tool("spirv-opt"), *passes, made, "-o", flat),
            (tool("spirv-dis"), "--raw-id", flat),
        ):
            done = ran(*command)
            assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_precise(text: str) -> dict[tuple[str, str], bool]:
    """Tell of each (function, local variable) of a shader whether all sums and products stored to it are `precise`.

    What counts is the last one before the variable is stored.
    """
    lines = [line.split() for line in disassembled(text).splitlines()]
    precise = {words[1] for words in lines if words[0] == "OpDecorate" and words[2] == "NoContraction"}
    names = {words[1]: words[2].strip('"').partition("(")[0] for words in lines if words[0] == "OpName"}
    found: dict[tuple[str, str], bool] = {}
    function, last = "", ""
    for words in lines:
        if words[2:3] == ["OpFunction"]:
            function, last = names[words[0]], ""
        elif words[2:3] and words[2] in (*SUM, *PRODUCT):
            last = words[0]
        elif words[0] == "OpStore" and last:
            place = function, names.get(words[1], "")
            found[place] = found.get(place, True) and last in precise
    return found


class StraightLine:
    """Straight-line SPIR-V: instructions by result, what is stored at which place, and what is `precise`."""

    def __init__(self, text: str) -> None:
        self.instructions: dict[str, Instruction] = {}
        self.precise: set[str] = set()
        self.stored: dict[tuple[int, ...], str] = {}
        for line in disassembled(text, PASSES).splitlines():
            result, _, rest = line.rpartition(" = ")
            name, *words = rest.split()
            if name == "OpDecorate" and words[1] == "NoContraction":
                self.precise.add(words[0])
            elif name == "OpStore":
                self.stored[self.place(words[0])] = words[1]
            elif result:
                type_ = words.pop(0) if words and not name.startswith("OpType") else ""
                if name == "OpExtInst":
                    _, name, *words = words
                self.instructions[result.strip()] = Instruction(name, type_, tuple(words))
        assert not any(each.name in ("OpPhi", "OpBranchConditional") for each in self.instructions.values())

    def place(self, pointer: str) -> tuple[int, ...]:
        """Tell the constant indices of an access chain into the shader's one buffer."""
        indices = self.instructions[pointer].operands[1:]
        return tuple(int(self.instructions[index].operands[0]) for index in indices)

    def dtype(self, type: str) -> Any:
        """Tell the NumPy type of a number, or of a vector's components."""
        name, _, operands = self.instructions[type]
        if name == "OpTypeVector":
            return self.dtype(operands[0])
        if name == "OpTypeBool":
            return np.bool_
        kind = "float" if name == "OpTypeFloat" else "int" if operands[1] == "1" else "uint"
        return np.dtype(f"{kind}{operands[0]}")

    def needed(self, result: str) -> list[str]:
        """List all that a result is made of, itself included, in the order of computation."""
        open_, found = [result], set()
        while open_:
            at = open_.pop()
            if at not in found and at in self.instructions and not self.instructions[at].name.startswith("OpType"):
                found.add(at)
                open_ += () if (made := self.instructions[at]).name == "OpLoad" else made.operands
        return [each for each in self.instructions if each in found]


def packed(words: Array) -> Array:
    """The double of two words, the lower one first."""
    lower, upper = words.astype(np.uint64)
    return np.asarray((lower | upper << np.uint64(32)).view(np.float64))


def unpacked(number: Array) -> Array:
    """The two words of each double, the lower one first."""
    words: Array = np.ascontiguousarray(number).view(np.uint32)
    return words.reshape(-1, 2).T


def stacked(*parts: Array) -> Array:
    return np.stack(np.broadcast_arrays(*parts))


def inserted(part: Array, whole: Array, index: int) -> Array:
    return stacked(*whole[:index], part, *whole[index + 1 :])


# What instructions do where nothing may be rearranged. The result takes its type's dtype: SPIR-V mixes integers with
# and without a sign.
COMPUTED: dict[str, Callable[..., Array]] = {
    "OpFAdd": np.add,
    "OpFSub": np.subtract,
    "OpFMul": np.multiply,
    "OpVectorTimesScalar": np.multiply,
    "OpFNegate": np.negative,
    "OpFDiv": np.divide,
    "OpIAdd": np.add,
    "OpISub": np.subtract,
    "OpSNegate": np.negative,
    "OpShiftLeftLogical": np.left_shift,
    "OpShiftRightArithmetic": np.right_shift,
    "OpFOrdEqual": np.equal,
    "OpFOrdLessThan": np.less,
    "OpFOrdLessThanEqual": np.less_equal,
    "OpFOrdGreaterThan": np.greater,
    "OpFOrdGreaterThanEqual": np.greater_equal,
    "OpLogicalNotEqual": np.not_equal,
    "OpSelect": np.where,
    "OpConvertFToS": np.array,
    "OpConvertSToF": np.array,
    "FAbs": np.abs,
    "FSign": np.sign,
    "Floor": np.floor,
    "Trunc": np.trunc,
    "FMin": np.minimum,
    "FMax": np.maximum,
    "FClamp": np.clip,
    "PackDouble2x32": packed,
    "UnpackDouble2x32": unpacked,
    "OpCompositeConstruct": stacked,
    "OpConstantComposite": stacked,
    "OpCompositeExtract": lambda whole, index: whole[index],
    "OpCompositeInsert": inserted,
}


def computed(code: StraightLine, result: str, values: Mapping[str, Value], arithmetic: Arithmetic) -> Value:
    """Compute one instruction of those before it."""
    name, type_, operands = code.instructions[result]
    known = [values[each] for each in operands if each in values]
    if result not in code.precise:
        if name in SUM:
            return arithmetic.sum(known[0], known[1] if SUM[name] > 0 else arithmetic.negated(known[1]))
        if name in PRODUCT:
            return arithmetic.product(*known)
        if name == "OpFNegate":
            return arithmetic.negated(*known)
    dtype, arrays = code.dtype(type_), [each.array for each in known]
    if name == "OpConstant":
        number = float.fromhex(operands[0]) if "0x" in operands[0] else float(operands[0])
        return Value(np.array([number]).astype(dtype), True)
    if name == "OpUndef":
        return Value(np.zeros(4, dtype)[:, None], True)
    if name == "OpBitcast":
        return Value(arrays[0].view(dtype))
    indices = [int(each) for each in operands if each.isdigit()]
    array = COMPUTED[name](*arrays, *indices)
    return Value(array.astype(dtype, copy=False), all(each.is_constant for each in known))


def run(code: StraightLine, stored: int, given: Sequence[Array], arithmetic: Arithmetic) -> Array:
    """Compute found[stored] of a shader whose one buffer is { given[]; found[]; }, four points in a vector."""
    result = code.stored[1, stored]
    values: dict[str, Value] = {}
    with np.errstate(all="ignore"):  # both sides of a selection are computed
        for each in code.needed(result):
            made = code.instructions[each]
            if made.name == "OpLoad":
                _, number, *component = code.place(made.operands[0])
                values[each] = Value(given[number].reshape(4, -1)[component[0] if component else slice(None)])
            else:
                values[each] = computed(code, each, values, arithmetic)
    return np.broadcast_to(values[result].array, (4, given[0].size // 4)).ravel()
