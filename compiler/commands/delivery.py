"""Delivers reports: to a terminal in its width, to a pipe, or to a file."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from reqc.backends.base import Artifact
from reqc.compiler.commands.colours import colours
from reqc.compiler.commands.writing import write_file
from reqc.compiler.evaluation.tables import Style


def style(options: argparse.Namespace) -> Style:
    """Return how to write text: in the width of a terminal, or to anything else in any width."""
    if options.output is not None:
        return Style()
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return Style(width, colours(options.color, sys.stdout))


def deliver(pieces: Iterable[str], options: argparse.Namespace) -> None:
    """Write a report to the file that is asked for, whole or not at all, or else print it."""
    if options.output is not None:
        path = Path(options.output)
        write_file(path, Artifact(path.name, "".join(pieces)))
        if options.verbose:
            sys.stderr.write(f"wrote {path}\n")
    elif options.format == "text":
        sys.stdout.writelines(pieces)
    else:
        # Programs read UTF-8 whatever the locale.
        sys.stdout.buffer.writelines(piece.encode() for piece in pieces)
        sys.stdout.buffer.flush()
