"""A comparison as its readers want it: what to do before the upgrade, what after, and the rest.

Text, Markdown and pages are written from this; only JSON has everything by its own names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from reqc.compiler.comparison.changes import (
    Category,
    Change,
    Comparison,
    Configuration,
    Difference,
    Opening,
    Phase,
    Split,
)
from reqc.compiler.comparison.supplement import Effect
from reqc.compiler.conditions import written
from reqc.compiler.evaluation.tables import counted, enumerated
from reqc.compiler.flows import Flow
from reqc.compiler.kinds.base import Direction
from reqc.compiler.model import Requirement
from reqc.compiler.prose import plain


class Heading(StrEnum):
    """What a reader does about the changes below it."""

    BEFORE = "Do before the upgrade"
    BEFORE_IF = "Do before the upgrade, where it applies"
    AFTER = "Do after the upgrade"
    ADVICE = "Advice that changed"
    NOTHING = "Nothing to do"
    RENAMED = "Said in another way"


MEANING = {
    Heading.BEFORE: "a host that satisfies the old page may fail the new one",
    Heading.BEFORE_IF: "the same, but only for the choices that are named",
    Heading.AFTER: "what nothing needs any more",
    Heading.ADVICE: "no host fails for it",
    Heading.NOTHING: "every host that satisfied the old page still does",
    Heading.RENAMED: "the same under another id",
}
"""What the changes below a heading have in common."""


class Entry(Struct, frozen=True):
    """One change: what happened to which requirement, what it says now, and what to know of it.

    `when` names the choices that it is about, empty for all. A detail is a short sentence without a
    stop.
    """

    difference: Difference
    statement: str
    when: str
    details: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id in the new document, or the last one it had."""
        return self.difference.id

    @property
    def mark(self) -> str:
        """What happened, in one word; of an erratum only that it is one."""
        if self.difference.erratum:
            return "erratum"
        word = {Change.ADDED: "new", Change.REMOVED: "gone", Change.EQUIVALENT: "same"}
        return word.get(self.difference.change, self.difference.change.value)


class Block(Struct, frozen=True):
    """The changes about which a reader does the same."""

    heading: Heading
    entries: tuple[Entry, ...]


def outline(comparison: Comparison) -> tuple[Block, ...]:
    """Return the changes by what a reader does; blocks without any are left out."""
    blocks: dict[Heading, list[Entry]] = {heading: [] for heading in Heading}
    for item in comparison.differences:
        blocks[heading_of(item)].append(_entry(item))
    return tuple(Block(heading, tuple(rows)) for heading, rows in blocks.items() if rows)


def heading_of(item: Difference) -> Heading:
    """Return what a reader does about a change."""
    match item.phase:
        case Phase.BEFORE:
            only = item.only
            return Heading.BEFORE_IF if only and not only.usual else Heading.BEFORE
        case Phase.AFTER:
            return Heading.AFTER
        case _ if item.category is Category.ADVICE:
            return Heading.ADVICE
        case _:
            renamed = item.change is Change.EQUIVALENT
            return Heading.RENAMED if renamed else Heading.NOTHING


def _entry(item: Difference) -> Entry:
    sides = item.new or item.old
    statement = "; ".join(dict.fromkeys(map(said, sides)))
    return Entry(item, statement, _when(item), tuple(_details(item)))


def said(item: Requirement) -> str:
    """Return a requirement with its level and what it asks for."""
    return f"{item.level}: {plain(item.predicate.words())}"


def _when(item: Difference) -> str:
    """Return for which choices something came or went."""
    if item.change not in {Change.ADDED, Change.REMOVED} or len(item.splits) != 1:
        return ""
    (split,) = item.splits
    return "" if split.told and split.condition is None else _choices(split)


def _choices(split: Split) -> str:
    if not split.told:
        return "for some choices"
    if split.condition is None:
        return "always"
    usual = " (as by default)" if split.usual else ""
    return f"when {written(split.condition)}{usual}"


def _details(item: Difference) -> Iterator[str]:
    yield from item.aspects
    if not _when(item) and any(split.condition is not None for split in item.splits):
        yield "; ".join(map(_directed, item.splits))
    yield from _openings(item)
    if item.implied_by:
        yield f"no host is judged otherwise for it: {item.implied_by} asks for it"
    if item.erratum:
        yield "only what the page prints changed, not the product"
    for page, sides in (("new", item.new), ("old", item.old)):
        for side in sides:
            if side.erratum is not None:
                yield f"erratum of the {page} page: {side.erratum.text}"
    if item.phase is Phase.BEFORE:
        yield from (f"fix: {side.fix}" for side in item.new if side.fix)


def _directed(split: Split) -> str:
    mixed = split.direction is Direction.DIFFERENT
    word = "stricter for some hosts, looser for others," if mixed else split.direction.value
    return f"{word} {_choices(split)}"


def _openings(item: Difference) -> Iterator[str]:
    if item.erratum:
        return
    for opening in item.opens:
        yield f"open {flow_words(opening.flow)}{_if(opening)}"
    for opening in item.closes:
        yield f"close {flow_words(opening.flow)}{_if(opening)}{_unless(opening)}"


def _if(opening: Opening) -> str:
    return f" when {written(opening.condition)}" if opening.condition is not None else ""


def _unless(opening: Opening) -> str:
    if opening.unless is None:
        return ""
    ask = "asks" if len(opening.still) == 1 else "ask"
    askers = enumerated(opening.still, None)
    return f", but not when {written(opening.unless)}: {askers} {ask} for it then"


def flow_words(flow: Flow) -> str:
    """Return a flow in words: `TCP 179 from host to host`."""
    name = flow.protocol_name
    what = name.upper() if not name.isdigit() else f"IP protocol {name}"
    if flow.ports:
        what += f" {', '.join(map(str, flow.ports))}"
    if flow.icmp_type is not None:
        what += f" type {flow.icmp_type}"
    return f"{what} from {flow.source} to {flow.destination}"


def configured(item: Configuration) -> str:
    """Return a change of configuration as a phrase: `file /etc/x changes`."""
    verb = {"added": "is new", "changed": "changes", "removed": "is no longer asked for"}
    return f"{item.what} {item.name} {verb[item.change]}"


def effected(effect: Effect, most: int | None) -> tuple[str, ...]:
    """Return what a change does to nodes as phrases; of many nodes only so many are named."""
    sides = (("fails now on", effect.failing), ("fails no more on", effect.mended))
    return tuple(
        f"{words} {counted(len(nodes), 'node')}: {enumerated(nodes, most)}"
        for words, nodes in sides
        if nodes
    )


def counts(blocks: Sequence[Block]) -> str:
    """Return how many changes there are of each word, as one phrase."""
    found: dict[str, int] = {}
    for block in blocks:
        for entry in block.entries:
            found[entry.mark] = found.get(entry.mark, 0) + 1
    return ", ".join(f"{number} {word}" for word, number in found.items())
