"""The lint for conditions that hold for no choice."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.lint.conditional import conditionals
from reqc.compiler.lint.overlap import Overlap
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document


def find(document: Document) -> Iterator[Finding]:
    """Find conditions that no choice satisfies."""
    overlap = Overlap(document.options)
    for item in conditionals(document):
        if not overlap.possible(item.condition):
            yield Finding(
                item.span,
                f"{item.what} never applies: no choice of options makes its condition hold",
                help="the parts joined by `and` exclude each other: mend one, or write `or`",
                requirements=item.requirements,
            )


RULE = Rule("REQ705", "never-applies", "No choice of options makes a condition hold", find)
