"""Diagnostics as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from msgspec import Struct, to_builtins

from reqc.compiler import diagnostics as model
from reqc.compiler import json_form
from reqc.compiler.reports.places import region
from reqc.compiler.reports.wording import encoded
from reqc.compiler.source import Span

SCHEMA: Final = "reqc/diagnostics/1"
"""The name of the document's form; the number changes with a field's meaning or removal."""


class Place(Struct, frozen=True):
    """A place in a file.

    Lines and columns count from 1 and offsets from 0, all in characters; ends are the place behind
    the last character.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int


class Label(Struct, frozen=True):
    """Another place that a diagnostic is about."""

    place: Place
    text: str


class Diagnostic(Struct, frozen=True):
    """A diagnostic; one about no place has the place null. `here` is said at the place."""

    severity: model.Severity
    code: str
    message: str
    place: Place | None
    here: str
    labels: list[Label]
    help: str


class Whole(Struct, frozen=True):
    """What `reqc check --format json` writes, in the order of the text."""

    schema: Literal["reqc/diagnostics/1"]
    diagnostics: list[Diagnostic]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `render` makes."""
    return json_form.schema(Whole)


def render(diagnostics: Iterable[model.Diagnostic]) -> str:
    """Return the document, in the order of the diagnostics."""
    return encoded(to_builtins(Whole(SCHEMA, [_diagnostic(item) for item in diagnostics])))


def _diagnostic(item: model.Diagnostic) -> Diagnostic:
    return Diagnostic(
        severity=item.severity,
        code=str(item.code),
        message=item.message,
        place=_place(item.span) if item.span else None,
        here=item.here,
        labels=[Label(_place(label.span), label.text) for label in item.labels],
        help=item.help,
    )


def _place(span: Span) -> Place:
    found = region(span)
    return Place(
        file=span.source.path,
        line=found.line,
        column=found.column,
        end_line=found.end_line,
        end_column=found.end_column,
        start=span.start,
        end=span.end,
    )
