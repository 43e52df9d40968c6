"""`reqc evaluate`: judge nodes by the facts that they told of themselves."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime

from msgspec.structs import replace

from reqc.compiler.commands.delivery import deliver, style
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.judging import (
    judge_files,
    one_document,
    sorted_out,
    unusable,
)
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report, help_for
from reqc.compiler.evaluation import json_report, junit_report, markdown_report, text_report
from reqc.compiler.evaluation.collected import files_of
from reqc.compiler.evaluation.fleet import Question, judged
from reqc.compiler.evaluation.summary import Evaluation
from reqc.compiler.evaluation.waivers import day, read_waivers
from reqc.compiler.lower import lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.model import Document
from reqc.compiler.status import USAGE


def run(options: argparse.Namespace) -> int:
    """Judge what can be read; refuse before anything is judged where the usage is wrong."""
    report = Report()
    specs, facts = sorted_out(options)
    files = files_of(facts, report)
    document = one_document(specs, options.include, report)
    question = _question(options, document, report) if document is not None else None
    if question is None or report.failed:
        show(report.sorted(), options.color)
        return USAGE
    nodes, unreadable = judge_files(question, files)
    (made,) = question.documents
    evaluation = Evaluation(
        document=made,
        requirements=judged(made),
        nodes=nodes,
        unreadable=unreadable,
        strict=question.strict,
        waivers=question.waivers,
        today=question.today,
    )
    if nodes:
        deliver(_pieces(evaluation, options), options)
    report.add(unusable(nodes, unreadable))
    show(report.sorted(), options.color)
    return USAGE if unreadable or not nodes else evaluation.exit


def _question(options: argparse.Namespace, document: Document, report: Report) -> Question:
    """Return what nodes are judged by; what is wrong with it is reported."""
    deployment = read_deployment(options, document, report)
    known = [item.id for item in document.requirements]
    only = _requirements("--only", options.only, known, report) if options.only else set(known)
    return Question(
        documents=(_narrowed(lower(document, deployment), only),),
        today=_today(options.date, report),
        strict=options.strict,
        waivers=read_waivers(options.waive, known, report) if options.waive else {},
        skipped=frozenset(_requirements("--skip", options.skip, known, report)),
    )


def _requirements(
    argument: str, names: Iterable[str], known: Sequence[str], report: Report
) -> set[str]:
    """Return the ids that names of requirements and sections stand for."""
    found = set()
    sections = {name.partition(".")[0] for name in known}
    for name in names:
        chosen = {item for item in known if name in {item, item.partition(".")[0]}}
        if not chosen:
            message = f"{argument}: there is no requirement or section `{name}`"
            help_text = help_for(name, [*known, *sections], "requirements:")
            report.error(Code.USAGE, message, help=help_text)
        found |= chosen
    return found


def _narrowed(document: LoweredDocument, ids: Collection[str]) -> LoweredDocument:
    """Return the document with only these requirements."""
    sections = (
        replace(section, requirements=tuple(i for i in section.requirements if i.origin.id in ids))
        for section in document.sections
    )
    return replace(
        document, sections=tuple(section for section in sections if section.requirements)
    )


def _today(written: str | None, report: Report) -> date:
    today = datetime.now(UTC).date()
    if written is None:
        return today
    try:
        return day(written)
    except ValueError as mistake:
        report.error(Code.USAGE, f"--date: `{written}` {mistake}")
        return today


def _pieces(evaluation: Evaluation, options: argparse.Namespace) -> Iterable[str]:
    match options.format:
        case "json":
            return json_report.document(evaluation)
        case "jsonl":
            return json_report.lines(evaluation)
        case "junit":
            return [junit_report.document(evaluation)]
        case "markdown":
            return [markdown_report.document(evaluation)]
        case _:
            lines = text_report.lines(evaluation, style(options), verbose=options.verbose)
            return (f"{line}\n" for line in lines)
