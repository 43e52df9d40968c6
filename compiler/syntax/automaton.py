"""Runs the tables of the grammar over a text, as every LALR(1) parser does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reqc.compiler.syntax.builder import Builder
from reqc.compiler.syntax.lexer import Lexer, Token
from reqc.compiler.syntax.tables import END, Rule, Tables

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
        # the parts of a list of which nothing is made are a list
        self._methods: list[Callable[[list[Any]], Any]] = [
            getattr(builder, rule.method, list) for rule in tables.rules
        ]

    def read(self) -> Token | None:
        """Return the next token, which is not taken yet; None at the end of the text.

        Raise `UnexpectedError` for one that could stand elsewhere only, and for what is none.
        """
        while self.offset < len(self._text):
            start = self.offset
            token = self._lexer.token(self._text, start, self.states[-1])
            fits = token is not None
            token = token or self._lexer.any_token(self._text, start)
            if token is not None:
                self.offset += len(token)
                if token.type in _WITH_COMMENTS:
                    self._builder.remember_comments(token)
            if token is None or not fits:
                raise UnexpectedError(start, token)
            if token.type not in self._tables.ignored:
                return token
        return None

    def take(self, token: Token) -> None:
        """Go to the next state by a token; raise `UnexpectedError` where it leads to none."""
        states, values, rules = self.states, self.values, self._tables.rules
        to = self._leads(token)
        while to < 0:
            self._reduce(rules[~to], self._methods[~to])
            if token.type == END and states[-1] == self._tables.end:
                return
            to = self._leads(token)
        states.append(to)
        values.append(token)

    def accepts(self) -> set[str]:
        """Return the types of the tokens that could be taken now."""
        leads = self._tables.states[self.states[-1]]
        return {symbol for symbol in leads if symbol.isupper() and self._accepts(symbol)}

    def _leads(self, token: Token) -> int:
        to = self._tables.states[self.states[-1]].get(token.type)
        if to is None:
            raise UnexpectedError(token.start, token)
        return to

    def _reduce(self, rule: Rule, method: Callable[[list[Any]], Any]) -> None:
        states, values = self.states, self.values
        behind = len(values) - rule.size
        found = values[behind:]
        del values[behind:], states[behind + 1 :]
        parts = _parts(rule, found)
        values.append(parts[0] if rule.single and len(parts) == 1 else method(parts))
        states.append(self._tables.states[states[-1]][rule.name])

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


def _parts(rule: Rule, values: list[Any]) -> list[Any]:
    """Return what the method of a rule gets of the values of its symbols."""
    parts: list[Any] = []
    for place in rule.parts:
        if place is None:
            parts.append(None)
        elif place >= 0:
            parts.append(values[place])
        elif parts:
            parts += values[~place]
        else:
            parts = values[~place]  # a list that grows is not copied each time
    return parts
