"""A shader as glslangValidator and spirv-dis take it apart: SPIR-V, one instruction a line."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from display import unavailable
from patience import ran

PACKAGES = {"glslangValidator": "glslang-tools", "spirv-opt": "spirv-tools", "spirv-dis": "spirv-tools"}
# Local variables become values, so that one can be followed to where it was made. No other change.
VALUES = ("--eliminate-local-single-block", "--eliminate-local-single-store", "--ssa-rewrite")
VECTOR, STRUCT, NEGATE, EXTENSION = "OpTypeVector", "OpTypeStruct", "OpFNegate", "OpExtInst"
SHAPED = ("OpCompositeConstruct", "OpCompositeExtract", "OpVectorShuffle", "OpCopyObject", "OpPhi")
OUTSIDE = ("StorageBuffer", "Uniform", "Workgroup", "Output")


def tool(name: str) -> str:
    """Return the name of a program that is here; skip (or fail, where GL is required) without it."""
    if shutil.which(name) is None:
        unavailable(f"{name} is missing: apt-get install {PACKAGES[name]}")
    return name


def validate(*files: Path) -> None:
    """Fail where one of some shader files is no valid GLSL."""
    assert files
    done = ran(tool("glslangValidator"), *map(str, files))
    assert done.returncode == 0, done.stdout


def preprocessed(*files: Path) -> str:
    """Return the texts of shader files as a compiler sees them: no comments, macros replaced."""
    assert files
    done = ran(tool("glslangValidator"), "-E", *map(str, files))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Instruction:
    """One instruction: the function it is in, the id it makes ("" for none), its name and operands."""

    function: str
    id: str
    name: str
    operands: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """All instructions of a shader, uncalled functions included, and those that make an id by that id."""

    instructions: list[Instruction] = field(default_factory=list)
    made: dict[str, Instruction] = field(default_factory=dict)

    def variable_elements(self) -> list[str]:
        """List the functions that store an element of a vector by an index that is no constant."""
        found = [i.function for i in self.instructions if i.name == "OpVectorInsertDynamic"]
        stored = {i.operands[0] for i in self.instructions if i.name == "OpStore"}
        return found + [self.made[id].function for id in stored if self._is_variable_element(id)]

    def variable_loads(self) -> int:
        """Count the elements of vectors that are read by such an index."""
        loaded = [i.operands[1] for i in self.instructions if i.name == "OpLoad"]
        return sum(map(self._is_variable_element, loaded)) + sum(
            i.name == "OpVectorExtractDynamic" for i in self.instructions
        )

    def _is_variable_element(self, id: str) -> bool:
        chain = self.made[id]
        if chain.name != "OpAccessChain":
            return False
        kind = self.made[self.made[self.made[chain.operands[1]].operands[0]].operands[1]]
        for index in chain.operands[2:]:
            if kind.name == VECTOR:
                return self.made[index].name != "OpConstant"
            member = int(self.made[index].operands[1]) if kind.name == STRUCT else 0
            kind = self.made[kind.operands[member]]
        return False

    def bare_signs(self) -> list[str]:
        """List the functions that return, or store outside, a double's or double vector's bare minus or abs."""
        returned = [(i.function, i.operands[0]) for i in self.instructions if i.name == "OpReturnValue"]
        stored = [
            (i.function, i.operands[1])
            for i in self.instructions
            if i.name == "OpStore" and self._is_outside(i.operands[0])
        ]
        return [function for function, id in returned + stored if self._is_bare_sign(id, frozenset())]

    def _is_outside(self, id: str) -> bool:
        while self.made[id].name == "OpAccessChain":
            id = self.made[id].operands[1]
        return self.made[id].name == "OpVariable" and self.made[id].operands[1] in OUTSIDE

    def _is_bare_sign(self, id: str, seen: frozenset[str]) -> bool:
        value = self.made.get(id)
        if value is None or id in seen or not self._is_double(value):
            return False
        if value.name in SHAPED:
            return any(self._is_bare_sign(each, seen | {id}) for each in value.operands[1:] if each.startswith("%"))
        return value.name == NEGATE or (value.name == EXTENSION and value.operands[2] == "FAbs")

    def _is_double(self, value: Instruction) -> bool:
        kind = self.made.get(value.operands[0]) if value.operands else None
        while kind and kind.name == VECTOR:
            kind = self.made[kind.operands[0]]
        return kind is not None and kind.name == "OpTypeFloat" and kind.operands == ("64",)


def module(file: Path) -> Module:
    """Compile a shader file to SPIR-V, functions that nobody calls included, and read it."""
    raw, values = file.with_suffix(".spv"), file.with_suffix(".values.spv")
    for command in (
        (tool("glslangValidator"), "-G100", "--aml", "--amb", "--keep-uncalled", "-o", str(raw), str(file)),
        (tool("spirv-opt"), *VALUES, str(raw), "-o", str(values)),
        (tool("spirv-dis"), "--raw-id", "--no-header", "--no-indent", str(values)),
    ):
        done = ran(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    return read(done.stdout)


def read(text: str) -> Module:
    """Read what spirv-dis has written."""
    made, names, function = Module(), {}, ""
    for line in text.splitlines():
        left, _, right = line.rpartition(" = ") if line.startswith("%") else ("", "", line)
        name, *operands = right.split()
        if name == "OpName":
            names[operands[0]] = operands[1].strip('"')
        if name == "OpFunction":
            function = names.get(left.strip(), left.strip()).partition("(")[0]
        instruction = Instruction(function, left.strip(), name, tuple(operands))
        made.instructions.append(instruction)
        if instruction.id:
            made.made[instruction.id] = instruction
    return made
