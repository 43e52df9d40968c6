"""What GitHub's runner reads from a workflow command is what was meant."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.diagnostics import Diagnostic, Label, Severity
from reqc.compiler.render import OBEYED, visible
from reqc.compiler.reports.github import render
from tests.reports.samples import at, diagnostics, error


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner does: name, properties, message."""
    assert line.startswith("::")
    head, _, message = line[2:].partition("::")
    name, _, properties = head.partition(" ")
    pairs = (item.partition("=") for item in properties.split(",") if item)
    return name, {key: decoded(value, ":,") for key, _, value in pairs}, decoded(message)


def decoded(text: str, more: str = "") -> str:
    escapes = {f"%{ord(char):02X}": char for char in f"\r\n%{more}"}
    return re.sub("|".join(escapes), lambda found: escapes[found[0]], text)


def test_nothing_to_say_is_nothing() -> None:
    assert render([]) == ""


def test_a_diagnostic_is_one_line() -> None:
    text = "req 1\nrole a, 100%\n"
    item = error(at(text, "a, 100%", "x,y:z.req"), "no `%`, no `,`", here="here", help="mend it")

    assert render([item]) == (
        "::error file=x%2Cy%3Az.req,line=2,endLine=2,col=6,endColumn=12,title=reqc (REQ301)"
        "::no `%25`, no `,`: here%0Ahelp: mend it\n"
    )


@pytest.mark.parametrize(
    ("severity", "name"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_the_command_is_the_severity(severity: Severity, name: str) -> None:
    assert render([Diagnostic(severity, "REQ001", "message")]) == (
        f"::{name} title=reqc (REQ001)::message\n"
    )


def test_columns_are_left_out_over_several_lines() -> None:
    _, properties, _ = read(render([error(at("a {\n b\n}\n", "{\n b\n}"))]).rstrip())

    assert (properties["line"], properties["endLine"]) == ("1", "3")
    assert not {"col", "endColumn"} & set(properties)


def test_a_line_end_at_the_end_is_not_a_line_more() -> None:
    _, properties, _ = read(render([error(at("a {\nb\n", "{\n"))]).rstrip())

    assert (properties["line"], properties["endLine"]) == ("1", "1")


def test_an_insertion_point_has_a_column() -> None:
    span = at("must cpu:\n", "\n")
    _, properties, _ = read(render([error(span)]).rstrip())

    assert (properties["col"], properties["endColumn"]) == ("10", "10")


def test_other_places_are_told_in_the_message() -> None:
    text = "role a\nrole a\n"
    item = error(at(text, "a\nrole"), labels=(Label(at(text, "a"), "first"),))

    _, _, message = read(render([item]).rstrip())

    assert message == "message\nspec.req:1:6: first"


@settings(max_examples=80)
@given(st.lists(diagnostics, max_size=4))
def test_every_command_is_read_as_it_was_meant(items: list[Diagnostic]) -> None:
    text = render(items)

    lines = text.split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(items) == len(text.splitlines())
    assert render(items) == text
    for item, line in zip(items, lines, strict=True):
        _, properties, message = read(line)
        assert message.split("\n")[0] == visible(
            f"{item.message}: {item.here}" if item.here else item.message
        )
        assert len(message.split("\n")) == 1 + len(item.labels) + bool(item.help)
        if item.span:
            assert properties["line"] == str(item.span.line)
            categories = {unicodedata.category(char) for char in properties["file"] if char != "\t"}
            assert categories.isdisjoint(OBEYED)
