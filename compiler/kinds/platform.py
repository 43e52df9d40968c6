"""Kinds about the machine and the software on it: arch, os, kernel, software, command."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from reqc.compiler import checks
from reqc.compiler.checks import Relation
from reqc.compiler.diagnostics import Code, suggestion
from reqc.compiler.kinds.base import (
    Direction,
    Kind,
    Ref,
    code,
    codes,
    known,
)
from reqc.compiler.kinds.forms import ArgumentError, Form, one_of, quoted, relation, version, word
from reqc.compiler.knowledge.linux import ARCHITECTURES, architecture
from reqc.compiler.knowledge.software import SOFTWARE
from reqc.compiler.prose import Sentence, joined, sentence


def floor_words(relation: Relation, value: object) -> Sentence:
    """Return a comparison in words: `3.10 or later`."""
    match relation:
        case Relation.AT_LEAST:
            return sentence(code(value), " or later")
        case Relation.GREATER:
            return sentence("later than ", code(value))
        case Relation.AT_MOST:
            return sentence("at most ", code(value))
        case Relation.LESS:
            return sentence("before ", code(value))
        case Relation.EQUAL:
            return sentence(code(value))
        case Relation.NOT_EQUAL:
            return sentence("not ", code(value))


def by_floor(old: tuple[Relation, int], new: tuple[Relation, int]) -> Direction:
    """Return the direction of a change of a comparison; the numbers give the order of values."""
    if old == new:
        return Direction.EQUIVALENT
    (old_sign, old_at), (new_sign, new_at) = old, new
    signs = {old_sign, new_sign}
    if signs <= {Relation.AT_LEAST, Relation.GREATER}:
        higher = (new_at, new_sign is Relation.GREATER) > (old_at, old_sign is Relation.GREATER)
        return Direction.STRICTER if higher else Direction.LOOSER
    if signs <= {Relation.AT_MOST, Relation.LESS}:
        higher = (new_at, new_sign is Relation.AT_MOST) > (old_at, old_sign is Relation.AT_MOST)
        return Direction.LOOSER if higher else Direction.STRICTER
    return Direction.DIFFERENT


class Arch(Kind, frozen=True):
    """The processor is of one of several architectures."""

    name: ClassVar[str] = "arch"
    summary: ClassVar[str] = "The processor architecture is one of those named."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((one_of("names", "ARCHITECTURE", lambda: ARCHITECTURES),), many="names"),
    )
    examples: ClassVar[tuple[str, ...]] = ("arch x86_64", "arch x86_64, arm64, ppc64le, s390x")

    names: tuple[str, ...]

    @property
    def machines(self) -> tuple[str, ...]:
        """The machines as the kernel names them, each once."""
        return tuple(dict.fromkeys(architecture(name) for name in self.names))

    def check(self) -> checks.Check:
        """Return that the machine is one of them."""
        return checks.Architecture(self.machines)

    def words(self) -> Sentence:
        """Return the list of processors."""
        return sentence("a processor of type ", *codes(self.machines, "or"))


class System(Struct, frozen=True):
    """An operating system as os-release(5) names it, with a bound on its version."""

    id: str
    relation: Relation = Relation.EQUAL
    version: Ref[str] | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is, as text, to compare sets of systems."""
        return self.id, self.relation.value, str(self.version or "")


def _system(id: str, relation: Relation | None = None, version: str | None = None) -> System:  # noqa: A002  # the field's name
    if relation is not None and version is None:
        message = f"`{id} {relation}` has no version to compare with"
        raise ArgumentError(Code.ARGUMENTS, message, f"write `{id} {relation} VERSION`")
    return System(id, relation or Relation.EQUAL, version)


class Os(Kind, frozen=True):
    """The operating system is one of several."""

    name: ClassVar[str] = "os"
    summary: ClassVar[str] = "The operating system, by its os-release id, is one of those named."
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            (word("id"), relation().maybe(), version().maybe()),
            many="systems",
            make=_system,
        ),
    )
    examples: ClassVar[tuple[str, ...]] = ("os rhel 7, ubuntu >= 20.04, rhcos",)

    systems: tuple[System, ...]

    def check(self) -> checks.Check:
        """Return that the node runs one of them."""
        parts = tuple(
            checks.OperatingSystem(system.id, system.relation, known(system.version))
            if system.version is not None
            else checks.OperatingSystem(system.id)
            for system in self.systems
        )
        return parts[0] if len(parts) == 1 else checks.Any(parts)

    def words(self) -> Sentence:
        """Return the list of systems."""
        return joined(tuple(_system_words(system) for system in self.systems), "or")


def _system_words(system: System) -> Sentence:
    if system.version is None:
        return sentence(code(system.id))
    return sentence(code(system.id), " ", *floor_words(system.relation, system.version))


class Kernel(Kind, frozen=True):
    """The running kernel compares with a version."""

    name: ClassVar[str] = "kernel"
    summary: ClassVar[str] = (
        "The running Linux kernel is at least, or otherwise compares with, a version."
    )
    forms: ClassVar[tuple[Form, ...]] = (Form((relation(), version())),)
    examples: ClassVar[tuple[str, ...]] = ("kernel >= 3.10", "kernel >= 4.18.0-193")

    relation: Relation
    version: Ref[str]

    def check(self) -> checks.Check:
        """Return the comparison of the kernel's release."""
        return checks.KernelVersion(self.relation, known(self.version))

    def words(self) -> Sentence:
        """Return the comparison in words."""
        return sentence("Linux kernel ", *floor_words(self.relation, self.version))


_SOFTWARE = one_of("software", "SOFTWARE", lambda: SOFTWARE)


class Software(Kind, frozen=True):
    """A platform or a tool has a version."""

    name: ClassVar[str] = "software"
    summary: ClassVar[str] = "A platform has a version; releases with names are ordered by date."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((_SOFTWARE, relation(), word("version"))),
        Form((_SOFTWARE,)),
    )
    examples: ClassVar[tuple[str, ...]] = (
        "software openshift >= 4.3",
        "software openstack >= ussuri",
    )

    software: str
    relation: Relation = Relation.AT_LEAST
    version: str | None = None

    def problem(self) -> str:
        """Say what is wrong with a version that this software cannot have."""
        product = SOFTWARE[self.software]
        if self.version is None or product.knows(self.version):
            return ""
        names = [release.codename for release in product.releases]
        near = suggestion(self.version, names)
        known_as = (
            f"its releases are {', '.join(names)}" if names else "versions are dotted numbers"
        )
        return f"`{self.version}` is no version of {product.title}; {near or known_as}"

    def check(self) -> checks.Check:
        """Return the comparison where a node knows the version, else what a person can look at."""
        product = SOFTWARE[self.software]
        if self.version is None:
            return checks.Manual(f"confirm that {product.title} is there: {product.ask}")
        if product.os_release_key:
            return checks.OsRelease(product.os_release_key, self.relation, self.version)
        if product.command:
            return checks.CommandVersion(
                product.command[0], relation=self.relation, version=self.version
            )
        wanted = f"{product.title} {self.relation} {self.version}"
        return checks.Manual(f"confirm {wanted}: {product.ask}")

    def words(self) -> Sentence:
        """Return the comparison in words."""
        title = SOFTWARE[self.software].title
        if self.version is None:
            return sentence(title)
        return sentence(f"{title} ", *floor_words(self.relation, self.version))

    def compare(self, new: Software) -> Direction:
        """Return that a later floor is stricter; releases with names are ordered by date."""
        if self.software != new.software or self.version is None or new.version is None:
            return Direction.EQUIVALENT if self == new else Direction.DIFFERENT
        order = SOFTWARE[self.software].compare(new.version, self.version)
        return by_floor((self.relation, 0), (new.relation, order))


class Command(Kind, frozen=True):
    """A command is installed, in a version."""

    name: ClassVar[str] = "command"
    summary: ClassVar[str] = "A command is on the search path, and prints a version that compares."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((quoted("command", '"COMMAND"'), relation(), version())),
        Form((quoted("command", '"COMMAND"'),)),
    )
    examples: ClassVar[tuple[str, ...]] = ('command "nft" >= 1.0.1', 'command "ipset"')

    command: Ref[str]
    relation: Relation | None = None
    version: Ref[str] | None = None

    def check(self) -> checks.Check:
        """Return that the command can be found and compares."""
        wanted = known(self.version) if self.version is not None else None
        return checks.CommandVersion(known(self.command), relation=self.relation, version=wanted)

    def words(self) -> Sentence:
        """Return the command and its version."""
        if self.relation is None or self.version is None:
            return sentence("the command ", code(self.command))
        return sentence(
            "the command ", code(self.command), " ", *floor_words(self.relation, self.version)
        )
