"""Shows diagnostics, to people on standard error and to programs on standard output."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module

from reqc.compiler.commands.colours import colours
from reqc.compiler.diagnostics import Diagnostic, Severity
from reqc.compiler.render import render

MOST_OF_A_CODE = 100
"""How many warnings with one code a person is shown."""


def show(diagnostics: Iterable[Diagnostic], color: str, form: str = "text") -> None:
    """Print diagnostics in a form of `--format`; `color` is auto, always or never.

    Text is for people and goes to standard error. A form for programs goes to standard output, in
    UTF-8 whatever the locale, also when there is nothing to say: an empty report is one.
    """
    if form == "text":
        sys.stdout.flush()
        sys.stderr.write(told(diagnostics, colour=colours(color, sys.stderr)))
        return
    written: str = import_module(f"reqc.compiler.reports.{form}").render(diagnostics)
    sys.stdout.flush()
    sys.stdout.buffer.write(written.encode())
    sys.stdout.buffer.flush()


def told(diagnostics: Iterable[Diagnostic], *, colour: bool) -> str:
    """Return diagnostics as text for people."""
    return render(_told(diagnostics), colour=colour)


def _told(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Leave out warnings of which there are too many of one code to be read, and say so."""
    counts: Counter[str] = Counter()
    for item in diagnostics:
        if item.severity is not Severity.ERROR:
            counts[item.code] += 1
            if counts[item.code] > MOST_OF_A_CODE:
                continue
        yield item
    for code, count in sorted(counts.items()):
        if count > MOST_OF_A_CODE:
            message = f"and {count - MOST_OF_A_CODE} more of {code}"
            yield Diagnostic(Severity.NOTE, code, message, help="--format json has them all")
