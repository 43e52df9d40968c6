"""What changed between two documents, and what that means for a host that satisfied the old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from reqc.compiler.condition_order import compare_conditions
from reqc.compiler.conditions import Condition, Either, written
from reqc.compiler.kinds.base import (
    AllOf,
    AnyOf,
    Direction,
    Kind,
    NotOf,
    Predicate,
    UnboundError,
    by_set,
)
from reqc.compiler.lowered import Level
from reqc.compiler.model import Document, Option, Requirement
from reqc.compiler.prose import plain


class Change(StrEnum):
    """What happened to a requirement; for the last four see `Direction`."""

    ADDED = "added"
    REMOVED = "removed"
    EQUIVALENT = "equivalent"
    STRICTER = "stricter"
    LOOSER = "looser"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `old` and `new` are the requirements, either empty or not at all the same.

    `aspects` say what differs, such as `now kernel >= 5.10`; an erratum that comes or goes is
    marked, because the product did not change with it.
    """

    change: Change
    old: tuple[Requirement, ...]
    new: Requirement | None
    aspects: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id in the new document, or the last one it had."""
        return self.new.id if self.new is not None else self.old[0].id

    @property
    def erratum(self) -> bool:
        """Whether the change is about what a page prints by mistake."""
        sides = (*self.old, *([self.new] if self.new is not None else []))
        return any(side.erratum is not None for side in sides)


def diff(old: Document, new: Document) -> tuple[Difference, ...]:
    """Return all changes: those of the new document in its order, then what is gone.

    A requirement is matched by its id, then by the ids that it says it `was`. Requirements that
    mean the same under the same id are no change; under another id they are equivalent.
    """
    before = {item.id: item for item in old.requirements}
    comparison = _Comparison(old.options, new.options)
    matched: set[str] = set()
    changes: list[Difference] = []
    for item in new.requirements:
        origins = _origins(item, before)
        matched.update(origin.id for origin in origins)
        found = comparison.compare(origins, item)
        if found is not None:
            changes.append(found)
    gone = [item for item in old.requirements if item.id not in matched]
    return (*changes, *(Difference(Change.REMOVED, (item,), None) for item in gone))


def _origins(item: Requirement, before: Mapping[str, Requirement]) -> tuple[Requirement, ...]:
    ids = dict.fromkeys((item.id, *item.was))
    return tuple(before[name] for name in ids if name in before)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Compares the requirements of two documents, each with the options of its own document."""

    old_options: Mapping[str, Option]
    new_options: Mapping[str, Option]

    def compare(self, olds: tuple[Requirement, ...], new: Requirement) -> Difference | None:
        if not olds:
            return Difference(Change.ADDED, (), new)
        rows = (
            self._predicates(olds, new),
            self._conditions(olds, new),
            self._guards(olds, new),
            _levels(olds, new),
            _roles(olds, new),
        )
        direction = reduce(_together, (row[0] for row in rows))
        aspects = tuple(text for row, text in rows if text)
        renamed = [old.id for old in olds if old.id != new.id]
        if direction is Direction.EQUIVALENT and not renamed:
            return None
        if renamed:
            aspects = (f"was {', '.join(renamed)}", *aspects)
        return Difference(Change(direction.value), olds, new, aspects)

    def _predicates(self, olds: tuple[Requirement, ...], new: Requirement) -> tuple[Direction, str]:
        before = [_bound(old.predicate, self.old_options) for old in olds]
        after = _bound(new.predicate, self.new_options)
        direction = _compare(before, after)
        if direction is Direction.EQUIVALENT:
            return direction, ""
        if new.level in _FORBIDDING:
            direction = _OPPOSITE[direction]
        words = "; ".join(plain(item.words()) for item in before)
        return direction, f"{words} -> {plain(after.words())}"

    def _conditions(self, olds: tuple[Requirement, ...], new: Requirement) -> tuple[Direction, str]:
        before = _either([old.condition for old in olds])
        direction = compare_conditions(before, new.condition, self.old_options, self.new_options)
        if direction is Direction.EQUIVALENT:
            return direction, ""
        return direction, f"applies {_when(before)} -> {_when(new.condition)}"

    def _guards(self, olds: tuple[Requirement, ...], new: Requirement) -> tuple[Direction, str]:
        """Compare the facts of a node without which a requirement is not applicable."""
        before = [_bound(old.guard, self.old_options) if old.guard else None for old in olds]
        after = _bound(new.guard, self.new_options) if new.guard else None
        if all(guard == after for guard in before):
            return Direction.EQUIVALENT, ""
        text = f"{_where(before[0])} -> {_where(after)}"
        if all(guard is None for guard in before):
            return Direction.LOOSER, text
        guards = [guard for guard in before if guard is not None]
        if len(guards) < len(before):
            return Direction.DIFFERENT, text
        if after is None:
            return Direction.STRICTER, text
        # A guard that holds on fewer nodes lets more of them off.
        return _OPPOSITE[_compare(guards, after)], text


def _where(guard: Predicate | None) -> str:
    return "on every node" if guard is None else f"where {plain(guard.words())}"


def _bound(predicate: Predicate, options: Mapping[str, Option]) -> Predicate:
    """Return the predicate with the defaults of options, or as it is where one has none."""
    try:
        return predicate.bound({name: option.default for name, option in options.items()})
    except UnboundError:
        return predicate


def _compare(olds: list[Predicate], new: Predicate) -> Direction:
    if len(olds) == 1:
        return compare_predicates(olds[0], new)
    keys = [old.things() for old in olds]
    if all(keys) and new.things():
        return by_set(frozenset().union(*keys), new.things(), Direction.STRICTER)
    return reduce(_together, (compare_predicates(old, new) for old in olds))


def compare_predicates(old: Predicate, new: Predicate) -> Direction:
    """Return what it means that a requirement of `old` became one of `new`.

    Two kinds that ask for the same things of a kernel are one, whatever they call them.
    """
    if old == new:
        return Direction.EQUIVALENT
    if old.things() and new.things():
        return by_set(old.things(), new.things(), Direction.STRICTER)
    if old.references() or new.references():
        return Direction.DIFFERENT
    if isinstance(old, Kind) and type(old) is type(new):
        return old.compare(new)
    return _compare_combined(old, new)


def _compare_combined(old: Predicate, new: Predicate) -> Direction:
    if isinstance(old, NotOf) and isinstance(new, NotOf):
        return _OPPOSITE[compare_predicates(old.part, new.part)]
    for group, more in _GROUPS:
        if isinstance(old, group) or isinstance(new, group):
            return by_set(_parts(old, group), _parts(new, group), more)
    return Direction.DIFFERENT


def _parts(predicate: Predicate, group: type[AllOf | AnyOf]) -> frozenset[object]:
    return frozenset(predicate.parts if isinstance(predicate, group) else (predicate,))


_GROUPS: tuple[tuple[type[AllOf | AnyOf], Direction], ...] = (
    (AllOf, Direction.STRICTER),
    (AnyOf, Direction.LOOSER),
)
_OPPOSITE = {
    Direction.EQUIVALENT: Direction.EQUIVALENT,
    Direction.STRICTER: Direction.LOOSER,
    Direction.LOOSER: Direction.STRICTER,
    Direction.DIFFERENT: Direction.DIFFERENT,
}
_RANKS = {Level.MAY: 0, Level.SHOULD: 1, Level.SHOULD_NOT: 1, Level.MUST: 2, Level.MUST_NOT: 2}
_FORBIDDING = {Level.MUST_NOT, Level.SHOULD_NOT}


def _levels(olds: tuple[Requirement, ...], new: Requirement) -> tuple[Direction, str]:
    before = max((old.level for old in olds), key=_RANKS.__getitem__)
    if before is new.level:
        return Direction.EQUIVALENT, ""
    text = f"{before} -> {new.level}"
    if (before in _FORBIDDING) != (new.level in _FORBIDDING):
        return Direction.DIFFERENT, text
    rising = _RANKS[new.level] > _RANKS[before]
    return (Direction.STRICTER if rising else Direction.LOOSER), text


def _roles(olds: tuple[Requirement, ...], new: Requirement) -> tuple[Direction, str]:
    before = frozenset(role for old in olds for role in old.roles)
    direction = by_set(before, frozenset(new.roles), Direction.STRICTER)
    if direction is Direction.EQUIVALENT:
        return direction, ""
    return direction, f"on {', '.join(sorted(before))} -> {', '.join(sorted(new.roles))}"


def _either(conditions: list[Condition | None]) -> Condition | None:
    parts = tuple(dict.fromkeys(part for part in conditions if part is not None))
    if len(parts) == 0 or None in conditions:
        return None
    return parts[0] if len(parts) == 1 else Either(parts)


def _when(condition: Condition | None) -> str:
    return "always" if condition is None else f"when {written(condition)}"


def _together(one: Direction, other: Direction) -> Direction:
    """Return the direction of two changes of one requirement."""
    if Direction.EQUIVALENT in {one, other} or one is other:
        return other if one is Direction.EQUIVALENT else one
    return Direction.DIFFERENT


def counted(changes: Iterable[Difference]) -> dict[Change, int]:
    """Return how many changes there are of each sort, in the order of `Change`."""
    found = list(changes)
    return {change: sum(item.change is change for item in found) for change in Change}
