"""A node as the probes look at it: its facts, with indexes that are made when first needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final, TypeVar

from reqc.compiler.evaluation.facts import Block, Facts, UnitFile
from reqc.compiler.evaluation.outcome import Outcome, unknown

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Node:
    """The facts of one node."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def loaded(self) -> frozenset[str]:
        """The modules that are live; none of them belongs to a kernel that does not run."""
        kernel = self.facts.kernel
        return frozenset(kernel.modules.loaded) if kernel.running else frozenset()

    @cached_property
    def in_sysfs(self) -> frozenset[str]:
        """The modules that are live or built in by what /sys/module shows."""
        return frozenset(self.facts.kernel.modules.sysfs)

    @cached_property
    def builtin(self) -> frozenset[str]:
        """The modules that are part of the kernel."""
        modules = self.facts.kernel.modules
        return frozenset((*modules.builtin, *(module for _, module in modules.builtin_aliases)))

    @cached_property
    def on_disk(self) -> frozenset[str]:
        """The modules whose file exists."""
        return frozenset(self.facts.kernel.modules.disk)

    @cached_property
    def aliases(self) -> Mapping[str, list[str]]:
        """The modules that an alias stands for; those built in come first."""
        modules = self.facts.kernel.modules
        return _grouped((*modules.builtin_aliases, *(modules.aliases or ())))

    @cached_property
    def blocks(self) -> Mapping[tuple[str, str], Block]:
        """What keeps a module from being loaded, by the rule and the module."""
        return {(block.rule, block.module): block for block in reversed(self.facts.kernel.blocks)}

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths that are evidence and exist."""
        return frozenset(self.facts.kernel.paths)

    @cached_property
    def rows(self) -> frozenset[tuple[str, str]]:
        """The lists below /proc by name, with each of their lines and its first word."""
        lists = self.facts.kernel.lists.items()
        return frozenset(
            (name, row)
            for name, lines in lists
            for line in lines or ()
            for row in (line.strip(" \t"), *_FIRST_WORD.findall(line))
        )

    @cached_property
    def mounts(self) -> Mapping[str, str]:
        """The type of the file system on top, by path."""
        return {mount.path: mount.filesystem for mount in self.facts.mounts or ()}

    @cached_property
    def running_units(self) -> frozenset[str]:
        """The units that have processes."""
        return frozenset(self.facts.units.running or ())

    def unit(self, name: str) -> UnitFile:
        """Return what is known of a unit by its exact name; nothing for one that is nowhere."""
        return (self.facts.units.files or {}).get(name, _NO_UNIT)


_NO_UNIT: Final = UnitFile()
_FIRST_WORD: Final = re.compile(r"^[ \t]*([^ \t]+)")


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> Mapping[_Key, list[_Value]]:
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def not_collected(what: str, looked: str) -> Outcome:
    """Return that the facts do not tell about something, because nobody asked the node."""
    return unknown(
        f"{what} is not in the facts; collect them with a check script of this specification",
        looked,
    )
