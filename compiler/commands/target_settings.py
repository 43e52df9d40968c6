"""Reads the settings of a target from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reqc.backends.base import Target
from reqc.compiler.commands.deployment import pairs
from reqc.compiler.diagnostics import Code, Report, help_for
from reqc.compiler.lowered import ChangedSetting, Recipe


def target_settings(
    targets: Sequence[Target], written: Iterable[str], report: Report
) -> tuple[Mapping[str, str], ...]:
    """Return every setting of each target with its value or its default.

    A setting counts for all targets that know it; one that none of them knows is reported.
    """
    given = pairs(written, "NAME", report)
    known = {setting.name for chosen in targets for setting in chosen.settings}
    for name in given:
        if targets and name not in known:
            *others, last = (chosen.name for chosen in targets)
            whose = f"{', '.join(others)} and {last}" if others else last
            several = len(targets) > 1
            message = f"the target{'s' * several} {whose} ha{'ve' if several else 's'} no setting"
            help_text = help_for(name, known, "settings:")
            report.error(Code.REFUSED_SETTING, f"{message} `{name}`", help=help_text)
    for chosen in targets:
        _judge(chosen, given, report)
    return tuple(
        {setting.name: given.get(setting.name, setting.default) for setting in chosen.settings}
        for chosen in targets
    )


def recipe(chosen: Target, settings: Mapping[str, str]) -> Recipe:
    """Return how an artefact of a target is made, for it to tell."""
    changed = (
        ChangedSetting(setting.name, settings[setting.name])
        for setting in chosen.settings
        if settings[setting.name] != setting.default
    )
    return Recipe(chosen.name, tuple(changed))


def _judge(chosen: Target, given: Mapping[str, str], report: Report) -> None:
    """Report the values that a target has a list of, and that are not in it."""
    for setting in chosen.settings:
        value = given.get(setting.name)
        if value is None or not setting.values:
            continue
        for item in value.split(",") if setting.many else [value]:
            if item not in setting.values:
                message = f"`{item}` is no value of the setting `{setting.name}`"
                help_text = help_for(item, setting.values, "values:")
                report.error(Code.REFUSED_SETTING, message, help=help_text)
