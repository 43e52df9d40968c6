"""Compiles a specification for a target, or for several, into one answer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from reqc.backends.base import (
    Caution,
    Output,
    Reason,
    Refusal,
    SettingError,
    Target,
    Unsupported,
)
from reqc.backends.heading import omissions
from reqc.backends.registry import TARGETS, target, target_names
from reqc.compiler.commands.answer import Answer, File
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.rendering import Task, outputs
from reqc.compiler.commands.target_settings import target_settings
from reqc.compiler.commands.targets import find_target
from reqc.compiler.commands.terminal import told
from reqc.compiler.diagnostics import Code, Diagnostic, Label, Report, Severity
from reqc.compiler.inputs import Input
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve
from reqc.compiler.source import Span
from reqc.compiler.status import FINE, PROBLEMS, USAGE


def compiled(options: argparse.Namespace, *, colour: bool) -> tuple[Answer, tuple[Input, ...]]:
    """Return what there is to say, and the files it was made from, none where they may not count.

    The answer to wrong usage, and an answer with an error, has no files.
    """
    usage = Report()
    targets = _targets(options, usage)
    settings = target_settings(targets, options.settings, usage)
    report = Report()
    document = resolve(options.spec, report, options.include) if not usage.failed else None
    deployment = read_deployment(options, document, usage) if document else None
    if usage.failed:
        return _nothing(USAGE, usage, colour=colour)
    if document is None or deployment is None:
        return _nothing(PROBLEMS, report, colour=colour)
    made = _outputs(targets, settings, document, deployment, usage, explain=options.explain)
    if usage.failed:
        return _nothing(USAGE, usage, colour=colour)
    for chosen, output in zip(targets, made, strict=True):
        report.add(_remarks(output, document, options, chosen.name if len(targets) > 1 else ""))
    if report.failed:
        return _nothing(PROBLEMS, report, colour=colour)
    files = tuple(_files(targets, made))
    answer = Answer(FINE, files, _stream(made, files), told(report.sorted(), colour=colour))
    return answer, _inputs(targets, document, deployment)


def _nothing(status: int, report: Report, *, colour: bool) -> tuple[Answer, tuple[Input, ...]]:
    return Answer(status, (), None, told(report.sorted(), colour=colour)), ()


def _outputs(  # noqa: PLR0913  # what a compilation is made of
    targets: Sequence[Target],
    settings: Sequence[Mapping[str, str]],
    document: Document,
    deployment: Deployment,
    usage: Report,
    *,
    explain: bool,
) -> list[Output]:
    """Return what each target makes of a document; settings that it refuses are reported."""
    lowered = lower(document, deployment)
    of_every_role = replace(lowered, host_roles=tuple(document.roles))
    tasks = []
    for chosen, given in zip(targets, settings, strict=True):
        every_role = chosen.every_role and not deployment.host_roles
        tasks.append(Task(chosen, given, of_every_role if every_role else lowered, explain))
    made = []
    for task, output in zip(tasks, outputs(tasks), strict=True):
        if isinstance(output, SettingError):
            help_text = f"see reqc targets {task.target.name}"
            usage.error(Code.REFUSED_SETTING, str(output), help=help_text)
        else:
            made.append(output)
    return made


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


def _remarks(
    output: Output, document: Document, options: argparse.Namespace, name: str
) -> list[Diagnostic]:
    """Return what there is to say of an output; `name` is its target's where there are several."""
    spans = _spans(output, document)
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


def _spans(output: Output, document: Document) -> Mapping[str, Span]:
    """Return by its id where each requirement is that something is said of."""
    said = {id_ for item in output.refusals for id_ in (item.requirement, item.other)}
    said |= {item.requirement for item in output.cautions}
    said |= {item.requirement for item in output.unsupported}
    return {item.id: item.places.whole for item in document.requirements if item.id in said}


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


def _files(targets: Sequence[Target], outputs: Sequence[Output]) -> Iterator[File]:
    """Yield all files; those of each of several targets lie in a folder of its own."""
    for chosen, output in zip(targets, outputs, strict=True):
        folder = f"{chosen.name}/" if len(targets) > 1 else ""
        for item in output.artifacts:
            yield File(f"{folder}{item.name}", item.text, item.executable)


def _stream(outputs: Sequence[Output], files: Sequence[File]) -> str | None:
    if len(outputs) == 1 and outputs[0].stream is not None:
        return outputs[0].stream
    return files[0].text if len(outputs) == len(files) == 1 else None


def _inputs(
    targets: Sequence[Target], document: Document, deployment: Deployment
) -> tuple[Input, ...]:
    """Return what was read; none where it cannot be read twice, or a target is not of reqc."""
    if any(chosen.name not in TARGETS for chosen in targets) or not document.inputs:
        return ()
    return (*document.inputs, *deployment.inputs)
