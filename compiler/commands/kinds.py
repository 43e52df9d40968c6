"""`reqc kinds`: what can be required."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, get_args

from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report, help_for
from reqc.compiler.kinds.base import Kind
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.status import FINE, USAGE

if TYPE_CHECKING:
    from reqc.compiler.knowledge.kernel import KernelNeed


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
    """Return the names that a kind knows, where it knows them all, and what packages they need."""
    from reqc.compiler.knowledge import kernel  # noqa: PLC0415  # reads the kernel knowledge

    vocabularies: tuple[kernel.NameKind, ...] = get_args(kernel.NameKind)
    needs = next((kernel.known_needs(one) for one in vocabularies if one == name), None)
    if needs is None:
        return []
    hints = dict.fromkeys(need.hint for need in needs.values() if need.hint)
    marks = {hint: f" [{number}]" for number, hint in enumerate(hints, start=1)}
    width = max(map(len, needs))
    lines = [
        f"  {known:<{width}}  {_need_in_words(need)}{marks.get(need.hint, '')}"
        for known, need in needs.items()
    ]
    notes = [f"  [{number}] {hint}" for number, hint in enumerate(hints, start=1)]
    return [*lines, *(["packages:", *notes] if notes else [])]


def _need_in_words(need: KernelNeed) -> str:
    """Return what a name stands for, or what became of it, and since when there is such a thing."""
    modules = f" ({', '.join(need.boot_modules)})" if need.boot_modules else ""
    since = f", since kernel {need.since}" if need.since else ""
    return need.remark or f"{need.summary}{modules}{since}"
