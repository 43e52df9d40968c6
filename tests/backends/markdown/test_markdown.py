"""The markdown target: what a reader sees of a document, whatever its texts are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from reqc.backends.markdown.backend import TARGET
from reqc.backends.markdown.choices import cases, decisions
from reqc.backends.markdown.page import Connection, Entry, Passage, passages, roles
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import Sentence, plain
from tests.backends.example import example
from tests.backends.markdown.reading import Page, Table, read_page
from tests.backends.strategies import HOSTILE, documents
from tests.documents import document

HERE = Path(__file__).parent
NODE_COLUMNS = ("Requirement", "Level", "Statement", "Hosts", "Applies", "Stated in")
PORT_COLUMNS = (
    *("Source", "Destination", "Protocol", "Ports", "Applies", "Purpose"),
    *("Level", "Requirement", "Stated in"),
)


def written(lowered: LoweredDocument) -> str:
    return TARGET.render(lowered, {}).artifacts[0].text


def page_of(lowered: LoweredDocument) -> Page:
    return read_page(written(lowered))


def unchosen(lowered: LoweredDocument) -> LoweredDocument:
    return replace(
        lowered, options=tuple(replace(option, chosen=False) for option in lowered.options)
    )


def rows_of(page: Page, *head: str) -> list[tuple[str, ...]]:
    return [row for table in page.tables if table.head == head for row in table.rows]


@pytest.mark.parametrize(
    ("lowered", "golden"),
    [(example(), "all.md"), (example(tunnel="vxlan"), "vxlan.md")],
    ids=["all", "vxlan"],
)
def test_the_example_looks_like_the_golden_file(lowered: LoweredDocument, golden: str) -> None:
    assert written(lowered) == (HERE / golden).read_text(encoding="utf-8")


def test_writes_one_file_named_after_the_page_and_leaves_nothing_out() -> None:
    output = TARGET.render(example(), {})

    assert [artifact.name for artifact in output.artifacts] == ["calico-3.16-openstack.md"]
    assert output.unsupported == ()


def test_the_name_of_the_file_stays_in_its_folder() -> None:
    lowered = document()
    escaping = replace(lowered, identity=replace(lowered.identity, product="../..", version="/"))

    assert TARGET.render(escaping, {}).artifacts[0].name == "..-..---openshift.md"


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
            assert next(tables) == expected_table(passage)


@settings(max_examples=25, deadline=None)
@given(documents(HOSTILE))
def test_the_other_tables_show_every_text(lowered: LoweredDocument) -> None:
    page = page_of(lowered)

    sources = rows_of(page, "Source", "Title", "Address", "File", "Revision", "SHA-256")
    assert sources == [
        (source.name, source.title, source.url, source.file, source.revision, source.sha256)
        for source in lowered.sources
    ]
    assert rows_of(page, "Role", "Hosts", "Exists", "Addresses") == [
        (role.name, role.help, plain(role.exists), listed(role.addresses))
        for role in roles(lowered)
    ]
    options = rows_of(page, "Option", "Values", "Default", "In force", "Meaning", "Decides")
    assert [row[:5] for row in options] == [
        (row.option.name, *map(plain, (row.values, row.default, row.in_force)), row.option.help)
        for row in decisions(lowered)
    ]
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


def expected_remarks(entry: Entry) -> list[str]:
    remarks = [f"{remark.label}: {words_of(remark.text)}" for remark in entry.remarks]
    return [*remarks, *(f"See: {url}" for url in entry.see)]


def words_of(text: str | Sentence) -> str:
    return text if isinstance(text, str) else plain(text)


def shown_entries(lowered: LoweredDocument) -> list[Entry]:
    return [
        entry
        for section in lowered.sections
        for passage in passages(lowered, section)
        for entry in passage.entries
    ]


def listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
