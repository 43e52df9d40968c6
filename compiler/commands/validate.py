"""`reqc validate`: tell what is wrong with Ignition configurations and MachineConfigs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from reqc.backends.base import SettingError
from reqc.backends.ignition.validation.findings import UNREADABLE, Finding
from reqc.backends.ignition.validation.judging import declared_pools, judge, read_documents
from reqc.backends.ignition.validation.nodes import Node, Place, UnreadableError
from reqc.backends.ignition.validation.scope import Scope
from reqc.backends.machineconfig.releases import named_releases
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Diagnostic, Report, Severity
from reqc.compiler.loader import read
from reqc.compiler.source import Source, Span
from reqc.compiler.status import FINE, PROBLEMS, USAGE

_JSON: Final = (".ign", ".json")
_YAML: Final = (".yaml", ".yml")
_SEVERITIES: Final = {"warning": Severity.WARNING, "note": Severity.NOTE}


class _File(Struct, frozen=True):
    """A file with the documents in it."""

    source: Source
    documents: tuple[Node, ...]


def run(options: argparse.Namespace) -> int:
    """Judge every document of every file; with --strict a warning is an error."""
    report = Report()
    scope = _scope(options, report)
    if scope is None:
        show(report.sorted(), options.color)
        return USAGE
    files = [file for path in options.files if (file := _read(path, report)) is not None]
    pools = (pool for file in files for pool in declared_pools(file.documents))
    known = Scope(scope.releases, (*scope.custom_pools, *pools))
    judged = iter(judge([document for file in files for document in file.documents], known))
    for file in files:
        findings = [found for _ in file.documents for found in next(judged)]
        report.add(_diagnostics(findings, file.source, strict=options.strict))
    show(report.sorted(), options.color, options.format)
    return PROBLEMS if report.failed else FINE


def _scope(options: argparse.Namespace, report: Report) -> Scope | None:
    if options.openshift is None:
        return Scope(custom_pools=tuple(options.pools))
    try:
        return Scope(named_releases(options.openshift).known, tuple(options.pools))
    except SettingError as problem:
        report.error(Code.USAGE, str(problem))
        return None


def _read(path: str, report: Report) -> _File | None:
    found = read(path, report)
    if found is None:
        return None
    _, source = found
    try:
        return _File(source, _documents(source))
    except UnreadableError as problem:
        span = _span(source, problem.place)
        report.error(UNREADABLE, f"{source.path} cannot be read: {problem}", span)
        return None


def _documents(source: Source) -> tuple[Node, ...]:
    """Return the documents of a file; what is neither named JSON nor YAML shows what it is."""
    name = source.path.lower()
    braced = source.text.lstrip().startswith("{")
    as_yaml = name.endswith(_YAML) or not (name.endswith(_JSON) or braced)
    documents = read_documents(source.text, as_yaml=as_yaml)
    if documents:
        return documents
    message = "it is empty"
    raise UnreadableError(message, Place(0, 0))


def _diagnostics(
    findings: Iterable[Finding], source: Source, *, strict: bool
) -> Iterator[Diagnostic]:
    for item in findings:
        severity = _SEVERITIES.get(item.severity, Severity.ERROR)
        if strict and severity is Severity.WARNING:
            severity = Severity.ERROR
        span = _span(source, item.place)
        yield Diagnostic(severity, item.code, item.message, span, item.path, help=item.help)


def _span(source: Source, place: Place) -> Span:
    return Span(source, place.start, place.end)
