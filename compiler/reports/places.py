"""Places of diagnostics as other programs count and name them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from reqc.compiler.source import Source, Span


class Region(Struct, frozen=True):
    """Where a span begins, and the place behind its last character; both count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


def region(span: Span, width: Callable[[str], int] = len) -> Region:
    """Return the region of a span; `width` tells how many columns a text takes."""
    start = _position(span.source, span.start, width)
    return Region(*start, *_position(span.source, span.end, width))


def utf16_units(text: str) -> int:
    """Return how many code units a text takes in UTF-16, as most editors count columns."""
    return len(text.encode("utf-16-le")) // 2


def absolute(path: str) -> Path:
    """Return the path of a file from the root, with the names that were given."""
    # pathlib either follows links or keeps `..`.
    return Path(os.path.normpath(Path.cwd() / path))


def relative(path: str) -> str | None:
    """Return a path from the folder reqc was started in, or None for a file outside of it."""
    place, folder = absolute(path), Path.cwd()
    return str(place.relative_to(folder)) if place.is_relative_to(folder) else None


def _position(source: Source, offset: int, width: Callable[[str], int]) -> tuple[int, int]:
    start = offset - source.column_of(offset) + 1
    return source.line_of(offset), width(source.text[start:offset]) + 1
