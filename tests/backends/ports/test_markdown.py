"""The table as Markdown stays a table, whatever the texts are."""

from __future__ import annotations

from hypothesis import given, settings

from reqc.backends.ports.columns import HEAD, cells
from reqc.backends.ports.table import table
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import plain
from tests.backends.ports.reading import markdown_tables, rendered, written
from tests.backends.ports.samples import HOSTILE_DOCUMENTS, page
from tests.documents import document, requirement


@settings(max_examples=100, deadline=None)
@given(HOSTILE_DOCUMENTS)
def test_a_reader_sees_every_text_in_its_cell(lowered: LoweredDocument) -> None:
    rows = table(lowered, complete=True)
    tables = markdown_tables(written(lowered, format="markdown", rows="all"))

    shown = [
        ["\n".join(plain(part) for part in cell) for cell in cells(lowered, row)] for row in rows
    ]
    assert tables == ([[list(HEAD), *shown]] if rows else [])


@settings(max_examples=50, deadline=None)
@given(HOSTILE_DOCUMENTS)
def test_the_text_is_tidy_and_the_same_every_time(lowered: LoweredDocument) -> None:
    text = written(lowered, format="markdown")

    assert text == written(lowered, format="markdown")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text


def test_it_says_what_it_is_of_and_what_is_not_in_it() -> None:
    text = written(page(), format="markdown")

    assert text.startswith("# Calico 3.16: ports\n")
    assert "- Hosts: host, etcd, relay\n" in text
    assert "- said elsewhere: node.cpu: it asks for no traffic; other targets carry it\n" in text


def test_a_document_without_traffic_has_no_table() -> None:
    text = written(document(requirement("node.cpu")), format="markdown")

    assert "There is no such traffic." in text
    assert not markdown_tables(text)


def test_each_form_has_its_name() -> None:
    names = [
        rendered(page(), format=form).artifacts[0].name for form in ("csv", "markdown", "json")
    ]

    assert names == [f"calico-3.16-openstack-ports.{end}" for end in ("csv", "md", "json")]
