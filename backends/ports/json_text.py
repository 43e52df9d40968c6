"""The table as JSON, and the schema of that form."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

from reqc.backends.base import Unsupported
from reqc.backends.citations import source_of
from reqc.backends.firewall.services import PORT_PROTOCOLS
from reqc.backends.heading import provenance
from reqc.backends.ports.table import Endpoint, Reason, Row
from reqc.compiler import json_form
from reqc.compiler.conditions import Value, written
from reqc.compiler.flows import PROTOCOL_NAMES, Ports
from reqc.compiler.lowered import Citation, Identity, Level, LoweredDocument, Reading
from reqc.compiler.prose import plain
from reqc.compiler.source import Place

FORM: Final = "reqc/ports/1"
"""The name of what is written; a change that breaks a reader gets a new number."""

Scope: TypeAlias = Literal["applicable", "all"]


class Protocol(Struct, frozen=True):
    """A protocol of IP; `name` is null where no name is safe, as that of number 4."""

    number: int
    name: str | None


class Statement(Struct, frozen=True):
    """Where a source says so; `first` and `last` are null where no lines are cited."""

    source: str
    title: str
    url: str
    first: int | None
    last: int | None


class Note(Struct, frozen=True):
    """What else is to be said, such as `Erratum`."""

    label: str
    text: str


class Requirement(Struct, frozen=True):
    """Why a row is there.

    `condition` is that of the specification in its language, null where there is none; `when`
    says it in words, with the facts of a node that count.
    """

    id: str
    level: Level
    purpose: str
    statement: str
    condition: str | None
    when: str
    specification: Place
    stated_in: tuple[Statement, ...]
    notes: tuple[Note, ...]


class Traffic(Struct, frozen=True):
    """A row. `ports` are those at the destination, empty for a protocol without ports.

    `applies` is null where an option that decides it has no value. The addresses of an endpoint
    are null where the inventory knows none, and empty where the protocol can use none of them.
    """

    source: Endpoint
    destination: Endpoint
    protocol: Protocol
    ports: tuple[Ports, ...]
    icmp_type: int | None
    direction: Literal["source-to-destination", "both-ways"]
    applies: bool | None
    requirements: tuple[Requirement, ...]


class LeftOut(Struct, frozen=True):
    """A requirement that has no row, or not all of its rows, and why."""

    requirement: str
    reason: str
    detail: str


class Whole(Struct, frozen=True):
    """The table of a specification for one deployment, with the lines that tell of its making."""

    schema: Literal["reqc/ports/1"]
    specification: Identity
    digest: str
    provenance: tuple[str, ...]
    errata: Reading
    options: dict[str, Value | None]
    hosts: tuple[str, ...]
    rows: Scope
    traffic: tuple[Traffic, ...]
    left_out: tuple[LeftOut, ...]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of this form."""
    return json_form.schema(Whole)


def json_text(
    document: LoweredDocument,
    scope: Scope,
    rows: tuple[Row, ...],
    unsupported: tuple[Unsupported, ...],
) -> str:
    """Return the table as one JSON document."""
    return json_form.written(
        Whole(
            schema=FORM,
            specification=document.identity,
            digest=document.digest,
            provenance=tuple(provenance(document)),
            errata=document.reading,
            options={option.name: option.value for option in document.options},
            hosts=document.host_roles,
            rows=scope,
            traffic=tuple(_traffic(document, row) for row in rows),
            left_out=tuple(
                LeftOut(item.requirement, item.reason, item.detail) for item in unsupported
            ),
        )
    )


def _traffic(document: LoweredDocument, row: Row) -> Traffic:
    number = row.flow.protocol
    return Traffic(
        source=row.source,
        destination=row.destination,
        protocol=Protocol(number, PORT_PROTOCOLS.get(number) or PROTOCOL_NAMES.get(number)),
        ports=row.flow.ports,
        icmp_type=row.flow.icmp_type,
        direction="both-ways" if row.both_ways else "source-to-destination",
        applies=row.applies,
        requirements=tuple(_requirement(document, reason) for reason in row.reasons),
    )


def _requirement(document: LoweredDocument, reason: Reason) -> Requirement:
    item = reason.requirement
    return Requirement(
        id=item.origin.id,
        level=item.origin.level,
        purpose=item.origin.title,
        statement=plain(item.statement),
        condition=None if item.condition is None else written(item.condition),
        when=plain(reason.condition),
        specification=item.origin.place,
        stated_in=tuple(_statement(document, one) for one in item.origin.citations),
        notes=tuple(Note(remark.label, remark.words) for remark in reason.remarks),
    )


def _statement(document: LoweredDocument, citation: Citation) -> Statement:
    source = source_of(document, citation.source)
    title, url = (source.title, source.url) if source else ("", "")
    return Statement(citation.source, title, url, citation.first, citation.last)
