"""Markdown as an independent CommonMark reader understands it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ANCHOR = re.compile(r'<a id="([^"<>]*)">|</a>')
_CELL_LEVEL = 4  # in table, head or body, row, cell
_READER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Table:
    """The texts of a table's cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """What a reader sees, and the anchors that a link finds."""

    headings: tuple[str, ...]
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    remarks: tuple[str, ...]
    anchors: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def read_page(text: str) -> Page:
    """Return what a reader sees; fail on any HTML that is not an anchor."""
    tokens = _READER.parse(text)
    assert "html_block" not in {token.type for token in tokens}
    children = [child for token in tokens for child in token.children or ()]
    return Page(
        headings=tuple(_texts_within(tokens, "heading")),
        paragraphs=tuple(_texts_within(tokens, "paragraph")),
        tables=tuple(_tables(tokens)),
        remarks=tuple(_remarks(tokens)),
        anchors=tuple(_anchors(children)),
        links=tuple(_links(children)),
    )


def _texts_within(tokens: Sequence[Token], block: str) -> Iterator[str]:
    for before, token in pairwise(tokens):
        if before.type == f"{block}_open":
            yield _text(token.children or ())


def _text(children: Sequence[Token]) -> str:
    shown = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        shown.get(token.type, token.content) for token in children if token.type != "html_inline"
    )


def _tables(tokens: Sequence[Token]) -> Iterator[Table]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level == _CELL_LEVEL and rows:
            rows[-1].append(_text(token.children or ()))
        elif token.type == "table_close":
            yield Table(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))
            rows = []


def _remarks(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the text of each item of a list within a list."""
    depth, texts = 0, list[str]()
    for token in tokens:
        if token.type in ("bullet_list_open", "bullet_list_close"):
            depth += token.nesting
        elif token.type == "list_item_open" and depth == 2:
            texts = []
        elif token.type == "inline" and depth == 2:
            texts.append(_text(token.children or ()))
        elif token.type == "list_item_close" and depth == 2:
            yield "\n\n".join(texts)


def _anchors(children: Sequence[Token]) -> Iterator[str]:
    for token in children:
        if token.type == "html_inline":
            found = _ANCHOR.fullmatch(token.content)
            assert found is not None, token.content
            if found[1] is not None:
                yield html.unescape(found[1])


def _links(children: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the target and the text of each link."""
    opened = 0
    for number, token in enumerate(children):
        assert token.type != "image"
        if token.type == "link_open":
            opened = number
        elif token.type == "link_close":
            yield str(children[opened].attrs["href"]), _text(children[opened:number])
