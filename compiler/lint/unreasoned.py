"""The lint for allowances and ignored lines without a reason."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document


def find(document: Document) -> Iterator[Finding]:
    """Find what is excused with an empty text."""
    for allowance in document.allowances:
        if not allowance.reason.strip():
            yield Finding(
                allowance.span,
                f"nothing says why {allowance.code} is allowed",
                help="say why in the text behind the code",
            )
    for ignored in document.ignored:
        if not ignored.reason.strip():
            yield Finding(
                ignored.span,
                f"nothing says why `@{ignored.lines}` is ignored",
                help="say why in the text behind the lines",
            )


RULE = Rule("REQ716", "unreasoned", "An exception has no reason", find, allowable=False)
