"""Reads the settings of a target from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reqc.backends.base import Target
from reqc.compiler.commands.deployment import pairs
from reqc.compiler.diagnostics import Code, Report, help_for


def target_settings(chosen: Target, written: Iterable[str], report: Report) -> Mapping[str, str]:
    """Return every setting with its value or its default; report what the target does not know."""
    known = {setting.name: setting for setting in chosen.settings}
    given = pairs(written, "NAME", report)
    for name, value in given.items():
        setting = known.get(name)
        if setting is None:
            message = f"the target {chosen.name} has no setting `{name}`"
            help_text = help_for(name, known, "settings:")
            report.error(Code.REFUSED_SETTING, message, help=help_text)
            continue
        for item in value.split(",") if setting.many else [value]:
            if setting.values and item not in setting.values:
                message = f"`{item}` is no value of the setting `{name}`"
                help_text = help_for(item, setting.values, "values:")
                report.error(Code.REFUSED_SETTING, message, help=help_text)
    return {name: given.get(name, setting.default) for name, setting in known.items()}
