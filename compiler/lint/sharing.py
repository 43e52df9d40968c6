"""Which requirements have something in common with another one."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from reqc.compiler.model import Requirement

_ROOM: Final = 16
"""How many counters each key has; with more, fewer keys share one by chance."""

_SEVERAL: Final = 2


def sharing(
    items: Sequence[Requirement], keys: Callable[[Requirement], Iterable[object]]
) -> Iterator[Requirement]:
    """Yield the requirements with a key that comes again, in their order.

    The keys of a large document would fill the memory, so only their hashes are kept and counted
    roughly. Some requirements are yielded whose keys are theirs alone.
    """
    hashes, ends = array("q"), array("Q", [0])
    for item in items:
        hashes.extend(map(hash, keys(item)))
        ends.append(len(hashes))
    room = _ROOM * len(hashes) + 1
    counted = bytearray(room)
    for number in hashes:
        counted[number % room] = min(counted[number % room] + 1, _SEVERAL)
    for item, (start, end) in zip(items, pairwise(ends), strict=True):
        if any(counted[number % room] == _SEVERAL for number in hashes[start:end]):
            yield item
