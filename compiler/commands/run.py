"""`reqc run`: compile the check of a specification and run it on this machine."""

from __future__ import annotations

import argparse
import subprocess

from reqc.backends.registry import target
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Report
from reqc.compiler.lower import lower
from reqc.compiler.resolve import resolve
from reqc.compiler.status import PROBLEMS, USAGE

SHELL = "/bin/sh"


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
    shell = target("shell")
    (script,) = shell.render(lower(document, deployment), shell.defaults).artifacts
    arguments = [f"--color={options.color}", *options.arguments]
    # The script comes over standard input as `ssh HOST sh -s` would bring it.
    finished = subprocess.run(  # noqa: S603  # our own script, and no shell between
        [SHELL, "-s", "--", *arguments], input=script.text.encode(), check=False
    )
    return finished.returncode
