"""`reqc docs`: make a static site of a whole library of specifications."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from reqc.compiler.commands.progress import Progress
from reqc.compiler.commands.site.build import Tell, site
from reqc.compiler.commands.site.library import named
from reqc.compiler.commands.site.places import document_place
from reqc.compiler.commands.site.record import ForeignError, publish
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Diagnostic, Label, Report
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS, USAGE


def run(options: argparse.Namespace) -> int:
    """Write the site, or nothing where a specification has an error."""
    report = Report()
    with Progress(sys.stdout) as progress:
        status = _write(options, report, progress.tell)
    show(report.sorted(), options.color)
    return status


def _write(options: argparse.Namespace, report: Report, tell: Tell) -> int:
    documents = _documents(options, report, tell)
    _one_of_each(documents, report)
    if report.failed:
        return PROBLEMS
    pages = site(documents, options.errata, tell)
    tell(f"writing {len(pages)} pages")
    try:
        written, removed = publish(Path(options.output), pages)
    except ForeignError as problem:
        report.error(Code.USAGE, str(problem), help=problem.help)
        return USAGE
    if options.verbose:
        sys.stderr.writelines(f"wrote {path}\n" for path in written)
        sys.stderr.writelines(f"removed {path}\n" for path in removed)
    return FINE


def _documents(options: argparse.Namespace, report: Report, tell: Tell) -> list[Document]:
    """Return the documents; what is wrong with any of them is reported."""
    documents = []
    told: dict[object, Diagnostic] = {}
    names = tuple(dict.fromkeys(options.specs))
    for number, name in enumerate(names):
        tell(f"reading {number + 1} of {len(names)}: {name}")
        own = Report()
        document = resolve(name, own, options.include)
        documents += [document] if document else []
        # What is wrong with a file that several use is told once.
        told = {_place(item): item for item in own.diagnostics} | told
    report.add(told.values())
    return documents


def _place(item: Diagnostic) -> tuple[object, ...]:
    span = item.span
    return item.code, item.message, (span.source.path, span.start, span.end) if span else None


def _one_of_each(documents: Iterable[Document], report: Report) -> None:
    """Report documents that say to be the same page, or whose files could not be told apart."""
    first: dict[str, Document] = {}
    for item in documents:
        other = first.setdefault(document_place(item).casefold(), item)
        if other is not item:
            report.error(
                Code.DEFINED_TWICE,
                f"two specifications are of {named(item.identity)}",
                item.identity_span,
                here="the second",
                labels=(Label(other.identity_span, "the first"),),
                help="give each a version or a platform of its own, or leave one out",
            )
