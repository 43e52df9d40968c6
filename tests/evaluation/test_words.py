"""What nodes say in Markdown: words on one line of a table, whatever they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from reqc.compiler.evaluation.markdown_report import escaped, grid, showable
from tests.cli.command import SMALL, reqc
from tests.evaluation.nodes import told

READER = MarkdownIt("commonmark").enable("table")


@pytest.mark.parametrize(
    "text",
    [
        *("plain words", "a | b", "\\", "\\|", "*a*", "__a__", "`a`", "``", "[a](b)", "![a](b)"),
        *("<b>", "&lt;", "# a", "~~a~~", "$a$", "{{ a }}", "a > b", "http://a.invalid"),
    ],
)
def test_a_reader_sees_the_text_in_its_cell(text: str) -> None:
    table = "\n".join(grid(["a", "b"], [[escaped(text), "x"]]))

    tokens = [item for item in READER.parse(table) if item.type == "inline"]
    assert [_seen(item.children) for item in tokens] == ["a", "b", text, "x"]


def _seen(parts: object) -> str:
    assert isinstance(parts, list)
    assert {item.type for item in parts} <= {"text", "text_special"}
    return "".join(item.content for item in parts)


@pytest.mark.parametrize(
    ("text", "line"),
    [("  a\n\n b\t", "a b"), ("a\x1bb", "a\ufffdb"), ("\u202ea", "\ufffda"), ("", "")],
)
def test_a_text_is_on_one_line_and_can_be_shown(text: str, line: str) -> None:
    assert escaped(text) == line


def test_what_can_be_shown_is_kept() -> None:
    assert showable("a\nb \u00e9\x07\ufeff") == "a\nb \u00e9\ufffd\ufffd"


def test_the_last_columns_are_numbers() -> None:
    rows = [["a", "1", "2"], ["b", "3", "4"]]

    assert list(grid(["name", "one", "two"], rows, numbers=2)) == [
        "| name | one | two |",
        "| --- | --: | --: |",
        "| a | 1 | 2 |",
        "| b | 3 | 4 |",
    ]
    assert list(grid(["name"], [])) == ["| name |", "| --- |"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("plain", '"plain"'),
        ("a\x1bb", r'"a\u001bb"'),
        ("\x7f\u202e", r'"\u007f\u202e"'),
        ("\u00e9\U0001f310", r'"\u00e9\ud83c\udf10"'),
    ],
)
def test_json_is_plain_and_says_the_same(name: str, written: str, tmp_path: Path) -> None:
    (tmp_path / "page.req").write_text(SMALL, encoding="utf-8")
    (tmp_path / f"{name}.json").write_text(json.dumps(told(processors=1)), encoding="utf-8")

    done = reqc("evaluate", "page.req", "--facts", ".", "--format", "jsonl", cwd=tmp_path)

    lines = done.stdout.splitlines()
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert sum(f'"node":{written}' in line for line in lines) == 1
    assert name in {json.loads(line).get("node") for line in lines}
