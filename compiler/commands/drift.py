"""`reqc drift`: tell in what the rules on this machine are not what a specification says."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from reqc.backends.base import (
    Drift,
    SettingError,
    Sign,
    Target,
    UnreadableMachineError,
)
from reqc.backends.registry import target, target_names
from reqc.compiler.commands import drift_json
from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.target_settings import recipe, target_settings
from reqc.compiler.commands.targets import find_target
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.lower import lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.render import visible
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS, UNVERIFIED, USAGE

_SIGNS: Final[Mapping[Sign, tuple[str, str]]] = {
    Sign.MISSING: ("-", "31"),
    Sign.UNEXPECTED: ("+", "33"),
}


def run(options: argparse.Namespace) -> int:
    """Compare, change nothing, and exit with 1 where there is a difference."""
    report = Report()
    chosen = _comparable(options.target, report)
    settings = target_settings([chosen] if chosen else [], options.settings, report)
    document = resolve(options.spec, report, options.include) if not report.failed else None
    deployment = read_deployment(options, document, report) if document else None
    if report.failed or document is None or deployment is None or chosen is None:
        show(report.sorted(), options.color)
        return USAGE
    lowered = replace(lower(document, deployment), recipe=recipe(chosen, settings[0]))
    try:
        drift = _drift(chosen, lowered, settings[0], report)
    except UnreadableMachineError as problem:
        report.error(Code.UNREADABLE_MACHINE, str(problem), help=problem.help)
        show(report.sorted(), options.color)
        return UNVERIFIED
    show(report.sorted(), options.color)
    if drift is None:
        return USAGE
    _tell(drift, lowered, options)
    return PROBLEMS if drift.deviations else FINE


def _comparable(name: str, report: Report) -> Target | None:
    """Return a target that can be compared with a machine; report any other."""
    chosen = find_target(name, report)
    if chosen is not None and chosen.drift is None:
        able = ", ".join(one for one in target_names() if target(one).drift)
        message = f"the target {name} cannot be compared with a machine"
        report.error(Code.USAGE, message, help=f"targets that can: {able}")
        return None
    return chosen


def _drift(
    chosen: Target, document: LoweredDocument, settings: Mapping[str, str], report: Report
) -> Drift | None:
    """Return the comparison, None where the target refuses what it would be compared with."""
    assert chosen.drift is not None  # noqa: S101  # _comparable let no other through
    try:
        refusals = chosen.render(document, settings).refusals
        if not refusals:
            return chosen.drift(document, settings)
    except SettingError as problem:
        help_text = f"see reqc targets {chosen.name}"
        report.error(Code.REFUSED_SETTING, str(problem), help=help_text)
        return None
    for refusal in refusals:
        report.error(refusal.code, refusal.message, help=refusal.help)
    return None


def _tell(drift: Drift, document: LoweredDocument, options: argparse.Namespace) -> None:
    if options.format == "json":
        sys.stdout.buffer.write(drift_json.document(drift, document, options.target).encode())
        sys.stdout.buffer.flush()
        return
    colour = colours(options.color, sys.stdout)
    sys.stdout.writelines(f"{line}\n" for line in _text(drift, document, colour=colour))


def _text(drift: Drift, document: LoweredDocument, *, colour: bool) -> Iterator[str]:
    lines = {item.origin.id: str(item.origin.place) for item in document.requirements}
    where = None
    for one in drift.deviations:
        if one.where != where:
            where = one.where
            yield visible(where)
        mark, paint = _SIGNS[one.sign]
        asked = ", ".join(f"{id_} ({lines[id_]})" for id_ in one.requirements)
        text = f"  {mark} {visible(one.what)}" + (f"  [{visible(asked)}]" if asked else "")
        yield f"\x1b[{paint}m{text}\x1b[0m" if colour else text
    yield from (f"note: {visible(note)}" for note in drift.notes)
    yield _summary(drift)


def _summary(drift: Drift) -> str:
    if not drift.deviations:
        return "the machine is as the specification says"
    missing = sum(one.sign is Sign.MISSING for one in drift.deviations)
    unexpected = len(drift.deviations) - missing
    return f"{missing} missing (-), {unexpected} unexpected (+)"
