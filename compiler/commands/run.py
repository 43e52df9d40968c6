"""`reqc run`: compile the check of a specification and run it on this machine."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from typing import Final

from reqc.backends.registry import target
from reqc.compiler.commands.check_process import NoVerdictError, read_check, run_check
from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.layout import Layout
from reqc.compiler.commands.progress import Progress
from reqc.compiler.commands.report_view import View
from reqc.compiler.commands.terminal import show
from reqc.compiler.commands.verdict_view import summary
from reqc.compiler.diagnostics import Report
from reqc.compiler.lower import lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.resolve import resolve
from reqc.compiler.status import PROBLEMS, USAGE

_OTHER_OUTPUT: Final = re.compile(r"--(format|list|facts|help|explain)(=.*)?|-h", re.DOTALL)
"""Arguments of the script that ask for something else than our report to people."""

_QUIET: Final = frozenset({"-q", "--quiet"})
_VERBOSE: Final = frozenset({"-v", "--verbose"})


def run(options: argparse.Namespace) -> int:
    """Run the check script and return its exit status; the script changes nothing."""
    report = Report()
    document = resolve(options.spec, report, options.include)
    if document is None:
        show(report.sorted(), options.color)
        return PROBLEMS
    deployment = read_deployment(options, document, report)
    if report.failed:
        show(report.sorted(), options.color)
        return USAGE
    lowered = lower(document, deployment)
    shell = target("shell")
    (script,) = shell.render(lowered, shell.defaults).artifacts
    arguments = _arguments(options)
    try:
        if _for_people(arguments):
            return _shown(script.text, arguments, lowered, options.color)
        sys.stdout.flush()
        return run_check(script.text, [f"--color={options.color}", *arguments])
    except NoVerdictError as problem:
        if str(problem):
            sys.stderr.write(f"reqc: error: {problem}\n")
        return USAGE


def _arguments(options: argparse.Namespace) -> list[str]:
    """Return the arguments of the script: our own options by its names, then those behind `--`."""
    flags = ("quiet", "verbose", "strict", "network")
    values = ("only", "skip", "waive", "root", "format")
    arguments = [f"--{name}" for name in flags if getattr(options, name)]
    for name in values:
        arguments += [f"--{name}={value}" for value in getattr(options, name)]
    return [*arguments, *options.arguments]


def _for_people(arguments: list[str]) -> bool:
    return sys.stdout.isatty() and not any(map(_OTHER_OUTPUT.fullmatch, arguments))


def _shown(script: str, arguments: list[str], document: LoweredDocument, color: str) -> int:
    asked = [argument for argument in arguments if argument not in _QUIET | _VERBOSE]
    with Progress(sys.stdout) as progress:
        report, status = read_check(script, asked, lambda name: progress.tell(f"checked {name}"))
    layout = Layout(shutil.get_terminal_size().columns, colours(color, sys.stdout))
    view = View(
        layout,
        verbose=not _VERBOSE.isdisjoint(arguments),
        quiet=not _QUIET.isdisjoint(arguments),
    )
    lines = (*view.render(report, document), *summary(report, status, layout))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return status
