"""Lays texts out on lines: rows below each other in columns, long ones over several lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct

from reqc.compiler.source import display_width

WIDTH: Final = 100
"""In columns. A citation stands on the line of what it cites, even if it stands out itself."""

INDENT: Final = 2
CONTINUATION: Final = 4
"""Deeper than a block, so that the rest of a long line is not taken for its body."""

Pieces: TypeAlias = list[str]
"""Texts that belong together; a line may end behind each of them."""


class Cell(Struct, frozen=True):
    """What stands in one column of a row.

    Where it has a `tail`, all tails of the column stand below each other. `outside` is the end of
    its text that may stand out beyond the width, where it is the last cell of its row.
    """

    text: str
    tail: str = ""
    outside: str = ""


Row: TypeAlias = tuple[Cell, ...]


class _Column(NamedTuple):
    """The widest contents of a column: apart those that end a row, which widen nothing.

    The latter are counted together with the blank before them.
    """

    head: int = 0
    tail: int = 0
    plain: int = 0
    last_tail: int = 0
    last_plain: int = 0

    @property
    def width(self) -> int:
        return max(self.plain, self.head + 1 + self.tail if self.tail else 0)

    @property
    def last(self) -> int:
        return max(self.last_plain, self.head + 1 + self.last_tail if self.last_tail else 0)


_Columns: TypeAlias = list[_Column]


def fits(row: Row, indent: int) -> bool:
    """Tell whether a row can stand on a line of its own."""
    has_lines = any("\n" in cell.text or "\n" in cell.tail for cell in row)
    return not has_lines and _extent(_columns(row)) <= WIDTH - indent


def aligned(rows: Iterable[Row], indent: int) -> Iterator[list[str]]:
    """Yield the texts of rows of the same columns, a list for each run that is aligned.

    A row that would push the lines before it, or be pushed, beyond the width begins a new run.
    """
    run: list[Row] = []
    columns: _Columns = []
    for row in rows:
        own = _columns(row)
        together = _merged(columns, own) if run else own
        if run and _extent(together) > WIDTH - indent:
            yield [_joined(item, columns) for item in run]
            run, together = [], own
        run.append(row)
        columns = together
    if run:
        yield [_joined(item, columns) for item in run]


def one_line(row: Row) -> str:
    """Return the text of a row whose columns are as wide as what they hold."""
    texts = (f"{cell.text} {cell.tail}" if cell.tail else cell.text for cell in row)
    return " ".join(text for text in texts if text)


def filled(chunks: Iterable[Pieces], indent: int) -> list[str]:
    """Return lines that hold the pieces of all chunks; a chunk is kept on one line if it fits."""
    lines: list[str] = []
    line, margin = " " * indent, indent
    for chunk in chunks:
        whole = " ".join(chunk)
        outside = whole.startswith("@")  # a citation
        fresh = " " * (indent + CONTINUATION - 1)
        for piece in [whole] if _has_room(fresh, whole, outside=outside) else chunk:
            begun = len(line) > margin
            if begun and not _has_room(line, piece, outside=outside):
                lines.append(line)
                begun, margin = False, indent + CONTINUATION
                line = " " * margin
            *done, line = f"{line}{' ' if begun else ''}{piece}".split("\n")
            lines += done
    return [*lines, line]


def remarked(line: str, comment: str, column: int = 0) -> str:
    """Return a line with the comment at its end, at `column` if the line is not longer."""
    return f"{_padded(line, column - 2)}  {comment}" if comment else line


def _has_room(line: str, piece: str, *, outside: bool) -> bool:
    first = "" if outside else " " + piece.partition("\n")[0]
    return display_width(line) + display_width(first) <= WIDTH


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - display_width(text))


def _last(row: Row) -> int:
    return max((number for number, cell in enumerate(row) if cell.text), default=0)


def _columns(row: Row) -> _Columns:
    last = _last(row)
    return [_column(cell, last=number == last) for number, cell in enumerate(row)]


def _column(cell: Cell, *, last: bool) -> _Column:
    head, size = display_width(cell.text), display_width(cell.tail)
    if not last:
        return _Column(head, size) if cell.tail else _Column(plain=head)
    outside = display_width(f" {cell.outside}") if cell.outside else 0
    if cell.tail:
        return _Column(head, last_tail=1 + size - outside)
    return _Column(last_plain=1 + head - outside)


def _merged(columns: _Columns, others: _Columns) -> _Columns:
    return [_Column(*map(max, *pair)) for pair in zip(columns, others, strict=True)]


def _extent(columns: Sequence[_Column]) -> int:
    """Return how wide the longest row is, without what may stand out."""
    widths = (column.width + 1 if column.width else 0 for column in columns)
    starts = accumulate(widths, initial=0)
    return max(start + column.last for start, column in zip(starts, columns, strict=False)) - 1


def _joined(row: Row, columns: Sequence[_Column]) -> str:
    last = _last(row)
    texts = []
    for number, (cell, column) in enumerate(zip(row, columns, strict=True)):
        text = f"{_padded(cell.text, column.head)} {cell.tail}" if cell.tail else cell.text
        if number == last:
            texts.append(text)
            break
        if column.width:
            texts.append(_padded(text, column.width))
    return " ".join(texts)
