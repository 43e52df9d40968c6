"""What became of the lines of sources, for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from msgspec import Struct, to_builtins

from reqc.compiler import json_form
from reqc.compiler.model import Document
from reqc.compiler.reports.wording import encoded
from reqc.compiler.trace import Line, State, Trace

SCHEMA: Final = "reqc/trace/1"
"""The name of the form; the number changes with a field's meaning or removal."""


class LineRecord(Struct, frozen=True):
    """A line with the ids that cite it, why it is ignored, and the signs that it is normative."""

    line: int
    state: State
    text: str
    cited: list[str]
    reasons: list[str]
    signs: list[str]


class Source(Struct, frozen=True):
    """A source; the counts are those of its normative lines, `percent` the part that is covered."""

    name: str
    file: str
    sha256: str
    normative: int
    cited: int
    ignored: int
    uncovered: int
    percent: int
    lines: list[LineRecord]


class Whole(Struct, frozen=True):
    """What `reqc trace --format json` writes."""

    schema: Literal["reqc/trace/1"]
    document: str
    sources: list[Source]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `document` writes."""
    return json_form.schema(Whole)


def document(traced: Document, traces: Iterable[Trace]) -> str:
    """Return it all as one JSON document."""
    return encoded(to_builtins(Whole(SCHEMA, str(traced.identity), list(map(_source, traces)))))


def _source(item: Trace) -> Source:
    return Source(
        name=item.name,
        file=item.page.source.path,
        sha256=item.page.sha256,
        normative=item.normative,
        cited=item.count(State.CITED),
        ignored=item.count(State.IGNORED),
        uncovered=item.count(State.UNCOVERED),
        percent=item.percent,
        lines=list(map(_line, item.lines)),
    )


def _line(line: Line) -> LineRecord:
    return LineRecord(
        line=line.number,
        state=line.state,
        text=line.text,
        cited=list(line.cited),
        reasons=list(line.reasons),
        signs=list(line.signs),
    )
