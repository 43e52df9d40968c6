"""The JSON report says all that a diagnostic holds, and counts as people do."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.diagnostics import Diagnostic, Label
from reqc.compiler.render import OBEYED
from reqc.compiler.reports.json import render
from tests.reports.samples import at, diagnostics, error
from tests.schemas import read_as

FIELDS = ("line", "column", "end_line", "end_column", "start", "end")


def place(*numbers: int) -> dict[str, object]:
    return {"file": "spec.req", **dict(zip(FIELDS, numbers, strict=True))}


def test_nothing_to_say_is_an_empty_report() -> None:
    assert json.loads(render([])) == {"schema": "reqc/diagnostics/1", "diagnostics": []}


def test_a_diagnostic_is_reported_with_all_its_parts() -> None:
    text = "req 1\nrole host\nrole host\n"
    first, second = at(text, "host"), at(text, "host\n")
    item = error(second, here="again", labels=(Label(first, "first"),), help="remove one")

    (record,) = read_as("diagnostics", render([item]))["diagnostics"]

    assert record == {
        "severity": "error",
        "code": "REQ301",
        "message": "message",
        "place": place(2, 6, 3, 1, 11, 16),
        "here": "again",
        "labels": [{"place": place(2, 6, 2, 10, 11, 15), "text": "first"}],
        "help": "remove one",
    }


def test_a_diagnostic_about_no_place_has_none() -> None:
    (record,) = read_as("diagnostics", render([error()]))["diagnostics"]

    assert record["place"] is None


def test_people_can_read_it_too() -> None:
    text = render([error(message="Größe 中 \u202e")])

    assert text.startswith('{\n  "schema": ')
    assert text.endswith("\n}\n")
    assert '\n      "message": "Größe 中 \\u202e",\n' in text


@pytest.mark.parametrize(
    ("line", "column", "end"),
    [
        ("\t\tcpu", 3, 6),
        ("中文 cpu", 4, 7),
        ("😀😀 cpu", 4, 7),
        ("e\u0301 cpu", 4, 7),
        ("cpu", 1, 4),
    ],
    ids=["tabs", "wide", "astral", "combining", "plain"],
)
def test_columns_count_characters(line: str, column: int, end: int) -> None:
    (record,) = json.loads(render([error(at(f"req 1\r\n{line}\r\n", "cpu"))]))["diagnostics"]

    found = record["place"]
    assert (found["line"], found["column"], found["end_line"]) == (2, column, 2)
    assert found["end_column"] == end


@settings(max_examples=60)
@given(st.lists(diagnostics, max_size=4))
def test_every_report_is_whole_safe_and_the_same_again(items: list[Diagnostic]) -> None:
    text = render(items)

    text.encode()
    assert {unicodedata.category(char) for char in text if char != "\n"}.isdisjoint(OBEYED)
    assert text == render(items)
    for item, record in zip(items, read_as("diagnostics", text)["diagnostics"], strict=True):
        assert record["message"] == _storable(item.message)
        assert record["here"] == _storable(item.here)
        assert record["help"] == _storable(item.help)
        if item.span:
            found, source = record["place"], item.span.source
            assert found["file"] == _storable(source.path)
            lines = source.text.split("\n")
            for offset, line, column in (
                (item.span.start, found["line"], found["column"]),
                (item.span.end, found["end_line"], found["end_column"]),
            ):
                assert sum(len(one) + 1 for one in lines[: line - 1]) + column - 1 == offset


def _storable(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
