"""Traces a document back to its sources: which lines it cites, which it ignores, which it lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct

from reqc.compiler.diagnostics import Diagnostic, Severity
from reqc.compiler.lowered import Citation
from reqc.compiler.model import Document
from reqc.compiler.normative import signs
from reqc.compiler.source import Source, Span

UNCOVERED = "REQ721"
OUTSIDE = "REQ722"
CHANGED = "REQ723"
MISSING = "REQ724"

CODES = (UNCOVERED, OUTSIDE, CHANGED, MISSING)
"""The codes of what a trace finds; `MISSING` is for who cannot find the text of a source."""


class State(StrEnum):
    """What became of a line of a source.

    Blank lines, and lines that neither are covered nor look normative, are `silent`.
    """

    CITED = "cited"
    IGNORED = "ignored"
    UNCOVERED = "uncovered"
    SILENT = "silent"


class Line(Struct, frozen=True):
    """A line of a source with the ids that cite it, or the reasons for which it is ignored."""

    number: int
    text: str
    cited: tuple[str, ...]
    reasons: tuple[str, ...]
    signs: tuple[str, ...]

    @property
    def state(self) -> State:
        """What became of the line; a citation counts more than an exception."""
        if self.cited:
            return State.CITED
        if self.reasons:
            return State.IGNORED
        return State.UNCOVERED if self.signs else State.SILENT


class Page(Struct, frozen=True):
    """The text of a source as it was read, with the digest of its bytes."""

    source: Source
    sha256: str

    @property
    def length(self) -> int:
        """The number of lines; a line end at the very end begins no further one."""
        text = self.source.text
        return text.count("\n") + (not text.endswith("\n") if text else 0)


def page(raw: bytes, source: Source) -> Page:
    """Return the page of a text that was read."""
    return Page(source, sha256(raw).hexdigest())


class Trace(Struct, frozen=True):
    """A source, line by line. `normative` lines ask for something as far as anyone can guess."""

    name: str
    page: Page
    lines: tuple[Line, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def normative(self) -> int:
        """How many lines look normative, or are cited, which settles it."""
        return sum(bool(line.signs or line.cited) for line in self.lines)

    def count(self, state: State) -> int:
        """Return how many normative lines are in a state."""
        return sum(
            line.state is state for line in self.lines if line.signs or line.state is State.CITED
        )

    @property
    def percent(self) -> int:
        """How much of the normative lines is covered, rounded down; 100 means all."""
        if not self.normative:
            return 100
        return (self.normative - self.count(State.UNCOVERED)) * 100 // self.normative


def trace(document: Document, name: str, found: Page) -> Trace:
    """Return what the document says about the lines of one of its sources."""
    cited, ignored = _cited(document, name), _ignored(document, name)
    by_line = _spread([(lines, id_) for lines, id_, _ in cited], found.length)
    excused = _spread([(lines, reason) for lines, reason, _ in ignored], found.length)
    lines = tuple(_line(found, number, by_line, excused) for number in range(1, found.length + 1))
    places = [(lines, place) for lines, _, place in (*cited, *ignored)]
    diagnostics = (
        *_changed(document, name, found),
        *_outside(places, found),
        *(_uncovered(found, line) for line in lines if line.state is State.UNCOVERED),
    )
    return Trace(name, found, lines, diagnostics)


def traceable(document: Document) -> tuple[str, ...]:
    """Return the sources that are named by a file or cited by lines, so that a text is needed."""
    by_lines = {
        citation.source
        for item in document.requirements
        for citation in item.citations
        if citation.first is not None
    } | {item.lines.source for item in document.ignored}
    return tuple(
        source.name for source in document.sources if source.file or source.name in by_lines
    )


_Said = tuple[Citation, str, Span]


def _cited(document: Document, name: str) -> list[_Said]:
    return [
        (citation, item.id, place)
        for item in document.requirements
        for citation, place in zip(item.citations, item.places.citations, strict=True)
        if citation.source == name and citation.first is not None
    ]


def _ignored(document: Document, name: str) -> list[_Said]:
    return [
        (item.lines, item.reason, item.span)
        for item in document.ignored
        if item.lines.source == name
    ]


def _spread(said: list[tuple[Citation, str]], length: int) -> Mapping[int, dict[str, None]]:
    """Return what is said by line, each text once, within the lines that there are."""
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for lines, text in said:
        first, last = lines.first or 1, lines.last or length
        for number in range(first, min(last, length) + 1):
            found[number][text] = None
    return found


def _line(
    found: Page,
    number: int,
    cited: Mapping[int, dict[str, None]],
    ignored: Mapping[int, dict[str, None]],
) -> Line:
    text = found.source.line(number)
    return Line(
        number, text, tuple(cited.get(number, ())), tuple(ignored.get(number, ())), signs(text)
    )


def _changed(document: Document, name: str, found: Page) -> Iterator[Diagnostic]:
    declared = next(source for source in document.sources if source.name == name)
    if declared.sha256 and declared.sha256.lower() != found.sha256:
        yield Diagnostic(
            Severity.ERROR,
            CHANGED,
            f"{found.source.path} is not the text that the source `{name}` was captured from",
            document.source_spans[name],
            here=f"declared with sha256 {declared.sha256}",
            help=f"compare the two texts; that of this one is {found.sha256}",
        )


def _outside(places: list[tuple[Citation, Span]], found: Page) -> Iterator[Diagnostic]:
    for lines, place in places:
        if lines.last is not None and lines.last > found.length:
            length = f"{found.length} line{'s' if found.length != 1 else ''}"
            yield Diagnostic(
                Severity.ERROR,
                OUTSIDE,
                f"`@{lines}` lies outside {found.source.path}, which has {length}",
                place,
                help="cite lines that are there",
            )


def _uncovered(found: Page, line: Line) -> Diagnostic:
    start = found.source.line_start(line.number)
    lead = len(line.text) - len(line.text.lstrip())
    span = Span(found.source, start + lead, start + len(line.text.rstrip()))
    return Diagnostic(
        Severity.ERROR,
        UNCOVERED,
        f"{found.source.path}:{line.number} looks normative, but no requirement cites it",
        span,
        here=f"shows {' and '.join(line.signs)}",
        help="cite it in a requirement, or ignore it with a reason",
    )
