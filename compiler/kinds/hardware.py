"""Kinds about the size of a machine: cpu, memory, disk."""

from __future__ import annotations

from typing import ClassVar

from reqc.compiler import checks
from reqc.compiler.checks import Relation
from reqc.compiler.kinds.base import Kind, Ref, code, known
from reqc.compiler.kinds.forms import Form, integer, quoted, relation, size
from reqc.compiler.prose import Sentence, sentence
from reqc.compiler.values import directory

_BOUNDS = {
    Relation.AT_LEAST: "at least ",
    Relation.GREATER: "more than ",
    Relation.AT_MOST: "at most ",
    Relation.LESS: "less than ",
    Relation.EQUAL: "exactly ",
    Relation.NOT_EQUAL: "other than ",
}
_UNITS = ((1 << 30, "TiB"), (1 << 20, "GiB"), (1 << 10, "MiB"), (1, "KiB"))


def size_written(kibibytes: int) -> str:
    """Return a size in the largest unit that divides it: 2097152 is `2GiB`."""
    factor, unit = next(row for row in _UNITS if kibibytes % row[0] == 0)
    return f"{kibibytes // factor}{unit}"


class Cpu(Kind, frozen=True):
    """The number of processors online."""

    name: ClassVar[str] = "cpu"
    summary: ClassVar[str] = "The number of processors online compares with a number."
    forms: ClassVar[tuple[Form, ...]] = (Form((relation(), integer("count"))),)
    examples: ClassVar[tuple[str, ...]] = ("cpu >= 2",)

    relation: Relation
    count: Ref[int]

    def check(self) -> checks.Check:
        """Return the comparison of the number of processors."""
        return checks.Processors(self.relation, known(self.count))

    def words(self) -> Sentence:
        """Return the bound in words."""
        return sentence(_BOUNDS[self.relation], code(self.count), " processors")


class Memory(Kind, frozen=True):
    """The memory of the node."""

    name: ClassVar[str] = "memory"
    summary: ClassVar[str] = "The memory of the node compares with a size."
    forms: ClassVar[tuple[Form, ...]] = (Form((relation(), size("size"))),)
    examples: ClassVar[tuple[str, ...]] = ("memory >= 2GiB",)

    relation: Relation
    size: int

    def check(self) -> checks.Check:
        """Return the comparison of the memory."""
        return checks.Memory(self.relation, self.size)

    def words(self) -> Sentence:
        """Return the bound in words."""
        return sentence(_BOUNDS[self.relation], code(size_written(self.size)), " of memory")


class Disk(Kind, frozen=True):
    """The size of a file system."""

    name: ClassVar[str] = "disk"
    summary: ClassVar[str] = "The file system that holds a path compares with a size."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((quoted("path", '"PATH"', directory), relation(), size("size"))),
    )
    examples: ClassVar[tuple[str, ...]] = ('disk "/var" >= 10GiB',)

    path: Ref[str]
    relation: Relation
    size: int

    def check(self) -> checks.Check:
        """Return the comparison of the file system's size."""
        return checks.DiskSpace(known(self.path), self.relation, self.size)

    def words(self) -> Sentence:
        """Return the bound in words."""
        bound = _BOUNDS[self.relation]
        return sentence(bound, code(size_written(self.size)), " of disk at ", code(self.path))
