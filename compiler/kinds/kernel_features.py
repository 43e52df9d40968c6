"""Kinds about what the kernel offers: module, match, target, feature, kconfig.

A name on a page is not the name of a thing in the kernel. The kernel knowledge tells what is behind
it, so that `module xt_set`, `module ipt_set` and `match set` ask for one thing.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct

from reqc.compiler import checks
from reqc.compiler.kinds.base import Kind, code, codes
from reqc.compiler.kinds.forms import Form, Slot, one_of, relation, word
from reqc.compiler.knowledge import kernel
from reqc.compiler.prose import Sentence, joined, sentence
from reqc.compiler.states import FileContent, ModuleAtBoot, State

Family: TypeAlias = Literal["ipv4", "ipv6"]
_FAMILIES: dict[str, str] = {"ipv4": "IPv4", "ipv6": "IPv6"}


class KernelKind(Kind, frozen=True):
    """A kind whose meaning the kernel knowledge holds."""

    @abstractmethod
    def needs(self) -> tuple[kernel.KernelNeed, ...]:
        """Return what the names ask of the kernel, in their order."""

    def check(self) -> checks.Check:
        """Return that everything is there."""
        parts = tuple(dict.fromkeys(need.check for need in self.needs()))
        return parts[0] if len(parts) == 1 else checks.All(parts)

    def states(self, owner: str) -> tuple[State, ...]:
        """Return the modules to load at boot, and what a vendor's block asks to be lifted."""
        blocks = (path for need in self.needs() for path in need.blocked_by)
        modules = (name for need in self.needs() for name in need.boot_modules)
        return (
            *(FileContent(path, "") for path in dict.fromkeys(blocks)),
            *(ModuleAtBoot(name) for name in dict.fromkeys(modules)),
        )

    def things(self) -> frozenset[object]:
        """Return the keys of the kernel knowledge, which are one for all names of one thing."""
        return frozenset((need.key, need.families) for need in self.needs())


class Module(KernelKind, frozen=True):
    """Kernel modules, by the names that a page uses."""

    name: ClassVar[str] = "module"
    summary: ClassVar[str] = (
        "What a kernel module stands for is there: loaded, built in or loadable."
    )
    forms: ClassVar[tuple[Form, ...]] = (Form((word("names"),), many="names"),)
    examples: ClassVar[tuple[str, ...]] = ("module ip_set", "module xt_mark, xt_comment")

    names: tuple[str, ...]

    def needs(self) -> tuple[kernel.KernelNeed, ...]:
        """Return what stands behind the names."""
        return tuple(kernel.module(name) for name in self.names)

    def words(self) -> Sentence:
        """Return the names."""
        return sentence(f"kernel {_plural('module', self.names)} ", *codes(self.names))


class Extension(Struct, frozen=True):
    """An iptables match or target for one address family."""

    name: str
    family: Family = "ipv4"


def _extension_form(what: Literal["match", "target"]) -> Form:
    named: Slot = one_of("name", what.upper(), lambda: kernel.known_names(what))
    return Form((named, word("family", *_FAMILIES).maybe()), many="extensions", make=Extension)


def _extension_words(what: str, extensions: tuple[Extension, ...]) -> Sentence:
    names = tuple(
        sentence(code(item.name), " for IPv6" if item.family == "ipv6" else "")
        for item in extensions
    )
    return sentence(f"iptables {_plural(what, extensions)} ", *joined(names))


def _plural(word: str, items: tuple[object, ...]) -> str:
    if len(items) == 1:
        return word
    return f"{word}es" if word.endswith("ch") else f"{word}s"


class Match(KernelKind, frozen=True):
    """iptables match criteria."""

    name: ClassVar[str] = "match"
    summary: ClassVar[str] = (
        "iptables match criteria are available, by the legacy or the nft variant."
    )
    forms: ClassVar[tuple[Form, ...]] = (_extension_form("match"),)
    examples: ClassVar[tuple[str, ...]] = ("match set, addrtype", "match rpfilter ipv6")

    extensions: tuple[Extension, ...]

    def needs(self) -> tuple[kernel.KernelNeed, ...]:
        """Return what the matches need."""
        return tuple(kernel.xtables_match(item.name, item.family) for item in self.extensions)

    def words(self) -> Sentence:
        """Return the matches."""
        return _extension_words("match", self.extensions)


class Target(KernelKind, frozen=True):
    """iptables targets."""

    name: ClassVar[str] = "target"
    summary: ClassVar[str] = "iptables targets (actions) are available, legacy or nft."
    forms: ClassVar[tuple[Form, ...]] = (_extension_form("target"),)
    examples: ClassVar[tuple[str, ...]] = ("target REJECT", "target LOG, REJECT ipv6")

    extensions: tuple[Extension, ...]

    def needs(self) -> tuple[kernel.KernelNeed, ...]:
        """Return what the targets need."""
        return tuple(kernel.xtables_target(item.name, item.family) for item in self.extensions)

    def words(self) -> Sentence:
        """Return the targets."""
        return _extension_words("target", self.extensions)


class Feature(KernelKind, frozen=True):
    """Named capabilities of the kernel."""

    name: ClassVar[str] = "feature"
    summary: ClassVar[str] = "The kernel has a capability, whatever module or option carries it."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((one_of("names", "FEATURE", lambda: kernel.known_names("feature")),), many="names"),
    )
    examples: ClassVar[tuple[str, ...]] = ("feature ipset", "feature conntrack, vxlan")

    names: tuple[str, ...]

    def needs(self) -> tuple[kernel.KernelNeed, ...]:
        """Return what the features need."""
        found = (kernel.feature(name) for name in self.names)
        return tuple(need for need in found if need is not None)

    def words(self) -> Sentence:
        """Return the features."""
        return sentence(f"kernel {_plural('feature', self.names)} ", *codes(self.names))


class Kconfig(Kind, frozen=True):
    """An option of the kernel configuration."""

    name: ClassVar[str] = "kconfig"
    summary: ClassVar[str] = "An option of the kernel configuration is y, m, or either."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((word("symbol"), relation("relation", "="), word("value", "y", "m"))),
        Form((word("symbol"),)),
    )
    examples: ClassVar[tuple[str, ...]] = ("kconfig NF_CONNTRACK", "kconfig BPF_SYSCALL = y")

    symbol: str
    relation: checks.Relation = checks.Relation.EQUAL
    value: Literal["y", "m", "either"] = "either"

    def check(self) -> checks.Check:
        """Return that the option is set; only the configuration of the kernel can tell."""
        symbol = self.symbol.removeprefix("CONFIG_")
        values: tuple[Literal["y", "m"], ...]
        values = ("y", "m") if self.value == "either" else (self.value,)
        option = checks.KernelOption(symbol, values)
        return checks.KernelCapability(f"CONFIG_{symbol}", options=(option,))

    def words(self) -> Sentence:
        """Return the option and its value."""
        symbol = code(f"CONFIG_{self.symbol.removeprefix('CONFIG_')}")
        tail = "as y or m" if self.value == "either" else f"as {self.value}"
        return sentence("kernel option ", symbol, f" {tail}")
