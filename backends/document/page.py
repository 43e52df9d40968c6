"""The page: what its sections, rows and remarks say, in words and without markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from msgspec import Struct

from reqc.backends.document.choices import holds_by_default, is_shown, is_withdrawn
from reqc.backends.document.handling import handling
from reqc.backends.document.remark import Remark
from reqc.backends.document.wording import in_words
from reqc.compiler.conditions import Condition, written
from reqc.compiler.flows import ANYONE, EXTERNAL, ICMP, ICMPV6, PROTOCOL_NAMES, SCTP, TCP, UDP, Flow
from reqc.compiler.lowered import (
    Citation,
    Erratum,
    Level,
    LoweredDocument,
    LoweredRequirement,
    LoweredSection,
    Origin,
    Reading,
)
from reqc.compiler.prose import Code, Inline, Sentence, joined, plain, sentence

_BUILT_IN_ROLES: Final = (
    (ANYONE, "Every host, inside the deployment or outside it"),
    (EXTERNAL, "Every host that has no other role"),
)


class Connection(Struct, frozen=True):
    """One row of a table of ports."""

    source: Sentence
    destination: Sentence
    protocol: str
    ports: str


class Entry(Struct, frozen=True):
    """A requirement as the document shows it; `title` is empty where it repeats other words."""

    requirement: LoweredRequirement
    title: str
    hosts: Sentence
    applies: Sentence
    connections: tuple[Connection, ...]
    remarks: tuple[Remark, ...]
    see: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of the requirement, which is also its anchor."""
        return self.requirement.origin.id

    @property
    def level(self) -> str:
        """The level as RFC 2119 writes it, for instance MUST NOT."""
        return self.requirement.origin.level.upper()

    @property
    def stated(self) -> Sentence:
        """Where it is stated: the sources that are cited, and the line of the specification."""
        return _stated(self.requirement.origin)

    @property
    def remarks_id(self) -> str:
        """The anchor of the remarks; no requirement has a colon in its id."""
        return f"{self.id}:notes"

    @property
    def annotated(self) -> bool:
        """Tell whether there is more to say than the row does."""
        return bool(self.remarks or self.see)


class Passage(Struct, frozen=True):
    """Neighbouring requirements that share a table; `connects` tells a table of ports."""

    connects: bool
    entries: tuple[Entry, ...]


class RoleRow(Struct, frozen=True):
    """A group of hosts, declared or built in."""

    name: str
    help: str
    exists: Sentence
    addresses: tuple[str, ...] = ()


def passages(document: LoweredDocument, section: LoweredSection) -> tuple[Passage, ...]:
    """Return what the document shows of a section, in the section's order."""
    entries = (_entry(document, item) for item in section.requirements if is_shown(document, item))
    runs = groupby(entries, lambda entry: bool(entry.connections))
    return tuple(Passage(connects, tuple(run)) for connects, run in runs)


LEVELS: Final = {
    Level.MUST: "required, without exception",
    Level.MUST_NOT: "ruled out, without exception",
    Level.SHOULD: "to be followed, except for a good reason whose consequences are understood",
    Level.SHOULD_NOT: "to be avoided, except for a good reason whose consequences are understood",
    Level.MAY: "possible and not asked for",
}
"""What the levels of RFC 2119 mean."""


class LevelRow(Struct, frozen=True):
    """A level as RFC 2119 writes it, what it means, and how many shown requirements have it."""

    name: str
    meaning: str
    count: int


def levels(document: LoweredDocument) -> tuple[LevelRow, ...]:
    """Return the levels that the document shows."""
    found = Counter(item.origin.level for item in document.requirements if is_shown(document, item))
    return tuple(
        LevelRow(level.upper(), meaning, found[level])
        for level, meaning in LEVELS.items()
        if level in found
    )


def roles(document: LoweredDocument) -> tuple[RoleRow, ...]:
    """Return the declared roles, then the built-in ones that a flow names."""
    flows = [flow for item in document.requirements for flow in item.flows]
    ends = {end for flow in flows for end in (flow.source, flow.destination)}
    declared = [
        RoleRow(role.name, role.help, _in_which_cases(role.condition), role.addresses)
        for role in document.roles
    ]
    built_in = [
        RoleRow(name, words, _in_which_cases(None))
        for name, words in _BUILT_IN_ROLES
        if name in ends
    ]
    return (*declared, *built_in)


def _in_which_cases(condition: Condition | None) -> Sentence:
    if condition is None:
        return sentence("always")
    return sentence("when ", Code(written(condition)))


def _entry(document: LoweredDocument, item: LoweredRequirement) -> Entry:
    return Entry(
        requirement=item,
        title=_title(item.origin, item.statement),
        hosts=_names(item.roles),
        applies=applicability(document, item),
        connections=tuple(_connection(flow) for flow in item.flows),
        remarks=_filled((*_remarks(document.reading, item), *_handling(document, item))),
        see=tuple(url for url in item.see if url.strip()),
    )


def _title(origin: Origin, statement: Sentence) -> str:
    known = {origin.id, origin.id.rpartition(".")[2], plain(statement)}
    return "" if origin.title in known else origin.title


def _names(names: tuple[str, ...]) -> Sentence:
    return joined(tuple((Code(name),) for name in names))


def applicability(document: LoweredDocument, item: LoweredRequirement) -> Sentence:
    """Return in words when a requirement applies, and on which nodes."""
    if is_withdrawn(document, item):
        return sentence("never (erratum)")
    words: list[Inline] = []
    if item.condition is not None:
        words.extend(sentence("when ", Code(written(item.condition))))
        if holds_by_default(document, item.condition):
            words.extend(sentence(" (the default)"))
    if item.guard is not None:
        words.extend(sentence(", " if words else "", "on nodes where "))
        words.extend(in_words(item.guard))
    return tuple(words) or sentence("always")


def _stated(origin: Origin) -> Sentence:
    citations = joined(tuple(_citation(citation) for citation in origin.citations))
    place = Code(str(origin.place))
    return (*citations, *sentence(" (", place, ")")) if citations else (place,)


def _citation(citation: Citation) -> Sentence:
    lines = cited_lines(citation)
    return sentence(Code(citation.source), f" {lines}") if lines else (Code(citation.source),)


def cited_lines(citation: Citation) -> str:
    """Return the lines of a source in words, nothing where the whole of it is cited."""
    if citation.first is None:
        return ""
    if citation.last in (None, citation.first):
        return f"line {citation.first}"
    return f"lines {citation.first}-{citation.last}"


def _connection(flow: Flow) -> Connection:
    both = sentence(" (both ways)") if flow.source == flow.destination else ()
    return Connection(
        source=(Code(flow.source),),
        destination=(Code(flow.destination), *both),
        protocol=protocol(flow),
        ports=ports(flow),
    )


def protocol(flow: Flow) -> str:
    """Return a protocol by a name that is safe, or by its number: `IP protocol 4`."""
    if flow.protocol not in PROTOCOL_NAMES:
        return f"IP protocol {flow.protocol}"
    name = "ICMPv6" if flow.protocol == ICMPV6 else flow.protocol_name.upper()
    if flow.protocol in (ICMP, ICMPV6):
        return f"{name}, every type" if flow.icmp_type is None else f"{name} type {flow.icmp_type}"
    return name


def ports(flow: Flow) -> str:
    """Return the ports at the destination, in words where they are all or none."""
    listed = ", ".join(str(part) for part in flow.ports)
    return listed or ("all" if flow.protocol in (TCP, UDP, SCTP) else "no ports")


def remarks(reading: Reading, item: LoweredRequirement) -> tuple[Remark, ...]:
    """Return what is to be said about a requirement beside what it states."""
    return _filled((*_remarks(reading, item), Remark("Fix", item.fix or "")))


def _filled(found: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(remark for remark in found if remark.words.strip())


def _handling(document: LoweredDocument, item: LoweredRequirement) -> Iterator[Remark]:
    if not is_withdrawn(document, item):
        yield from handling(item)


def _remarks(reading: Reading, item: LoweredRequirement) -> Iterator[Remark]:
    ends = {end for flow in item.flows for end in (flow.source, flow.destination)}
    if item.flows and ANYONE not in ends and not ends.issuperset(item.roles):
        yield Remark("Binds", _names(item.roles))
    yield Remark("Because", item.because or "")
    yield from (Remark("Note", note) for note in item.notes)
    if item.erratum is not None:
        yield from _erratum(reading, item.erratum, item.statement)


def _erratum(reading: Reading, erratum: Erratum, statement: Sentence) -> Iterator[Remark]:
    yield Remark("Erratum", erratum.text)
    published = reading == "published"
    if published:
        yield Remark("Printed", statement)
    if erratum.intended is None:
        meant: str | Sentence = "nothing; the page should not have this row"
    else:
        meant = sentence(*erratum.intended, ", ", *_in_which_cases(erratum.condition))
    yield Remark("Meant", meant)
    used = "follows what the page prints" if published else "follows what was meant"
    yield Remark("This document", used)
