"""Size: whether a cluster can store an object, and what in it is large."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from reqc.backends.base import Refusal
from reqc.backends.ignition.composition import Composition
from reqc.backends.ignition.data_url import data_url
from reqc.backends.ignition.rules import SIZE, shown

_NAMED: Final = 3
_ESCAPED: Final = 5  # bytes more for what Go writes as an escape such as \u003c


def stored_bytes(item: Mapping[str, object]) -> int:
    """Return the size of an object as a cluster stores it: as JSON in the way of Go."""
    text = json.dumps(item, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode()) + sum(text.count(sign) for sign in "<>&") * _ESCAPED


def size_refusals(name: str, size: int, composition: Composition, most: int) -> Iterator[Refusal]:
    """Refuse an object that is too large, and say what in it is.

    The configuration of a pool holds all its objects, so it can only be larger than each of them.
    """
    if size > most:
        largest = sorted(_sizes(composition), key=lambda row: -row[0])[:_NAMED]
        message = f"{shown(name)} has {size:,} bytes, and a cluster stores at most {most:,}"
        parts = ", ".join(f"{shown(subject)} ({part:,} bytes)" for part, subject, _ in largest)
        advice = f"the largest parts are {parts}; let nodes fetch what is so large from elsewhere"
        yield Refusal(largest[0][2], SIZE, message, advice)


def _sizes(composition: Composition) -> Iterator[tuple[int, str, str]]:
    for file in composition.files:
        yield len(data_url(file.content.encode())), file.path, file.requirements[0]
    for unit in composition.units:
        texts = (unit.contents or "", *(item.contents for item in unit.drop_ins))
        yield sum(len(text.encode()) for text in texts), unit.name, unit.requirements[0]
    for argument in composition.arguments:
        text = argument.value.argument
        yield len(text), text, argument.requirements[0]
