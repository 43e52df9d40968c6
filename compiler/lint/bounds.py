"""Bounds on values that have an order, and whether two of them leave room for a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from reqc.compiler.checks import Relation
from reqc.compiler.conditions import holds

OPPOSITE: Final = {
    Relation.LESS: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.LESS,
    Relation.GREATER: Relation.AT_MOST,
    Relation.AT_MOST: Relation.GREATER,
    Relation.EQUAL: Relation.NOT_EQUAL,
    Relation.NOT_EQUAL: Relation.EQUAL,
}
_FLOORS: Final = {Relation.AT_LEAST, Relation.GREATER}
_CEILINGS: Final = {Relation.AT_MOST, Relation.LESS}


class Bound(Struct, frozen=True):
    """A value compares as asked; `order` compares a found value with a wanted one."""

    relation: Relation
    value: Any
    order: Callable[[Any, Any], int]

    def excludes(self, other: Bound) -> bool:
        """Tell whether no value can satisfy both; where that is open they do not exclude.

        It is open between a version without a build, which stands for all its builds, and one.
        """
        order = self.order(self.value, other.value)
        if order != -self.order(other.value, self.value):
            return False
        if self.relation is Relation.EQUAL:
            return not holds(other.relation, order)
        if other.relation is Relation.EQUAL:
            return not holds(self.relation, -order)
        if self.relation in _FLOORS and other.relation in _CEILINGS:
            return not _room(self.relation, other.relation, order)
        if self.relation in _CEILINGS and other.relation in _FLOORS:
            return not _room(other.relation, self.relation, -order)
        return False


def _room(floor: Relation, ceiling: Relation, order: int) -> bool:
    """Tell whether there is room above a floor that is `order` from a ceiling."""
    closed = floor is Relation.AT_LEAST and ceiling is Relation.AT_MOST
    return order < 0 or (order == 0 and closed)
