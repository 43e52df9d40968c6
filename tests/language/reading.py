"""Reads documents that tests write as text."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from reqc.compiler.conditions import Value
from reqc.compiler.diagnostics import Diagnostic, Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve

HEAD = "req 1\nspec demo 1.0 on linux\n"


def read(text: str, others: Mapping[str, str] | None = None) -> tuple[Document | None, Report]:
    """Resolve a text, with other files beside it."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {"sample.req": text, **(others or {})}.items():
            Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, name).write_text(content, encoding="utf-8")
        return resolve(str(Path(folder, "sample.req")), report), report


def document(text: str, others: Mapping[str, str] | None = None) -> Document:
    """Return the document of a text without mistakes."""
    found, report = read(text, others)
    assert found is not None, render(report.sorted())
    return found


def mistakes(text: str, others: Mapping[str, str] | None = None) -> list[Diagnostic]:
    """Return what is wrong with a text."""
    found, report = read(text, others)
    assert found is None
    return report.sorted()


def section(*requirements: str, head: str = "role host\n") -> str:
    """Return a document with one section `s` that holds the requirements."""
    body = "".join(f"  {item}\n" for item in requirements)
    return f"{HEAD}{head}section s {{\n{body}}}\n"


def lowered(text: str, **choices: Value) -> LoweredDocument:
    """Return a text, lowered with choices."""
    return lower(document(text), Deployment(choices))


def only(found: LoweredDocument) -> LoweredRequirement:
    """Return the one requirement of a document."""
    (item,) = found.requirements
    return item
