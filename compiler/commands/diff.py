"""`reqc diff`: tell what changed between two specifications."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from reqc.compiler.commands.terminal import colours, show
from reqc.compiler.conditions import written
from reqc.compiler.diagnostics import Report
from reqc.compiler.diff import Change, Difference, counted, diff
from reqc.compiler.model import Document, Requirement
from reqc.compiler.prose import plain
from reqc.compiler.render import visible
from reqc.compiler.resolve import resolve
from reqc.compiler.status import FINE, PROBLEMS, USAGE

SCHEMA = "reqc/diff/1"
_HEADINGS = {
    Change.STRICTER: "Stricter: a host that passed may fail now",
    Change.ADDED: "New",
    Change.DIFFERENT: "Different: look at these",
    Change.LOOSER: "Looser: a host that failed may pass now",
    Change.REMOVED: "Gone",
    Change.EQUIVALENT: "Said in another way",
}
_PAINT = {
    Change.STRICTER: "31",
    Change.ADDED: "32",
    Change.DIFFERENT: "33",
    Change.LOOSER: "36",
    Change.REMOVED: "35",
    Change.EQUIVALENT: "2",
}


def run(options: argparse.Namespace) -> int:
    """Print the changes; the exit status tells of them only with --exit-code."""
    report = Report()
    old = resolve(options.old, report, options.include)
    new = resolve(options.new, report, options.include)
    show(report.sorted(), options.color)
    if old is None or new is None:
        return USAGE if options.exit_code else PROBLEMS
    changes = diff(old, new)
    if options.format == "json":
        sys.stdout.write(_json(old, new, changes))
    else:
        colour = colours(options.color, sys.stdout)
        sys.stdout.writelines(f"{line}\n" for line in _text(old, new, changes, colour=colour))
    return PROBLEMS if changes and options.exit_code else FINE


def _text(
    old: Document, new: Document, changes: tuple[Difference, ...], *, colour: bool
) -> Iterator[str]:
    yield f"{visible(str(old.identity))} -> {visible(str(new.identity))}"
    for change, heading in _HEADINGS.items():
        found = [item for item in changes if item.change is change]
        if found:
            yield ""
            yield f"\x1b[{_PAINT[change]}m{heading}\x1b[0m" if colour else heading
        for item in found:
            yield from _lines(item)
    yield ""
    counts = ", ".join(f"{count} {change}" for change, count in counted(changes).items() if count)
    yield counts or "nothing changed"


def _lines(item: Difference) -> Iterator[str]:
    side = item.new or item.old[0]
    mark = " (erratum)" if item.erratum else ""
    yield f"  {item.id}: {visible(_said(side))}{mark}"
    for aspect in item.aspects:
        yield f"      {visible(aspect)}"


def _said(item: Requirement) -> str:
    condition = f", when {written(item.condition)}" if item.condition is not None else ""
    return f"{item.level} {plain(item.predicate.words())}{condition}"


def _json(old: Document, new: Document, changes: tuple[Difference, ...]) -> str:
    document = {
        "schema": SCHEMA,
        "old": str(old.identity),
        "new": str(new.identity),
        "counts": {change.value: count for change, count in counted(changes).items()},
        "changes": [_record(item) for item in changes],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _record(item: Difference) -> dict[str, object]:
    return {
        "change": item.change.value,
        "id": item.id,
        "erratum": item.erratum,
        "aspects": list(item.aspects),
        "old": [_side(old) for old in item.old],
        "new": _side(item.new) if item.new is not None else None,
    }


def _side(item: Requirement) -> dict[str, object]:
    return {
        "id": item.id,
        "level": item.level.value,
        "statement": plain(item.predicate.words()),
        "condition": written(item.condition) if item.condition is not None else None,
        "roles": list(item.roles),
        "place": str(item.span.place),
    }
