"""What `reqc evaluate` and `reqc fit` read alike: where facts are, and what cannot be used."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence

from reqc.compiler.commands.progress import Progress
from reqc.compiler.diagnostics import Code, Diagnostic, Report, Severity
from reqc.compiler.evaluation.collected import Unreadable, shown
from reqc.compiler.evaluation.fleet import JudgedNode, Question, judge_all
from reqc.compiler.loader import STANDARD_INPUT
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve

SPECIFICATION = ".req"
_FIT = "reqc fit compares several"
_WIDTH = 30
_PAUSE = 0.1  # seconds; more often is only flicker


def sorted_out(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return the specifications and the facts of the command line.

    `--facts` takes all that follows it, so that a specification behind it is known by its name.
    """
    facts = [item for group in options.facts for item in group]
    named = [item for item in facts if item.endswith(SPECIFICATION)]
    given = options.specs if isinstance(options.specs, list) else [options.specs]
    return [*filter(None, given), *named], [
        item for item in facts if not item.endswith(SPECIFICATION)
    ]


def one_document(specs: Sequence[str], include: Sequence[str], report: Report) -> Document | None:
    """Return the one specification that is asked for."""
    if len(specs) == 1:
        return resolve(specs[0], report, include)
    said = "no specification is given" if not specs else f"{len(specs)} specifications are given"
    report.error(Code.USAGE, f"{said}, and nodes are judged by one", help=_FIT if specs else "")
    return None


def judge_files(
    question: Question, files: Sequence[str]
) -> tuple[list[JudgedNode], list[Unreadable]]:
    """Return the nodes and what could not be read, and show how far it has come."""
    nodes: list[JudgedNode] = []
    unreadable: list[Unreadable] = []
    total = 0 if STANDARD_INPUT in files else len(files)
    told = time.monotonic()
    with Progress(sys.stderr) as progress:
        for number, item in enumerate(judge_all(question, files), start=1):
            if isinstance(item, JudgedNode):
                nodes.append(item)
            else:
                unreadable.append(item)
            if time.monotonic() - told >= _PAUSE:
                told = time.monotonic()
                progress.tell(_bar(number, total))
    return nodes, unreadable


def _bar(number: int, total: int) -> str:
    """Return how many nodes were judged; nobody knows how many standard input will bring."""
    if not total:
        return f"{number:,} nodes"
    done = min(_WIDTH, _WIDTH * number // total)
    return f"[{'#' * done}{'-' * (_WIDTH - done)}] {number:,} of {total:,} files"


def unusable(nodes: Sequence[JudgedNode], unreadable: Sequence[Unreadable]) -> Iterator[Diagnostic]:
    """Yield an error for each document of facts that cannot be used, or where there is none."""
    if not nodes and not unreadable:
        yield Diagnostic(Severity.ERROR, Code.FACTS, "there are no facts to judge")
    for item in unreadable:
        place = "standard input" if item.file == STANDARD_INPUT else shown(item.file)
        named = f"{place} ({item.name})" if ":" in item.name else place
        message = f"cannot use the facts in {named}: {item.reason}"
        yield Diagnostic(Severity.ERROR, Code.FACTS, message)
