"""A comparison, and a chain of them, for programs: JSON and its schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from reqc.compiler.comparison.changes import (
    Category,
    Change,
    Comparison,
    Difference,
    Opening,
    Phase,
    counted,
)
from reqc.compiler.comparison.supplement import Supplement
from reqc.compiler.conditions import Condition, written
from reqc.compiler.kinds.base import Direction
from reqc.compiler.lowered import Identity, Level
from reqc.compiler.model import Document, Requirement
from reqc.compiler.prose import plain
from reqc.compiler.reports.wording import encoded

SCHEMA: Final = "reqc/diff/3"
"""The name of the form; the number changes with a field's meaning or removal."""

CHANGELOG: Final = "reqc/changelog/1"
"""The name of the form of a chain."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpecificationRecord(_Record):
    """One of the two documents."""

    product: str
    version: str
    platform: str
    title: str
    revision: str


class RequirementRecord(_Record):
    """A requirement as its document says it; `condition` is null where it always applies."""

    id: str
    level: Level
    title: str
    statement: str
    condition: str | None
    roles: list[str]
    erratum: str | None
    place: str


class SplitRecord(_Record):
    """A direction and the choices for which it is so.

    `condition` is null for all choices, and where `told` is false for some that no simple condition
    says. `default` tells whether a deployment that chooses nothing is among them.
    """

    direction: Direction
    condition: str | None
    default: bool
    told: bool


class FlowRecord(_Record):
    """Traffic to let through, or to stop; protocols are numbers.

    Choices that meet `unless` still need it: the requirements `still` ask for it then.
    """

    protocol: int
    ports: list[str]
    source: str
    destination: str
    icmp_type: int | None
    condition: str | None
    unless: str | None
    still: list[str]


class ChangeRecord(_Record):
    """One change.

    `change` holds over all choices, `default` for a deployment that chooses nothing more. `do` is
    what a reader does about it, `may_fail` whether a host that satisfied the old document may fail
    the new one for it. With `erratum` only what the page prints changed. `implied_by` asks for the
    same and more. `fails_now` and `fails_no_more` are nodes.
    """

    change: Change
    id: str
    category: Category
    do: Phase
    may_fail: bool
    default: Direction
    splits: list[SplitRecord]
    aspects: list[str]
    erratum: bool
    implied_by: str | None
    open: list[FlowRecord]
    close: list[FlowRecord]
    fails_now: list[str]
    fails_no_more: list[str]
    old: list[RequirementRecord]
    new: list[RequirementRecord]


class ConfigurationRecord(_Record):
    """Something that a node is configured with, and that changes."""

    what: str
    name: str
    change: Literal["added", "changed", "removed"]
    requirements: list[str]


class OptionRecord(_Record):
    """A choice that came, went, or has another type or default."""

    name: str
    change: Literal["added", "changed", "removed"]
    detail: str


class NodeRecord(_Record):
    """A node under both documents, with the requirements that it fails or nobody could verify."""

    name: str
    verdict: str
    old_fails: list[str]
    new_fails: list[str]
    old_unknown: list[str]
    new_unknown: list[str]


class ArtefactRecord(_Record):
    """How a file that a target writes differs, as lines of a unified diff."""

    name: str
    lines: list[str]


class DiffRecord(_Record):
    """The whole of a comparison."""

    schema_: Literal["reqc/diff/3"] = Field(alias="schema")
    old: SpecificationRecord
    new: SpecificationRecord
    counts: dict[Change, int]
    changes: list[ChangeRecord]
    options: list[OptionRecord]
    configuration: list[ConfigurationRecord]
    reboot: str
    nodes: list[NodeRecord]
    target: str
    artefacts: list[ArtefactRecord]


class ChangelogRecord(_Record):
    """A chain of comparisons, the newest first."""

    schema_: Literal["reqc/changelog/1"] = Field(alias="schema")
    steps: list[DiffRecord]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one comparison."""
    return _schema(DiffRecord)


def changelog_schema() -> dict[str, Any]:
    """Return the JSON Schema of a chain."""
    return _schema(ChangelogRecord)


def _schema(form: type[BaseModel]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **form.model_json_schema(by_alias=True, mode="serialization"),
    }


def document(comparison: Comparison, supplement: Supplement) -> str:
    """Return one comparison."""
    return encoded(_dumped(_record(comparison, supplement)))


def changelog(steps: Sequence[Comparison]) -> str:
    """Return a chain, in the order given."""
    chain = ChangelogRecord(schema=CHANGELOG, steps=[_record(item, Supplement()) for item in steps])
    return encoded(_dumped(chain))


def _dumped(record: BaseModel) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True)


def _record(comparison: Comparison, supplement: Supplement) -> DiffRecord:
    effects = {item.id: item for item in supplement.effects}
    changes = []
    for item in comparison.differences:
        effect = effects.get(item.id)
        failing, mended = (effect.failing, effect.mended) if effect else ((), ())
        changes.append(_change(item, list(failing), list(mended)))
    return DiffRecord(
        schema=SCHEMA,
        old=_specification(comparison.old),
        new=_specification(comparison.new),
        counts=counted(comparison.differences),
        changes=changes,
        options=[OptionRecord(**_fields(item)) for item in comparison.options],
        configuration=[ConfigurationRecord(**_fields(item)) for item in comparison.configuration],
        reboot=supplement.reboot,
        nodes=[NodeRecord(verdict=item.verdict, **_fields(item)) for item in supplement.nodes],
        target=supplement.target,
        artefacts=[ArtefactRecord(**_fields(item)) for item in supplement.artefacts],
    )


def _fields(item: Any) -> dict[str, Any]:  # noqa: ANN401  # any of our own records
    """Return the fields of a record, its tuples as lists."""
    values = {name: getattr(item, name) for name in item.__struct_fields__}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def _specification(document: Document) -> SpecificationRecord:
    identity: Identity = document.identity
    return SpecificationRecord(**_fields(identity))


def _change(item: Difference, failing: list[str], mended: list[str]) -> ChangeRecord:
    return ChangeRecord(
        change=item.change,
        id=item.id,
        category=item.category,
        do=item.phase,
        may_fail=item.may_fail,
        default=item.usual,
        splits=[
            SplitRecord(
                direction=split.direction,
                condition=_written(split.condition),
                default=split.usual,
                told=split.told,
            )
            for split in item.splits
        ],
        aspects=list(item.aspects),
        erratum=item.erratum,
        implied_by=item.implied_by,
        open=[_flow(opening) for opening in item.opens],
        close=[_flow(opening) for opening in item.closes],
        fails_now=failing,
        fails_no_more=mended,
        old=[_requirement(side) for side in item.old],
        new=[_requirement(side) for side in item.new],
    )


def _written(condition: Condition | None) -> str | None:
    return None if condition is None else written(condition)


def _flow(item: Opening) -> FlowRecord:
    return FlowRecord(
        protocol=item.flow.protocol,
        ports=list(map(str, item.flow.ports)),
        source=item.flow.source,
        destination=item.flow.destination,
        icmp_type=item.flow.icmp_type,
        condition=_written(item.condition),
        unless=_written(item.unless),
        still=list(item.still),
    )


def _requirement(item: Requirement) -> RequirementRecord:
    statement = plain(item.predicate.words())
    return RequirementRecord(
        id=item.id,
        level=item.level,
        title=item.title or statement,
        statement=statement,
        condition=_written(item.condition),
        roles=list(item.roles),
        erratum=item.erratum.text if item.erratum is not None else None,
        place=str(item.place),
    )
