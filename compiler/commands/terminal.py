"""Shows diagnostics on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from reqc.compiler.diagnostics import Diagnostic
from reqc.compiler.render import render


def show(diagnostics: Iterable[Diagnostic], color: str) -> None:
    """Print diagnostics; `color` is auto, always or never."""
    text = render(diagnostics, colour=colours(color, sys.stderr))
    if text:
        sys.stdout.flush()
        sys.stderr.write(text)


def colours(color: str, stream: TextIO) -> bool:
    """Tell whether to colour a stream, by https://no-color.org where it is left open."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
