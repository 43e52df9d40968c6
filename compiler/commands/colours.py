"""Whether what is written to a stream is coloured."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # what typing calls so; to import that takes long
if TYPE_CHECKING:
    from typing import TextIO


def colours(color: str, stream: TextIO) -> bool:
    """Tell whether to colour a stream, by https://no-color.org where it is left open."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
