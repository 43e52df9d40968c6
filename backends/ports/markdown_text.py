"""The table as a Markdown document that says what it is of and what is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reqc.backends.base import Unsupported
from reqc.backends.heading import omissions, provenance
from reqc.backends.markdown.quoting import quoted
from reqc.backends.ports.columns import HEAD, Cell
from reqc.compiler.lowered import LoweredDocument


def markdown_text(
    document: LoweredDocument,
    scope: str,
    rows: Iterable[tuple[Cell, ...]],
    unsupported: tuple[Unsupported, ...],
) -> str:
    """Return the document; `scope` is a sentence about which rows are in the table."""
    lines = _lines(document, scope, rows, unsupported)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _lines(
    document: LoweredDocument,
    scope: str,
    rows: Iterable[tuple[Cell, ...]],
    unsupported: tuple[Unsupported, ...],
) -> Iterator[str]:
    title = document.identity.title or str(document.identity)
    yield f"# {quoted(f'{title}: ports')}"
    yield ""
    yield f"{quoted(scope)} Replies are implied."
    yield ""
    yield from (f"- {quoted(line)}" for line in provenance(document))
    yield ""
    table = [_row(cells) for cells in rows]
    if table:
        yield f"| {' | '.join(HEAD)} |"
        yield "| --- " * len(HEAD) + "|"
        yield from table
    else:
        yield "There is no such traffic."
    if unsupported:
        yield ""
        yield "## Not in the table"
        yield ""
        yield from (f"- {quoted(line)}" for line in omissions(unsupported))


def _row(cells: tuple[Cell, ...]) -> str:
    return f"| {' | '.join('<br>'.join(quoted(part) for part in cell) for cell in cells)} |"
