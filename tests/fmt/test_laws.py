"""What holds for every tree and every text, however untidy."""

from __future__ import annotations

from hypothesis import given, settings

from reqc.compiler.syntax.printer import canonical, canonical_statements, unaligned
from tests.fmt.formatting import formatted, parsed
from tests.fmt.strategies import TREES, Statements, Untidy, in_order, untidy_texts


@given(TREES)
@settings(max_examples=300)
def test_what_is_printed_is_read_as_the_same_tree(statements: Statements) -> None:
    text = canonical_statements(statements)

    file = parsed(text)

    assert file.statements == in_order(statements)
    assert canonical(file) == text


@given(TREES)
@settings(max_examples=300)
def test_what_is_printed_without_columns_is_read_as_the_same_tree(statements: Statements) -> None:
    lines = unaligned(statements)

    assert parsed("".join(f"{line}\n" for line in lines)).statements == in_order(statements)


@given(untidy_texts())
@settings(max_examples=300)
def test_an_untidy_text_keeps_what_it_says_and_its_comments(untidy: Untidy) -> None:
    file = parsed(untidy.text)
    assert file.statements == untidy.statements

    text = canonical(file)

    again = parsed(text)
    assert again.statements == untidy.statements
    assert [comment.text for comment in again.comments] == list(untidy.comments)
    assert canonical(again) == text


@given(untidy_texts())
def test_lines_are_tidy(untidy: Untidy) -> None:
    text = formatted(untidy.text)

    assert "\r" not in text
    assert text.endswith("\n") or not text
    assert not text.endswith("\n\n")
    assert not text.startswith("\n")
    assert [line for line in text.split("\n") if line != line.rstrip()] == []
