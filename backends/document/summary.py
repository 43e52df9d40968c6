"""The summary of a document for programs: what it holds, as plain values for JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from reqc.backends.document.choices import is_withdrawn
from reqc.backends.heading import provenance
from reqc.compiler.conditions import written
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument, LoweredOption, LoweredRequirement
from reqc.compiler.prose import plain

FORM: Final = "reqc/summary/1"
"""The name of the form; a change that breaks a reader gets a new number."""

Row: TypeAlias = dict[str, Any]


def heading(document: LoweredDocument) -> Row:
    """Return which page this is, and what it was compiled from."""
    identity = document.identity
    return {
        "title": identity.title or str(identity),
        "product": identity.product,
        "version": identity.version,
        "platform": identity.platform,
        "revision": identity.revision,
        "errata": str(document.reading),
        "sha256": document.digest,
    }


def summary(document: LoweredDocument, requirements: Iterable[LoweredRequirement]) -> Row:
    """Return the document's heading and options, and rows for the requirements as they come."""
    return {
        "schema": FORM,
        **heading(document),
        "provenance": list(provenance(document)),
        "options": [_option(option) for option in document.options],
        "requirements": (_requirement(document, item) for item in requirements),
    }


def as_json(row: Row) -> Iterator[str]:
    """Yield the summary as JSON in ASCII, with a line for each option and each requirement."""
    for number, (key, value) in enumerate(row.items()):
        yield f"{',' if number else '{'}\n{json.dumps(key)}: "
        yield from _rows(value) if isinstance(value, list | Iterator) else [json.dumps(value)]
    yield "\n}"


def _rows(rows: Iterable[object]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n  {json.dumps(row)}"
        before = ","
    yield "[]" if before == "[" else "\n]"


def _option(option: LoweredOption) -> Row:
    return {
        "name": option.name,
        "kind": option.kind,
        "values": list(option.values),
        "default": option.default,
        "value": option.value,
        "chosen": option.chosen,
    }


def _requirement(document: LoweredDocument, item: LoweredRequirement) -> Row:
    return {
        "id": item.origin.id,
        "level": item.origin.level.upper(),
        "says": plain(item.statement),
        "hosts": list(item.roles),
        "applies": item.applies,
        "condition": written(item.condition) if item.condition else None,
        "withdrawn": is_withdrawn(document, item),
        "traffic": [_traffic(flow) for flow in item.flows],
        "stated": [str(citation) for citation in item.origin.citations],
        "place": str(item.origin.place),
    }


def _traffic(flow: Flow) -> Row:
    return {
        "from": flow.source,
        "to": flow.destination,
        "protocol": flow.protocol,
        "ports": [str(part) for part in flow.ports],
        "icmp-type": flow.icmp_type,
    }
