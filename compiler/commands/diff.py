"""`reqc diff`: tell what changed between two specifications, and what to do about it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reqc.compiler.commands.delivery import deliver, style
from reqc.compiler.commands.deployment import pairs, read_deployment
from reqc.compiler.commands.terminal import show
from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.comparing import Choice, compare
from reqc.compiler.comparison.supplement import Supplement
from reqc.compiler.diagnostics import Code, Diagnostic, Report, Severity, help_for
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS, USAGE

if TYPE_CHECKING:
    from reqc.backends.base import Target


def run(options: argparse.Namespace) -> int:
    """Print the changes; the exit status tells of them only with --exit-code."""
    report = Report()
    old = resolve(options.old, report, options.include)
    new = resolve(options.new, report, options.include)
    if old is None or new is None:
        show(report.sorted(), options.color)
        return USAGE if options.exit_code else PROBLEMS
    usage = Report()
    deployments = _deployments(options, old, new, usage)
    before, after = map(_choice, deployments)
    comparison = compare(old, new, before, after, options.errata)
    supplement = _supplement(options, comparison, deployments, usage)
    if usage.failed:
        show(usage.sorted(), options.color)
        return USAGE
    deliver(_pieces(comparison, supplement, options), options)
    show([*report.sorted(), *usage.sorted()], options.color)
    changed = comparison.differences or comparison.options or supplement.artefacts
    return PROBLEMS if changed and options.exit_code else FINE


def _choice(deployment: Deployment) -> Choice:
    return Choice(deployment.choices, deployment.host_roles)


def _deployments(
    options: argparse.Namespace, old: Document, new: Document, report: Report
) -> tuple[Deployment, Deployment]:
    """Return both deployments: `--set` and `--role` count for the documents that know them."""
    _unknown(options, old, new, report)
    return (
        _deployment(options, old, options.old_choices, report),
        _deployment(options, new, options.new_choices, report),
    )


def _unknown(options: argparse.Namespace, old: Document, new: Document, report: Report) -> None:
    known = {**old.options, **new.options}
    for name in pairs(options.choices, "OPTION", Report()):
        if name not in known:
            message = f"no specification has an option `{name}`"
            report.error(Code.UNKNOWN_OPTION, message, help=help_for(name, known, "options:"))
    roles = {**old.roles, **new.roles}
    for name in options.roles:
        if name not in roles:
            message = f"no specification has a role `{name}`"
            report.error(Code.UNKNOWN_ROLE, message, help=help_for(name, roles, "roles:"))


def _deployment(
    options: argparse.Namespace, document: Document, own: Iterable[str], report: Report
) -> Deployment:
    shared = [
        item
        for item in options.choices
        if "=" not in item or item.partition("=")[0] in document.options
    ]
    given = argparse.Namespace(
        choices=[*shared, *own],
        roles=[name for name in options.roles if name in document.roles],
        inventory=options.inventory,
        errata=options.errata,
    )
    found = read_deployment(given, document, report)
    # A role that one document lacks is one whose hosts it asks nothing of.
    return replace(found, host_roles=tuple(dict.fromkeys(options.roles)))


def _supplement(
    options: argparse.Namespace,
    comparison: Comparison,
    deployments: Sequence[Deployment],
    report: Report,
) -> Supplement:
    """Return what is told beside the changes; what is wrong with what was asked is reported."""
    # Targets and facts take time to load, and are not always asked for.
    from reqc.compiler.commands.artefact_changes import OPENSHIFT, reboots  # noqa: PLC0415

    found = Supplement()
    if report.failed:
        return found
    if comparison.configuration and comparison.new.identity.platform == OPENSHIFT:
        lowered = [
            lower(document, deployment)
            for document, deployment in zip(
                (comparison.old, comparison.new), deployments, strict=True
            )
        ]
        found = replace(found, reboot=reboots(comparison, lowered[0], lowered[1]))
    if options.facts:
        found = _with_nodes(found, options, comparison, deployments, report)
    if options.target:
        found = _with_artefacts(found, options, comparison, deployments, report)
    return found


def _with_nodes(
    supplement: Supplement,
    options: argparse.Namespace,
    comparison: Comparison,
    deployments: Sequence[Deployment],
    report: Report,
) -> Supplement:
    from reqc.compiler.commands.judging import judge_files, unusable  # noqa: PLC0415  # pydantic
    from reqc.compiler.comparison.nodes import effects, node_changes  # noqa: PLC0415
    from reqc.compiler.evaluation.collected import files_of  # noqa: PLC0415
    from reqc.compiler.evaluation.fleet import Question  # noqa: PLC0415

    files = files_of([item for group in options.facts for item in group], report)
    if report.failed:
        return supplement
    old = lower(comparison.old, deployments[0])
    new = lower(comparison.new, deployments[1])
    nodes, unreadable = judge_files(Question((old, new), datetime.now(UTC).date()), files)
    report.add(unusable(nodes, unreadable))
    changes = node_changes(old, new, nodes)
    return replace(supplement, nodes=changes, effects=tuple(effects(comparison, changes)))


def _with_artefacts(
    supplement: Supplement,
    options: argparse.Namespace,
    comparison: Comparison,
    deployments: Sequence[Deployment],
    report: Report,
) -> Supplement:
    from reqc.backends.base import SettingError  # noqa: PLC0415  # targets take time to load
    from reqc.compiler.commands.artefact_changes import artefact_changes  # noqa: PLC0415
    from reqc.compiler.commands.target_settings import target_settings  # noqa: PLC0415
    from reqc.compiler.commands.targets import find_target  # noqa: PLC0415

    chosen = find_target(options.target, report)
    if chosen is None:
        return supplement
    (settings,) = target_settings((chosen,), options.settings, report)
    if report.failed:
        return supplement
    old, new = (
        lower(document, _for_target(deployment, document, chosen))
        for document, deployment in zip((comparison.old, comparison.new), deployments, strict=True)
    )
    try:
        changes, refusals = artefact_changes(chosen, settings, old, new)
    except SettingError as problem:
        help_text = f"see reqc targets {chosen.name}"
        report.error(Code.REFUSED_SETTING, str(problem), help=help_text)
        return supplement
    for refusal in refusals:
        diagnostic = Diagnostic(Severity.ERROR, refusal.code, refusal.message, help=refusal.help)
        report.add([diagnostic])
    return replace(supplement, artefacts=changes, target=chosen.name)


def _for_target(deployment: Deployment, document: Document, chosen: Target) -> Deployment:
    if chosen.every_role and not deployment.host_roles:
        return replace(deployment, host_roles=tuple(document.roles))
    return deployment


def _pieces(
    comparison: Comparison, supplement: Supplement, options: argparse.Namespace
) -> Iterable[str]:
    # Each form is loaded when it is asked for.
    match options.format:
        case "json":
            from reqc.compiler.comparison import json_report  # noqa: PLC0415  # pydantic

            return [json_report.document(comparison, supplement)]
        case "markdown":
            from reqc.compiler.comparison import markdown_report  # noqa: PLC0415

            return [markdown_report.document(comparison, supplement)]
        case "html":
            from reqc.compiler.commands import diff_page  # noqa: PLC0415  # jinja

            return [diff_page.document(comparison, supplement, [*_asked(options)])]
        case _:
            from reqc.compiler.comparison import text_report  # noqa: PLC0415

            told = text_report.lines(
                comparison, supplement, style(options), verbose=options.verbose
            )
            return (f"{line}\n" for line in told)


def _asked(options: argparse.Namespace) -> Iterator[str]:
    """Yield the arguments that narrowed the comparison, without any place of this machine."""
    yield from (f"--set {item}" for item in options.choices)
    yield from (f"--old-set {item}" for item in options.old_choices)
    yield from (f"--new-set {item}" for item in options.new_choices)
    yield from (f"--role {name}" for name in options.roles)
    if options.errata != "published":
        yield f"--errata {options.errata}"
