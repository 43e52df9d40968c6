"""The markdown target: what a reader sees of a document, whatever its texts are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from markdown_it import MarkdownIt
from msgspec.structs import replace

from reqc.backends.document.choices import Decision, cases, decisions, is_shown
from reqc.backends.document.page import Connection, Entry, Passage, passages, roles
from reqc.backends.document.summary import as_json, heading, summary
from reqc.backends.markdown.backend import TARGET
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import plain
from tests.backends.example import example
from tests.backends.markdown.reading import Page, Table, read_page
from tests.backends.strategies import HOSTILE, documents
from tests.documents import document

HERE = Path(__file__).parent
NODE_COLUMNS = ("Requirement", "Level", "Statement", "Hosts", "Applies", "Stated in")
OPTION_COLUMNS = (
    *("Option", "Values", "Default", "In force", "Meaning"),
    *("Decides whether these apply", "Stands in"),
)
PORT_COLUMNS = (
    *("Source", "Destination", "Protocol", "Ports", "Applies", "Purpose"),
    *("Level", "Requirement", "Stated in"),
)


def written(lowered: LoweredDocument) -> str:
    return TARGET.render(lowered, TARGET.defaults).artifacts[0].text


def page_of(lowered: LoweredDocument) -> Page:
    return read_page(written(lowered))


def unchosen(lowered: LoweredDocument) -> LoweredDocument:
    return replace(
        lowered, options=tuple(replace(option, chosen=False) for option in lowered.options)
    )


def rows_of(page: Page, *head: str) -> list[tuple[str, ...]]:
    return [row for table in page.tables if table.head == head for row in table.rows]


@pytest.mark.parametrize(
    ("lowered", "name"),
    [(example(), "all.md"), (example(tunnel="vxlan"), "vxlan.md")],
    ids=["all", "vxlan"],
)
def test_the_example_looks_like_the_golden_file(
    golden: Callable[[Path, str], None], lowered: LoweredDocument, name: str
) -> None:
    golden(HERE / name, written(lowered))


def test_writes_one_file_named_after_the_page_and_leaves_nothing_out() -> None:
    output = TARGET.render(example(), TARGET.defaults)

    assert [artifact.name for artifact in output.artifacts] == ["calico-3.16-openstack.md"]
    assert output.unsupported == ()


def test_the_name_of_the_file_stays_in_its_folder() -> None:
    lowered = document()
    escaping = replace(lowered, identity=replace(lowered.identity, product="../..", version="/"))

    assert TARGET.render(escaping, TARGET.defaults).artifacts[0].name == "..-..---openshift.md"


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE))
def test_every_requirement_has_one_anchor_even_when_left_out(lowered: LoweredDocument) -> None:
    anchors = page_of(lowered).anchors

    assert len(set(anchors)) == len(anchors)
    assert {item.origin.id for item in lowered.requirements} <= set(anchors)
    assert {section.id for section in lowered.sections} <= set(anchors)


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE))
def test_the_text_is_tidy_and_the_same_every_time(lowered: LoweredDocument) -> None:
    text = written(lowered)

    assert text == written(lowered)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text
    assert [line for line in text.split("\n") if line != line.rstrip()] == []


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE).map(unchosen))
def test_headings_are_the_page_in_its_order(lowered: LoweredDocument) -> None:
    headings = page_of(lowered).headings

    titles = tuple(section.title or section.id for section in lowered.sections)
    assert headings[0] == (lowered.identity.title or str(lowered.identity))
    assert headings[1 : len(titles) + 1] == titles


@settings(max_examples=40, deadline=None)
@given(documents(HOSTILE).map(unchosen))
def test_tables_of_requirements_show_every_text(lowered: LoweredDocument) -> None:
    tables = iter(page_of(lowered).tables)

    for section in lowered.sections:
        for passage in passages(lowered, section):
            assert without_edges(next(tables)) == without_edges(expected_table(passage))


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE))
def test_the_other_tables_show_every_text(lowered: LoweredDocument) -> None:
    page = page_of(lowered)

    sources = rows_of(page, "Source", "Title", "Address", "File", "Revision", "SHA-256")
    assert stripped(sources) == stripped(
        (source.name, source.title, source.url, source.file, source.revision, source.sha256)
        for source in lowered.sources
    )
    assert stripped(rows_of(page, "Role", "Hosts", "Exists", "Addresses")) == stripped(
        (role.name, role.help, plain(role.exists), listed(role.addresses))
        for role in roles(lowered)
    )
    assert stripped(rows_of(page, *OPTION_COLUMNS)) == stripped(
        (
            *(row.option.name, *map(plain, (row.values, row.default, row.in_force))),
            *(row.option.help, decided(row), ", ".join(row.worded)),
        )
        for row in decisions(lowered)
    )
    assert len([text for text in page.paragraphs if ": " in text]) >= len(cases(lowered))


@settings(max_examples=40, deadline=None)
@given(documents(HOSTILE).map(unchosen))
def test_remarks_are_all_there_and_bound_to_their_requirement(lowered: LoweredDocument) -> None:
    page = page_of(lowered)

    wanted = [text for entry in shown_entries(lowered) for text in expected_remarks(entry)]
    assert [remark.split() for remark in page.remarks] == [text.split() for text in wanted]
    annotated = [entry for entry in shown_entries(lowered) if entry.annotated]
    for entry in annotated:
        assert entry.remarks_id in page.anchors


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE))
def test_links_lead_to_anchors_or_to_the_web(lowered: LoweredDocument) -> None:
    page = page_of(lowered)

    web = {url for item in lowered.requirements for url in item.see}
    web |= {source.url for source in lowered.sources} | {"RFC 2119"}
    for target, text in page.links:
        assert target.startswith("#") or text in web


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE))
def test_front_matter_is_what_a_site_generator_reads_and_the_page_stays(
    lowered: LoweredDocument,
) -> None:
    text = TARGET.render(lowered, {"front-matter": "yaml"}).artifacts[0].text

    opening, *lines = text.split("\n")
    end = lines.index("---")
    assert opening == "---"
    assert yaml.safe_load("\n".join(lines[:end])) == heading(lowered)
    assert "\n".join(lines[end + 1 :]) == "\n" + written(lowered)


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE))
def test_the_summary_is_json_that_no_site_generator_reads_as_its_own(
    lowered: LoweredDocument,
) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(written(lowered))

    (block,) = (token for token in tokens if token.type == "fence" and token.info == "json")
    shown = [item for item in lowered.requirements if is_shown(lowered, item)]
    assert json.loads(block.content) == json.loads("".join(as_json(summary(lowered, shown))))
    assert block.content.isascii()
    assert not re.search(r"\{\{|\{%|\{#|%\}|#\}|`", block.content)


def test_a_choice_narrows_the_page_to_one_deployment() -> None:
    page, narrowed = page_of(example()), page_of(example(tunnel="vxlan"))

    def ids(page: Page) -> list[str]:
        rows = (*rows_of(page, *NODE_COLUMNS), *rows_of(page, *PORT_COLUMNS))
        return [cell.split()[0] for row in rows for cell in row if cell.endswith(" (notes)")]

    assert set(ids(page)) - set(ids(narrowed)) == {
        *("node.unmanaged", "network.tunnel", "network.relay")
    }
    assert "IP protocol 4" not in written(example(tunnel="vxlan"))


def stripped(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows without blanks around their cells: the names of the language have none."""
    return [tuple(cell.strip() for cell in row) for row in rows]


def without_edges(table: Table) -> Table:
    """Return a table whose last cells, the citations, begin and end with no blank.

    A source without a name would leave one, and the language knows none.
    """
    return Table(table.head, tuple((*row[:-1], row[-1].strip()) for row in table.rows))


def expected_table(passage: Passage) -> Table:
    if not passage.connects:
        return Table(NODE_COLUMNS, tuple(node_row(entry) for entry in passage.entries))
    return Table(
        PORT_COLUMNS,
        tuple(port_row(entry, row) for entry in passage.entries for row in entry.connections),
    )


def node_row(entry: Entry) -> tuple[str, ...]:
    return (
        *(name_of(entry), entry.level, statement_of(entry)),
        *map(plain, (entry.hosts, entry.applies, entry.stated)),
    )


def port_row(entry: Entry, row: Connection) -> tuple[str, ...]:
    return (
        *(plain(row.source), plain(row.destination), row.protocol, row.ports),
        *(plain(entry.applies), statement_of(entry), entry.level),
        *(name_of(entry), plain(entry.stated)),
    )


def name_of(entry: Entry) -> str:
    return f"{entry.id} (notes)" if entry.annotated else entry.id


def statement_of(entry: Entry) -> str:
    erratum = "Erratum." if entry.requirement.erratum else ""
    title = f"{entry.title}:" if entry.title else ""
    return " ".join(filter(None, [erratum, title, plain(entry.requirement.statement)]))


def decided(row: Decision) -> str:
    role = f"role {listed(row.roles)}" if row.roles else ""
    return "; ".join(filter(None, (", ".join(row.requirements), role))).strip()


def expected_remarks(entry: Entry) -> list[str]:
    remarks = [
        f"{remark.label}: {remark.words}"
        + (f" ({listed(remark.commands)})" if remark.commands else "")
        for remark in entry.remarks
    ]
    return [*remarks, *(f"See: {url}" for url in entry.see)]


def shown_entries(lowered: LoweredDocument) -> list[Entry]:
    return [
        entry
        for section in lowered.sections
        for passage in passages(lowered, section)
        for entry in passage.entries
    ]


def listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
