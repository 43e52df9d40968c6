"""A browser shows hostile texts as the texts that they are, and nothing else is in the page.

Every page is taken apart as the browser understood it and compared with the page of plain words:
the same elements with the same attributes, and the texts in the places of the words. No script of
a text runs, no dialog opens, nothing is asked for but the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from reqc.backends.base import Output
from reqc.compiler.commands import diff_page
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.comparison.supplement import ArtefactChange, Effect, NodeChange, Supplement
from reqc.compiler.model import Document
from tests.injection.mixing import TURNS, meant
from tests.injection.readers import Leaf, differences
from tests.injection.readers_data import yaml_documents
from tests.injection.readers_documents import (
    TEXTS,
    for_people,
    plain_output,
    settled,
    swapping,
    turned,
    words,
)
from tests.injection.readers_markup import (
    DOM,
    UNSHOWABLE,
    markdown_leaves,
    page_leaves,
    shown,
    shown_in_browsers,
)
from tests.injection.texts import HTML, MARKDOWN, TEMPLATES, XML
from tests.site.libraries import made_of
from tests.web.browser import Tab, browser

Show = Callable[[str], list[Leaf]]


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with browser() as found:
        yield found.tab()


@pytest.fixture
def show(tab: Tab, tmp_path: Path) -> Show:
    """Return a function that opens a page, watches it, and returns what the browser made of it."""
    file = tmp_path / "page.html"

    def taken_apart(text: str) -> list[Leaf]:
        assert not UNSHOWABLE.search(text)
        file.write_text(text, encoding="utf-8")
        tab.open(file)
        found: list[tuple[list[str], str]] = tab.run(DOM)
        assert tab.run("typeof CANARY") == "undefined"
        assert (tab.complaints(), tab.dialogs(), tab.requests()) == ([], [], [file.as_uri()])
        handlers = [place[-1] for place, _ in found if place[-1].startswith("@on")]
        assert handlers == []
        return list(page_leaves(found))

    return taken_apart


def page(output: Output) -> str:
    (artifact,) = output.artifacts
    return artifact.text


def test_a_page_shows_texts_and_nothing_else_changes(show: Show) -> None:
    plain = show(page(plain_output("html", ())))

    for turn in TURNS:
        output, kept = settled("html", (), for_people(turned(turn)))
        assert differences(plain, show(page(output)), swapping(kept)) == []


NUMBERS = ("sysctl.value", "Option.default sysctl.value")
"""Fields of which a comparison tells whether a text is a number."""

ROOM = 60
"""Characters that a cell of a table of versions has room for, beside other words."""


def compared_texts(turn: int) -> dict[str, str]:
    """Return hostile texts that a comparison of versions shows as texts, and in full."""
    texts = for_people(turned(turn))
    # a cell has some control characters for blanks, as Python has
    return {
        name: text
        for name, text in texts.items()
        if name not in NUMBERS
        and len(text) <= ROOM
        and not re.search("[\x0b\x0c\x1c-\x1f\x85]", text)
    }


def newer(texts: Mapping[str, str]) -> Document:
    """Return a second version of the page, with these texts and words elsewhere."""
    return meant({**words(), **texts, "Identity.version": "2.0"})


@cache
def usual() -> Document:
    """Return the first version of the page."""
    return meant({})


def supplement(text: str) -> Supplement:
    """Return what is told of nodes and artefacts, with a text in all of its places."""
    return Supplement(
        nodes=(NodeChange(text, ("remarks.told",), (text,), (), ()),),
        effects=(Effect("remarks.told", (text,), (text,)),),
        artefacts=(ArtefactChange(text, (f"+{text}", f"-{text}", f" {text}")),),
        target=text,
        reboot=text,
    )


def test_a_site_and_a_comparison_show_texts_and_nothing_else_changes(show: Show) -> None:
    def pages(texts: Mapping[str, str]) -> dict[str, str]:
        document = newer(texts)
        compared = diff_page.document(compare(usual(), document), Supplement(), ())
        return {**made_of([usual(), document]), "diff": compared}

    plain = {name: show(text) for name, text in pages({}).items()}
    assert len(plain) == 7

    for turn in TURNS[::2]:
        texts = compared_texts(turn)
        for name, text in pages(texts).items():
            assert differences(plain[name], show(text), swapping(texts)) == [], name


@pytest.mark.parametrize("family", [HTML, MARKDOWN, XML, TEMPLATES], ids=["html", "md", "xml", "t"])
def test_names_of_nodes_and_lines_of_artefacts_are_texts(
    show: Show, family: tuple[str, ...]
) -> None:
    comparison = compare(usual(), newer({}))
    plain = show(diff_page.document(comparison, supplement("word"), ("word",)))

    for text in family:
        found = show(diff_page.document(comparison, supplement(text), (text,)))
        assert [leaf.place for leaf in found] == [leaf.place for leaf in plain]


ADDRESSES = (
    *(text for text in (*HTML, *MARKDOWN) if ":" in text or "//" in text),
    "HTTPS://x.invalid/%22%3E",
    "https://x.invalid/\u202e\x01",
    "https://x.invalid/ a\tb\nc",
    "https://x.invalid/)<b>](javascript:CANARY())",
    "http://",
    "https://[",
    "https:\\\\x.invalid",
    "ftp://x.invalid",
    "file:///etc/passwd",
)


def test_only_addresses_of_the_web_are_links(show: Show) -> None:
    fields = ("Remark.text see", "SourceField.value url")
    for text in dict.fromkeys(ADDRESSES):
        output, _ = settled("html", (), dict.fromkeys(fields, text))
        found = show(page(output))
        links = [leaf.text for leaf in found if leaf.place[-1] == "@href"]
        outside = [link for link in links if not link.startswith("#")]
        assert all(link.lower().startswith(("https://", "http://")) for link in outside)
        markdown, _ = settled("markdown", (), dict.fromkeys(fields, text))
        leaves = list(markdown_leaves(markdown))
        targets = {leaf.text for leaf in leaves if leaf.place[-1] == "href"}
        assert {link for link in targets if not link.startswith("#")} <= {
            text,
            shown(text),
            "https://www.rfc-editor.org/rfc/rfc2119",
            unquote(text),
        }
        said = [leaf.text for leaf in leaves if leaf.place[-1] == "text"]
        assert sum(shown(text) in line for line in said) >= 2  # the source, and the remark
        assert sum(shown_in_browsers(text) in leaf.text for leaf in found) >= 2


STARTS = (*MARKDOWN, "- x", "+ x", "2) x", "===", "---", ":-:", "|-|", "    x", "\tx", "    - x")
"""What begins a block of Markdown where a line begins with it."""


def test_no_line_of_a_remark_begins_another_block() -> None:
    fields = tuple(field.name for field in TEXTS if field.name.startswith("Remark.text"))
    fields = tuple(name for name in fields if "title" not in name and "see" not in name)
    plain = list(markdown_leaves(plain_output("markdown", ())))

    for first in range(0, len(STARTS), len(fields)):
        starts = STARTS[first : first + len(fields)]
        texts = {
            name: f"a\n{start}\n\n{start}\nb\n  {start}"
            for name, start in zip(fields, starts, strict=False)
        }
        output, kept = settled("markdown", (), texts)
        assert kept == texts
        assert differences(plain, list(markdown_leaves(output)), swapping(kept)) == []


FRONT = (("front-matter", "yaml"),)


@pytest.mark.parametrize("text", ["1e3", "0o17", "0x1F", "12e03", ".5e3", "yes", "~", "---"])
def test_front_matter_is_a_text_to_readers_of_both_versions(text: str) -> None:
    output, _ = settled("markdown", FRONT, {"Identity.title": text, "Revision.value": text})

    (matter,) = yaml_documents(page(output).split("---\n", 1)[1].partition("\n---\n")[0])

    assert (matter["title"], matter["revision"]) == (text, text)


@pytest.mark.parametrize("text", ["y", "N", "on", "Off"])
def test_what_is_a_truth_to_other_readers_is_in_quotes(text: str) -> None:
    output, _ = settled("markdown", FRONT, {"Identity.title": text})

    # the readers here know no y and n, which YAML 1.1 has
    assert page(output).startswith(f'---\ntitle: "{text}"\n')
