"""Quoting: whatever the text, a reader sees exactly it."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.markdown.quoting import (
    Markdown,
    anchor,
    block,
    code_block,
    link,
    quoted,
    reference,
    references,
)
from reqc.compiler.prose import Code, Sentence, Text, plain, sentence
from tests.backends.markdown.reading import read_page
from tests.backends.strategies import HOSTILE

SENTENCES = st.lists(st.builds(Text, HOSTILE) | st.builds(Code, HOSTILE), max_size=4).map(tuple)


@settings(max_examples=120, deadline=None)
@given(SENTENCES)
def test_a_sentence_is_seen_in_a_paragraph(words: Sentence) -> None:
    page = read_page(f"x\n\n{quoted(words)}\n")

    assert page.paragraphs == (("x", plain(words)) if plain(words) else ("x",))


@settings(max_examples=80, deadline=None)
@given(SENTENCES)
def test_a_sentence_is_seen_after_another_line(words: Sentence) -> None:
    page = read_page(f"x\n{quoted(words)}\n")

    assert page.paragraphs == (f"x\n{plain(words)}" if plain(words) else "x",)


@settings(max_examples=80, deadline=None)
@given(SENTENCES)
def test_a_sentence_is_seen_in_a_heading_and_a_list(words: Sentence) -> None:
    page = read_page(f"## {quoted(words)}\n\n- y\n  - z {quoted(words)}\n")

    assert page.headings == (plain(words),)
    assert page.remarks == (f"z {plain(words)}" if plain(words) else "z",)


@settings(max_examples=120, deadline=None)
@given(SENTENCES)
def test_a_sentence_is_seen_in_a_cell(words: Sentence) -> None:
    page = read_page(f"| a | b |\n| --- | --- |\n| {quoted(words)} | end |\n")

    assert page.tables[0].rows == ((plain(words), "end"),)


@settings(max_examples=80, deadline=None)
@given(SENTENCES)
def test_pipes_part_cells_in_no_dialect(words: Sentence) -> None:
    markdown = quoted(words)

    # Some readers look at one backslash before a pipe, others pair backslashes first.
    assert not re.search(r"(?<!\\)\|", markdown)
    assert "|" not in re.sub(r"\\.", "", markdown)


@settings(max_examples=80, deadline=None)
@given(HOSTILE)
def test_a_block_keeps_its_words_and_its_place(text: str) -> None:
    page = read_page(f"- y\n  - Note: {block(text, 4)}\n- z\n")

    assert [remark.split() for remark in page.remarks] == [["Note:", *text.split()]]
    assert page.paragraphs[-1] == "z"


def test_a_block_keeps_paragraphs_and_lines() -> None:
    assert block("one\n  two\n \n\nthree\n", 2) == "one\n  two\n\n  three"


@pytest.mark.parametrize(
    ("code", "markdown"),
    [
        ("cali*", "`cali*`"),
        ("a`b", "``a`b``"),
        ("a``b`c", "```a``b`c```"),
        ("`a", "`` `a ``"),
        (" a ", "`  a  `"),
        ("a\\", "`a\\`"),
        ("", ""),
        ("a|b", "a\\|b"),
        ("{{ x }}", "\\{\\{ x \\}\\}"),
        ("a\nb", "a&#10;b"),
    ],
)
def test_a_code_is_a_span_where_a_span_can_hold_it(code: str, markdown: str) -> None:
    assert quoted((Code(code),)) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("3.10 or later", "3.10 or later"),
        ("1. first", "1\\. first"),
        ("- item", "\\- item"),
        ("+ item", "\\+ item"),
        ("===", "\\==="),
        (":-:", "\\:-:"),
        ("~~a~~ $b$", "\\~\\~a\\~\\~ \\$b\\$"),
        ("kernel >= 3.10 - or not", "kernel >= 3.10 - or not"),
        ("# title", "\\# title"),
        ("xt_set & <b>", "xt\\_set \\& \\<b>"),
        (" a ", "&#32;a&#32;"),
        ("`", "&#96;"),
        ("rm \u202efr\u2066 x", "rm \ufffdfr\ufffd x"),
        ("\x00\x1b[31m\x7f\ud800", "\ufffd\ufffd\\[31m\ufffd\ufffd"),
    ],
)
def test_a_text_is_escaped_no_more_than_it_must(text: str, markdown: str) -> None:
    assert quoted(text) == markdown


def test_neighbouring_codes_become_one() -> None:
    assert quoted((Code("a"), Code("b"))) == "`ab`"
    assert quoted(sentence(Code("a"), "", Code("b"))) == "`ab`"


@settings(max_examples=80, deadline=None)
@given(HOSTILE)
def test_a_web_address_is_a_link_to_itself(text: str) -> None:
    url = f"https://example.invalid/{text}"

    ((target, shown),) = read_page(f"- See: {link(url)}\n").links

    assert shown == url
    assert unquote(target) == unquote(url)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.invalid", "a", ""])
def test_other_addresses_lead_nowhere(url: str) -> None:
    page = read_page(f"x {link(url)}\n")

    assert page.links == ()
    assert page.paragraphs == (f"x {url}".strip(),)


@settings(max_examples=80, deadline=None)
@given(HOSTILE)
def test_a_reference_leads_to_its_anchor(name: str) -> None:
    page = read_page(
        f"| a | b |\n| --- | --- |\n| {anchor(name)} | {reference(name, (Code(name),))} |\n"
    )

    assert page.anchors == (name,)
    assert [(unquote(target), text) for target, text in page.links] == [(f"#{name}", name)]


@pytest.mark.parametrize(
    ("name", "place", "target"),
    [
        ("node.kernel", "node.kernel", "node.kernel"),
        ("A-Z_a:z.09", "A-Z_a:z.09", "A-Z_a:z.09"),
        ('"> X', "&#34;&#62;&#32;X", "%22%3E%20X"),
        ("\u00e9\ud800", "&#233;&#55296;", "%C3%A9%3F"),
    ],
)
def test_an_anchor_and_a_link_to_it_have_one_name(name: str, place: str, target: str) -> None:
    assert anchor(name) == f'<a id="{place}"></a>'
    assert reference(name, "to *it*") == rf"[to \*it\*](#{target})"


def test_links_to_requirements_are_in_the_font_of_code() -> None:
    assert references(["a.b", "c"]) == "[`a.b`](#a.b), [`c`](#c)"
    assert references([]) == ""


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://a.invalid/x", "[http://a.invalid/x](<http://a.invalid/x>)"),
        ("HTTPS://A.invalid", "[HTTPS://A.invalid](<HTTPS://A.invalid>)"),
        ("https://a/?b=c&d=~X#e", r"[https://a/?b=c\&d=\~X\#e](<https://a/?b=c&amp;d=~X#e>)"),
        (
            "http://a/:/?#[]@!$'()*+,;=%41",
            r"[http://a/:/?\#\[\]@!\$'()\*+,;=%41](<http://a/:/?#[]@!$'()*+,;=%41>)",
        ),
        (
            "http://a/<\u00e9>",
            r"[http://a/\<\u00e9>](<http://a/%3C%C3%A9%3E>)".replace(r"\u00e9", "\u00e9"),
        ),
        ("http://a/\ud800", "[http://a/\ufffd](<http://a/?>)"),
        ("ftp://a", "ftp://a"),
        ("javascript:a", "javascript:a"),
    ],
)
def test_a_web_address_is_written_as_one(url: str, written: str) -> None:
    assert link(url) == written


def test_prose_keeps_its_lines_and_paragraphs() -> None:
    text = " a b \n c \n \n\nd\n"

    assert block(text, 2) == "a b\n  c\n\n  d"
    assert block(text, 0) == "a b\nc\n\nd"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('{"a": {"b": 1}}', '{"a": {"b": 1}}'),
        ('"```"', r'"\u0060\u0060\u0060"'),
        ('"{{ a }}"', r'"\u007b{ a }}"'),
        ('"{% a %}"', r'"\u007b% a %\u007d"'),
        ('"{# a #}"', r'"\u007b# a #\u007d"'),
        ('"{{{"', r'"\u007b\u007b{"'),
    ],
)
def test_json_in_a_block_of_code_is_no_expression(text: str, written: str) -> None:
    assert code_block(text) == written
    assert json.loads(code_block(text)) == json.loads(text)


def test_templates_escape_no_markdown_again() -> None:
    assert Markdown("<b>").__html__() == "<b>"
