"""Citations: the lines of source documents, by the titles of those."""

from __future__ import annotations

from collections.abc import Iterable

from reqc.compiler.lowered import Citation, LoweredDocument, LoweredSource


def cited(document: LoweredDocument, citations: Iterable[Citation]) -> str:
    """Return each source's title once with all lines: `What a node needs, lines 4-5 and line 9`."""
    lines: dict[str, list[str]] = {}
    for citation in citations:
        found = lines.setdefault(citation.source, [])
        if citation.first is not None:
            found.append(_lines(citation.first, citation.last))
    return "; ".join(
        ", ".join(filter(None, (_title(document, name), " and ".join(found))))
        for name, found in lines.items()
    )


def source_of(document: LoweredDocument, name: str) -> LoweredSource | None:
    """Return a source by name, None where the document does not declare it."""
    return next((source for source in document.sources if source.name == name), None)


def _title(document: LoweredDocument, name: str) -> str:
    source = source_of(document, name)
    return (source.title if source else "") or name


def _lines(first: int, last: int | None) -> str:
    return f"line {first}" if last in (None, first) else f"lines {first}-{last}"
