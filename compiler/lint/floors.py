"""The lowest kernels that a document admits."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from reqc.compiler.checks import Relation
from reqc.compiler.kinds.platform import Kernel
from reqc.compiler.lint.parts import leaves, wishes
from reqc.compiler.lowered import Level
from reqc.compiler.model import Document, Requirement

_FLOORS = {Relation.AT_LEAST, Relation.GREATER, Relation.EQUAL}


class Floor(Struct, frozen=True):
    """The lowest kernel that a requirement names; not `firm` where it is one of several ways."""

    version: str
    requirement: Requirement
    firm: bool


def floors(document: Document) -> Iterator[Floor]:
    """Yield the floors of all requirements; a version that a deployment chooses is none."""
    for item in document.requirements:
        if item.level not in {Level.MUST, Level.SHOULD}:
            continue
        firm = {wish.part for wish in wishes(item) if wish.wanted}
        for leaf in dict.fromkeys(leaves(item.predicate)):
            if not isinstance(leaf, Kernel) or leaf.relation not in _FLOORS:
                continue
            if isinstance(leaf.version, str):
                yield Floor(leaf.version, item, leaf in firm)
