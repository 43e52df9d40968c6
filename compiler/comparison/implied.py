"""Finds changes without an effect of their own: another requirement asks for the same and more."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from reqc.compiler.comparison.cases import cases_of
from reqc.compiler.comparison.changes import Category, Difference
from reqc.compiler.comparison.formula import Formula
from reqc.compiler.comparison.matching import reachable
from reqc.compiler.comparison.meaning import RANKS, Reader
from reqc.compiler.comparison.prover import entails
from reqc.compiler.conditions import evaluate
from reqc.compiler.model import Requirement


def implied_by(differences: Sequence[Difference], old: Reader, new: Reader) -> Iterator[Difference]:
    """Yield the changes; what came, or went, beside something that asks for it names that."""
    after, before = _Implications(new), _Implications(old)
    for item in differences:
        if item.category in {Category.HOST, Category.ADVICE} and len(item.new + item.old) == 1:
            side = after if item.new else before
            found = side.of((item.new + item.old)[0])
            yield replace(item, implied_by=found)
        else:
            yield item


class _Implications:
    """Which requirement of a document follows from which other one of it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._asked = {item.requirement.id: item for item in reader.asked()}
        self._near: Mapping[Hashable, list[str]] | None = None

    def of(self, item: Requirement) -> str | None:
        """Return the first requirement from which one follows; of two that are one, the earlier."""
        asked = self._asked[item.id]
        for name in self._candidates(asked.formula):
            other = self._asked[name]
            if name == item.id or not self._covers(other.requirement, item):
                continue
            if other.order < asked.order or not self._covers(item, other.requirement):
                return name
        return None

    def _candidates(self, formula: Formula) -> Iterator[str]:
        if self._near is None:
            near: dict[Hashable, list[str]] = {}
            for name, item in self._asked.items():
                for key in dict.fromkeys(reachable(item.formula)):
                    near.setdefault(key, []).append(name)
            self._near = near
        own = dict.fromkeys(reachable(formula))
        names = {name for key in own for name in self._near.get(key, ())}
        yield from sorted(names, key=lambda name: self._asked[name].order)

    def _covers(self, one: Requirement, other: Requirement) -> bool:
        """Tell whether no host misses the second requirement without missing the first."""
        if RANKS[one.level] < RANKS[other.level] or not set(other.roles) <= set(one.roles):
            return False
        read = self._reader
        conditions = [read.condition(one), read.condition(other)]
        cases = cases_of(read.side, read.side, conditions)
        if cases is None:
            return False
        for case in cases.every():
            if evaluate(conditions[1], case.new) is False:
                continue
            if not evaluate(conditions[0], case.new):
                return False
            if not entails(read.demanded(one, case.new), read.demanded(other, case.new)):
                return False
        return True
