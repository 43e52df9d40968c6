"""The rows of a page's tables; there are so many that they are put together without a template."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import groupby
from operator import attrgetter

from markupsafe import Markup
from msgspec import Struct

from reqc.backends.document.page import Connection, Entry, Passage, cited_lines
from reqc.backends.document.remark import Remark
from reqc.backends.html.quoting import code, identifier, link, paragraphs, quoted
from reqc.compiler.lowered import Citation, LoweredRequirement


class Surroundings(Struct, frozen=True):
    """What rows refer to: the names of the sources, and what the choices made come to."""

    sources: Collection[str]
    state: Callable[[LoweredRequirement], str]


def rows(passage: Passage, around: Surroundings) -> Iterator[Markup]:
    """Yield the rows of a table; a requirement that asks for several connections has several."""
    for entry in passage.entries:
        for number, connection in enumerate(entry.connections):
            yield Markup(_connection(entry, connection, around, first=not number))  # noqa: S704  # all is quoted
        if not entry.connections:
            yield Markup(_requirement(entry, around))  # noqa: S704  # all is quoted


def _requirement(entry: Entry, around: Surroundings) -> str:
    return (
        f"{_beginning(entry, first=True)}"
        f"<td>{_statement(entry)}{_notes(entry)}</td>\n"
        f"<td>{quoted(entry.hosts)}</td>\n"
        f"{_end(entry, around)}"
    )


def _connection(entry: Entry, connection: Connection, around: Surroundings, *, first: bool) -> str:
    return (
        f"{_beginning(entry, first=first)}"
        f"<td>{quoted(connection.source)}</td><td>{quoted(connection.destination)}</td>"
        f"<td>{quoted(connection.protocol)}</td><td>{quoted(connection.ports)}</td>\n"
        f"<td>{_statement(entry)}{_notes(entry) if first else ''}</td>\n"
        f"{_end(entry, around)}"
    )


def _beginning(entry: Entry, *, first: bool) -> str:
    id_ = identifier(entry.id)
    opened = f'<tr id="{id_}" ' if first else "<tr "
    header = '<th scope="row">' if first else '<th scope="row" class="again">'
    return (
        f'{opened}data-requirement="{id_}">\n'
        f'{header}<a href="#{id_}">{code(entry.id)}</a></th>\n'
        f'<td><span class="level">{quoted(entry.level)}</span></td>\n'
    )


def _end(entry: Entry, around: Surroundings) -> str:
    state = quoted(around.state(entry.requirement))
    return (
        f'<td>{quoted(entry.applies)}<span class="state">{state}</span></td>\n'
        f"<td>{_stated(entry, around.sources)}</td>\n"
        "</tr>\n"
    )


def _statement(entry: Entry) -> str:
    erratum = '<strong class="erratum">Erratum.</strong> ' if entry.requirement.erratum else ""
    title = f"<strong>{quoted(entry.title)}:</strong> " if entry.title else ""
    return f"{erratum}{title}{quoted(entry.requirement.statement)}"


def _notes(entry: Entry) -> str:
    if not entry.annotated:
        return ""
    runs = groupby(entry.remarks, attrgetter("label"))
    remarks = "".join(
        f"<dt>{quoted(label)}</dt>\n{''.join(map(_remark, run))}" for label, run in runs
    )
    links = "".join(f"<dd>{link(url)}</dd>\n" for url in entry.see)
    see = f"<dt>See</dt>\n{links}" if links else ""
    return (
        f'<details id="{identifier(entry.remarks_id)}">\n'
        f'<summary>Check, fix, notes<span class="unseen"> on {quoted(entry.id)}</span></summary>\n'
        f"<dl>\n{remarks}{see}</dl>\n"
        "</details>\n"
    )


def _remark(remark: Remark) -> str:
    words = paragraphs(remark.text) if isinstance(remark.text, str) else quoted(remark.text)
    commands = "".join(f"<li>{code(command)}</li>\n" for command in remark.commands)
    listed = f'<ul class="commands">\n{commands}</ul>\n' if commands else ""
    return f"<dd>{words}\n{listed}</dd>\n"


def _stated(entry: Entry, sources: Collection[str]) -> str:
    origin = entry.requirement.origin
    place = code(str(origin.place))
    cited = [_citation(citation, sources) for citation in origin.citations]
    if not cited:
        return place
    *most, last = cited
    return f"{', '.join(most)}{' and ' if most else ''}{last} ({place})"


def _citation(citation: Citation, sources: Collection[str]) -> str:
    name: str = code(citation.source)
    if citation.source in sources:
        name = f'<a href="#{identifier(f"source:{citation.source}")}">{name}</a>'
    lines = cited_lines(citation)
    return f"{name} {quoted(lines)}" if lines else name
