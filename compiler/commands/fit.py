"""`reqc fit`: tell which specifications nodes fit, and what stands in the way."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from reqc.compiler.commands.delivery import deliver, style
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.judging import judge_files, sorted_out, unusable
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report, help_for
from reqc.compiler.evaluation import fit_json, fit_report
from reqc.compiler.evaluation.collected import files_of
from reqc.compiler.evaluation.fit import Fit, exit_status, fits
from reqc.compiler.evaluation.fleet import Question
from reqc.compiler.lower import lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve
from reqc.compiler.status import USAGE


def run(options: argparse.Namespace) -> int:
    """Judge all nodes by all specifications; refuse where one of either cannot be used."""
    report = Report()
    specs, facts = sorted_out(options)
    specs = list(dict.fromkeys(specs))
    files = files_of(facts, report)
    documents = _documents(specs, options, report)
    if report.failed:
        show(report.sorted(), options.color)
        return USAGE
    # Nothing is waived here, so that the day does not matter.
    nodes, unreadable = judge_files(Question(documents, date.min), files)
    if nodes:
        found = fits(specs, documents, nodes)
        deliver(_pieces(found, options), options)
    report.add(unusable(nodes, unreadable))
    show(report.sorted(), options.color)
    return USAGE if unreadable or not nodes else exit_status(found)


def _documents(
    specs: Sequence[str], options: argparse.Namespace, report: Report
) -> tuple[LoweredDocument, ...]:
    if not specs:
        report.error(Code.USAGE, "no specification is given")
    read = [resolve(spec, report, options.include) for spec in specs]
    documents = [document for document in read if document is not None]
    if report.failed:
        return ()
    options_known = {name for document in documents for name in document.options}
    roles_known = {name for document in documents for name in document.roles}
    _refuse_unknown(map(_name, options.choices), options_known, Code.UNKNOWN_OPTION, report)
    _refuse_unknown(options.roles, roles_known, Code.UNKNOWN_ROLE, report)
    return tuple(_lowered(document, options, report) for document in documents)


def _name(choice: str) -> str:
    return choice.partition("=")[0]


def _refuse_unknown(
    names: Iterable[str], known: Collection[str], code: Code, report: Report
) -> None:
    """Report names that no specification has."""
    what = "option" if code is Code.UNKNOWN_OPTION else "role"
    for name in dict.fromkeys(names):
        if name not in known:
            message = f"no specification has the {what} `{name}`"
            report.error(code, message, help=help_for(name, known, f"{what}s:"))


def _lowered(document: Document, options: argparse.Namespace, report: Report) -> LoweredDocument:
    """Return a document under those of the choices that it knows."""
    known = argparse.Namespace(**vars(options))
    known.choices = [item for item in options.choices if _name(item) in document.options]
    known.roles = [item for item in options.roles if item in document.roles]
    return lower(document, read_deployment(known, document, report))


def _pieces(found: Sequence[Fit], options: argparse.Namespace) -> Iterable[str]:
    whole: dict[str, Callable[[Sequence[Fit]], str]] = {
        "json": fit_json.document,
        "markdown": fit_report.markdown,
    }
    if options.format in whole:
        return [whole[options.format](found)]
    return (f"{line}\n" for line in fit_report.text(found, style(options)))
