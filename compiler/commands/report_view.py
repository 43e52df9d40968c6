"""Shows the report of a check to a person at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from msgspec import Struct

from reqc.compiler.commands.check_report import CheckReport, Finding
from reqc.compiler.commands.layout import FAINT, STRONG, Layout, readable, wrapped
from reqc.compiler.evaluation.results import State
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.source import display_width

_MARKS: Final = {
    State.PASS: ("ok", "32"),
    State.FAIL: ("FAIL", "1;31"),
    State.WARN: ("warn", "33"),
    State.UNKNOWN: ("?", "35"),
    State.NOT_APPLICABLE: ("n/a", FAINT),
    State.MANUAL: ("manual", "36"),
    State.INFO: ("info", "33"),
    State.SKIPPED: ("skip", FAINT),
    State.WAIVED: ("waived", "34"),
}
"""What stands before a requirement, and its paint: the words alone tell the states apart."""

_MARGIN: Final = 10
"""The columns of a mark with what is around it."""

_ATTENTION: Final = frozenset({State.FAIL, State.WARN, State.UNKNOWN})
_MISSED: Final = _ATTENTION | {State.INFO, State.WAIVED}
_CONDENSED: Final = {
    State.PASS: "pass",
    State.NOT_APPLICABLE: "not applicable",
    State.SKIPPED: "skipped",
}
"""States of which a section only tells how many there are, unless everything is asked for."""


class View(Struct, frozen=True):
    """How much is told, and how it is laid out."""

    layout: Layout
    verbose: bool = False
    quiet: bool = False

    def render(self, report: CheckReport, document: LoweredDocument) -> Iterator[str]:
        """Yield the lines of everything but the verdict, each part with an empty line behind it."""
        if not self.quiet:
            yield from (*self._head(report, document), "")
        titles = {section.id: section.title for section in document.sections}
        for name, group in groupby(report.findings, key=lambda finding: finding.section):
            body = list(self._section(list(group)))
            if body:
                yield from (*self.layout.lines(titles.get(name, name), STRONG), *body, "")

    def _head(self, report: CheckReport, document: LoweredDocument) -> Iterator[str]:
        yield from self.layout.lines(document.identity.title, STRONG)
        role = f"role {', '.join(report.host_roles)}"
        kernel = f"kernel {report.kernel_release or 'unknown'}"
        yield from self.layout.lines(f"{document.identity}; {role}; {kernel}")
        if report.container:
            note = "in a container: the kernel is the host's, files are those of the image"
            yield from self.layout.beside("note:", "33", note, 6)
        if not report.root:
            note = "not run as root: what only root can read stays unknown"
            yield from self.layout.beside("note:", "33", note, 6)

    def _section(self, findings: list[Finding]) -> Iterator[str]:
        for finding in findings:
            if self._is_told(finding.state):
                yield from self._requirement(finding)
                for label, text in self._details(finding):
                    if text:
                        yield from self._detail(label, text)
        if self.verbose or self.quiet:
            return
        counts = Counter(finding.state for finding in findings)
        for state, words in _CONDENSED.items():
            if counts[state]:
                yield self._mark(state) + self.layout.painted(f"{counts[state]} {words}", FAINT)

    def _is_told(self, state: State) -> bool:
        if self.quiet:
            return state in _ATTENTION
        return self.verbose or state not in _CONDENSED

    def _requirement(self, finding: Finding) -> Iterator[str]:
        columns, name = self.layout.columns, readable(finding.id)
        hang = _MARGIN + display_width(name) + 2
        if not self.layout.narrow and hang <= columns // 2:
            title, *rest = wrapped(finding.title, columns - hang)
            yield f"{self._mark(finding.state)}{self.layout.painted(name, STRONG)}  {title}"
        else:
            first, *rest = wrapped(name, columns - _MARGIN)
            yield self._mark(finding.state) + self.layout.painted(first, STRONG)
            yield from (" " * _MARGIN + self.layout.painted(line, STRONG) for line in rest)
            hang = self._indent
            rest = wrapped(finding.title, columns - hang)
        yield from (" " * hang + line for line in rest)

    def _details(self, finding: Finding) -> Iterator[tuple[str, str]]:
        """Yield what is told about a requirement, each with a word for what it is."""
        missed = finding.state in _MISSED
        if finding.state is State.MANUAL:
            if finding.found.rstrip(".") != finding.title:
                yield "to do", finding.found
        elif missed or self.verbose:
            if finding.expected != finding.title:
                yield "expected", finding.expected
            yield "found", finding.found
            yield "looked at", finding.looked
        if self.verbose:
            yield "when", finding.condition
        if missed or self.verbose:
            yield "because", finding.because
            yield "fix", finding.fix
            yield "see", ", ".join(finding.see)
            yield "erratum", finding.erratum
            cited = f" ({', '.join(finding.citations)})" if finding.citations else ""
            yield "source", finding.place + cited

    def _detail(self, label: str, text: str) -> Iterator[str]:
        hang = 2 if self.layout.narrow else _MARGIN + 1
        margin = " " * self._indent
        if self.layout.narrow:
            first, *rest = wrapped(f"{label}: {text}", self.layout.columns - self._indent - hang)
            word = f"{label}:"
            yield margin + self.layout.painted(word, FAINT) + first.removeprefix(word)
        else:
            first, *rest = wrapped(text, self.layout.columns - self._indent - hang)
            yield f"{margin}{self.layout.painted(f'{label:<{hang}}', FAINT)}{first}"
        yield from (margin + " " * hang + line for line in rest)

    @property
    def _indent(self) -> int:
        """Where stands what is told about a requirement."""
        return 4 if self.layout.narrow else _MARGIN

    def _mark(self, state: State) -> str:
        mark, paint = _MARKS[state]
        return f"  {self.layout.painted(mark, paint)}{' ' * (_MARGIN - 2 - len(mark))}"
