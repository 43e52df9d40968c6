"""Which capabilities of the kernel are one thing, and which cannot be there without another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from reqc.compiler.checks import All, Any, Check, KernelCapability
from reqc.compiler.knowledge import kernel
from reqc.compiler.knowledge.kernel_table import kernel_table
from reqc.compiler.knowledge.tables import table

_FAMILIES: Final[tuple[kernel.Families, ...]] = ("ipv4", "ipv6", "both")


def follows(one: KernelCapability, other: KernelCapability) -> bool:
    """Tell whether every kernel with the first capability has the other, by what is known.

    The same thing can be asked for with more or less evidence; that makes it no other thing.
    """
    names = named()
    first, second = names.get(one), names.get(other)
    return first is not None and second is not None and second in implied(first)


@cache
def implied(name: str) -> frozenset[str]:
    """Return the names of all capabilities that a kernel with this one has, its own among them."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        item = waiting.pop()
        if item not in found:
            found.add(item)
            waiting.extend(implications().get(item, ()))
    return frozenset(found)


@cache
def named() -> Mapping[KernelCapability, str]:
    """Return the name of each capability that the kernel knowledge can ask for."""
    found = {}
    for check in _checks():
        for capability in _capabilities(check):
            found[capability] = capability.name
    return found


@cache
def implications() -> Mapping[str, tuple[str, ...]]:
    """Return what kernel_implications.yaml says, by capability."""
    rows = table("kernel_implications")["implications"]
    return {row["has"]: tuple(row["so"]) for row in rows}


def _checks() -> Iterator[Check]:
    table = kernel_table()
    for family in _FAMILIES:
        yield from (kernel.xtables_match(name, family).check for name in table.matches)
        yield from (kernel.xtables_target(name, family).check for name in table.targets)
    for kind in ("feature", "module"):
        yield from (need.check for need in kernel.known_needs(kind).values())


def _capabilities(check: Check) -> Iterator[KernelCapability]:
    match check:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _capabilities(part)
        case KernelCapability():
            yield check
