"""Formats texts as `reqc fmt` does."""

from __future__ import annotations

from reqc.compiler.diagnostics import Report
from reqc.compiler.render import render
from reqc.compiler.source import Source
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.parser import parse
from reqc.compiler.syntax.printer import canonical


def parsed(text: str) -> tree.File:
    """Return the tree of a text that has no mistakes."""
    report = Report()
    file = parse(Source("text", "text", text), report)
    assert render(report.sorted()) == ""
    return file


def formatted(text: str) -> str:
    """Return the canonical form of a text that has no mistakes."""
    return canonical(parsed(text))
