"""`reqc check`: tell whether specifications are sound."""

from __future__ import annotations

import argparse

from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Report
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS


def run(options: argparse.Namespace) -> int:
    """Show every problem of every specification."""
    report = Report()
    for path in options.specs:
        resolve(path, report, options.include)
    show(report.sorted(), options.color, options.format)
    return PROBLEMS if report.failed else FINE
