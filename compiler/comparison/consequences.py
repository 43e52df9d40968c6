"""What follows from changes: ports to open and to close, and what nodes are configured with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from reqc.compiler.comparison.cases import cases_of
from reqc.compiler.comparison.changes import Configuration, Difference, Opening, OptionChange
from reqc.compiler.comparison.meaning import Reader
from reqc.compiler.conditions import Condition, evaluate, spelled
from reqc.compiler.flows import Flow
from reqc.compiler.folding.files import Folded, fold
from reqc.compiler.lint.parts import FORBIDDING
from reqc.compiler.model import Document, Requirement
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
        self.by: dict[Flow, list[Requirement]] = {}
        for item in reader.document.requirements:
            flows = _flows(item, reader)
            self.of[item.id] = flows
            for flow in flows:
                self.by.setdefault(flow, []).append(item)


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
        for flow in mine.of[item.id]:
            known = theirs.by.get(flow, [])
            if any(_wider(one, theirs.reader, item, mine.reader) for one in known):
                continue
            known = sorted(known, key=lambda one: one not in others)
            still = known[0].id if known and not opening else None
            yield Opening(flow, mine.reader.condition(item), still)


def _wider(one: Requirement, reader: Reader, item: Requirement, its: Reader) -> bool:
    """Tell whether one requirement applies wherever another one, of the other document, does."""
    conditions: list[Condition | None] = [reader.condition(one), its.condition(item)]
    cases = cases_of(its.side, reader.side, conditions)
    if cases is None:
        return conditions[0] == conditions[1]
    return all(
        evaluate(conditions[0], case.new) or evaluate(conditions[1], case.old) is False
        for case in cases.every()
    )


def _flows(item: Requirement, reader: Reader) -> tuple[Flow, ...]:
    predicate = reader.predicate(item)
    if predicate is None or item.level in FORBIDDING:
        return ()
    bound = reader.bound(predicate, {})
    return bound.flows() if bound is not None else ()


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
