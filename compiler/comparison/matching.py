"""Finds which requirements of two documents are one: by id, by what they were, by meaning."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from reqc.compiler import checks
from reqc.compiler.comparison.formula import Every, Formula, Literal, Some, Within
from reqc.compiler.comparison.prover import entails
from reqc.compiler.flows import Flow
from reqc.compiler.kinds.base import Predicate
from reqc.compiler.knowledge.kernel_order import implied, named
from reqc.compiler.lint.parts import leaves
from reqc.compiler.model import Requirement


class Asked(Struct, frozen=True):
    """A requirement with its bound predicate, what that comes to at any level, and its place."""

    requirement: Requirement
    predicate: Predicate
    formula: Formula
    order: int


Group: TypeAlias = tuple[tuple[Asked, ...], tuple[Asked, ...]]
"""Requirements of the old document and of the new one that belong together; a side may be empty."""


def matched(olds: Sequence[Asked], news: Sequence[Asked]) -> list[Group]:
    """Return groups in the order of the new document, then those of which nothing is left.

    What an id or a `was` ties together is one, in both directions of time. Of the rest, what asks
    about the same thing is one. Last comes what follows from what, where it is not ambiguous.
    """
    groups: list[Group] = []
    for edges in (_named_alike, _about_one_thing, _following):
        found = _tied(olds, news, edges(olds, news))
        groups += found
        taken = {(side, item.order) for group in found for side in (0, 1) for item in group[side]}
        olds = [item for item in olds if (0, item.order) not in taken]
        news = [item for item in news if (1, item.order) not in taken]
    groups += [((), (item,)) for item in news]
    gone: list[Group] = [((item,), ()) for item in olds]
    return sorted(groups, key=lambda group: group[1][0].order) + gone


_Edge: TypeAlias = tuple[Asked, Asked]
"""An old requirement and a new one that belong together."""


def _tied(olds: Sequence[Asked], news: Sequence[Asked], edges: Iterable[_Edge]) -> list[Group]:
    """Return what is tied together, over however many requirements."""
    nodes = [(0, item.order) for item in olds] + [(1, item.order) for item in news]
    leader = {node: node for node in nodes}

    def found(node: tuple[int, int]) -> tuple[int, int]:
        while leader[node] != node:
            leader[node] = node = leader[leader[node]]
        return node

    for old, new in edges:
        one, other = sorted((found((0, old.order)), found((1, new.order))))
        leader[other] = one
    groups: dict[tuple[int, int], tuple[list[Asked], list[Asked]]] = {}
    for side, items in enumerate((olds, news)):
        for item in items:
            groups.setdefault(found((side, item.order)), ([], []))[side].append(item)
    return [(tuple(one), tuple(other)) for one, other in groups.values() if one and other]


def _named_alike(olds: Sequence[Asked], news: Sequence[Asked]) -> Iterator[_Edge]:
    before = {item.requirement.id: item for item in olds}
    after = {item.requirement.id: item for item in news}
    for item in news:
        for name in (item.requirement.id, *item.requirement.was):
            if name in before:
                yield before[name], item
    for item in olds:
        for name in item.requirement.was:
            if name in after:
                yield item, after[name]


def _about_one_thing(olds: Sequence[Asked], news: Sequence[Asked]) -> Iterator[_Edge]:
    """Yield pairs of which one is about nothing else than the other is, too."""
    things = {id(item): _things(item) for item in (*olds, *news)}
    before: dict[Hashable, list[Asked]] = {}
    for item in olds:
        for thing in things[id(item)]:
            before.setdefault(thing, []).append(item)
    for item in news:
        mine = things[id(item)]
        near = {old.order: old for thing in mine for old in before.get(thing, ())}
        for old in near.values():
            if things[id(old)] <= mine or mine <= things[id(old)]:
                yield old, item


def _following(olds: Sequence[Asked], news: Sequence[Asked]) -> Iterator[_Edge]:
    """Yield pairs of which one follows from the other, where each has only the other."""
    before: dict[Hashable, list[Asked]] = {}
    for item in olds:
        for key in reachable(item.formula):
            before.setdefault(key, []).append(item)
    pairs = []
    for item in news:
        near = {old.order: old for key in reachable(item.formula) for old in before.get(key, ())}
        pairs += [
            (old, item)
            for old in near.values()
            if entails(old.formula, item.formula) or entails(item.formula, old.formula)
        ]
    for old, item in pairs:
        if sum(one is old or other is item for one, other in pairs) == 1:
            yield old, item


def _things(item: Asked) -> frozenset[Hashable]:
    """Return keys of what a requirement is about, whatever it wants of it."""
    found: set[Hashable] = set()
    for kind in leaves(item.predicate):
        found |= kind.things()
    # What is about a thing that has several names is told by that alone.
    return frozenset(found) or frozenset(subjects(item.formula))


def subjects(formula: Formula) -> Iterator[Hashable]:
    """Yield keys of what a formula is about: a unit, a file, a flow, the kernel."""
    match formula:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from subjects(part)
        case Within(("os", *_)):
            yield "os"
        case Within(subject):
            yield subject
        case Literal(atom):
            yield _subject(atom)


def _subject(atom: object) -> Hashable:  # noqa: PLR0911  # one for each sort of atom
    match atom:
        case Flow():
            return atom
        case checks.Architecture():
            return "architecture"
        case checks.OperatingSystem():
            return "os"
        case checks.Sysctl(key):
            return "sysctl", key
        case checks.Unit(unit):
            return "unit", unit
        case checks.IniList(main, _, section, key):
            return main, section, key
        case checks.FileExists(path) | checks.FileContains(path) | checks.FileMode(path):
            return "file", path
        case checks.FileOwner(path) | checks.Mounted(path):
            return "file", path
        case Predicate():
            # A kind that no program can check; what it is about comes first.
            return type(atom), getattr(atom, atom.__struct_fields__[0])
    return atom


def reachable(formula: Formula) -> Iterator[Hashable]:
    """Yield keys by which formulas that follow from each other can be found.

    Of a capability these are all that its kernel has with it, so that one key is common.
    """
    match formula:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from reachable(part)
        case Literal(checks.KernelCapability() as capability):
            name = named().get(capability)
            yield from implied(name) if name is not None else (capability,)
        case _:
            yield from subjects(formula)
