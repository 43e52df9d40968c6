"""Compiles a specification for a target, or for several, into one answer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
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
from reqc.compiler.lower import Lowering
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.model import Wholes
from reqc.compiler.resolve import resolve
from reqc.compiler.source import Span
from reqc.compiler.status import FINE, PROBLEMS, USAGE


class _Read(Struct, frozen=True):
    """A specification as it is compiled, and what else is to be known of it.

    `every_role` are the roles of an artefact for all hosts, none where roles were asked for.
    `wholes` are where the requirements are written, and `inputs` are what was read, none where it
    cannot be read twice.
    """

    lowered: LoweredDocument
    every_role: tuple[str, ...]
    identity_span: Span
    wholes: Wholes
    inputs: tuple[Input, ...]


def compiled(options: argparse.Namespace, *, colour: bool) -> tuple[Answer, tuple[Input, ...]]:
    """Return what there is to say, and the files it was made from, none where they may not count.

    The answer to wrong usage, and an answer with an error, has no files.
    """
    usage = Report()
    targets = _targets(options, usage)
    settings = target_settings(targets, options.settings, usage)
    report = Report()
    read = _read(options, report, usage) if not usage.failed else None
    if usage.failed:
        return _nothing(USAGE, usage, colour=colour)
    if read is None:
        return _nothing(PROBLEMS, report, colour=colour)
    made = _outputs(targets, settings, read, usage, explain=options.explain)
    if usage.failed:
        return _nothing(USAGE, usage, colour=colour)
    for chosen, output in zip(targets, made, strict=True):
        report.add(_remarks(output, read, options, chosen.name if len(targets) > 1 else ""))
    if report.failed:
        return _nothing(PROBLEMS, report, colour=colour)
    files = tuple(_files(targets, made))
    answer = Answer(FINE, files, _stream(made, files), told(report.sorted(), colour=colour))
    return answer, _inputs(targets, read)


def _read(options: argparse.Namespace, report: Report, usage: Report) -> _Read | None:
    """Return what is compiled, None where something is wrong, which is reported."""
    document = resolve(options.spec, report, options.include)
    deployment = read_deployment(options, document, usage) if document else None
    if document is None or deployment is None or usage.failed:
        return None
    lowering = Lowering(document, deployment)
    identity_span, wholes = document.identity_span, Wholes(document.requirements)
    inputs = (*document.inputs, *deployment.inputs) if document.inputs else ()
    of_every_role = () if deployment.host_roles else tuple(document.roles)
    del document  # beside what it is lowered to it would take as much memory again
    return _Read(lowering.finished(), of_every_role, identity_span, wholes, inputs)


def _nothing(status: int, report: Report, *, colour: bool) -> tuple[Answer, tuple[Input, ...]]:
    return Answer(status, (), None, told(report.sorted(), colour=colour)), ()


def _outputs(
    targets: Sequence[Target],
    settings: Sequence[Mapping[str, str]],
    read: _Read,
    usage: Report,
    *,
    explain: bool,
) -> list[Output]:
    """Return what each target makes of a document; settings that it refuses are reported."""
    of_every_role = replace(read.lowered, host_roles=read.every_role or read.lowered.host_roles)
    tasks = [
        Task(chosen, given, of_every_role if chosen.every_role else read.lowered, explain)
        for chosen, given in zip(targets, settings, strict=True)
    ]
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
    output: Output, read: _Read, options: argparse.Namespace, name: str
) -> list[Diagnostic]:
    """Return what there is to say of an output; `name` is its target's where there are several."""
    spans = _spans(output, read)
    refused = [_refused(refusal, spans) for refusal in output.refusals]
    elsewhere = [item for item in output.unsupported if item.reason is Reason.ELSEWHERE]
    left_out = [
        _unsupported(item, spans, strict=options.strict)
        for item in output.unsupported
        if item.reason is not Reason.ELSEWHERE
    ]
    warned = [_caution(item, read, spans, strict=options.strict) for item in output.cautions]
    told = omissions(elsewhere) if options.verbose else ()
    notes = [Diagnostic(Severity.NOTE, Code.UNSUPPORTED, line) for line in told]
    of_target = f"{name}: " if name else ""
    return [
        replace(item, message=f"{of_target}{item.message}")
        for item in refused + warned + left_out + notes
    ]


def _spans(output: Output, read: _Read) -> Mapping[str, Span]:
    """Return by its id where each requirement is that something is said of."""
    said = {id_ for item in output.refusals for id_ in (item.requirement, item.other)}
    said |= {item.requirement for item in output.cautions}
    said |= {item.requirement for item in output.unsupported if item.reason is not Reason.ELSEWHERE}
    ids = (item.origin.id for item in read.lowered.requirements)
    return {id_: read.wholes[number] for number, id_ in enumerate(ids) if id_ in said}


def _refused(refusal: Refusal, spans: Mapping[str, Span]) -> Diagnostic:
    span = spans.get(refusal.requirement) if refusal.requirement else None
    other = spans.get(refusal.other) if refusal.other else None
    labels = (Label(other, f"and `{refusal.other}`"),) if other else ()
    return Diagnostic(
        Severity.ERROR, refusal.code, refusal.message, span, labels=labels, help=refusal.help
    )


def _caution(item: Caution, read: _Read, spans: Mapping[str, Span], *, strict: bool) -> Diagnostic:
    severity = Severity.ERROR if strict else Severity.WARNING
    span = spans.get(item.requirement) if item.requirement else read.identity_span
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
            yield File(f"{folder}{item.name}", item.content, item.executable)


def _stream(outputs: Sequence[Output], files: Sequence[File]) -> File | None:
    if len(outputs) == 1 and outputs[0].stream is not None:
        return File("", outputs[0].stream)
    return files[0] if len(outputs) == len(files) == 1 else None


def _inputs(targets: Sequence[Target], read: _Read) -> tuple[Input, ...]:
    """Return what was read; none where it cannot be read twice, or a target is not of reqc."""
    return read.inputs if all(chosen.name in TARGETS for chosen in targets) else ()
