"""The conditions of a document with their places."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from reqc.compiler.conditions import Condition
from reqc.compiler.model import Document
from reqc.compiler.source import Span


class Conditional(Struct, frozen=True):
    """Something with a condition: a requirement with its id, or a role."""

    what: str
    condition: Condition
    span: Span
    requirements: tuple[str, ...] = ()


def conditionals(document: Document) -> Iterator[Conditional]:
    """Yield everything that has a condition: the roles, then the requirements."""
    for role in document.roles.values():
        if role.condition is not None:
            yield Conditional(f"the role `{role.name}`", role.condition, role.span)
    for item in document.requirements:
        if item.condition is not None and item.places.condition is not None:
            yield Conditional(f"`{item.id}`", item.condition, item.places.condition, (item.id,))
