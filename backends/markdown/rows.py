"""The rows of tables and the remarks below them; so many that no template puts them together."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reqc.backends.document.page import Connection, Entry, Passage, cited_lines
from reqc.backends.document.remark import Remark
from reqc.backends.markdown.quoting import Markdown, anchor, block, code, link, quoted, reference
from reqc.compiler.lowered import Citation
from reqc.compiler.prose import Code, joined


def rows(passage: Passage, sources: Collection[str]) -> Iterator[Markdown]:
    """Yield the rows of a table; a requirement that asks for several connections has several.

    `sources` are the names of those that the document lists, which rows lead to.
    """
    for entry in passage.entries:
        for number, connection in enumerate(entry.connections):
            yield _line(_connection(entry, connection, sources, first=not number))
        if not entry.connections:
            yield _line(_requirement(entry, sources))


def remarks(passage: Passage) -> Iterator[Markdown]:
    """Yield what is said below a table, requirement by requirement."""
    for entry in passage.entries:
        if entry.annotated:
            said = "".join(map(_remark, entry.remarks))
            see = "".join(f"  - See: {link(url)}\n" for url in entry.see)
            name = reference(entry.id, code(entry.id))
            yield Markdown(f"- {anchor(entry.remarks_id)}{name}\n{said}{see}")


def _line(cells: tuple[str, ...]) -> Markdown:
    return Markdown(f"| {' | '.join(cells)} |\n")


def _requirement(entry: Entry, sources: Collection[str]) -> tuple[str, ...]:
    return (
        _name(entry, first=True),
        quoted(entry.level),
        _statement(entry),
        quoted(entry.hosts),
        quoted(entry.applies),
        _stated(entry, sources),
    )


def _connection(
    entry: Entry, connection: Connection, sources: Collection[str], *, first: bool
) -> tuple[str, ...]:
    return (
        quoted(connection.source),
        quoted(connection.destination),
        quoted(connection.protocol),
        quoted(connection.ports),
        quoted(entry.applies),
        _statement(entry),
        quoted(entry.level),
        _name(entry, first=first),
        _stated(entry, sources),
    )


def _name(entry: Entry, *, first: bool) -> str:
    name = code(entry.id)
    shown = f"{anchor(entry.id)}{name}" if first else reference(entry.id, name)
    return f"{shown} ({reference(entry.remarks_id, 'notes')})" if entry.annotated else shown


def _statement(entry: Entry) -> str:
    erratum = "**Erratum.** " if entry.requirement.erratum else ""
    title = f"**{quoted(entry.title)}:** " if entry.title else ""
    return f"{erratum}{title}{quoted(entry.requirement.statement)}"


def _remark(remark: Remark) -> str:
    words = block(remark.text, 4) if isinstance(remark.text, str) else quoted(remark.text)
    commands = quoted(joined(tuple((Code(command),) for command in remark.commands)))
    return f"  - {quoted(remark.label)}: {words}{f' ({commands})' if commands else ''}\n"


def _stated(entry: Entry, sources: Collection[str]) -> str:
    origin = entry.requirement.origin
    place = code(str(origin.place))
    cited = [_citation(citation, sources) for citation in origin.citations]
    if not cited:
        return place
    *most, last = cited
    return f"{', '.join(most)}{' and ' if most else ''}{last} ({place})"


def _citation(citation: Citation, sources: Collection[str]) -> str:
    name = code(citation.source)
    if citation.source in sources:
        name = reference(f"source:{citation.source}", name)
    lines = cited_lines(citation)
    return f"{name} {quoted(lines)}" if lines else name
