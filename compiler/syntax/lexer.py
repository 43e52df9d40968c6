"""Cuts a text into tokens, by what the parser could take where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Self

from reqc.compiler.syntax.tables import Scanner, Tables


class Token(str):
    """A piece of a text: `type` is the name of its terminal, and `start` its offset."""

    __slots__ = ("start", "type")

    type: str
    start: int

    def __new__(cls, type_: str, text: str, start: int = 0) -> Self:
        """Return a piece of a text with its type and place."""
        token = str.__new__(cls, text)
        token.type = type_
        token.start = start
        return token


class Lexer:
    """Finds the token at a place.

    The pattern of each terminal is compiled when it is first tried, and kept for the next text: a
    page of the usual size is read in less time than all combinations of patterns would take.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._tried: dict[str, Callable[[str, int], re.Match[str] | None]] = {}
        self.ignored = self._alternatives(tables.ignored).match
        """What stands between tokens, such as comments; its last group is named as its terminal."""

    def token(self, text: str, offset: int, state: int) -> Token | None:
        """Return the token at an offset that a state of the parser can take."""
        return self._token(text, offset, self._tables.scanners[self._tables.scanner_of[state]])

    def any_token(self, text: str, offset: int) -> Token | None:
        """Return the token at an offset, wherever it could stand."""
        return self._token(text, offset, self._tables.scanners[-1])

    def _token(self, text: str, offset: int, scanner: Scanner) -> Token | None:
        tried = self._tried
        for name in scanner.terminals:
            match = tried.get(name)
            if match is None:
                match = tried[name] = re.compile(self._tables.patterns[name]).match
            found = match(text, offset)
            if found is not None:
                piece = found[0]
                words = scanner.keywords.get(name)
                return Token(words.get(piece, name) if words else name, piece, offset)
        return None

    def _alternatives(self, terminals: Iterable[str]) -> re.Pattern[str]:
        patterns = self._tables.patterns
        return re.compile("|".join(f"(?P<{name}>{patterns[name]})" for name in terminals))
