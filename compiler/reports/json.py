"""Diagnostics as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reqc.compiler.diagnostics import Diagnostic
from reqc.compiler.reports.places import region
from reqc.compiler.reports.wording import encoded
from reqc.compiler.source import Span

SCHEMA: Final = "reqc/diagnostics/1"
"""The name of the document's form; the number changes with a field's meaning or removal."""


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the document, in the order of the diagnostics.

    Lines and columns count from 1 and offsets from 0, all in characters; ends are the place behind
    the last character. A diagnostic about no place has the place null.
    """
    return encoded({"schema": SCHEMA, "diagnostics": [_record(item) for item in diagnostics]})


def _record(item: Diagnostic) -> dict[str, object]:
    return {
        "severity": item.severity.value,
        "code": str(item.code),
        "message": item.message,
        "place": _place(item.span) if item.span else None,
        "here": item.here,
        "labels": [{"place": _place(label.span), "text": label.text} for label in item.labels],
        "help": item.help,
    }


def _place(span: Span) -> dict[str, object]:
    found = region(span)
    return {
        "file": span.source.path,
        "line": found.line,
        "column": found.column,
        "end_line": found.end_line,
        "end_column": found.end_column,
        "start": span.start,
        "end": span.end,
    }
