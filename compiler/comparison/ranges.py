"""Sets of ordered values, such as the versions that satisfy `>= 3.10`, with exact set algebra."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, TypeAlias

from msgspec import Struct

from reqc.compiler.checks import Relation

Key: TypeAlias = tuple[object, ...]
"""A place between two values, or at an end; keys of one subject can be compared."""

ABSENT: Final[Key] = (0,)
"""Below every value, where a subject that has no value at all is thought to be."""

FIRST: Final[Key] = (1,)
"""Below every value, above absence."""

LAST: Final[Key] = (3,)
"""Above every value."""

_NUMBERS = re.compile(r"v?(?P<base>[0-9]+(?:\.[0-9]+)*)(?:-(?P<build>[0-9]+(?:\.[0-9]+)*))?")


class Ranges(Struct, frozen=True):
    """Values from each first key on, before the key that follows; sorted, neither empty nor met."""

    spans: tuple[tuple[Key, Key], ...]

    def __and__(self, other: Ranges) -> Ranges:
        """Return the values that are in both."""
        found = (
            (max(low, least), min(high, most))
            for low, high in self.spans
            for least, most in other.spans
        )
        return Ranges(tuple(span for span in found if span[0] < span[1]))

    def outside(self) -> Ranges:
        """Return all other values, absence among them."""
        edges = [ABSENT, *(key for span in self.spans for key in span), LAST]
        gaps = [span for number, span in enumerate(pairwise(edges)) if number % 2 == 0]
        return Ranges(tuple((low, high) for low, high in gaps if low < high))

    @property
    def with_absence(self) -> bool:
        """Tell whether absence is in it."""
        return bool(self.spans) and self.spans[0][0] == ABSENT


PRESENT: Final = Ranges(((FIRST, LAST),))
"""Every value."""

EVERYTHING: Final = Ranges(((ABSENT, LAST),))
"""Every value, and absence."""


def compared(relation: Relation, low: Key, high: Key) -> Ranges:
    """Return the values that compare with one that lies between two keys."""
    spans = {
        Relation.LESS: ((FIRST, low),),
        Relation.AT_MOST: ((FIRST, high),),
        Relation.EQUAL: ((low, high),),
        Relation.NOT_EQUAL: ((FIRST, low), (high, LAST)),
        Relation.AT_LEAST: ((low, LAST),),
        Relation.GREATER: ((high, LAST),),
    }[relation]
    return Ranges(spans)


def integers(relation: Relation, value: int) -> Ranges:
    """Return the whole numbers that compare with a value."""
    return compared(relation, (2, value), (2, value + 1))


def versions(relation: Relation, version: str) -> Ranges | None:
    """Return the versions that compare as `compare_versions` does, None for what is no version."""
    found = _NUMBERS.match(version)
    if found is None:
        return None
    base = _short(dotted(version))
    if not found["build"]:
        return compared(relation, *_all_builds(base))
    build = _short(tuple(map(int, found["build"].split("."))))
    return compared(relation, (2, base, build, -1), (2, base, build, 1))


def versions_below(relation: Relation, version: str) -> Ranges | None:
    """Return the versions that are finer than, or else compare with, one: 7.9 is a 7.

    Return None where that is no question of order alone: 7 is not finer than 7.0.
    """
    if relation not in {Relation.EQUAL, Relation.NOT_EQUAL}:
        return versions(relation, version)
    numbers = dotted(version)
    if not numbers or numbers[-1] == 0:
        return None
    low, _ = _all_builds(numbers)
    high, _ = _all_builds((*numbers[:-1], numbers[-1] + 1))
    return compared(relation, low, high)


def dotted(version: str) -> tuple[int, ...]:
    """Return the numbers of a version before any build, with the zeros at their end."""
    found = _NUMBERS.match(version)
    return tuple(map(int, found["base"].split("."))) if found else ()


def has_build(version: str) -> bool:
    """Tell whether a version names a build of a vendor behind a dash."""
    found = _NUMBERS.match(version)
    return found is not None and found["build"] is not None


def _all_builds(base: tuple[int, ...]) -> tuple[Key, Key]:
    """Return the keys around a version with all its builds."""
    short = _short(base)
    return (2, short, (), -1), (2, short, (float("inf"),), 0)


def _short(numbers: tuple[int, ...]) -> tuple[int, ...]:
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers
