"""Reads what a check script reports as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import Struct

from reqc.compiler.evaluation.results import State


class Finding(Struct, frozen=True):
    """One requirement as the script reports it; all texts are the script's own."""

    id: str
    level: str
    title: str
    state: State
    expected: str
    found: str
    looked: str
    condition: str
    because: str
    fix: str
    see: tuple[str, ...]
    erratum: str
    place: str
    citations: tuple[str, ...]

    @property
    def section(self) -> str:
        """The id of the section that the requirement stands in."""
        return self.id.partition(".")[0]


class CheckReport(Struct, frozen=True):
    """A whole run of a script: the limits under which it looked at the node, and what it found."""

    kernel_release: str
    host_roles: tuple[str, ...]
    container: bool
    root: bool
    findings: tuple[Finding, ...]


def read_report(text: bytes) -> CheckReport:
    """Return the report that a script wrote as JSON lines; raise ValueError for anything else."""
    try:
        head, *rows, end = map(json.loads, text.splitlines())
        if (head["type"], end["type"]) != ("run", "end"):
            message = "it has no beginning or no end"
            raise ValueError(message)
        return CheckReport(
            kernel_release=_text(head, "kernel_release"),
            host_roles=_texts(head, "host_roles"),
            container=bool(head["container"]),
            root=bool(head["root"]),
            findings=tuple(map(_finding, rows)),
        )
    except (KeyError, TypeError, RecursionError) as problem:
        message = f"it is not what a check writes ({problem!r})"
        raise ValueError(message) from problem


def _finding(row: Mapping[str, object]) -> Finding:
    return Finding(
        id=_text(row, "id"),
        level=_text(row, "level"),
        title=_text(row, "title"),
        state=State(_text(row, "state")),
        expected=_text(row, "expected"),
        found=_text(row, "found"),
        looked=_text(row, "looked"),
        condition=_text(row, "condition"),
        because=_text(row, "because"),
        fix=_text(row, "fix"),
        see=_texts(row, "see"),
        erratum=_text(row, "erratum"),
        place=_text(row, "place"),
        citations=_texts(row, "citations"),
    )


def _text(row: Mapping[str, object], name: str) -> str:
    value = row[name]
    if isinstance(value, str):
        return value
    message = f"a text as {name}"
    raise TypeError(message)


def _texts(row: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = row[name]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    message = f"a list of texts as {name}"
    raise TypeError(message)
