"""The lint for lines that are said to ask for nothing and are cited all the same."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from reqc.compiler.diagnostics import Label
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.lowered import Citation
from reqc.compiler.model import Document, Requirement
from reqc.compiler.source import Span


class _Stretch(Struct):
    """Lines that are cited without a gap, with the first citation of them."""

    first: int
    last: int
    requirement: Requirement
    place: Span


def find(document: Document) -> Iterator[Finding]:
    """Find ignored lines that requirements cite; each is told with one such requirement."""
    cited = _stretches(document) if document.ignored else {}
    for item in document.ignored:
        found = _meeting(item.lines, cited[item.lines.source])
        if found is not None:
            yield Finding(
                item.span,
                f"`@{item.lines}` is ignored, but `{found.requirement.id}` cites lines of it",
                labels=(Label(found.place, "cited here"),),
                help="ignore only lines that ask for nothing",
                requirements=(found.requirement.id,),
            )


def _stretches(document: Document) -> defaultdict[str, list[_Stretch]]:
    """Return the cited lines of every source, in their order and without overlaps."""
    cited: defaultdict[str, list[_Stretch]] = defaultdict(list)
    for item in document.requirements:
        for citation, place in zip(item.citations, item.places.citations, strict=True):
            if citation.first is not None and citation.last is not None:
                stretch = _Stretch(citation.first, citation.last, item, place)
                cited[citation.source].append(stretch)
    for name, stretches in cited.items():
        cited[name] = _joined(sorted(stretches, key=lambda one: one.first))
    return cited


def _joined(stretches: list[_Stretch]) -> list[_Stretch]:
    joined: list[_Stretch] = []
    for one in stretches:
        if joined and one.first <= joined[-1].last:
            joined[-1].last = max(joined[-1].last, one.last)
        else:
            joined.append(one)
    return joined


def _meeting(lines: Citation, cited: list[_Stretch]) -> _Stretch | None:
    """Return the first stretch that has a line of those ignored; without numbers that is all."""
    at = bisect_left(cited, lines.first or 1, key=lambda one: one.last)
    if at == len(cited) or (lines.last is not None and cited[at].first > lines.last):
        return None
    return cited[at]


RULE = Rule("REQ717", "ignored-and-cited", "Lines that a requirement cites are ignored", find)
