"""Conditions: choices of a deployment that decide which requirements apply.

A condition speaks about options only, never about a node. It is evaluated with three values: an
option without a value makes what depends on it unknown (None), in Kleene's logic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from reqc.compiler.checks import Relation
from reqc.compiler.versions import compare_versions

Value: TypeAlias = bool | int | str
"""What an option holds; versions, words and networks are strings."""

Choices: TypeAlias = Mapping[str, Value | None]
"""The value of every option by name, None where nobody chose one."""


class Chosen(Struct, frozen=True, gc=False, tag_field="type", tag="chosen"):
    """A boolean option is true."""

    option: str


class Compared(Struct, frozen=True, gc=False, tag_field="type", tag="compared"):
    """The value of an option compares as asked; `ordered` says that it is a version."""

    option: str
    relation: Relation
    value: Value
    ordered: bool = False


class OneOf(Struct, frozen=True, gc=False, tag_field="type", tag="one-of"):
    """The value of an option is one of several."""

    option: str
    values: tuple[Value, ...]


class Both(Struct, frozen=True, gc=False, tag_field="type", tag="both"):
    """Every part holds."""

    parts: tuple[Condition, ...]


class Either(Struct, frozen=True, gc=False, tag_field="type", tag="either"):
    """At least one part holds."""

    parts: tuple[Condition, ...]


class Unless(Struct, frozen=True, gc=False, tag_field="type", tag="unless"):
    """The part does not hold."""

    part: Condition


Condition: TypeAlias = Chosen | Compared | OneOf | Both | Either | Unless

_WORD = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+/:-]*[A-Za-z0-9_+])?")
"""What the grammar takes for a word, without signs that would be hard to read there."""

_HOLDS: dict[Relation, Callable[[int], bool]] = {
    Relation.LESS: lambda order: order < 0,
    Relation.AT_MOST: lambda order: order <= 0,
    Relation.EQUAL: lambda order: order == 0,
    Relation.NOT_EQUAL: lambda order: order != 0,
    Relation.AT_LEAST: lambda order: order >= 0,
    Relation.GREATER: lambda order: order > 0,
}


def holds(relation: Relation, order: int) -> bool:
    """Tell whether a three-way comparison with result `order` satisfies the relation."""
    return _HOLDS[relation](order)


def evaluate(  # noqa: PLR0911  # one return for each form of a condition
    condition: Condition | None, choices: Choices
) -> bool | None:
    """Return whether the condition holds for the choices, None when they do not decide it.

    No condition at all always holds.
    """
    match condition:
        case None:
            return True
        case Chosen(option):
            value = choices[option]
            return None if value is None else value is True
        case Compared(option, relation, wanted, ordered):
            return _compare(choices[option], relation, wanted, ordered=ordered)
        case OneOf(option, values):
            found = choices[option]
            return None if found is None else found in values
        case Both(parts):
            return conjunction(evaluate(part, choices) for part in parts)
        case Either(parts):
            return disjunction(evaluate(part, choices) for part in parts)
        case Unless(part):
            outcome = evaluate(part, choices)
            return None if outcome is None else not outcome


def _compare(
    found: Value | None, relation: Relation, wanted: Value, *, ordered: bool
) -> bool | None:
    if found is None:
        return None
    if ordered:
        return holds(relation, compare_versions(str(found), str(wanted)))
    if isinstance(found, int) and isinstance(wanted, int):
        return holds(relation, (found > wanted) - (found < wanted))
    return holds(relation, 0 if found == wanted else 1)


def options_of(condition: Condition | None) -> frozenset[str]:
    """Return the names of all options that the condition mentions."""
    match condition:
        case None:
            return frozenset()
        case Chosen(option) | Compared(option=option) | OneOf(option=option):
            return frozenset({option})
        case Both(parts) | Either(parts):
            return frozenset().union(*(options_of(part) for part in parts))
        case Unless(part):
            return options_of(part)


def written(condition: Condition) -> str:
    """Return the condition as a specification writes it, with the fewest parentheses."""
    return _written(condition, 0)


def spelled(value: Value) -> str:
    """Return a value as a specification writes it: a word where it can be one, else quoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if _WORD.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """Return the text as a specification writes it between simple quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(map(_printable, escaped)) + '"'


def _printable(character: str) -> str:
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def _written(condition: Condition, binding: int) -> str:
    match condition:
        case Chosen(option):
            return option
        case Compared(option, relation, value):
            sign = "==" if relation is Relation.EQUAL else relation.value
            return f"{option} {sign} {spelled(value)}"
        case OneOf(option, values):
            return f"{option} in [{', '.join(spelled(value) for value in values)}]"
        case Either(parts):
            return _grouped(" or ".join(_written(part, 1) for part in parts), needed=binding > 0)
        case Both(parts):
            return _grouped(" and ".join(_written(part, 2) for part in parts), needed=binding > 1)
        case Unless(part):
            return f"not {_written(part, 3)}"


def _grouped(text: str, *, needed: bool) -> str:
    return f"({text})" if needed else text


def compared_values(condition: Condition | None, name: str) -> Iterator[Value]:
    """Yield the values that a condition compares an option with, by the option's name."""
    match condition:
        case Compared(option, _, value) if option == name:
            yield value
        case OneOf(option, values) if option == name:
            yield from values
        case Both(parts) | Either(parts):
            for part in parts:
                yield from compared_values(part, name)
        case Unless(part):
            yield from compared_values(part, name)
        case Chosen() | Compared() | OneOf() | None:
            pass


def conjunction(outcomes: Iterable[bool | None]) -> bool | None:
    """Return Kleene's conjunction: false when one is false, else None when one is None."""
    seen = set(outcomes)
    return False if False in seen else None if None in seen else True


def disjunction(outcomes: Iterable[bool | None]) -> bool | None:
    """Return Kleene's disjunction: true when one is true, else None when one is None."""
    seen = set(outcomes)
    return True if True in seen else None if None in seen else False
