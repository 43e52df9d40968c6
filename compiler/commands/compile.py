"""`reqc compile`: write what a specification means for a target, or for several."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from reqc.backends.base import (
    Artifact,
    Caution,
    Output,
    Reason,
    Refusal,
    SettingError,
    Target,
    Unsupported,
)
from reqc.backends.heading import omissions
from reqc.backends.registry import target, target_names
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.target_settings import recipe, target_settings
from reqc.compiler.commands.targets import find_target
from reqc.compiler.commands.terminal import show
from reqc.compiler.commands.writing import write_file, write_folder
from reqc.compiler.diagnostics import Code, Diagnostic, Label, Report, Severity
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve
from reqc.compiler.source import Span
from reqc.compiler.status import FINE, PROBLEMS, USAGE

EXPLANATION: Final = "explanation.txt"
"""The name of an explanation in a folder."""


def run(options: argparse.Namespace) -> int:
    """Compile, and write only when nothing is wrong."""
    usage = Report()
    targets = _targets(options, usage)
    settings = target_settings(targets, options.settings, usage)
    report = Report()
    document = resolve(options.spec, report, options.include) if not usage.failed else None
    deployment = read_deployment(options, document, usage) if document else None
    if usage.failed:
        show(usage.sorted(), options.color)
        return USAGE
    if document is None or deployment is None:
        show(report.sorted(), options.color)
        return PROBLEMS
    outputs = []
    # almost all targets are about the same hosts
    lowered: dict[tuple[str, ...], LoweredDocument] = {}
    for chosen, given in zip(targets, settings, strict=True):
        meant = _meant(deployment, chosen, document)
        hosts = tuple(meant.host_roles)
        if hosts not in lowered:
            lowered[hosts] = lower(document, meant)
        try:
            outputs.append(_output(chosen, lowered[hosts], given, explain=options.explain))
        except SettingError as problem:
            help_text = f"see reqc targets {chosen.name}"
            usage.error(Code.REFUSED_SETTING, str(problem), help=help_text)
    if usage.failed:
        show(usage.sorted(), options.color)
        return USAGE
    for chosen, output in zip(targets, outputs, strict=True):
        report.add(_remarks(output, document, options, chosen.name if len(targets) > 1 else ""))
    status = PROBLEMS if report.failed else _deliver(targets, outputs, options, report)
    show(report.sorted(), options.color)
    return status


def _targets(options: argparse.Namespace, usage: Report) -> tuple[Target, ...]:
    """Return the targets that are asked for, each once; what cannot be used is reported."""
    found = []
    for name in dict.fromkeys(options.targets):
        chosen = find_target(name, usage)
        if chosen and options.explain and chosen.explain is None:
            able = ", ".join(name for name in target_names() if target(name).explain)
            message = f"the target {name} cannot explain what it writes"
            usage.error(Code.USAGE, message, help=f"targets that can: {able}")
        found += [chosen] if chosen else []
    return tuple(found)


def _meant(deployment: Deployment, chosen: Target, document: Document) -> Deployment:
    """Return the deployment with the hosts that a target is about where none are named."""
    if chosen.every_role and not deployment.host_roles:
        return replace(deployment, host_roles=tuple(document.roles))
    return deployment


def _output(
    chosen: Target, document: LoweredDocument, settings: Mapping[str, str], *, explain: bool
) -> Output:
    """Return what a target makes of a document, or what it says about that."""
    document = replace(document, recipe=recipe(chosen, settings))
    output = chosen.render(document, settings)
    if not explain or chosen.explain is None or output.refusals:
        return output
    told = Artifact(EXPLANATION, chosen.explain(document, settings))
    return Output((told,), output.unsupported, cautions=output.cautions)


def _remarks(
    output: Output, document: Document, options: argparse.Namespace, name: str
) -> list[Diagnostic]:
    """Return what there is to say of an output; `name` is its target's where there are several."""
    spans = {item.id: item.span for item in document.requirements}
    refused = [_refused(refusal, spans) for refusal in output.refusals]
    elsewhere = [item for item in output.unsupported if item.reason is Reason.ELSEWHERE]
    left_out = [
        _unsupported(item, spans, strict=options.strict)
        for item in output.unsupported
        if item.reason is not Reason.ELSEWHERE
    ]
    warned = [_caution(item, document, spans, strict=options.strict) for item in output.cautions]
    told = omissions(elsewhere) if options.verbose else ()
    notes = [Diagnostic(Severity.NOTE, Code.UNSUPPORTED, line) for line in told]
    of_target = f"{name}: " if name else ""
    return [
        replace(item, message=f"{of_target}{item.message}")
        for item in refused + warned + left_out + notes
    ]


def _refused(refusal: Refusal, spans: Mapping[str, Span]) -> Diagnostic:
    span = spans.get(refusal.requirement) if refusal.requirement else None
    other = spans.get(refusal.other) if refusal.other else None
    labels = (Label(other, f"and `{refusal.other}`"),) if other else ()
    return Diagnostic(
        Severity.ERROR, refusal.code, refusal.message, span, labels=labels, help=refusal.help
    )


def _caution(
    item: Caution, document: Document, spans: Mapping[str, Span], *, strict: bool
) -> Diagnostic:
    severity = Severity.ERROR if strict else Severity.WARNING
    span = spans.get(item.requirement) if item.requirement else document.identity_span
    return Diagnostic(severity, item.code, item.message, span, help=item.help)


def _unsupported(item: Unsupported, spans: Mapping[str, Span], *, strict: bool) -> Diagnostic:
    severity = Severity.ERROR if strict else Severity.WARNING
    message = f"`{item.requirement}` is left out ({item.reason}): {item.detail}"
    return Diagnostic(severity, Code.UNSUPPORTED, message, spans.get(item.requirement))


def _deliver(
    targets: Sequence[Target],
    outputs: Sequence[Output],
    options: argparse.Namespace,
    report: Report,
) -> int:
    output = _together(targets, outputs)
    if options.list:
        sys.stdout.writelines(f"{artifact.name}\n" for artifact in output.artifacts)
        return FINE
    if options.output is None:
        return _print(output, targets, report)
    written = _write(output, options.output, several=len(targets) > 1)
    if options.verbose:
        sys.stderr.writelines(f"wrote {path}\n" for path in written)
    return FINE


def _together(targets: Sequence[Target], outputs: Sequence[Output]) -> Output:
    """Return one output, in which each of several targets has a folder of its own."""
    if len(outputs) == 1:
        return outputs[0]
    return Output(
        tuple(
            replace(artifact, name=f"{chosen.name}/{artifact.name}")
            for chosen, output in zip(targets, outputs, strict=True)
            for artifact in output.artifacts
        )
    )


def _print(output: Output, targets: Sequence[Target], report: Report) -> int:
    stream = output.stream
    if stream is None and len(targets) == len(output.artifacts) == 1:
        stream = output.artifacts[0].text
    if stream is None:
        whose = f"the target {targets[0].name}" if len(targets) == 1 else "these targets"
        report.error(
            Code.USAGE,
            f"{whose} write{'s' * (len(targets) == 1)} {len(output.artifacts)} files",
            help="give a folder with -o DIR; --list names the files",
        )
        return USAGE
    sys.stdout.buffer.write(stream.encode())
    sys.stdout.buffer.flush()
    return FINE


def _write(output: Output, given: str, *, several: bool) -> list[Path]:
    path = Path(given)
    folder = several or len(output.artifacts) != 1 or given.endswith("/") or path.is_dir()
    if folder:
        return write_folder(path, output.artifacts)
    write_file(path, output.artifacts[0])
    return [path]
