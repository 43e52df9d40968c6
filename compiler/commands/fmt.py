"""`reqc fmt`: bring specifications into their one canonical form."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final

from msgspec import Struct

from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.terminal import show
from reqc.compiler.commands.writing import rewrite_file
from reqc.compiler.diagnostics import Report
from reqc.compiler.loader import STANDARD_INPUT, read
from reqc.compiler.render import visible
from reqc.compiler.status import FINE, PROBLEMS
from reqc.compiler.syntax.parser import parse
from reqc.compiler.syntax.printer import canonical

_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_PAINT: Final = {"+++": "1", "---": "1", "@@": "36", "+": "32", "-": "31"}
"""By how a line of a diff begins; the first that fits counts."""


class _Formatted(Struct, frozen=True):
    """A file as it was given and as it should be; `shown` is how messages name it."""

    given: str
    shown: str
    before: bytes
    after: str

    @property
    def changed(self) -> bool:
        return self.after.encode() != self.before


def run(options: argparse.Namespace) -> int:
    """Format every file that has no syntax errors; tell of those that have."""
    reports = []
    delivered, changed = True, False
    for path in options.specs:
        reports.append(Report())
        found = _formatted(path, reports[-1])
        if found is not None:
            delivered = _deliver(found, options) and delivered
            changed = changed or found.changed
    show([item for report in reports for item in report.sorted()], options.color)
    if not delivered or any(report.failed for report in reports):
        return PROBLEMS
    return PROBLEMS if changed and options.check else FINE


def _formatted(path: str, report: Report) -> _Formatted | None:
    found = read(path, report)
    if found is None:
        return None
    raw, source = found
    file = parse(source, report)
    return None if report.failed else _Formatted(path, source.path, raw, canonical(file))


def _deliver(found: _Formatted, options: argparse.Namespace) -> bool:
    """Print or write what was asked for; return whether that was possible."""
    if options.diff:
        _print("".join(_difference(found, colour=colours(options.color, sys.stdout))))
    elif options.check:
        _print(f"{visible(found.shown)}\n" if found.changed else "")
    elif found.given == STANDARD_INPUT:
        _print(found.after)
    elif found.changed:
        return _rewrite(found, verbose=options.verbose)
    return True


def _print(text: str) -> None:
    """Print text in UTF-8 whatever the locale, as specifications are."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _rewrite(found: _Formatted, *, verbose: bool) -> bool:
    try:
        rewrite_file(Path(found.given), found.after)
    except OSError as problem:
        reason = problem.strerror or problem
        sys.stderr.write(f"reqc: error: cannot write {visible(found.shown)}: {reason}\n")
        return False
    if verbose:
        sys.stderr.write(f"wrote {visible(found.shown)}\n")
    return True


def _difference(found: _Formatted, *, colour: bool) -> Iterator[str]:
    """Yield the lines of a unified diff, as patch reads it where it has no colours."""
    name = visible(found.shown)
    name += "\t" if " " in name else ""  # or patch would end the name at the blank
    before, after = _lines(found.before.decode()), _lines(found.after)
    for line in unified_diff(before, after, name, name):
        text = line.removesuffix("\n")
        paint = next((code for start, code in _PAINT.items() if text.startswith(start)), "")
        yield f"\x1b[{paint}m{text}\x1b[0m\n" if colour and paint else f"{text}\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)
