"""Cuts a text into tokens, by what the parser could take where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self

from reqc.compiler.syntax.tables import Tables


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
    """Finds the token at a place; the patterns it makes are kept for the next text.

    `ignored` matches what stands between tokens, such as comments, and has the name of its terminal
    as last group.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._patterns: list[re.Pattern[str] | None] = [None] * len(tables.scanners)
        self.ignored = self._pattern(tables.ignored).match

    def token(self, text: str, offset: int, state: int) -> Token | None:
        """Return the token at an offset that a state of the parser can take."""
        return self._token(text, offset, self._tables.scanner_of[state])

    def any_token(self, text: str, offset: int) -> Token | None:
        """Return the token at an offset, wherever it could stand."""
        return self._token(text, offset, len(self._patterns) - 1)

    def _token(self, text: str, offset: int, number: int) -> Token | None:
        scanner = self._tables.scanners[number]
        pattern = self._patterns[number]
        if pattern is None:
            pattern = self._patterns[number] = self._pattern(scanner.terminals)
        found = pattern.match(text, offset)
        if found is None or found.lastgroup is None:
            return None
        name, piece = found.lastgroup, found[0]
        words = scanner.keywords.get(name)
        return Token(words.get(piece, name) if words else name, piece, offset)

    def _pattern(self, terminals: Iterable[str]) -> re.Pattern[str]:
        patterns = self._tables.patterns
        return re.compile("|".join(f"(?P<{name}>{patterns[name]})" for name in terminals))
