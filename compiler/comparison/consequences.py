"""What follows from changes: ports to open and to close, and what nodes are configured with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from reqc.compiler.comparison.cases import cases_of
from reqc.compiler.comparison.changes import Configuration, Difference, Opening, OptionChange
from reqc.compiler.comparison.meaning import Reader
from reqc.compiler.conditions import Condition, Either, evaluate, spelled
from reqc.compiler.flows import Flow, Ports
from reqc.compiler.folding.files import Folded, fold
from reqc.compiler.lint.parts import FORBIDDING
from reqc.compiler.model import Document, Requirement
from reqc.compiler.port_ranges import pieces, united, without
from reqc.compiler.values import OptionType


class Openings:
    """The flows of two documents, and which of them changes open or close."""

    def __init__(self, old: Reader, new: Reader) -> None:
        self._old, self._new = _Asked(old), _Asked(new)

    def of(self, item: Difference) -> Difference:
        """Return a change with the flows to open before it and to close after it."""
        return replace(
            item,
            opens=tuple(_changed(item.new, self._new, item.old, self._old, opening=True)),
            closes=tuple(_changed(item.old, self._old, item.new, self._new, opening=False)),
        )


class _Asked:
    """Who asks for which flow in one document."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.of: dict[str, tuple[Flow, ...]] = {}
        self._by: dict[_Way, list[_Wish]] = {}
        for item in reader.document.requirements:
            self.of[item.id] = _flows(item, reader)
            for flow in self.of[item.id]:
                self._by.setdefault(_way(flow), []).append((flow, item))

    def meeting(self, flow: Flow) -> list[_Wish]:
        """Return what lets something of a flow through."""
        return [wish for wish in self._by.get(_way(flow), ()) if _without(flow, wish[0]) != flow]


_Way: TypeAlias = tuple[int, str, str]
_Wish: TypeAlias = tuple[Flow, Requirement]


def _way(flow: Flow) -> _Way:
    return flow.protocol, flow.source, flow.destination


def _without(flow: Flow, *others: Flow) -> Flow | None:
    """Return what of a flow is in none of the others, which go the same way, if anything."""
    alike = [other for other in others if other.icmp_type in {None, flow.icmp_type}]
    if not flow.ports:
        return None if alike else flow
    ports = without(flow.ports, (part for other in alike for part in other.ports))
    return replace(flow, ports=ports) if ports else None


def _changed(
    items: Sequence[Requirement],
    mine: _Asked,
    others: Sequence[Requirement],
    theirs: _Asked,
    *,
    opening: bool,
) -> Iterator[Opening]:
    """Yield the flows of one side that the other has not, or not for all the same choices."""
    for item in items:
        condition = mine.reader.condition(item)
        for flow in mine.of[item.id]:
            known = sorted(theirs.meeting(flow), key=lambda wish: wish[1] not in others)
            always = (way for way, one in known if _wider(one, theirs.reader, item, mine.reader))
            rest = _without(flow, *always)
            if rest is not None and opening:
                yield Opening(rest, condition)
            elif rest is not None:
                sometimes = [wish for wish in known if _without(rest, wish[0]) != rest]
                yield from _closed(rest, condition, sometimes, theirs.reader)


def _closed(
    flow: Flow, condition: Condition | None, wishes: Sequence[_Wish], reader: Reader
) -> Iterator[Opening]:
    """Yield what is closed for all choices, and what some choices still need open."""
    free = _without(flow, *(way for way, _ in wishes))
    if free is not None:
        yield Opening(free, condition)
    for part, askers in _parts(flow, wishes):
        still = tuple(dict.fromkeys(one.id for one in askers))
        yield Opening(part, condition, _any(map(reader.condition, askers)), still)


def _parts(flow: Flow, wishes: Sequence[_Wish]) -> Iterator[tuple[Flow, Sequence[Requirement]]]:
    """Yield what others ask for of a flow, each port once with all who do."""
    if not flow.ports and wishes:
        yield flow, [one for _, one in wishes]
    asked = [
        (Ports(max(mine.first, other.first), min(mine.last, other.last)), one)
        for mine in flow.ports
        for way, one in wishes
        for other in way.ports
    ]
    for ports, askers in pieces((part, one) for part, one in asked if part.first <= part.last):
        yield replace(flow, ports=(ports,)), askers


def _any(conditions: Iterable[Condition | None]) -> Condition | None:
    """Return a condition that holds where one of several does."""
    different = tuple(dict.fromkeys(item for item in conditions if item is not None))
    return different[0] if len(different) == 1 else Either(different)


def _wider(one: Requirement, reader: Reader, item: Requirement, its: Reader) -> bool:
    """Tell whether one requirement applies wherever another one, of the other document, does."""
    conditions: list[Condition | None] = [reader.condition(one), its.condition(item)]
    cases = cases_of(its.side, reader.side, conditions)
    if cases is None:
        return conditions[0] in {None, conditions[1]}
    return all(
        evaluate(conditions[0], case.new) or evaluate(conditions[1], case.old) is False
        for case in cases.every()
    )


def _flows(item: Requirement, reader: Reader) -> tuple[Flow, ...]:
    predicate = reader.predicate(item)
    if predicate is None or item.level in FORBIDDING:
        return ()
    bound = reader.bound(predicate, {})
    flows = bound.flows() if bound is not None else ()
    return tuple(replace(flow, ports=united(flow.ports)) for flow in flows)


# --- what a node is configured with -------------------------------------------------------------


def configuration(
    old: Reader, new: Reader, before: Sequence[str], after: Sequence[str]
) -> tuple[Configuration, ...]:
    """Return what changes on a node, for the choices that are known and else the defaults.

    Without roles it is a host of the first role of each document, as for an artefact.
    """
    one, other = _subjects(_folded(old, before or after)), _subjects(_folded(new, after or before))
    found = []
    for key in dict.fromkeys((*other, *one)):
        was, is_ = one.get(key), other.get(key)
        if was is not None and is_ is not None and was[0] == is_[0]:
            continue
        change = "changed" if was and is_ else "added" if is_ else "removed"
        askers = dict.fromkeys((*(is_[1] if is_ else ()), *(was[1] if was else ())))
        found.append(Configuration(*key, change, tuple(askers)))
    return tuple(found)


def _folded(reader: Reader, roles: Sequence[str]) -> Folded:
    document = reader.document
    host = set(roles) or set(list(document.roles)[:1])
    values = {name: reader.side.value(name) for name in document.options}
    product = document.identity.product
    states = [
        (item.id, state)
        for item in document.requirements
        if not host.isdisjoint(item.roles)
        and item.level not in FORBIDDING
        and (predicate := reader.predicate(item)) is not None
        and evaluate(reader.condition(item), values)
        and (bound := reader.bound(predicate, {})) is not None
        for state in bound.states(product)
    ]
    # One title for both, because a comment is no change.
    return fold(states, product, product)


def _subjects(folded: Folded) -> Mapping[tuple[str, str], tuple[object, tuple[str, ...]]]:
    """Return everything by its sort and name, with its content and who asks for it."""
    files = [
        (("file", item.path), (item.content, item.mode, item.user, item.group), item.requirements)
        for item in folded.files
    ]
    wanted = [
        *((("file", item.value.path), item.value, item.requirements) for item in folded.attributes),
        *(
            (("absence of file", item.value.path), None, item.requirements)
            for item in folded.absent
        ),
        *(
            (("unit", item.value.unit), item.value.state, item.requirements)
            for item in folded.units
        ),
        *((("mount", item.value.path), item.value, item.requirements) for item in folded.mounts),
        *(
            (("kernel argument", item.value.argument), None, item.requirements)
            for item in folded.arguments
        ),
        *((("package", item.value.name), None, item.requirements) for item in folded.packages),
        *((("sysctl", item.value.key), item.value, item.requirements) for item in folded.settings),
    ]
    return {key: (content, askers) for key, content, askers in (*files, *wanted)}


# --- choices ------------------------------------------------------------------------------------


def options_changed(old: Document, new: Document) -> tuple[OptionChange, ...]:
    """Return the choices that came, went, or have another type or default."""
    found = []
    for name in dict.fromkeys((*new.options, *old.options)):
        before, after = old.options.get(name), new.options.get(name)
        if before is None or after is None:
            change = "added" if after else "removed"
            found.append(OptionChange(name, change, (after or before).help))  # type: ignore[union-attr]
            continue
        told = list(_options(before.type, after.type, before.default, after.default))
        if told:
            found.append(OptionChange(name, "changed", "; ".join(told)))
    return tuple(found)


def _options(before: OptionType, after: OptionType, old: object, new: object) -> Iterable[str]:
    if before != after:
        yield f"{before} -> {after}"
    if old != new:
        yield f"default {_value(old)} -> {_value(new)}"


def _value(value: object) -> str:
    return "none" if value is None else spelled(value)  # type: ignore[arg-type]  # of an option
