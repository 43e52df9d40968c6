"""`reqc kinds`: what can be required."""

from __future__ import annotations

import argparse
import sys

from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report, help_for
from reqc.compiler.kinds.base import Kind
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.status import FINE, USAGE


def run(options: argparse.Namespace) -> int:
    """List all kinds with a line each, or show one with its forms and examples."""
    if options.name is None:
        width = max(map(len, KINDS))
        lines = (f"{name:<{width}}  {kind(name).summary}\n" for name in sorted(KINDS))
        sys.stdout.writelines(lines)
        return FINE
    if options.name not in KINDS:
        report = Report()
        message = f"there is no kind `{options.name}`"
        report.error(Code.UNKNOWN_KIND, message, help=help_for(options.name, KINDS, "kinds:"))
        show(report.sorted(), options.color)
        return USAGE
    sys.stdout.write(_about(kind(options.name)))
    return FINE


def _about(found: type[Kind]) -> str:
    usages = dict.fromkeys(f"  {found.name} {form.usage}" for form in found.forms)
    examples = [f"  must example: {example}" for example in found.examples]
    lines = [f"{found.name}: {found.summary}", "forms:", *usages, "examples:", *examples]
    names = _names(found.name)
    if names:
        lines += ["names:", *names]
    return "\n".join(lines) + "\n"


def _names(name: str) -> list[str]:
    """Return the names that a kind knows, where it knows them all."""
    if name != "feature":
        return []
    from reqc.compiler.knowledge import kernel  # noqa: PLC0415  # reads the kernel knowledge

    needs = ((known, kernel.feature(known)) for known in kernel.feature_names())
    return [f"  {known:<20}  {need.summary}" for known, need in needs if need is not None]
