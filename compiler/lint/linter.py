"""Runs all rules over a document, with respect to what the document allows."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from reqc.compiler.diagnostics import Diagnostic, Report, Severity
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.lint.table import rules
from reqc.compiler.model import Allowance, Document


def lint(document: Document) -> tuple[Diagnostic, ...]:
    """Return warnings about a document in the order of its text, without what it allows."""
    silence = _Silence({(item.code, item.requirement): item for item in document.allowances})
    found = [(rule, finding) for rule in rules() for finding in rule.find(document)]
    kept = [pair for pair in found if not silence.covers(*pair)]
    report = Report()
    report.add(
        _warning(rule, finding) for rule, finding in kept if finding.allowance not in silence.used
    )
    # What a requirement names twice is told once.
    return tuple(dict.fromkeys(report.sorted()))


class _Silence(Struct):
    """The allowances by code and requirement, and those that silenced something."""

    allowances: dict[tuple[str, str | None], Allowance]
    used: set[Allowance | None] = field(default_factory=set)

    def covers(self, rule: Rule, finding: Finding) -> bool:
        """Tell whether a finding is allowed; every allowance that covers it counts as used."""
        covering = set(self._covering(rule, finding)) if rule.allowable else set()
        self.used |= covering
        return bool(covering)

    def _covering(self, rule: Rule, finding: Finding) -> Iterator[Allowance]:
        for requirement in (None, *finding.requirements):
            allowance = self.allowances.get((rule.code, requirement))
            if allowance is not None:
                yield allowance


def _warning(rule: Rule, item: Finding) -> Diagnostic:
    return Diagnostic(
        Severity.WARNING, rule.code, item.message, item.span, item.here, item.labels, item.help
    )
