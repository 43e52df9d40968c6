"""What a requirement asks for, taken apart as far as all of it must hold."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from reqc.compiler.kinds.base import AllOf, AnyOf, Kind, NotOf, Predicate
from reqc.compiler.kinds.kernel_features import KernelKind
from reqc.compiler.lowered import Level
from reqc.compiler.model import Requirement

FORBIDDING = frozenset({Level.MUST_NOT, Level.SHOULD_NOT})
"""The levels that invert what is asked for."""


class Wish(Struct, frozen=True):
    """A part that must hold, or must not where it is not `wanted`.

    `thing` is what is asked for by a key that is one for all its names.
    """

    part: Predicate
    thing: object
    wanted: bool


def wishes(item: Requirement) -> Iterator[Wish]:
    """Yield the parts of a requirement; all of them have to be met."""
    return _wishes(item.predicate, wanted=item.level not in FORBIDDING)


def _wishes(predicate: Predicate, *, wanted: bool) -> Iterator[Wish]:
    match predicate:
        case NotOf(part):
            yield from _wishes(part, wanted=not wanted)
        # Not any of several means none of them; not all of several leaves open which.
        case AllOf(parts) if wanted:
            for part in parts:
                yield from _wishes(part, wanted=True)
        case AnyOf(parts) if not wanted:
            for part in parts:
                yield from _wishes(part, wanted=False)
        case KernelKind():
            things = predicate.things()
            if not wanted and len(things) > 1:
                things = frozenset({predicate})
            for thing in sorted(things, key=str):
                yield Wish(predicate, thing, wanted)
        case _:
            yield Wish(predicate, predicate, wanted)


def leaves(predicate: Predicate) -> Iterator[Kind]:
    """Yield the kinds of a predicate, whatever joins them."""
    match predicate:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case NotOf(part):
            yield from leaves(part)
        case Kind():
            yield predicate
