"""The lint for conditions that hold for every choice."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.lint.conditional import conditionals
from reqc.compiler.lint.overlap import Overlap
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document


def find(document: Document) -> Iterator[Finding]:
    """Find conditions that every choice satisfies."""
    overlap = Overlap(document.options)
    for item in conditionals(document):
        if not overlap.avoidable(item.condition):
            yield Finding(
                item.span,
                f"{item.what} always applies: its condition holds for every choice of options",
                help="leave the condition out, or mend it",
                requirements=item.requirements,
            )


RULE = Rule("REQ706", "always-applies", "Every choice of options makes a condition hold", find)
