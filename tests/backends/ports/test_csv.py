"""The table as CSV: what readers get back, and what no spreadsheet computes."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.ports.columns import HEAD
from reqc.backends.ports.csv_text import csv_text, line
from reqc.backends.ports.table import table
from reqc.compiler.folding.text import one_line
from reqc.compiler.lowered import LoweredDocument
from tests.backends.ports.reading import csv_rows, records, unmarked, written
from tests.backends.ports.samples import HOSTILE_DOCUMENTS, page
from tests.backends.strategies import HOSTILE

FORMULAS = st.lists(
    st.sampled_from([*"=+-@＝＋－＠;,'\" |\t\r\n", "=cmd|' /C calc'!A0", "word"])  # noqa: RUF001
    | st.text(max_size=2),
    max_size=8,
).map("".join)
COMPUTED = re.compile(r'[ "]*[=+\-@＝＋－＠]')  # noqa: RUF001


def tidy(text: str) -> str:
    return one_line(" ".join(text.split()))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("＝1", "'＝1"),  # noqa: RUF001
        ("'=1", "''=1"),
        ("a;=1", "a;'=1"),
        ("a - b; c = d", "a - b; c = d"),
        ("'quoted'", "'quoted'"),
        ("a\nb\x00", "a b\\x00"),
        ("", ""),
    ],
)
def test_what_could_be_a_formula_is_marked_as_text(text: str, cell: str) -> None:
    assert line(text) == cell


@settings(max_examples=400, deadline=None)
@given(FORMULAS)
def test_marks_can_be_taken_away(text: str) -> None:
    assert unmarked(line(text)) == tidy(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(FORMULAS | HOSTILE, min_size=1, max_size=3), min_size=1, max_size=3))
def test_readers_get_every_line_of_every_cell_back(cells: list[list[str]]) -> None:
    (row,) = csv_rows(csv_text([cells]))

    assert [[unmarked(part) for part in cell.split("\n")] for cell in row] == [
        [tidy(part) for part in cell] for cell in cells
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(FORMULAS, min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from(",;\t"),
)
def test_no_cell_is_computed_wherever_a_spreadsheet_parts_cells(
    cells: list[list[str]], separator: str
) -> None:
    text = csv_text([cells])

    for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
        for cell in row:
            assert not any(COMPUTED.match(part) for part in cell.split("\n"))


@settings(max_examples=50, deadline=None)
@given(HOSTILE_DOCUMENTS)
def test_every_row_has_a_cell_in_every_column_and_a_line_for_every_reason(
    lowered: LoweredDocument,
) -> None:
    text = written(lowered, rows="all")
    head, *rows = csv_rows(text)

    assert tuple(head) == HEAD
    expected = table(lowered, complete=True)
    assert len(rows) == len(expected)
    for cells, row in zip(rows, expected, strict=True):
        named = dict(zip(head, cells, strict=True))
        ids = [unmarked(part) for part in named["Requirement"].split("\n")]
        assert ids == [tidy(reason.requirement.origin.id) for reason in row.reasons]
        for column in HEAD[HEAD.index("Purpose") :]:
            assert len(named[column].split("\n")) == len(row.reasons)
        for column in HEAD[: HEAD.index("Purpose")]:
            assert "\n" not in named[column]


def test_lines_end_as_the_standard_says_and_nothing_comes_before_the_head() -> None:
    text = written(page())

    assert text.startswith("Source,Source addresses,Destination,")
    assert text.endswith("\r\n")
    assert text.replace("\r\n", "").count("\r") == 0


def test_a_row_with_two_reasons_has_two_lines_in_the_cells_about_them() -> None:
    (row,) = [row for row in records(written(page())) if row["Protocol number"] == "17"]

    assert row["Ports"] == "4789"
    assert row["Applies"] == "yes"
    assert row["Requirement"] == "network.vxlan\nnetwork.flannel"
    assert row["Specification"] == "example.req:25\nexample.req:27"
    assert row["Condition"] == "when vxlan\nwhen flannel"
    assert row["Stated in"] == "page, line 25\npage, line 27"


def test_the_same_document_gives_the_same_bytes() -> None:
    assert written(page()) == written(page())
