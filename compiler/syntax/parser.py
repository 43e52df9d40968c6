"""From text to syntax tree, collecting every mistake on the way."""

from __future__ import annotations

from functools import cache

from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.automaton import Automaton, UnexpectedError
from reqc.compiler.syntax.builder import Builder
from reqc.compiler.syntax.lexer import Lexer, Token
from reqc.compiler.syntax.mistakes import explain
from reqc.compiler.syntax.recovery import escape, recover
from reqc.compiler.syntax.tables import END, Tables, tables

MOST_MISTAKES = 100
"""After so many mistakes in one file the rest would only hide the first."""

DEEPEST_STACK = 256
"""The parser's stack at about sixty nested groups: far beyond any page, safe for every later
stage, which walks the tree by recursion."""


class TooDeepError(Exception):
    """Groups or conditions are nested deeper than later stages could follow."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self.token = token


def parse(source: Source, report: Report) -> tree.File:
    """Return the tree of a file; what could not be understood is reported and left out.

    After `MOST_MISTAKES` the file is given up, and its tree is empty.
    """
    known, lexer = _language()
    builder = Builder(source, report)
    parser = Automaton(known, lexer, builder, source.text)
    statements: tuple[tree.Statement, ...] | None = None
    mistakes = 0
    lost: set[str | None] = set()
    while statements is None:
        if mistakes == MOST_MISTAKES:
            _give_up(source, report)
            lost.add(None)
            statements = ()
            break
        try:
            statements = _run(parser)
        except TooDeepError as mistake:
            mistakes += 1
            report.error(
                Code.TOO_DEEP,
                "groups or conditions are nested too deep",
                builder.at(mistake.token),
                help="split the requirement into several",
            )
            escape(mistake.token, parser, source.text)
        except UnexpectedError as mistake:
            mistakes += 1
            report.add([explain(mistake, parser, source)])
            lost.add(recover(mistake, parser, source.text))
    names = frozenset(name for name in lost if name)
    complete = None not in lost
    return tree.File(source, statements, tuple(builder.comments), names, complete=complete)


def _run(parser: Automaton) -> tuple[tree.Statement, ...]:
    start = 0
    while (token := parser.read()) is not None:
        parser.take(token)
        if len(parser.states) > DEEPEST_STACK:
            raise TooDeepError(token)
        start = token.start
    parser.take(Token(END, "", start))
    statements: tuple[tree.Statement, ...] = parser.values[-1]
    return statements


def _give_up(source: Source, report: Report) -> None:
    end = len(source.text)
    message = f"{MOST_MISTAKES} mistakes; the rest of the file was not read"
    report.error(Code.TOO_MANY_ERRORS, message, Span(source, end, end))


@cache
def _language() -> tuple[Tables, Lexer]:
    known = tables()
    return known, Lexer(known)
