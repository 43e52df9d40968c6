"""What the compiler itself takes the parts of a text for: the oracle for what colours them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from lark import Lark
from lark.lexer import PatternStr
from msgspec import Struct

from reqc.compiler.diagnostics import Report
from reqc.compiler.render import render
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.packed import unpacked
from reqc.compiler.syntax.parser import parse

LARK = Lark((files("reqc.grammar") / "reqc.lark").read_text(encoding="utf-8"), parser="lalr")
KEYWORDS = {
    terminal.name: terminal.pattern.value
    for terminal in LARK.terminals
    if isinstance(terminal.pattern, PatternStr) and terminal.pattern.value.isalnum()
}
"""The keywords of the language by the names of their terminals, read off the grammar."""

_ROLES = {
    **dict.fromkeys(KEYWORDS, "keyword"),
    "STRING": "text",
    "LONG_STRING": "text",
    "CITATION": "citation",
    "RELATION": "sign",
    "ARROW": "sign",
}


class Part(NamedTuple):
    """A part of a text, by its offsets, and what it is."""

    start: int
    end: int
    role: str


def parsed(text: str) -> set[Part]:
    """Return the parts of a sound text that a highlighter should tell apart."""
    report = Report()
    file = parse(Source("example.req", "example.req", text), report)
    assert render(report.sorted()) == ""
    nodes = set(_nodes((*unpacked(file.statements), *file.comments)))
    # The kind `allow` is a keyword to the lexer, since the word also begins a statement.
    named = {part.start for part in nodes}
    return nodes | {part for part in _tokens(text) if part.start not in named}


def _tokens(text: str) -> Iterator[Part]:
    parser = LARK.parse_interactive(text)
    for token in parser.iter_parse():
        role = _ROLES.get(token.type)
        if role is not None and token.start_pos is not None:
            yield Part(token.start_pos, token.start_pos + len(token), role)


def _nodes(node: Any) -> Iterator[Part]:  # noqa: ANN401  # any node of the tree
    for named in _named(node):
        yield Part(named[0].start, named[0].end, named[1])
    if isinstance(node, tuple):
        children: Iterable[Any] = node
    elif isinstance(node, Struct) and not isinstance(node, Span):
        children = (getattr(node, name) for name in node.__struct_fields__)
    else:
        return
    for child in children:
        yield from _nodes(child)


def _named(node: object) -> Iterator[tuple[Span, str]]:
    match node:
        case tree.Comment(text, span):
            yield Span(span.source, span.start, span.start + len(text)), "comment"
        case tree.Leaf(kind):
            yield kind.span, "kind"
        case tree.Requirement(id=name) | tree.Retitle(name):
            yield name.span, "requirement"
        case tree.Remove(names) | tree.Was(names):
            yield from ((name.span, "requirement") for name in names)
        case tree.OptionTest(option) | tree.Default(option):
            yield option.span, "option"
        case tree.Option(name):
            yield name.span, "option"


def joined(parts: Iterable[Part], text: str) -> set[Part]:
    """Return the parts with neighbours of one role made one, and blanks at the end left out.

    The lines of one text are neighbours too, even where nobody says what their ends are.
    """
    whole: list[Part] = []
    for part in sorted(parts):
        last = whole[-1] if whole else part
        gap = text[last.end : part.start]
        apart = gap.strip("\n") if part.role == "text" else gap
        if whole and last.role == part.role and not apart:
            whole[-1] = Part(last.start, part.end, part.role)
        else:
            whole.append(part)
    return {
        Part(part.start, part.start + len(text[part.start : part.end].rstrip()), part.role)
        for part in whole
    }


def shown(parts: set[Part], text: str) -> list[str]:
    """Return parts as lines that a failing test can show."""
    return [
        f"line {text[: part.start].count(chr(10)) + 1}: {part.role} {text[part.start : part.end]!r}"
        for part in sorted(parts)
    ]
