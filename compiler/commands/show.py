"""`reqc show`: print a specification with all that it uses and amends, as one file."""

from __future__ import annotations

import argparse
import sys

from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Report
from reqc.compiler.resolve import resolve
from reqc.compiler.said import with_places
from reqc.compiler.status import FINE, PROBLEMS
from reqc.compiler.syntax.printer import canonical_statements


def run(options: argparse.Namespace) -> int:
    """Print the document in canonical form; what it compiles to is the same, byte by byte."""
    report = Report()
    document = resolve(options.spec, report, options.include)
    show(report.sorted(), options.color)
    if document is None:
        return PROBLEMS
    sys.stdout.write(canonical_statements(with_places(document.statements)))
    return FINE
