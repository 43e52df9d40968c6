"""The lint for allowances that silence nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.lint.table import allowable_codes
from reqc.compiler.model import Document


def find(document: Document) -> Iterator[Finding]:
    """Find allowances of the main file; those that silence something are sorted out later.

    Those of a fragment, or of a document that is amended, are there for others too.
    """
    for item in document.allowances:
        if item.code in allowable_codes() and item.span.source is document.texts[0]:
            about = f" about `{item.requirement}`" if item.requirement else ""
            yield Finding(
                item.span,
                f"{item.code} has nothing to say{about}, so there is nothing to allow",
                help="remove the allowance",
                allowance=item,
            )


RULE = Rule("REQ714", "idle-allowance", "An allowance silences nothing", find, allowable=False)
