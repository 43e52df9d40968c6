"""Documents of the tests, with their warnings."""

from __future__ import annotations

from collections.abc import Mapping

from reqc.compiler.diagnostics import Diagnostic
from reqc.compiler.lint.linter import lint
from tests.language.reading import document


def warnings(text: str, others: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    """Return what the lints say about a text without mistakes."""
    return lint(document(text, others))


def codes(text: str, others: Mapping[str, str] | None = None) -> list[str]:
    """Return the codes of the warnings in the order of the text."""
    return [item.code for item in warnings(text, others)]
