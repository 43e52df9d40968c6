"""`reqc changelog`: tell what changed along a chain of specifications, the newest first."""

from __future__ import annotations

import argparse
from functools import cmp_to_key
from itertools import pairwise

from reqc.compiler.commands.delivery import deliver
from reqc.compiler.commands.terminal import show
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS, USAGE
from reqc.compiler.versions import compare_versions


def run(options: argparse.Namespace) -> int:
    """Compare each specification with the one before it."""
    report = Report()
    if len(options.specs) < 2:  # noqa: PLR2004  # a step has two ends
        report.error(Code.USAGE, "a changelog needs two specifications or more")
        show(report.sorted(), options.color)
        return USAGE
    read = [resolve(name, report, options.include) for name in options.specs]
    documents = [document for document in read if document is not None]
    show(report.sorted(), options.color)
    if len(documents) < len(read):
        return PROBLEMS
    ordered = sorted(documents, key=cmp_to_key(_order))
    steps = [compare(old, new, reading=options.errata) for old, new in pairwise(ordered)][::-1]
    if options.format == "json":
        from reqc.compiler.comparison import json_report  # noqa: PLC0415  # pydantic

        deliver([json_report.changelog(steps)], options)
        return FINE
    from reqc.compiler.comparison import markdown_report  # noqa: PLC0415  # with the other form not

    deliver([markdown_report.changelog(_title(ordered), steps)], options)
    return FINE


def _order(one: Document, other: Document) -> int:
    """Compare versions; what has none, or the same one, stays in the order given."""
    try:
        return compare_versions(one.identity.version, other.identity.version)
    except ValueError:
        return 0


def _title(documents: list[Document]) -> str:
    products = dict.fromkeys(document.identity.product for document in documents)
    return f"Changes of the requirements of {', '.join(products)}"
