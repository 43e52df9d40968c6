"""Comparisons of what was found with what is wanted, as outcomes."""

from __future__ import annotations

import re
from typing import Final

from reqc.compiler.checks import Relation
from reqc.compiler.conditions import holds
from reqc.compiler.evaluation.outcome import Outcome, decided, unknown
from reqc.compiler.versions import compare_versions

_INTEGER: Final = re.compile(r"-?[0-9]+")


def concluded(relation: Relation, order: int, found: str, looked: str) -> Outcome:
    """Return what a three-way comparison says."""
    return decided(found, looked, holds=holds(relation, order))


def versions(found: str, relation: Relation, wanted: str, looked: str) -> Outcome:
    """Compare versions; words without a number are equal or they are not."""
    try:
        order = compare_versions(found, wanted)
    except ValueError:
        if has_number(wanted) or relation not in {Relation.EQUAL, Relation.NOT_EQUAL}:
            return unknown(f"'{found}' cannot be compared as a version", looked)
        order = int(found != wanted)
    return concluded(relation, order, found, looked)


def has_number(text: str) -> bool:
    """Tell whether a text begins as a version does."""
    return re.match(r"v?[0-9]", text) is not None


def counts(found: int, relation: Relation, wanted: int, looked: str, unit: str) -> Outcome:
    """Compare numbers of something."""
    return concluded(relation, (found > wanted) - (found < wanted), f"{found} {unit}", looked)


def settings(found: str, relation: Relation, wanted: str, looked: str) -> Outcome:
    """Compare settings: as integers where both are some, else as words."""
    order = order_integers(found, wanted)
    if order is None:
        if relation not in {Relation.EQUAL, Relation.NOT_EQUAL}:
            return unknown(f"'{found}' cannot be compared as a number", looked)
        order = int(found != wanted)
    return concluded(relation, order, found, looked)


def order_integers(one: str, other: str) -> int | None:
    """Return -1, 0 or 1, or None where a text is no integer; they may have any length."""
    if not (_INTEGER.fullmatch(one) and _INTEGER.fullmatch(other)):
        return None
    left, right = _magnitude(one), _magnitude(other)
    return (left > right) - (left < right)


def _magnitude(integer: str) -> tuple[int, str]:
    """Return what orders integers without the limit that `int` sets on their length."""
    digits = integer.lstrip("-").lstrip("0")
    if not integer.startswith("-"):
        return len(digits), digits
    complement = digits.translate(str.maketrans("0123456789", "9876543210"))
    return -len(digits), complement
