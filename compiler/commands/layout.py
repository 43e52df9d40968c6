"""Lays text out for a terminal, where some characters take two columns and some none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from reqc.compiler.render import visible
from reqc.compiler.source import display_width

FAINT: Final = "2"
STRONG: Final = "1"

_NARROW: Final = 60
_WIDEST: Final = 110
_SLIMMEST: Final = 24


class Layout(Struct, frozen=True):
    """A terminal of `width` columns, with or without colour."""

    width: int
    colour: bool

    @property
    def columns(self) -> int:
        """How many columns are used: longer lines are hard to read, however wide a terminal is."""
        return max(_SLIMMEST, min(self.width, _WIDEST))

    @property
    def narrow(self) -> bool:
        """Whether there is too little room for things side by side."""
        return self.columns < _NARROW

    def painted(self, text: str, paint: str) -> str:
        """Return the text in a rendition of ECMA-48, such as `31` for red."""
        return f"\x1b[{paint}m{text}\x1b[0m" if self.colour and text else text

    def lines(self, text: str, paint: str = "") -> list[str]:
        """Return the text in lines over the whole width."""
        folded = wrapped(text, self.columns)
        return [self.painted(line, paint) for line in folded] if paint else folded

    def beside(self, mark: str, paint: str, text: str, hang: int) -> Iterator[str]:
        """Yield the text in lines that hang behind a mark; `hang` is wider than the mark."""
        first, *rest = wrapped(text, self.columns - hang)
        yield self.painted(mark, paint) + " " * (hang - display_width(mark)) + first
        yield from (" " * hang + line for line in rest)


def readable(text: str) -> str:
    """Return the text as one line without anything that a terminal would obey."""
    return visible(" ".join(text.split()))


def wrapped(text: str, width: int) -> list[str]:
    """Return the words of a text in lines of at most `width` columns, at least one line.

    A word that is longer than a line is broken, as texts without blanks need it.
    """
    lines, line = [], ""
    for word in readable(text).split(" "):
        if line and display_width(line) + 1 + display_width(word) <= width:
            line += f" {word}"
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width)
        lines += full
    return [*lines, line]


def _pieces(word: str, width: int) -> Iterator[str]:
    piece, columns = "", 0
    for character in word:
        taken = display_width(character)
        if piece and columns + taken > width:
            # The parts of a path stay together where that does not waste half of the line.
            cut = piece.rfind("/") + 1
            cut = cut if cut > len(piece) // 2 else len(piece)
            yield piece[:cut]
            piece = piece[cut:]
            columns = display_width(piece)
        piece += character
        columns += taken
    yield piece
