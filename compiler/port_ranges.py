"""Sets of ports, as ranges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import TypeVar

from reqc.compiler.flows import Ports

T = TypeVar("T")


def united(ranges: Iterable[Ports]) -> tuple[Ports, ...]:
    """Return the ports of all ranges as ranges that neither overlap nor touch, in order."""
    result: list[Ports] = []
    for item in sorted(ranges):
        if result and item.first <= result[-1].last + 1:
            result[-1] = Ports(result[-1].first, max(result[-1].last, item.last))
        else:
            result.append(item)
    return tuple(result)


def without(ranges: Iterable[Ports], holes: Iterable[Ports]) -> tuple[Ports, ...]:
    """Return the ports of `ranges` that are in none of `holes`, in order."""
    rest = list(united(ranges))
    for hole in united(holes):
        parts = []
        for item in rest:
            parts.append(Ports(item.first, min(item.last, hole.first - 1)))
            parts.append(Ports(max(item.first, hole.last + 1), item.last))
        rest = [item for item in parts if item.first <= item.last]
    return united(rest)


def pieces(asked: Iterable[tuple[Ports, T]]) -> tuple[tuple[Ports, tuple[T, ...]], ...]:
    """Cut ranges that may overlap into ones that do not, each with all that asked for it."""
    rows = list(asked)
    begun, ended = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for number, (ports, _) in enumerate(rows):
        begun[ports.first].append(number)
        ended[ports.last + 1].append(number)
    found = []
    within: set[int] = set()
    for first, after in pairwise(sorted({*begun, *ended})):
        within.difference_update(ended[first])
        within.update(begun[first])
        if within:
            found.append((Ports(first, after - 1), tuple(rows[at][1] for at in sorted(within))))
    return tuple(found)
