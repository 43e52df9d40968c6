"""The specifications against the pages they capture: lines, digests, and no borrowed sentence."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from reqc.compiler.lowered import LoweredSource
from tests.specs.shipped import NAMES, OPENSHIFT, OPENSTACK, REPOSITORY, SPECS, shipped
from tests.tools import not_promised

PAGES = REPOSITORY.parent / "shared" / "seeds"
LINES = {OPENSTACK: 62, OPENSHIFT: 52}
TOGETHER = 8
"""So many words in a row are a borrowed sentence."""

HEADINGS = {
    OPENSTACK: {1, 2, 3, 11, 17, 19, 21, 22, 31, 35, 38},
    OPENSHIFT: {1, 8, 14, 24, 36},
}
"""Lines that state nothing: titles, the head of a table, a bullet or a label without a text."""


def _source(name: str, cited: str) -> LoweredSource:
    return next(source for source in shipped(name).sources if source.name == cited)


def _page(name: str) -> Path:
    path = PAGES / _source(name, "page").file
    if not path.exists():
        not_promised(f"copy of the page of {name}")
    return path


def _cited(name: str) -> set[int]:
    return {
        line
        for item in shipped(name).requirements
        for citation in item.citations
        if citation.source == "page"
        for line in range(citation.first or 0, (citation.last or 0) + 1)
    }


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9_]+", text.lower())


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + TOGETHER]) for at in range(len(words) - TOGETHER + 1)}


@pytest.mark.parametrize("name", NAMES)
def test_cited_lines_lie_within_the_page(name: str) -> None:
    assert _cited(name) <= set(range(1, LINES[name] + 1))


@pytest.mark.parametrize("name", NAMES)
def test_only_the_page_is_cited_by_lines(name: str) -> None:
    citations = [citation for item in shipped(name).requirements for citation in item.citations]

    for citation in citations:
        assert (citation.first is not None) == (citation.source == "page")
        assert (citation.last is not None) == (citation.source == "page")
    cited = {citation.source for citation in citations}
    assert cited == {source.name for source in shipped(name).sources}
    assert all(item.citations for item in shipped(name).requirements)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_says_where_it_was_published(name: str) -> None:
    for source in shipped(name).sources:
        assert source.title
        assert source.url.startswith("https://")
    assert shipped(name).identity.revision == _source(name, "page").revision != ""


@pytest.mark.parametrize("name", NAMES)
def test_every_line_that_states_something_is_cited(name: str) -> None:
    lines = _page(name).read_text(encoding="utf-8").splitlines()

    assert len(lines) == LINES[name]
    stating = {number for number, line in enumerate(lines, start=1) if line.strip()}
    assert stating - _cited(name) == HEADINGS[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_digest_is_that_of_the_page(name: str) -> None:
    assert _source(name, "page").sha256 == sha256(_page(name).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "file", sorted(SPECS.rglob("*.req")), ids=lambda path: path.relative_to(SPECS).as_posix()
)
def test_no_sentence_of_a_page_is_borrowed(name: str, file: Path) -> None:
    page = _page(name).read_text(encoding="utf-8")
    specification = file.read_text(encoding="utf-8")

    assert _runs(page) & _runs(specification) == set()
