"""`reqc fit`: which specifications nodes fit, and what stands in the way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tests.cli.command import reqc
from tests.cli.terminals import at_terminal, plain
from tests.evaluation.collected import NASTY, node, written
from tests.schemas import read_as

OLD = """\
req 1
spec demo 1.0 on linux "Old"
role host
section node {
  must   kernel: kernel >= 3.10
  should cpu:    cpu >= 64
}
"""
NEW = """\
req 1
spec demo 2.0 on linux "New | <b>"
option large: bool = false
role host
role etcd
section node {
  must kernel: kernel >= 5.10 { fix "Take | a *newer* <kernel>." }
  must memory: memory >= 2GiB
  must plenty: memory >= 64GiB when large
  must os:     os debian 12 on etcd
}
"""
RECENT = node()
AGED = node(kernel__release="3.10.0-1160.el7.x86_64")
UNSEEN = node(memory=None)


@pytest.fixture
def specs(tmp_path: Path) -> tuple[Path, Path]:
    """Return the files of two versions of a specification."""
    old, new = tmp_path / "old.req", tmp_path / "new.req"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    return old, new


def verdicts(
    specs: tuple[Path, ...], folder: Path, nodes: dict[str, dict[str, Any]], *arguments: str
) -> tuple[int, list[tuple[str, int, int, int]]]:
    """Return the exit status, and for each specification the verdict and its counts."""
    facts = written(folder / "facts", nodes)
    done = reqc("fit", *specs, "--facts", facts, "--format", "json", *arguments)
    assert done.stderr == ""
    whole = read_as("fit", done.stdout)
    assert whole["exit"] == done.returncode
    rows = whole["specifications"]
    found = [(row["verdict"], row["fits"], row["fail"], row["unknown"]) for row in rows]
    return done.returncode, found


def test_each_specification_has_a_verdict_in_the_order_given(
    specs: tuple[Path, Path], tmp_path: Path
) -> None:
    nodes = {"aged": AGED, "recent": RECENT}

    there = verdicts(specs, tmp_path, nodes)
    back = verdicts(specs[::-1], tmp_path, nodes)

    assert there == (0, [("fits", 2, 0, 0), ("does not fit", 1, 1, 0)])
    assert back == (0, there[1][::-1])


@pytest.mark.parametrize(
    ("nodes", "arguments", "status", "verdict"),
    [
        ({"a": RECENT, "b": RECENT}, (), 0, "fits"),
        ({"a": RECENT, "b": AGED}, (), 1, "does not fit"),
        ({"a": RECENT, "b": UNSEEN}, (), 3, "undecided"),
        ({"a": AGED, "b": UNSEEN}, (), 1, "does not fit"),
        ({"a": RECENT}, ("--set", "large=true"), 1, "does not fit"),
        ({"a": RECENT}, ("--role", "etcd"), 0, "fits"),
        ({"a": node(os_release={"ID": "x"})}, ("--role", "etcd"), 1, "does not fit"),
    ],
)
def test_the_exit_status_tells_whether_one_fits(  # noqa: PLR0913, PLR0917  # a case and its place
    nodes: dict[str, dict[str, Any]],
    arguments: tuple[str, ...],
    status: int,
    verdict: str,
    specs: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    found, rows = verdicts(specs[1:], tmp_path, nodes, *arguments)

    assert (found, rows[0][0]) == (status, verdict)


def test_what_stands_in_the_way_is_told(specs: tuple[Path, Path], tmp_path: Path) -> None:
    facts = written(tmp_path / "facts", {"aged": AGED, "recent": RECENT, "unseen": UNSEEN})

    done = reqc("fit", "--facts", facts, *specs)

    assert (done.returncode, done.stderr) == (0, "")
    table, *blocks = done.stdout.split("\n\n")
    assert [re.split(r" {2,}", line)[1:] for line in table.splitlines()] == [
        ["VERDICT", "FITS", "FAIL", "UNKNOWN", "WHAT"],
        ["fits", "3 of 3", "0", "0", "demo 1.0 on linux"],
        ["does not fit", "1 of 3", "1", "1", "demo 2.0 on linux"],
    ]
    assert len(blocks) == 1
    assert blocks[0].splitlines()[1:] == [
        "    blocked by node.kernel  Linux kernel 5.10 or later",
        "        level: must, on 1 of 3 nodes (aged)",
        "        expected: Linux kernel 5.10 or later",
        "        found: 3.10.0-1160.el7.x86_64",
        "        fix: Take | a *newer* <kernel>.",
        "        source: new.req:7",
        "    undecided by node.memory  at least 2GiB of memory",
        "        level: must, on 1 of 3 nodes (unseen)",
        "        expected: at least 2GiB of memory",
        "        found: MemTotal cannot be read",
        "        source: new.req:8",
    ]


def test_markdown_survives_what_nodes_say(specs: tuple[Path, Path], tmp_path: Path) -> None:
    nasty = node(os_release={"ID": NASTY})
    facts = written(tmp_path / "facts", {"bad": nasty, "aged": AGED})
    arguments = ("--role", "etcd", "--format", "markdown")

    text = reqc("fit", *specs, "--facts", facts, *arguments).stdout

    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "text_special"}
    assert [token.type for token in tokens].count("table_open") == 2
    rows = [line for line in text.splitlines() if line.startswith("| node")]
    assert len(rows) == 1
    assert "owned" in rows[0]


def test_a_choice_counts_where_it_is_known(specs: tuple[Path, Path], tmp_path: Path) -> None:
    status, rows = verdicts(specs, tmp_path, {"a": RECENT}, "--set", "large=true")

    assert (status, [row[0] for row in rows]) == (0, ["fits", "does not fit"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "lrage=true"], "no specification has the option `lrage`"),
        (["--set", "large=maybe"], "`maybe` is no value of the option `large`"),
        (["--set", "large"], "`large` is no OPTION=VALUE"),
        (["--role", "etdc"], "no specification has the role `etdc`"),
        (["none.req"], "cannot read none.req"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_judged(
    arguments: list[str], said: str, specs: tuple[Path, Path], tmp_path: Path
) -> None:
    facts = written(tmp_path / "facts", {"a": RECENT})

    done = reqc("fit", *specs, *arguments, "--facts", facts)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_without_a_specification_nothing_can_fit(tmp_path: Path) -> None:
    done = reqc("fit", "--facts", written(tmp_path / "facts", {"a": RECENT}))

    assert (done.returncode, done.stdout) == (2, "")
    assert "no specification is given" in done.stderr


def test_broken_facts_are_named(specs: tuple[Path, Path], tmp_path: Path) -> None:
    facts = written(tmp_path / "facts", {"a": RECENT})
    (facts / "b.json").write_text("{")

    done = reqc("fit", *specs, "--facts", facts)

    assert done.returncode == 2
    assert "fits" in done.stdout
    assert "error[REQ603]: cannot use the facts in" in done.stderr


def test_it_is_written_to_a_file_at_once(specs: tuple[Path, Path], tmp_path: Path) -> None:
    facts = written(tmp_path / "facts", {"a": RECENT})
    report = tmp_path / "report"

    done = reqc("fit", *specs, "--facts", facts, "-o", report, "-v")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"wrote {report}\n")
    assert report.read_text() == reqc("fit", *specs, "--facts", facts).stdout


def test_a_terminal_gets_colours_and_the_same_words(
    specs: tuple[Path, Path], tmp_path: Path
) -> None:
    facts = written(tmp_path / "facts", {"a": AGED})

    piped = reqc("fit", *specs, "--facts", facts).stdout
    shown = at_terminal("fit", *specs, "--facts", facts, columns=250)

    assert "\x1b" not in piped
    assert "\x1b[31mdoes not fit\x1b[0m" in shown.raw
    assert plain(shown.raw) == piped
