"""Compares two documents: which way each requirement went, for which choices of deployments.

A direction is proved, not guessed. Stricter means that every host which satisfies the new
requirement satisfies the old one; looser is the reverse, equivalent both, and what neither could be
proved of is different. A host satisfies a requirement also where its condition or its guard lets it
off. Nothing is said of hosts about which something is unknown: no verdict is passed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import product
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reqc.compiler.comparison import aspects
from reqc.compiler.comparison.cases import Case, Cases, Side, cases_of, described
from reqc.compiler.comparison.changes import Category, Change, Comparison, Difference, Split
from reqc.compiler.comparison.consequences import Openings, configuration, options_changed
from reqc.compiler.comparison.formula import Formula
from reqc.compiler.comparison.implied import implied_by
from reqc.compiler.comparison.matching import Asked, Group, matched
from reqc.compiler.comparison.meaning import RANKS, Reader, together
from reqc.compiler.comparison.prover import entails
from reqc.compiler.conditions import Value, evaluate, options_of
from reqc.compiler.kinds.base import Direction
from reqc.compiler.kinds.host import Manual
from reqc.compiler.kinds.network import Allow, Datastore
from reqc.compiler.kinds.platform import Software
from reqc.compiler.lint.parts import leaves
from reqc.compiler.lowered import Level, Reading
from reqc.compiler.model import Document, Requirement


class Choice(Struct, frozen=True):
    """What is known of a deployment: values of options, and the roles of the hosts in question."""

    choices: Mapping[str, Value] = field(default_factory=dict)
    roles: Sequence[str] = ()


ANY_CHOICE = Choice()


def compare(
    old: Document,
    new: Document,
    before: Choice = ANY_CHOICE,
    after: Choice = ANY_CHOICE,
    reading: Reading = "published",
) -> Comparison:
    """Return all that changed, in the order of the new document, then what is gone.

    What is chosen holds for all; any other option may have every value. Where roles are given, only
    what binds hosts of one of them is compared.
    """
    sides = Side(old.options, before.choices), Side(new.options, after.choices)
    readers = Reader(old, sides[0], reading), Reader(new, sides[1], reading)
    hosts = _hosts(old, new, before.roles, after.roles)
    comparing = _Comparing(*readers, hosts)
    corrected = _Comparing(
        Reader(old, sides[0], "corrected"), Reader(new, sides[1], "corrected"), hosts
    )
    openings = Openings(*readers)
    found = [
        openings.of(replace(item, erratum=corrected.silent_about(item)))
        for item in comparing.differences()
    ]
    return Comparison(
        old,
        new,
        tuple(implied_by(found, *readers)),
        configuration(*readers, before.roles, after.roles),
        options_changed(old, new),
    )


_Host: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""The roles of a host under the old document and under the new one."""


def _hosts(
    old: Document, new: Document, before: Sequence[str], after: Sequence[str]
) -> tuple[_Host, ...]:
    """Return hosts that stand for all: what holds for each role holds for hosts of several."""
    if before or after:
        return ((frozenset(before or after), frozenset(after or before)),)
    roles = {role for item in (*old.requirements, *new.requirements) for role in item.roles}
    return tuple((frozenset({role}), frozenset({role})) for role in sorted(roles))


class _Comparing(Struct, frozen=True):
    old: Reader
    new: Reader
    hosts: tuple[_Host, ...]
    _known: dict[tuple[object, ...], Direction] = field(default_factory=dict)

    def differences(self) -> Iterator[Difference]:
        """Yield a difference for each group of requirements that did not stay as it was."""
        for group in matched(self._here(self.old, 0), self._here(self.new, 1)):
            found = self._difference(group)
            if found is not None:
                yield found

    def _here(self, reader: Reader, side: int) -> list[Asked]:
        """Return the requirements that bind one of the hosts and may apply."""
        return [
            item
            for item in reader.asked()
            if any(not host[side].isdisjoint(item.requirement.roles) for host in self.hosts)
        ]

    def _difference(self, group: Group) -> Difference | None:
        olds, news = (tuple(item.requirement for item in side) for side in group)
        cases = self._cases(olds, news)
        found = self.directions(olds, news, cases)
        usual = self._usual(olds, news, cases)
        splits = tuple(_splits(found, cases, usual, news or olds, one_sided=not (olds and news)))
        overall = reduce(joined, (item.direction for item in splits), Direction.EQUIVALENT)
        renamed = [old.id for old in olds if news and old.id not in {new.id for new in news}]
        if overall is Direction.EQUIVALENT and (not olds or not news or not renamed):
            return None
        change = Change(overall.value)
        if not olds or not news:
            change = Change.ADDED if news else Change.REMOVED
        return Difference(
            change=change,
            old=olds,
            new=news,
            category=_category(olds, news, self.old, self.new),
            usual=usual,
            splits=splits,
            aspects=tuple(
                aspects.renaming(renamed)
                if overall is Direction.EQUIVALENT
                else aspects.of(group, self.old, self.new, renamed)
            ),
        )

    def silent_about(self, item: Difference) -> bool:
        """Tell whether nothing changed in this reading of the requirements of a change."""
        sides = (*item.old, *item.new)
        if item.change is Change.EQUIVALENT or all(side.erratum is None for side in sides):
            return False
        olds = tuple(one for one in item.old if self.old.predicate(one) is not None)
        news = tuple(one for one in item.new if self.new.predicate(one) is not None)
        cases = self._cases(olds, news)
        return all(
            direction is Direction.EQUIVALENT for _, direction in self.directions(olds, news, cases)
        )

    def _cases(self, olds: Sequence[Requirement], news: Sequence[Requirement]) -> Cases | None:
        conditions = [self.old.condition(item) for item in olds]
        conditions += [self.new.condition(item) for item in news]
        return cases_of(self.old.side, self.new.side, conditions)

    def directions(
        self, olds: Sequence[Requirement], news: Sequence[Requirement], cases: Cases | None
    ) -> list[tuple[Case, Direction]]:
        """Return the direction for each case; where they are too many, one for all of them."""
        if cases is None:
            return [(NO_CASE, self._untried(olds, news))]
        return [(case, self.direction(olds, news, case)) for case in cases.every()]

    def _usual(
        self, olds: Sequence[Requirement], news: Sequence[Requirement], cases: Cases | None
    ) -> Direction:
        """Return the direction for a deployment that chooses nothing more."""
        if cases is None:
            return self._untried(olds, news)
        return self.direction(olds, news, cases.usual)

    def _untried(self, olds: Sequence[Requirement], news: Sequence[Requirement]) -> Direction:
        """Return the direction where one condition decides all, and nothing more can be told."""
        conditions = {self.old.condition(item) for item in olds}
        conditions |= {self.new.condition(item) for item in news}
        sides = self.old.side, self.new.side
        if len(conditions) > 1:
            return Direction.DIFFERENT
        # What comes or goes as a whole has one document that decides.
        for name in options_of(*conditions) if olds and news else ():
            one, other = (side.options.get(name) for side in sides)
            if one is None or other is None or one.type != other.type:
                return Direction.DIFFERENT
            if sides[0].value(name) != sides[1].value(name):
                return Direction.DIFFERENT
        before, after = (
            [_Demand(RANKS[item.level], item.roles, reader.demanded(item, {})) for item in items]
            for items, reader in ((olds, self.old), (news, self.new))
        )
        return self._proved(before, after)

    def direction(
        self, olds: Sequence[Requirement], news: Sequence[Requirement], case: Case
    ) -> Direction:
        """Return the direction for one case, at every level and for hosts of every role."""
        before = _applying(olds, self.old, case.old)
        after = _applying(news, self.new, case.new)
        if before is None or after is None:
            return Direction.DIFFERENT
        key = (tuple(before), tuple(after))
        if key not in self._known:
            self._known[key] = self._proved(before, after)
        return self._known[key]

    def _proved(self, before: list[_Demand], after: list[_Demand]) -> Direction:
        stricter = looser = True
        ranks = sorted({item.rank for item in (*before, *after)})
        for rank, (was, is_) in product(ranks, self.hosts):
            one, other = _all(before, rank, was), _all(after, rank, is_)
            stricter = stricter and entails(other, one)
            looser = looser and entails(one, other)
        if stricter and looser:
            return Direction.EQUIVALENT
        if stricter:
            return Direction.STRICTER
        return Direction.LOOSER if looser else Direction.DIFFERENT


NO_CASE = Case({}, {}, ())


class _Demand(Struct, frozen=True):
    """What a requirement that applies asks, of which hosts, and how much a miss counts."""

    rank: int
    roles: tuple[str, ...]
    formula: Formula


def _applying(
    items: Sequence[Requirement], reader: Reader, case: Mapping[str, Value | None]
) -> list[_Demand] | None:
    """Return the demands of those that apply, None where the case does not tell which do."""
    found = []
    for item in items:
        applies = evaluate(reader.condition(item), case)
        if applies is None:
            return None
        if applies:
            found.append(_Demand(RANKS[item.level], item.roles, reader.demanded(item, case)))
    return found


def _all(demands: Iterable[_Demand], rank: int, host: frozenset[str]) -> Formula:
    """Return all that a host must satisfy not to miss anything of a rank or a higher one."""
    return together(
        item.formula for item in demands if item.rank >= rank and not host.isdisjoint(item.roles)
    )


def joined(one: Direction, other: Direction) -> Direction:
    """Return the direction of two changes of one requirement."""
    if Direction.EQUIVALENT in {one, other} or one is other:
        return other if one is Direction.EQUIVALENT else one
    return Direction.DIFFERENT


_ORDER = (Direction.STRICTER, Direction.DIFFERENT, Direction.LOOSER)


def _splits(
    found: Sequence[tuple[Case, Direction]],
    cases: Cases | None,
    usual: Direction,
    sides: Sequence[Requirement],
    *,
    one_sided: bool,
) -> Iterator[Split]:
    """Yield each direction that is one, with the choices for which it is.

    Where these are no simple ones, they are told by the condition of the one requirement of a side.
    """
    for direction in _ORDER:
        own = [case for case, known in found if known is direction]
        if not own:
            continue
        if cases is None:
            yield Split(direction, None, usual=True, told=False)
            continue
        if len(own) == len(found):
            yield Split(direction, None, usual=usual is direction)
            continue
        try:
            yield Split(direction, described(cases, own), usual=usual is direction)
        except ValueError:
            only = sides[0].condition if one_sided and len(sides) == 1 else None
            yield Split(direction, only, usual=usual is direction, told=only is not None)


def _category(
    olds: Sequence[Requirement], news: Sequence[Requirement], old: Reader, new: Reader
) -> Category:
    if max(RANKS[item.level] for item in (*olds, *news)) < RANKS[Level.MUST]:
        return Category.ADVICE
    predicates = [(old.predicate(item) or item.predicate) for item in olds]
    predicates += [(new.predicate(item) or item.predicate) for item in news]
    kinds = [kind for predicate in predicates for kind in leaves(predicate)]
    if any(isinstance(kind, Allow) for kind in kinds):
        return Category.NETWORK
    if all(isinstance(kind, Software | Datastore | Manual) for kind in kinds):
        return Category.PLATFORM
    return Category.HOST
