"""Diagnostics as workflow commands, which GitHub shows beside the lines they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from reqc.compiler.diagnostics import Diagnostic, Label, Severity
from reqc.compiler.render import visible
from reqc.compiler.reports.places import region, relative
from reqc.compiler.reports.wording import sentence
from reqc.compiler.source import Span

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a line for each diagnostic."""
    return "".join(f"{_command(item)}\n" for item in diagnostics)


def _command(item: Diagnostic) -> str:
    properties = dict(_place(item.span)) if item.span else {}
    properties["title"] = f"reqc ({item.code})"
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[item.severity]} {written}::{_data(_lines(item))}"


def _place(span: Span) -> Iterator[tuple[str, str]]:
    """Name the first and the last character; GitHub takes columns only within one line."""
    found = region(Span(span.source, span.start, max(span.start, span.end - 1)))
    yield "file", _file(span)
    yield "line", str(found.line)
    yield "endLine", str(found.end_line)
    if found.line == found.end_line:
        yield "col", str(found.column)
        yield "endColumn", str(found.end_column)


def _lines(item: Diagnostic) -> list[str]:
    help_lines = [f"help: {item.help}"] if item.help else []
    return [sentence(item), *map(_other, item.labels), *help_lines]


def _other(label: Label) -> str:
    return f"{_file(label.span)}:{label.span.line}:{label.span.column}: {label.text}"


def _file(span: Span) -> str:
    return relative(span.source.path) or span.source.path


def _property(text: str) -> str:
    return _percent(text).replace(":", "%3A").replace(",", "%2C")


def _data(lines: Iterable[str]) -> str:
    return "%0A".join(map(_percent, lines))


def _percent(text: str) -> str:
    """Return the text without line ends, with nothing that the runner would decode."""
    return visible(text).replace("%", "%25")
