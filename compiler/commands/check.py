"""`reqc check`: tell whether specifications are sound, and what they probably do not mean."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Diagnostic, Report, Severity
from reqc.compiler.lint.linter import lint
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS


def run(options: argparse.Namespace) -> int:
    """Show every problem of every specification; with --strict a warning is an error."""
    report = Report()
    for path in options.specs:
        document = resolve(path, report, options.include)
        if document is not None:
            warnings = lint(document)
            report.add(_as_errors(warnings) if options.strict else warnings)
    show(report.sorted(), options.color, options.format)
    return PROBLEMS if report.failed else FINE


def _as_errors(warnings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    return (replace(item, severity=Severity.ERROR) for item in warnings)
