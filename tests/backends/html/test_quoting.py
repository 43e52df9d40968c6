"""Quoting: whatever the text, a page shows it and nothing else happens."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.html.quoting import (
    identifier,
    island,
    link,
    paragraphs,
    quoted,
    reference,
    references,
    showable,
)
from reqc.compiler.prose import Code, sentence
from tests.backends.html.reading import elements
from tests.backends.strategies import HOSTILE


@settings(max_examples=100, deadline=None)
@given(HOSTILE | st.text())
def test_a_text_is_seen_as_content_and_as_an_attribute(text: str) -> None:
    (found,) = elements(f'<p title="{quoted(text)}">{quoted(text)}</p>')

    assert found.text == showable(text)
    assert found.attributes == {"title": showable(text)}


@settings(max_examples=50, deadline=None)
@given(HOSTILE)
def test_a_sentence_is_text_and_code(text: str) -> None:
    found = elements(f"<p>{quoted(sentence(text, Code(text)))}</p>")

    assert [one.name for one in found] == (["p", "code"] if text else ["p"])
    assert found[0].text == showable(text) * 2


def test_what_cannot_be_shown_is_replaced() -> None:
    assert (
        showable("a\x00b\x1b[31m\ud800\uffff\U0001ffff") == "a\ufffdb\ufffd[31m\ufffd\ufffd\ufffd"
    )
    assert showable("rm \u202efr -x\u2066") == "rm \ufffdfr -x\ufffd"
    assert showable("a\r\nb\rc") == "a\nb\nc"


def test_prose_keeps_paragraphs_and_lines() -> None:
    assert paragraphs("one\n  <two>\n \n\nthree\n") == "<p>one<br>  &lt;two&gt;</p><p>three</p>"
    assert paragraphs(" \n\n ") == ""


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.invalid", "a", ""])
def test_other_addresses_lead_nowhere(url: str) -> None:
    assert elements(f"<p>{link(url)}</p>")[0].text == url
    assert "href" not in link(url)


@settings(max_examples=50, deadline=None)
@given(HOSTILE)
def test_a_web_address_is_a_link_that_shows_itself(text: str) -> None:
    url = f"https://example.invalid/{text}"

    (found,) = elements(str(link(url)))

    assert found.text == showable(url)
    assert found.attributes["href"].startswith("https://example.invalid/")
    assert found.attributes["href"].isascii()
    assert not set(found.attributes["href"]) & set(' \t\n"<>`{}|\\^')


@settings(max_examples=100, deadline=None)
@given(st.sets(st.text()))
def test_different_names_have_different_ids(names: set[str]) -> None:
    ids = {str(identifier(name)) for name in names}

    assert len(ids) == len(names)
    assert all(set(one) <= set(identifier_signs()) for one in ids)


def identifier_signs() -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return f"{letters}{letters.upper()}0123456789_.:-~"


@pytest.mark.parametrize(
    "name", ["kernel.match_set", "network", "page:data", "a-b.c_d", "AZ.az-09"]
)
def test_a_name_of_the_language_is_its_own_id(name: str) -> None:
    assert identifier(name) == name


@settings(max_examples=50, deadline=None)
@given(HOSTILE | st.sampled_from(["</script>", "<!--<script>", "]]>", "\u2028"]))
def test_data_stays_data(text: str) -> None:
    (found,) = elements(f'<script type="application/json">{island(json.dumps(text))}</script>')

    assert "<" not in found.text
    assert json.loads(found.text) == text


def test_a_link_of_the_page_leads_to_an_id() -> None:
    assert identifier('"> \u00e9') == "~22~~3e~~20~~e9~"
    assert reference('a"b', "to <it>") == '<a href="#a~22~b">to &lt;it&gt;</a>'
    assert references(("a.b", "c")) == (
        '<a href="#a.b"><code>a.b</code></a>, <a href="#c"><code>c</code></a>'
    )
    assert references(()) == ""


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.invalid/x", "https://a.invalid/x"),
        ("http://a.invalid", "http://a.invalid"),
        ("HTTPS://A.invalid/X", "HTTPS://A.invalid/X"),
        ("http://a/ <\u00e9>", "http://a/%20%3C%C3%A9%3E"),
        ("http://a/\ud800", "http://a/%EF%BF%BD"),
        ("http://a/?b=c%41#[d]", "http://a/?b=c%41#[d]"),
        ("https:///x", None),
        ("https://", None),
        ("ftp://a", None),
        ("javascript:a", None),
    ],
)
def test_a_web_address_alone_is_a_link(url: str, target: str | None) -> None:
    words = quoted(url)

    shown = words if target is None else f'<a href="{target}" rel="noreferrer">{words}</a>'
    assert link(url) == shown


def test_data_is_written_with_numbers_for_the_signs_of_markup() -> None:
    assert island('"<a> & b"') == r'"\u003ca\u003e \u0026 b"'
