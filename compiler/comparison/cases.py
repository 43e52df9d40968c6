"""Choices of deployments in which requirements of two documents may apply differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final, TypeAlias

from msgspec import Struct

from reqc.compiler.checks import Relation
from reqc.compiler.condition_order import MOST_CASES, distinct_values
from reqc.compiler.conditions import (
    Both,
    Chosen,
    Compared,
    Condition,
    OneOf,
    Unless,
    Value,
    options_of,
)
from reqc.compiler.model import Option
from reqc.compiler.values import OptionType

COUNTABLE: Final = frozenset({"bool", "enum"})
"""The types of options whose values can all be tried."""


Row: TypeAlias = tuple[Value | None, Value | None, Value | None]
"""A value of an option in the old document, in the new one, and that of both if it is one."""


class Case(Struct, frozen=True):
    """One way to choose: the values of the options under the old document and under the new one.

    `chosen` has the value of each option that both take alike; None where a deployment chooses
    nothing and the documents differ in what that means, or where they mean different options.
    """

    old: Mapping[str, Value | None]
    new: Mapping[str, Value | None]
    chosen: tuple[Value | None, ...]


class Side(Struct, frozen=True):
    """The options of a document, and what was chosen for them."""

    options: Mapping[str, Option]
    choices: Mapping[str, Value]

    def value(self, name: str) -> Value | None:
        """Return what an option is where nothing more is known."""
        option = self.options.get(name)
        return self.choices.get(name, option.default if option else None)


class Cases(Struct, frozen=True):
    """Cases of some options; together they stand for all choices that conditions can tell apart.

    The values of `countable` options are all there are; those of others stand for many.
    """

    names: tuple[str, ...]
    values: tuple[tuple[Row, ...], ...]
    countable: frozenset[str]
    usual: Case

    @property
    def count(self) -> int:
        """How many there are."""
        return prod(map(len, self.values))

    def every(self) -> Iterator[Case]:
        """Yield all of them."""
        for row in product(*self.values):
            old = {name: item[0] for name, item in zip(self.names, row, strict=True)}
            new = {name: item[1] for name, item in zip(self.names, row, strict=True)}
            yield Case(old, new, tuple(item[2] for item in row))


def cases_of(old: Side, new: Side, conditions: Sequence[Condition | None]) -> Cases | None:
    """Return the cases that the conditions can tell apart, None where there are too many.

    Beside every value, an option whose default changed has the case that nobody chooses.
    """
    names = tuple(sorted(frozenset().union(*map(options_of, conditions))))
    values = tuple(tuple(_values(name, old, new, conditions)) for name in names)
    usual = Case(
        {name: old.value(name) for name in names}, {name: new.value(name) for name in names}, ()
    )
    countable = frozenset(
        name
        for name in names
        for side in (old, new)
        if name in side.options and side.options[name].type.name in COUNTABLE
    )
    found = Cases(names, values, countable, usual)
    return None if found.count > MOST_CASES else found


def _values(
    name: str, old: Side, new: Side, conditions: Sequence[Condition | None]
) -> Iterator[Row]:
    if name in old.choices or name in new.choices:
        yield old.value(name), new.value(name), None
        return
    before, after = old.options.get(name), new.options.get(name)
    if before is None or after is None or before.type.name == after.type.name:
        kinds = [option.type for option in (before, after) if option is not None]
        words = dict.fromkeys(word for kind in kinds for word in kind.words)
        kind = OptionType(kinds[0].name, tuple(words))
        for value in distinct_values(name, kind, conditions):
            yield value if before else None, value if after else None, value
        defaults = [option.default for option in (before, after) if option is not None]
        if len(set(defaults)) > 1 and None not in defaults:
            yield defaults[0], defaults[1], None
        return
    # One name, two types: what is chosen for one says nothing about the other.
    sides = (distinct_values(name, option.type, conditions) for option in (before, after))
    for one, other in product(*sides):
        yield one, other, None


def described(cases: Cases, found: Sequence[Case]) -> Condition | None:
    """Return a condition for some of the cases, if one can be written as a conjunction.

    Raise ValueError where it cannot.
    """
    columns = zip(*(case.chosen for case in found), strict=True)
    used = [tuple(dict.fromkeys(column)) for column in columns]
    if prod(map(len, used)) != len(found):
        message = "not a conjunction"
        raise ValueError(message)
    parts = []
    for name, own, every in zip(cases.names, used, cases.values, strict=True):
        if len(own) == len(every):
            continue
        offered = [item[2] for item in every]
        if name not in cases.countable or None in own or None in offered:
            message = "not about values"
            raise ValueError(message)
        parts.append(_written(name, own, offered))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def _written(name: str, own: Sequence[Value | None], every: Sequence[Value | None]) -> Condition:
    values = tuple(value for value in own if value is not None)
    left = [value for value in every if value not in values and value is not None]
    if any(isinstance(value, bool) for value in every):
        return Chosen(name) if values[0] is True else Unless(Chosen(name))
    if len(values) == 1:
        return Compared(name, Relation.EQUAL, values[0])
    if len(left) == 1:
        return Compared(name, Relation.NOT_EQUAL, left[0])
    return OneOf(name, values)
