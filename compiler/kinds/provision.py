"""Kinds about what a host is given: its packages, and the arguments of its kernel."""

from __future__ import annotations

import re
from typing import ClassVar

from reqc.compiler import checks
from reqc.compiler.kinds.base import Kind, Ref, codes, known
from reqc.compiler.kinds.forms import Form, quoted, word
from reqc.compiler.knowledge.command_line import arguments_of
from reqc.compiler.prose import Sentence, sentence
from reqc.compiler.states import KernelArgument, PackageInstalled, State


def kernel_argument(text: str) -> str:
    """Return one argument of the kernel as it is written for a boot loader."""
    whole = (
        text.isascii() and text.isprintable() and text == text.strip() and not text.count('"') % 2
    )
    if not whole or len(arguments_of(text)) != 1:
        message = "expected one argument such as mitigations=auto; blanks need double quotes"
        raise ValueError(message)
    return text


class Package(Kind, frozen=True):
    """Packages are installed."""

    name: ClassVar[str] = "package"
    summary: ClassVar[str] = "Packages are installed, by the names that the node knows them by."
    forms: ClassVar[tuple[Form, ...]] = (Form((word("packages"),), many="packages"),)
    examples: ClassVar[tuple[str, ...]] = ("package wireguard-tools", "package ipset, conntrack")

    packages: tuple[str, ...]

    # With a colon, a slash, a percent sign or a tilde it would be more than a name to some manager.
    _NAME: ClassVar[re.Pattern[str]] = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*")

    def problem(self) -> str:
        """Say which name means more to a package manager than a package."""
        for name in self.packages:
            if not self._NAME.fullmatch(name):
                return f"`{name}` is no name of a package alone; it has letters, digits and + . _ -"
        return ""

    def check(self) -> checks.Check:
        """Return that they are installed."""
        parts = tuple(map(checks.PackageInstalled, dict.fromkeys(self.packages)))
        return parts[0] if len(parts) == 1 else checks.All(parts)

    def states(self, owner: str) -> tuple[State, ...]:
        """Return the packages."""
        return tuple(map(PackageInstalled, dict.fromkeys(self.packages)))

    def words(self) -> Sentence:
        """Return the names."""
        if len(self.packages) == 1:
            return sentence("the package ", *codes(self.packages), " is installed")
        return sentence("the packages ", *codes(self.packages), " are installed")


class Argument(Kind, frozen=True):
    """The kernel is started with arguments."""

    name: ClassVar[str] = "argument"
    summary: ClassVar[str] = "The kernel is started with arguments."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((quoted("arguments", '"ARGUMENT"', kernel_argument),), many="arguments"),
    )
    examples: ClassVar[tuple[str, ...]] = (
        'argument "systemd.unified_cgroup_hierarchy=1"',
        'argument "mitigations=auto", "nosmt"',
    )

    arguments: tuple[Ref[str], ...]

    def check(self) -> checks.Check:
        """Return that the kernel which runs has them all."""
        given = (one for argument in self.arguments for one in _as_read(known(argument)))
        parts = tuple(map(checks.BootArgument, dict.fromkeys(given)))
        return parts[0] if len(parts) == 1 else checks.All(parts)

    def states(self, owner: str) -> tuple[State, ...]:
        """Return the arguments."""
        return tuple(KernelArgument(known(one)) for one in dict.fromkeys(self.arguments))

    def words(self) -> Sentence:
        """Return the arguments."""
        plural = "" if len(self.arguments) == 1 else "s"
        return sentence(f"kernel argument{plural} ", *codes(self.arguments))


def _as_read(written: str) -> tuple[str, ...]:
    """Return the argument as the kernel reads it; several only where an option holds several."""
    return arguments_of(written) or (written,)
