"""The lint for requirements that cite nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document


def find(document: Document) -> Iterator[Finding]:
    """Find requirements without a citation; a document that declares no source has none to cite."""
    if not document.sources:
        return
    help_text = f"cite where it is said, such as `@{document.sources[0].name}:12`"
    for item in document.requirements:
        if not item.citations:
            yield Finding(
                item.places.id,
                f"`{item.id}` cites no source",
                help=help_text,
                requirements=(item.id,),
            )


RULE = Rule("REQ701", "uncited", "A requirement cites nothing", find)
