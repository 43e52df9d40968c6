"""`reqc targets`: what a specification can be compiled to."""

from __future__ import annotations

import argparse
import sys

from reqc.backends.base import Setting, Target
from reqc.backends.registry import target, target_names
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report, help_for
from reqc.compiler.status import FINE, USAGE


def run(options: argparse.Namespace) -> int:
    """List all targets with a line each, or show one with its settings."""
    names = target_names()
    if options.name is None:
        width = max(map(len, names))
        sys.stdout.writelines(f"{name:<{width}}  {target(name).summary}\n" for name in names)
        return FINE
    report = Report()
    found = find_target(options.name, report)
    if found is None:
        show(report.sorted(), options.color)
        return USAGE
    sys.stdout.write(_about(found))
    return FINE


def find_target(name: str, report: Report) -> Target | None:
    """Return a target by name; report a name that no target has."""
    try:
        return target(name)
    except KeyError:
        names = target_names()
        message = f"there is no target `{name}`"
        report.error(Code.USAGE, message, help=help_for(name, names, "targets:"))
        return None


def _about(found: Target) -> str:
    lines = [f"{found.name}: {found.summary}", f"reads: {found.reads}"]
    if found.settings:
        lines.append("settings, given as -O NAME=VALUE:")
    lines += [line for setting in found.settings for line in _setting(setting)]
    return "\n".join(lines) + "\n"


def _setting(setting: Setting) -> list[str]:
    values = f", one of {', '.join(setting.values)}" if setting.values else ""
    several = ", several with commas" if setting.many else ""
    default = setting.default or "none"
    return [f"  {setting.name}", f"      {setting.help} (default {default}{values}{several})"]
