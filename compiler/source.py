"""Texts that were read, and places in them."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from itertools import chain
from typing import Final

from msgspec import Struct


def display_width(text: str) -> int:
    """Return how many columns a text takes where characters have a fixed width."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


class Source:
    """One text that was read.

    `path` is how the person who runs reqc names the file and is shown in diagnostics; `name` is the
    same file relative to the folder of the specification and is the only form that reaches an
    artefact, so that artefacts do not depend on where reqc was started.
    """

    __slots__ = ("_starts", "name", "path", "text")

    def __init__(self, path: str, name: str, text: str) -> None:
        self.path: Final = path
        self.name: Final = name
        self.text: Final = text
        ends = (found.end() for found in re.finditer("\n", text))
        self._starts: Final = array("I", chain((0,), ends))

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    def line_of(self, offset: int) -> int:
        """Return the line, counted from 1, that holds the character at `offset`."""
        return bisect_right(self._starts, offset)

    def column_of(self, offset: int) -> int:
        """Return the column of `offset`, counted in characters from 1."""
        return offset - self._starts[self.line_of(offset) - 1] + 1

    def line_start(self, number: int) -> int:
        """Return the offset of the first character of line `number`, counted from 1."""
        return self._starts[number - 1]

    def line(self, number: int) -> str:
        """Return the text of line `number`, counted from 1, without its line end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


class Span(Struct, frozen=True, gc=False, array_like=True):
    """The characters of `source` from offset `start` up to, but without, `end`."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the first character, counted from 1."""
        return self.source.line_of(self.start)

    @property
    def column(self) -> int:
        """The column of the first character, counted from 1."""
        return self.source.column_of(self.start)

    @property
    def place(self) -> Place:
        """The same place without the text, as artefacts carry it."""
        return Place(self.source.name, self.line)

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)


class Place(Struct, frozen=True, gc=False, order=True):
    """A line of a specification, as artefacts name it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @classmethod
    def read(cls, text: str) -> Place:
        """Return the place that `str` wrote; raise ValueError for another text."""
        file, _, line = text.rpartition(":")
        if not file or not line.isdecimal() or int(line) < 1:
            message = "expected a place such as page.req:12"
            raise ValueError(message)
        return cls(file, int(line))
