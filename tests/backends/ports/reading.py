"""The written table as other programs read it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from io import StringIO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reqc.backends.base import Output
from reqc.backends.ports.backend import TARGET
from reqc.compiler.lowered import LoweredDocument

_READER = MarkdownIt("commonmark").enable("table")
_CELL_LEVEL = 4  # in table, head or body, row, cell
_MARKED = re.compile(r"""(^|;)'(?=['" ]*[=+\-@＝＋－＠])""")  # noqa: RUF001  # Japanese forms


def rendered(document: LoweredDocument, **settings: str) -> Output:
    return TARGET.render(document, {**TARGET.defaults, **settings})


def written(document: LoweredDocument, **settings: str) -> str:
    (artifact,) = rendered(document, **settings).artifacts
    return artifact.text


def csv_rows(text: str) -> list[list[str]]:
    """Return the cells as a reader of RFC 4180 gets them, the head first."""
    return list(csv.reader(StringIO(text, newline=""), strict=True))


def records(text: str) -> list[dict[str, str]]:
    """Return the rows by the names of the columns."""
    head, *rows = csv_rows(text)
    return [dict(zip(head, row, strict=True)) for row in rows]


def unmarked(line: str) -> str:
    """Return a line of a cell without the apostrophes that keep formulas from being computed."""
    return _MARKED.sub(r"\1", line)


def markdown_tables(text: str) -> list[list[list[str]]]:
    """Return the cells of all tables; a line break of a cell is a line break."""
    tables: list[list[list[str]]] = []
    for token in _READER.parse(text):
        assert token.type != "html_block"
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and token.level == _CELL_LEVEL and tables:
            tables[-1][-1].append(_text(token.children or ()))
    return tables


def _text(children: Sequence[Token]) -> str:
    for token in children:
        assert token.type in {"text", "text_special", "code_inline", "html_inline"}, token.type
        assert token.type != "html_inline" or token.content == "<br>"
    return "".join("\n" if token.type == "html_inline" else token.content for token in children)
