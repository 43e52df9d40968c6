"""The lint for allowances of what is no lint."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.lint.table import allowable_codes
from reqc.compiler.model import Document


def find(document: Document) -> Iterator[Finding]:
    """Find allowances with a code that no lint has, or whose lint cannot be silenced."""
    known = allowable_codes()
    for item in document.allowances:
        if item.code not in known:
            near = item.code.upper() if item.code.upper() in known else ""
            yield Finding(
                item.span,
                f"`{item.code}` is not the code of a lint that can be allowed",
                help=f"write {near}" if near else f"those are {min(known)} to {max(known)}",
            )


RULE = Rule("REQ715", "unknown-allowance", "An allowance names no lint", find, allowable=False)
