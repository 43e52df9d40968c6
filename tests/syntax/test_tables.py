"""The tables are those of the grammar, and a parser that follows them does what lark does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lark import Lark, Tree, UnexpectedInput

from reqc.compiler.package_data import package_data
from reqc.compiler.syntax import tables as module
from reqc.compiler.syntax.automaton import Automaton, UnexpectedError
from reqc.compiler.syntax.generation import made, written
from reqc.compiler.syntax.lexer import Lexer, Token
from reqc.compiler.syntax.tables import END, GRAMMAR, TABLES, tables
from tests.cli.command import SMALL

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").rglob("*.req"))
LARK = Lark(package_data(GRAMMAR).decode(), parser="lalr")
"""The parser of lark, made of the grammar."""


class Trees:
    """A builder of trees as lark makes them."""

    def __init__(self) -> None:
        self.comments: list[Token] = []

    def remember_comments(self, token: Token) -> None:
        """Keep what may hold comments."""
        self.comments.append(token)

    def __getattr__(self, rule: str) -> Any:  # noqa: ANN401  # what a method of a builder is
        if rule.startswith("_"):
            raise AttributeError(rule)
        return lambda parts: Tree(rule, parts)


def ours(text: str) -> tuple[Automaton, Trees]:
    """Return our parser at the start of a text."""
    builder = Trees()
    return Automaton(tables(), Lexer(tables()), builder, text), builder


def tree(parser: Automaton) -> Any:  # noqa: ANN401  # of lark
    """Return the tree of the text of a parser."""
    while (token := parser.read()) is not None:
        parser.take(token)
    parser.take(Token(END, ""))
    return parser.values[-1]


def test_the_saved_tables_are_of_this_grammar_and_lark() -> None:
    saved = (ROOT / TABLES).read_text(encoding="utf-8")

    assert saved == written(), "run make docs"
    assert tables() == made(package_data(GRAMMAR))


def test_another_grammar_has_other_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    other = package_data(GRAMMAR).replace(b'"must"', b'"shall"')
    files = {GRAMMAR: other, TABLES: package_data(TABLES)}
    monkeypatch.setattr(module, "package_data", files.__getitem__)

    assert other != package_data(GRAMMAR)
    assert "shall" in tables().patterns.values()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_both_read_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert tree(ours(text)[0]) == LARK.parse(text)


def test_tokens_have_the_same_types_and_places() -> None:
    parser, _ = ours(SMALL)
    expected = [
        (token.type, token, token.start_pos) for token in LARK.parse_interactive(SMALL).iter_parse()
    ]
    found = []

    while (token := parser.read()) is not None:
        found.append((token.type, token, token.start))
        parser.take(token)

    assert found == expected


@pytest.mark.parametrize("sign", ["]", "}", '"', "\x00", "role", "->", "\n\n"])
@pytest.mark.parametrize("at", range(0, len(SMALL), 7))
def test_both_refuse_the_same(at: int, sign: str) -> None:
    text = f"{SMALL[:at]} {sign} {SMALL[at:]}"
    expected = LARK.parse_interactive(text)
    parser, _ = ours(text)

    assert refused(parser) == refused_by_lark(expected)
    assert parser.accepts() == expected.accepts()


def refused(parser: Automaton) -> object:
    """Return what a parser could not take, and where that stands."""
    try:
        tree(parser)
    except UnexpectedError as mistake:
        return mistake.token, mistake.token is not None and mistake.token.type, mistake.offset
    return None


def refused_by_lark(parser: Any) -> object:  # noqa: ANN401  # it has no types
    """Return the same for a parser of lark; it has no place for the end of a text."""
    try:
        parser.exhaust_lexer()
        parser.feed_eof()
    except UnexpectedInput as mistake:
        token = getattr(mistake, "token", None)
        return token, token is not None and token.type, mistake.pos_in_stream or 0
    return None


def test_a_token_is_shown_to_the_builder_before_it_is_ignored() -> None:
    parser, builder = ours(f"# above\n{SMALL}")

    tree(parser)

    assert str(builder.comments[0]) == "# above"
    assert {token.type for token in builder.comments} >= {"COMMENT", "_NEWLINE"}
