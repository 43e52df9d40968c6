"""What judging nodes gave, for programs: the whole of it as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from reqc.compiler.conditions import Value, written
from reqc.compiler.evaluation.collected import shown
from reqc.compiler.evaluation.fleet import JudgedNode
from reqc.compiler.evaluation.results import State
from reqc.compiler.evaluation.summary import (
    Agreement,
    Evaluation,
    agreements,
    counts,
    findings,
    verdict,
)
from reqc.compiler.lowered import Identity, Level, LoweredRequirement, Reading
from reqc.compiler.prose import plain

SCHEMA: Final = "reqc.evaluation/1"
"""The name of the document's form; the number changes with a field's meaning or removal."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Specification(_Record):
    """What nodes were judged by."""

    product: str
    version: str
    platform: str
    title: str
    revision: str


class Requirement(_Record):
    """A requirement as the specification has it, under the keys of the check script's report."""

    id: str
    level: Level
    title: str
    expected: str
    condition: str
    roles: list[str]
    because: str
    notes: list[str]
    fix: str
    see: list[str]
    erratum: str
    place: str
    citations: list[str]


class JudgedRequirement(Requirement):
    """A requirement on one node: what was found, and where it was looked at."""

    state: State
    found: str
    looked: str


class NodeRecord(_Record):
    """A node; `exit` is the exit status that its check script would have."""

    node: str
    file: str
    kernel_release: str
    container: bool
    root: bool
    verdict: State
    exit: int
    summary: dict[State, int]
    results: list[JudgedRequirement]


class Outliers(_Record):
    """Nodes on which the same was found, in a state that is not that of most nodes."""

    state: State
    found: str
    nodes: list[str]


class RequirementRecord(_Record):
    """How nodes agree about one requirement."""

    id: str
    level: Level
    title: str
    summary: dict[State, int]
    most_common: State
    outliers: list[Outliers]


class WaiverRecord(_Record):
    """A waiver; it is stale where every node that it is asked of passes."""

    id: str
    until: str
    reason: str
    expired: bool
    stale: bool


class UnreadableRecord(_Record):
    """Facts that could not be judged, and are in no count."""

    node: str
    file: str
    reason: str


class Whole(_Record):
    """The document."""

    schema_: Literal["reqc.evaluation/1"] = Field(SCHEMA, alias="schema")
    specification: Specification
    digest: str
    errata: Reading
    host_roles: list[str]
    options: dict[str, Value | None]
    strict: bool
    date: str
    exit: int
    summary: dict[State, int]
    waivers: list[WaiverRecord]
    unreadable: list[UnreadableRecord]
    requirements: list[RequirementRecord]
    nodes: list[NodeRecord]


class _EveryKeyRequired(GenerateJsonSchema):
    """The name of the form is always written too."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  # the signature is pydantic's
    ) -> bool:
        """Tell that every key is required."""
        del field, total
        return True


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `document` writes."""
    generated = Whole.model_json_schema(mode="serialization", schema_generator=_EveryKeyRequired)
    return {"$schema": _DIALECT, **generated}


def document(evaluation: Evaluation) -> Iterator[str]:
    """Yield the document in pieces, a line for each node, so that it is never held as a whole."""
    head = _encoded(_whole(evaluation))
    # The nodes are the last key, and only the brackets and commas around them are ours.
    yield head.removesuffix("]}")
    for number, line in enumerate(lines(evaluation)):
        yield ("," if number else "") + "\n" + line.rstrip("\n")
    yield "\n]}\n"


def lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield the record of each node as a line of JSON."""
    constant = [_described(item) for item in evaluation.requirements]
    for node in evaluation.nodes:
        yield _encoded(_node(node, constant)) + "\n"


_OBEYED: Final = re.compile(r"[^ -~]")


def _encoded(record: _Record) -> str:
    """Return a record as JSON of plain ASCII, which no terminal obeys and every reader takes."""
    text = record.model_dump_json(by_alias=True)
    return text if text.isascii() and text.isprintable() else _OBEYED.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _whole(evaluation: Evaluation) -> Whole:
    made = evaluation.document
    return Whole(
        schema=SCHEMA,
        specification=_specification(made.identity),
        digest=made.digest,
        errata=made.reading,
        host_roles=list(made.host_roles),
        options={option.name: option.value for option in made.options},
        strict=evaluation.strict,
        date=evaluation.today.isoformat(),
        exit=evaluation.exit,
        summary=dict(evaluation.verdicts),
        waivers=_waivers(evaluation),
        unreadable=[
            UnreadableRecord(node=item.name, file=shown(item.file), reason=item.reason)
            for item in evaluation.unreadable
        ],
        requirements=[_agreement(item) for item in agreements(evaluation)],
        nodes=[],
    )


def _specification(identity: Identity) -> Specification:
    return Specification(
        product=identity.product,
        version=identity.version,
        platform=identity.platform,
        title=identity.title,
        revision=identity.revision,
    )


def _waivers(evaluation: Evaluation) -> list[WaiverRecord]:
    stale = {item.requirement for item in evaluation.unused()}
    return [
        WaiverRecord(
            id=item.requirement,
            until=item.until.isoformat(),
            reason=item.reason,
            expired=item.expired(evaluation.today),
            stale=item.requirement in stale,
        )
        for item in evaluation.waivers.values()
    ]


def _agreement(item: Agreement) -> RequirementRecord:
    origin = item.requirement.origin
    return RequirementRecord(
        id=origin.id,
        level=origin.level,
        title=origin.title,
        summary={state: item.counts.get(state, 0) for state in State},
        most_common=item.common,
        outliers=[
            Outliers(state=group.state, found=group.found, nodes=list(group.nodes))
            for group in item.groups
            if group.state is not item.common
        ],
    )


def _node(node: JudgedNode, constant: list[dict[str, Any]]) -> NodeRecord:
    found = findings(node)
    return NodeRecord.model_construct(
        node=node.name,
        file=shown(node.file),
        kernel_release=node.release,
        container=node.container is not None,
        root=node.root,
        verdict=verdict(node),
        exit=node.judgements[0].exit,
        summary=counts(found),
        results=[
            JudgedRequirement.model_construct(
                **fields, state=finding.state, found=finding.found, looked=finding.looked
            )
            for fields, finding in zip(constant, found, strict=True)
        ],
    )


def _described(item: LoweredRequirement) -> dict[str, Any]:
    """Return what the specification says of a requirement, as the check script reports it."""
    origin = item.origin
    return {
        "id": origin.id,
        "level": origin.level,
        "title": origin.title,
        "expected": plain(item.statement),
        "condition": written(item.condition) if item.condition is not None else "",
        "roles": list(item.roles),
        "because": item.because or "",
        "notes": list(item.notes),
        "fix": item.fix or "",
        "see": list(item.see),
        "erratum": erratum(item),
        "place": str(origin.place),
        "citations": [str(citation) for citation in origin.citations],
    }


def erratum(item: LoweredRequirement) -> str:
    """Return what is known of an erratum in one line, or nothing."""
    if item.erratum is None:
        return ""
    if item.erratum.intended is None:
        return item.erratum.text
    return f"{item.erratum.text} (intended: {plain(item.erratum.intended)})"
