"""Waivers: what a file may say, and what it changes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.evaluation.waivers import Waiver, day, read_waivers
from tests.cli.command import reqc
from tests.evaluation.collected import CHOSEN, blind, node, small, written

KNOWN = ("node.memory", "node.kernel")
DAY = "2027-06-30"


def read(folder: Path, text: str) -> tuple[dict[str, Waiver], list[tuple[int, str]]]:
    """Return the waivers of a text, and the mistakes by line."""
    path = folder / "waivers"
    path.write_text(text, encoding="utf-8", newline="")
    report = Report()
    found = read_waivers(str(path), KNOWN, report)
    assert {item.code for item in report.diagnostics} <= {Code.WAIVER}
    told = [(item.span.line, item.message) for item in report.sorted() if item.span]
    return dict(found), told


@pytest.mark.parametrize(
    "text",
    [
        "node.memory 2027-06-30 It is on order.",
        "\n# why\n  # more\n\tnode.memory\t2027-06-30 \t It is on order. \t\n\n",
        "# windows\r\nnode.memory 2027-06-30 It is on order.\r\n",
        "\ufeffnode.memory 2027-06-30 It is on order.\n",
    ],
)
def test_a_line_is_an_id_a_day_and_a_reason(text: str, tmp_path: Path) -> None:
    waiver = Waiver("node.memory", date(2027, 6, 30), "It is on order.")

    assert read(tmp_path, text) == ({"node.memory": waiver}, [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("node.memory", "the waiver of `node.memory` has no date"),
        ("node.memory 2027-06-30", "the waiver of `node.memory` has no reason"),
        ("node.memory 2027-6-30 why", "`2027-6-30` is no date such as 2027-12-31"),
        ("node.memory 20270630 why", "`20270630` is no date such as 2027-12-31"),
        ("node.memory 2027-W26-3 why", "`2027-W26-3` is no date such as 2027-12-31"),
        ("node.memory ٢٠٢٧-٠٦-٣٠ why", "`٢٠٢٧-٠٦-٣٠` is no date such as 2027-12-31"),
        ("node.memory 2027-02-29 why", "`2027-02-29` is no day of the calendar"),
        ("node.memory 0000-01-01 why", "`0000-01-01` is no day of the calendar"),
        ("node.memry 2027-06-30 why", "there is no requirement `node.memry` to waive"),
        ("node 2027-06-30 why", "there is no requirement `node` to waive"),
    ],
)
def test_what_is_none_is_told_with_its_line(line: str, said: str, tmp_path: Path) -> None:
    _, mistakes = read(tmp_path, f"# first\n{line}\n")

    assert mistakes == [(2, said)]


def test_one_requirement_is_waived_once(tmp_path: Path) -> None:
    text = "node.kernel 2027-06-30 why\nnode.memory 2027-06-30 why\nnode.kernel 2027-07-30 why\n"

    assert read(tmp_path, text)[1] == [(3, "`node.kernel` is waived twice")]


@given(st.dates())
def test_every_day_is_read_as_it_is_written(written_day: date) -> None:
    assert day(written_day.isoformat()) == written_day


@given(st.dates(max_value=date(9998, 12, 31)))
def test_a_waiver_holds_up_to_its_last_day(last: date) -> None:
    waiver = Waiver("node.memory", last, "why")

    assert not waiver.expired(last)
    assert waiver.expired(last + timedelta(days=1))


def test_all_mistakes_are_told_and_nothing_is_judged(page: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "facts", {"one": node()})
    waivers = tmp_path / "waivers"
    waivers.write_text("node.memry 2027-06-30 why\n\nnode.memory soon why\nnode.kernel\n")

    done = reqc("evaluate", page, "--facts", facts, "--waive", waivers, "--only", "nothing")

    assert (done.returncode, done.stdout) == (2, "")
    assert re.findall(r"--> .*/waivers:(\d+):", done.stderr) == ["1", "3", "4"]
    assert "did you mean `node.memory`?" in done.stderr
    assert "--only: there is no requirement or section `nothing`" in done.stderr


def test_a_waiver_file_that_is_not_there_is_told(page: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "facts", {"one": node()})

    done = reqc("evaluate", page, "--facts", facts, "--waive", tmp_path / "none")

    assert (done.returncode, done.stdout) == (2, "")
    assert "error[REQ001]: cannot read" in done.stderr


@pytest.mark.parametrize(
    ("facts", "today", "status", "said"),
    [
        (small(), DAY, 0, "WAIVED  node.memory  at least 2GiB of memory"),
        (small(), DAY, 0, f"waived until {DAY}: It is on order."),
        (blind(), DAY, 0, f"waived until {DAY}: It is on order."),
        (small(), "2027-07-01", 1, f"waiver expired on {DAY}"),
        (blind(), "2027-07-01", 1, f"waiver expired on {DAY}"),
        (node(), DAY, 0, "note: the waiver of node.memory is stale"),
        (node(), "2027-07-01", 0, "note: the waiver of node.memory is stale"),
    ],
)
def test_a_waiver_excuses_up_to_its_day(  # noqa: PLR0913, PLR0917  # a case and its place
    facts: dict[str, object], today: str, status: int, said: str, page: Path, tmp_path: Path
) -> None:
    folder = written(tmp_path / "facts", {"one": facts})
    waivers = tmp_path / "waivers"
    waivers.write_text(f"node.memory {DAY} It is on order.\n")
    arguments = (*CHOSEN, "--waive", waivers, "--date", today)

    done = reqc("evaluate", page, "--facts", folder, *arguments)

    assert (done.returncode, done.stderr) == (status, "")
    assert said in done.stdout


def test_a_day_must_be_one(page: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", {"one": node()})

    done = reqc("evaluate", page, "--facts", folder, "--date", "tomorrow")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--date: `tomorrow` is no date such as 2027-12-31" in done.stderr
