"""What a trace says about every line of a source."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.diagnostics import Diagnostic, Severity
from reqc.compiler.source import Source
from reqc.compiler.trace import (
    CHANGED,
    CODES,
    OUTSIDE,
    UNCOVERED,
    Page,
    State,
    Trace,
    page,
    trace,
    traceable,
)
from tests.language.reading import document, section
from tests.specs.shipped import NAMES, OPENSTACK, REPOSITORY, shipped
from tests.tools import not_promised

SEEDS = REPOSITORY.parent / "shared" / "seeds"
CPU = "must cpu: cpu >= 2 @page:{}"
LINES = "A page\n- 2 processors\n\nA remark\n- 4 GiB of memory\n"


def _page(text: str, name: str = "page.txt") -> Page:
    return page(text.encode(), Source(name, name, text))


def _trace(text: str, *rows: str, head: str = "", fields: str = "") -> Trace:
    source = f'source page "page.txt" {{ {fields} }}\n'
    return trace(document(section(*rows, head=f"{source}{head}role host\n")), "page", _page(text))


def _states(found: Trace) -> list[str]:
    return [line.state.value for line in found.lines]


def _only(found: Trace) -> Diagnostic:
    (item,) = found.diagnostics
    return item


def test_every_line_is_cited_ignored_uncovered_or_silent() -> None:
    found = _trace(LINES, CPU.format(2), head='ignore @page:1 "A heading."\n')

    assert _states(found) == ["ignored", "cited", "silent", "silent", "uncovered"]
    assert found.lines[1].cited == ("s.cpu",)
    assert found.lines[0].reasons == ("A heading.",)
    assert (found.normative, found.percent) == (2, 50)


def test_a_line_that_is_lost_is_pointed_at() -> None:
    item = _only(_trace(LINES.replace("- 4", "  - 4"), CPU.format(2)))

    assert (item.severity, item.code) == (Severity.ERROR, UNCOVERED)
    assert item.message == "page.txt:5 looks normative, but no requirement cites it"
    assert item.here == "shows number and list or table"
    assert item.span is not None
    assert (item.span.line, item.span.column) == (5, 3)
    assert item.span.source.text[item.span.start : item.span.end] == "- 4 GiB of memory"


def test_lines_may_be_ignored_all_at_once() -> None:
    found = _trace(LINES, "must cpu: cpu >= 2 @page", head='ignore @page "An old page."\n')

    assert _states(found) == ["ignored"] * 5
    assert found.percent == 100


def test_a_citation_of_a_whole_source_covers_no_line() -> None:
    found = _trace(LINES, "must cpu: cpu >= 2 @page")

    assert found.count(State.UNCOVERED) == 2


def test_a_citation_counts_more_than_an_exception() -> None:
    found = _trace(LINES, CPU.format("1-5"), head='ignore @page:1-5 "All."\n')

    assert _states(found) == ["cited"] * 5


def test_several_requirements_cite_a_line_each_once_and_in_order() -> None:
    rows = (f"{CPU.format(2)} @page:1-2", "must memory: memory >= 2GiB @page:2-5")

    assert _trace(LINES, *rows).lines[1].cited == ("s.cpu", "s.memory")


@pytest.mark.parametrize("statement", ["cited", "ignored"])
def test_lines_behind_the_end_are_told_where_they_are_named(statement: str) -> None:
    rows = CPU.format("1-6") if statement == "cited" else "must cpu: cpu >= 2 @page:1-5"
    head = 'ignore @page:6-900000000000 "More."\n' if statement == "ignored" else ""

    item = _only(_trace(LINES, rows, head=head))

    assert item.code == OUTSIDE
    assert "which has 5 lines" in item.message
    assert item.span is not None
    text = item.span.source.text[item.span.start : item.span.end]
    assert text == ("@page:1-6" if statement == "cited" else "@page:6-900000000000")


@pytest.mark.parametrize("digest", [str.lower, str.upper])
def test_the_digest_is_compared_whatever_its_case(digest: Callable[[str], str]) -> None:
    right = digest(sha256(LINES.encode()).hexdigest())
    rows = CPU.format("1-5")

    assert _trace(LINES, rows, fields=f"sha256 {right}").diagnostics == ()
    item = _only(_trace(f"{LINES} ", rows.replace("5", "6"), fields=f"sha256 {right}"))
    assert item.code == CHANGED
    assert item.span is not None
    assert item.span.source.text[item.span.start : item.span.end] == "page"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("\n", 1),
        ("a", 1),
        ("a\n", 1),
        ("a\n\n", 2),
        ("a\r\nb\r\n", 2),
        ("a\x0bb\u2028c", 1),
    ],
)
def test_lines_are_counted_as_editors_do(text: str, count: int) -> None:
    assert _page(text).length == count


def test_a_page_that_asks_for_nothing_is_covered() -> None:
    found = _trace("A page\n", "must cpu: cpu >= 2 @page")

    assert (found.normative, found.percent, found.diagnostics) == (0, 100, ())


def test_all_but_one_line_is_less_than_all() -> None:
    found = _trace("- a\n" * 1000, CPU.format("2-1000"))

    assert found.percent == 99


def test_only_sources_with_a_file_or_with_cited_lines_are_traced() -> None:
    head = (
        'source one "one.txt"\nsource two\nsource three\nsource four\n'
        'role host\nignore @four:1 "A heading."\n'
    )

    found = document(section("must cpu: cpu >= 2 @two @three:1", head=head))

    assert traceable(found) == ("one", "three", "four")


def test_every_code_has_its_own_number() -> None:
    assert list(CODES) == sorted(set(CODES))


@given(
    st.lists(st.sampled_from(["", "- 2 processors", "A heading", "ip_set", "must\tnot"])),
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 4)), max_size=4),
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 4)), max_size=3),
)
def test_every_normative_line_is_counted_once(
    lines: list[str], cited: list[tuple[int, int]], ignored: list[tuple[int, int]]
) -> None:
    text = "".join(f"{line}\n" for line in lines)
    citations = "".join(f" @page:{first}-{first + more}" for first, more in cited)
    head = "".join(f'ignore @page:{first}-{first + more} "So."\n' for first, more in ignored)

    found = _trace(text, f"must cpu: cpu >= 2{citations}", head=head)

    assert [line.text for line in found.lines] == lines
    counts = [found.count(state) for state in (State.CITED, State.IGNORED, State.UNCOVERED)]
    assert sum(counts) == found.normative
    assert (found.percent == 100) is (counts[2] == 0)
    told = [item.code for item in found.diagnostics]
    assert told.count(UNCOVERED) == counts[2]
    ends = [first + more for first, more in (*cited, *ignored)]
    assert told.count(OUTSIDE) == sum(end > len(lines) for end in ends)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_specification_covers_its_page(name: str) -> None:
    source = next(item for item in shipped(name).sources if item.name == "page")
    path = SEEDS / source.file
    if not path.exists():
        not_promised(f"copy of the page of {name}")

    found = trace(shipped(name), "page", page(path.read_bytes(), _page(path.read_text()).source))

    assert (found.percent, found.diagnostics) == (100, ())
    # No guess is needed: every line that says something is cited or ignored.
    assert [
        line.number
        for line in found.lines
        if line.text.strip() and not (line.cited or line.reasons)
    ] == []


def test_the_page_is_the_only_source_of_a_shipped_specification_to_trace() -> None:
    assert traceable(shipped(OPENSTACK)) == ("page",)
