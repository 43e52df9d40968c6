"""What the requirements of a document ask of a host, as formulas, choice by choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from reqc.compiler.comparison.cases import COUNTABLE, Side
from reqc.compiler.comparison.formula import (
    Every,
    Formula,
    Literal,
    Some,
    negated,
    of_predicate,
)
from reqc.compiler.comparison.matching import Asked
from reqc.compiler.conditions import Condition, Value
from reqc.compiler.kinds.base import Predicate, UnboundError
from reqc.compiler.lint.parts import FORBIDDING
from reqc.compiler.lowered import Level, Reading
from reqc.compiler.model import Document, Requirement

RANKS = {Level.MAY: 0, Level.SHOULD: 1, Level.SHOULD_NOT: 1, Level.MUST: 2, Level.MUST_NOT: 2}
"""How much a miss counts: `may` informs, `should` warns, `must` fails."""


class Reader(Struct, frozen=True):
    """Reads the requirements of one document as they are printed, or as they were meant."""

    document: Document
    side: Side
    reading: Reading

    def asked(self) -> list[Asked]:
        """Return all requirements that the reading has, in the order of the page."""
        return [
            Asked(item, *self._meaning(item), order)
            for order, item in enumerate(self.document.requirements)
            if self.predicate(item) is not None
        ]

    def predicate(self, item: Requirement) -> Predicate | None:
        """Return what is asked for, None where the page did not mean to ask for anything."""
        if item.erratum is None or self.reading == "published":
            return item.predicate
        return item.erratum.intended

    def condition(self, item: Requirement) -> Condition | None:
        """Return when it is asked for."""
        if item.erratum is None or self.reading == "published":
            return item.condition
        return item.erratum.condition

    def _meaning(self, item: Requirement) -> tuple[Predicate, Formula]:
        predicate = self.predicate(item)
        assert predicate is not None  # noqa: S101  # `asked` looked
        bound = self.bound(predicate, {})
        return bound or predicate, formula(bound, predicate)

    def bound(self, predicate: Predicate, case: Mapping[str, Value | None]) -> Predicate | None:
        """Return a predicate with values for its options, None where one has none.

        An option whose values can be counted has that of the case, any other what was chosen or its
        default: nobody can try all ports.
        """
        names = predicate.references()
        if not names:
            return predicate
        values = {name: self._value(name, case) for name in names}
        try:
            return predicate.bound(values)
        except UnboundError:
            return None

    def _value(self, name: str, case: Mapping[str, Value | None]) -> Value | None:
        if name in case and self.side.options[name].type.name in COUNTABLE:
            return case[name]
        return self.side.value(name)

    def demanded(self, item: Requirement, case: Mapping[str, Value | None]) -> Formula:
        """Return what a requirement comes to where it applies: a guard that fails lets off."""
        predicate = self.predicate(item)
        assert predicate is not None  # noqa: S101  # `asked` looked
        found = formula(self.bound(predicate, case), predicate)
        if item.level in FORBIDDING:
            found = negated(found)
        if item.guard is None:
            return found
        return Some((negated(formula(self.bound(item.guard, case), item.guard)), found))


def formula(bound: Predicate | None, unbound: Predicate) -> Formula:
    """Return what a predicate asks for; where nobody chose its options, it stands for itself."""
    return Literal(unbound) if bound is None else of_predicate(bound)


def together(formulas: Iterable[Formula]) -> Formula:
    """Return that all formulas are true."""
    found = tuple(dict.fromkeys(formulas))
    return found[0] if len(found) == 1 else Every(found)
