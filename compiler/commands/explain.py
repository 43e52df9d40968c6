"""`reqc explain`: tell what a code means and how to mend it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.terminal import show
from reqc.compiler.diagnostics import Code, Report, suggestion
from reqc.compiler.explanations.pages import pages
from reqc.compiler.status import FINE, USAGE

_BOLD = "1"
_DIM = "2"


def run(options: argparse.Namespace) -> int:
    """Show the page of a code, or list all codes with their titles."""
    known = pages()
    if options.code is None:
        sys.stdout.writelines(f"{item.code}  {item.title}\n" for item in known.values())
        return FINE
    found = known.get(options.code.upper())
    if found is None:
        report = Report()
        message = f"there is no code `{options.code}`"
        help_text = suggestion(options.code, known) or "reqc explain lists the codes"
        report.error(Code.USAGE, message, help=help_text)
        show(report.sorted(), options.color)
        return USAGE
    if colours(options.color, sys.stdout):
        sys.stdout.writelines(f"{line}\n" for line in _styled(found.text))
    else:
        sys.stdout.write(found.text)
    return FINE


def _styled(text: str) -> Iterator[str]:
    """Yield the lines with headings in bold, and examples set in and dimmed below their files."""
    example = False
    for line in text.splitlines():
        if line.startswith("```"):
            example = not example
            _, _, name = line.partition(" ")
            yield from [f"{name}:"] if name else []
        elif example:
            yield f"  \x1b[{_DIM}m{line}\x1b[0m" if line else ""
        elif line.startswith("#"):
            yield f"\x1b[{_BOLD}m{line.lstrip('# ')}\x1b[0m"
        else:
            yield line
