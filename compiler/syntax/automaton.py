"""Runs the tables of the grammar over a text, as every LALR(1) parser does."""

from __future__ import annotations

from typing import Any, Final

from reqc.compiler.syntax.builder import Builder
from reqc.compiler.syntax.lexer import Lexer, Token
from reqc.compiler.syntax.tables import END, Tables

_WITH_COMMENTS: Final = frozenset({"COMMENT", "CONTINUATION", "_NEWLINE"})


class UnexpectedError(Exception):
    """The parser cannot take what stands at `offset`: `token`, or for None what is no token."""

    def __init__(self, offset: int, token: Token | None) -> None:
        super().__init__()
        self.offset = offset
        self.token = token


class Automaton:
    """A parser that has read a text up to an offset.

    `states` are numbers of states, and `values` the tokens and nodes that led from each to the
    next. All of these may be changed between two tokens.
    """

    def __init__(self, tables: Tables, lexer: Lexer, builder: Builder, text: str) -> None:
        self.states = [0]
        self.values: list[Any] = []
        self.offset = 0
        self._tables = tables
        self._lexer = lexer
        self._builder = builder
        self._text = text
        # a rule without a method is a list of parts
        self._rules = [
            (rule.size, rule.parts, rule.single, getattr(builder, rule.method, list), rule.name)
            for rule in tables.rules
        ]

    def read(self) -> Token | None:
        """Return the next token, which is not taken yet; None at the end of the text.

        Raise `UnexpectedError` for one that could stand elsewhere only, and for what is none.
        """
        while self.offset < len(self._text):
            start = self.offset
            ignored = self._lexer.ignored(self._text, start)
            if ignored is None:
                return self._read(start)
            self.offset = ignored.end()
            if ignored.lastgroup in _WITH_COMMENTS:
                self._builder.remember_comments(Token(ignored.lastgroup, ignored[0], start))
        return None

    def _read(self, start: int) -> Token:
        token = self._lexer.token(self._text, start, self.states[-1])
        found = token or self._lexer.any_token(self._text, start)
        if found is not None:
            self.offset += len(found)
            if found.type in _WITH_COMMENTS:
                self._builder.remember_comments(found)
        if token is None:
            raise UnexpectedError(start, found)
        return token

    def take(self, token: Token) -> None:
        """Go to the next state by a token; raise `UnexpectedError` where it leads to none."""
        states, values, leads = self.states, self.values, self._tables.states
        kind = token.type
        to = leads[states[-1]].get(kind)
        while to is not None and to < 0:
            size, places, single, method, name = self._rules[~to]
            behind = len(values) - size
            parts = values[behind:]
            del values[behind:], states[behind + 1 :]
            if places is not None:
                parts = _chosen(places, parts)
            values.append(parts[0] if single and len(parts) == 1 else method(parts))
            states.append(leads[states[-1]][name])
            if kind == END and states[-1] == self._tables.end:
                return
            to = leads[states[-1]].get(kind)
        if to is None:
            raise UnexpectedError(token.start, token)
        states.append(to)
        values.append(token)

    def accepts(self) -> set[str]:
        """Return the types of the tokens that could be taken now."""
        leads = self._tables.states[self.states[-1]]
        return {symbol for symbol in leads if symbol.isupper() and self._accepts(symbol)}

    def _accepts(self, symbol: str) -> bool:
        """Tell whether a token of a type could be taken, by doing it without making nodes."""
        tables, states = self._tables, self.states.copy()
        to = tables.states[states[-1]].get(symbol)
        while to is not None and to < 0:
            rule = tables.rules[~to]
            del states[len(states) - rule.size :]
            states.append(tables.states[states[-1]][rule.name])
            if symbol == END and states[-1] == tables.end:
                return True
            to = tables.states[states[-1]].get(symbol)
        return to is not None


def _chosen(places: tuple[int | None, ...], values: list[Any]) -> list[Any]:
    """Return what stands at the places, as `Rule` says it."""
    parts: list[Any] = []
    for place in places:
        if place is None:
            parts.append(None)
        elif place >= 0:
            parts.append(values[place])
        elif parts:
            parts += values[~place]
        else:
            parts = values[~place]  # a list that grows is not copied each time
    return parts
