"""Agreement: one value where several requirements ask for the same thing, or what they differ in.

What contradicts itself is a `Conflict`, what cannot stand in its file an `Unwritable`. Both are
values that a backend turns into its own diagnostics, never exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct, field

T = TypeVar("T")

Row: TypeAlias = tuple[tuple[str, ...], str, T]
"""The ids of the requirements that ask, the subject, and the value they ask for."""


class Difference(StrEnum):
    """In what the wishes of two requirements differ."""

    CONTENT = "content"
    MODE = "mode"
    OWNER = "owner"
    PRESENCE = "presence"
    PARENT = "parent"
    SEPARATOR = "separator"
    SYSCTL = "sysctl"
    UNIT = "unit"
    FILE_SYSTEM = "file system"


class Conflict(Struct, frozen=True):
    """Two requirements that no node can satisfy together.

    `subject` is a path, a unit or a sysctl. Requirement `first` asked for `wanted_first` before
    `second` asked for `wanted_second`; where one path lies below another, `first` is the
    requirement of the upper one, whichever came before.
    """

    difference: Difference
    subject: str
    first: str
    second: str
    wanted_first: str
    wanted_second: str


class Unwritable(Struct, frozen=True):
    """A text that would break, or mean something else in, the file it is for."""

    requirement: str
    subject: str
    why: str


class Wanted(Struct, Generic[T], frozen=True):
    """A value once, with the ids of every requirement that asks for it."""

    value: T
    requirements: tuple[str, ...]


class Problems(Struct):
    """What was found wrong so far."""

    conflicts: list[Conflict] = field(default_factory=list)
    unwritable: list[Unwritable] = field(default_factory=list)


Disagreement: TypeAlias = tuple[Difference, str, str]
"""In what two values differ, and what each of them is."""

Meeting: TypeAlias = Callable[[T, T], T | Disagreement]
"""What two values for one subject come to. No value is itself a tuple."""


def agreed(rows: Iterable[Row[T]], meet: Meeting[T], problems: Problems) -> dict[str, Wanted[T]]:
    """Return one value for each subject, in the order first asked for.

    Where a later value contradicts the earlier ones, those stay and a conflict is added.
    """
    found: dict[str, Wanted[T]] = {}
    for requirements, subject, value in rows:
        earlier = found.get(subject)
        if earlier is None:
            found[subject] = Wanted(value, requirements)
            continue
        outcome = meet(earlier.value, value)
        if isinstance(outcome, tuple):
            askers = earlier.requirements[0], requirements[0]
            difference, first, second = outcome
            problems.conflicts.append(Conflict(difference, subject, *askers, first, second))
        else:
            all_askers = dict.fromkeys(earlier.requirements + requirements)
            found[subject] = Wanted(outcome, tuple(all_askers))
    return found


def same(first: T, _second: T) -> T:
    """Return the first of two values of which the subject already says everything."""
    return first
