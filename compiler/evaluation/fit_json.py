"""What fits, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from msgspec import Struct, to_builtins

from reqc.compiler import json_form
from reqc.compiler.conditions import Value
from reqc.compiler.evaluation.fit import Fit, Obstacle, Verdict, exit_status
from reqc.compiler.evaluation.results import State
from reqc.compiler.lowered import Identity, Level
from reqc.compiler.prose import plain
from reqc.compiler.reports.wording import encoded

SCHEMA: Final = "reqc.fit/1"
"""The name of the form; the number changes with a field's meaning or removal."""


class BlockedBy(Struct, frozen=True):
    """A requirement that nodes miss, or that cannot be verified on them; `found` is on most."""

    id: str
    level: Level
    title: str
    state: State
    nodes: list[str]
    expected: str
    found: str
    fix: str
    place: str


class Specification(Struct, frozen=True):
    """How nodes fit one specification: of how many `nodes` each outcome is true."""

    file: str
    specification: Identity
    host_roles: list[str]
    options: dict[str, Value | None]
    verdict: Verdict
    nodes: int
    fits: int
    fail: int
    unknown: int
    blocked_by: list[BlockedBy]


class Whole(Struct, frozen=True):
    """What `reqc fit --format json` writes; `exit` is its exit status."""

    schema: Literal["reqc.fit/1"]
    exit: int
    specifications: list[Specification]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `document` writes."""
    return json_form.schema(Whole)


def document(found: Sequence[Fit]) -> str:
    """Return all of it as one JSON document."""
    whole = Whole(SCHEMA, exit_status(found), list(map(_specification, found)))
    return encoded(to_builtins(whole))


def _specification(item: Fit) -> Specification:
    return Specification(
        file=item.file,
        specification=item.document.identity,
        host_roles=list(item.document.host_roles),
        options={option.name: option.value for option in item.document.options},
        verdict=item.verdict,
        nodes=item.total,
        fits=item.fitting,
        fail=item.failing,
        unknown=item.undecided,
        blocked_by=list(map(_obstacle, item.obstacles)),
    )


def _obstacle(item: Obstacle) -> BlockedBy:
    origin = item.requirement.origin
    return BlockedBy(
        id=origin.id,
        level=origin.level,
        title=origin.title,
        state=item.state,
        nodes=list(item.nodes),
        expected=plain(item.requirement.statement),
        found=item.found,
        fix=item.requirement.fix or "",
        place=str(origin.place),
    )
