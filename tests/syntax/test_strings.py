"""Texts in quotes: escapes, long texts, and writing them again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.conditions import quoted
from reqc.compiler.syntax import tree
from tests.syntax.parsing import nodes, parsed, sound

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def read(written: str) -> str:
    """Return the value of a text that stands in a document."""
    file = sound(f"req 1\nspec a 1 on b\nrole h {written}\n")
    return next(node.text for node in nodes(file.statements) if isinstance(node, tree.String))


@given(TEXTS)
def test_a_quoted_text_is_read_as_what_it_was(text: str) -> None:
    written = quoted(text)

    assert "\n" not in written
    assert written.isprintable()
    assert read(written) == text


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"a\\"', "a\\"),
        (r'"a\n\tb"', "a\n\tb"),
        (r'"\u{e9}\u{1F600}\u{10ffff}"', "é😀\U0010ffff"),
        ('"# no comment"', "# no comment"),
        ('""', ""),
        ('""""""', ""),
        ('"""a"""', "a"),
        ('"""\n    a\n      b\n    c\n    """', "a\n  b\nc\n"),
        ('"""\n    a\n\n    b"""', "a\n\nb"),
        ('"""\n    a\n\n    """', "a\n\n"),
        ('"""a "quoted" word"""', 'a "quoted" word'),
        ('"""\r\n  a\r\n  b\r\n  """', "a\nb\n"),
    ],
)
def test_a_text_is_read(written: str, value: str) -> None:
    assert read(written) == value


@pytest.mark.parametrize("escape", [r"\x", r"\'", r"\u{}", r"\u{0}", r"\u{d800}", r"\u{110000}"])
def test_an_unknown_escape_is_reported_where_it_stands(escape: str) -> None:
    text = f'req 1\nspec a 1 on b\nrole h "ab {escape} cd"\n'

    _, reported = parsed(text)

    assert [item.code for item in reported] == ["REQ104"]
    assert reported[0].span is not None
    assert text[reported[0].span.start :].startswith(escape[:3])
