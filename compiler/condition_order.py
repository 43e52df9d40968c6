"""The values of options that conditions can tell apart, each for all that are like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from reqc.compiler.conditions import (
    Choices,
    Condition,
    Value,
    compared_values,
    options_of,
)
from reqc.compiler.model import Option
from reqc.compiler.values import LAST_PORT, OptionType

MOST_CASES = 1 << 14
"""How many combinations of values are tried; where there are more, nothing is told by trying."""

_OTHER = "\0"


def distinct_cases(
    options: Mapping[str, Option], *conditions: Condition | None
) -> Iterator[Choices] | None:
    """Yield choices, each of which stands for all those that the conditions cannot tell apart.

    They are of one document. Return None where they are too many to be tried.
    """
    names = sorted(frozenset().union(*map(options_of, conditions)))
    return _cases({name: options[name].type for name in names}, conditions)


def _cases(
    types: Mapping[str, OptionType], conditions: tuple[Condition | None, ...]
) -> Iterator[Choices] | None:
    values = [distinct_values(name, kind, conditions) for name, kind in types.items()]
    if prod(map(len, values)) > MOST_CASES:
        return None
    return (dict(zip(types, case, strict=True)) for case in product(*values))


def distinct_values(
    name: str, kind: OptionType, conditions: Sequence[Condition | None]
) -> list[Value]:
    """Return values of which each stands for all those that the conditions cannot tell apart."""
    if kind.values:
        return list(kind.values)
    compared = {value for root in conditions for value in compared_values(root, name)}
    # The conditions may be of two documents in which an option of this name has two types.
    asked = sorted((value for value in compared if _can_be(kind, value)), key=str)
    if kind.name in {"int", "port"}:
        first, last = (1, LAST_PORT) if kind.name == "port" else (0, None)
        numbers = [int(value) for value in asked]
        near = {near for number in numbers for near in (number - 1, number, number + 1)}
        return sorted(item for item in near if first <= item and (last is None or item <= last))
    if kind.name == "version":
        # What lies before, at and right behind each version that is asked for: behind 1 and before
        # 1.0.0.1 is 1.0.0.0.1, so a step is smaller than all that anyone asked for.
        step = ".0" * max((str(value).count(".") for value in asked), default=0) + ".1"
        return ["0", *(near for value in asked for near in (str(value), f"{value}{step}"))]
    return [*asked, _OTHER]


def _can_be(kind: OptionType, value: Value) -> bool:
    try:
        return kind.read(str(value)) == value
    except ValueError:
        return False
