"""`reqc evaluate`: nodes judged by their facts, and told in every form."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from tests.cli.command import reqc
from tests.cli.terminals import at_terminal, plain
from tests.evaluation.collected import CHOSEN, NASTY, PAGE, blind, node, small, written

MIXED = {
    "good-1": node(),
    "bad": small(os_release={"ID": "debian", "VERSION_ID": NASTY}),
    "good-2": node(),
    "unseen": blind(),
    "weak": node(processors=2),
}
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Return a folder with the facts of five nodes of all sorts."""
    return written(tmp_path / "facts", MIXED)


def one(page: Path, folder: Path, facts: dict[str, Any], *arguments: str) -> tuple[int, str]:
    """Return the exit status and the report about one node."""
    path = written(folder / "alone", {"one": facts}) / "one.json"
    done = reqc("evaluate", page, "--facts", path, *arguments)
    assert done.stderr == ""
    return done.returncode, done.stdout


# --- one node -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "arguments", "status", "verdict"),
    [
        (node(), CHOSEN, 0, "PASS - every required item that can be checked is met"),
        (small(), CHOSEN, 1, "FAIL - 1 required item(s) not met"),
        (blind(), CHOSEN, 3, "UNKNOWN - 1 required item(s) could not be verified"),
        (node(), (), 3, "UNKNOWN - 1 required item(s) could not be verified"),
        (small(), (), 1, "FAIL - 1 required item(s) not met"),
        (node(processors=2), CHOSEN, 0, "PASS - every required item that can be checked is met"),
        (node(processors=2), (*CHOSEN, "--strict"), 1, "FAIL - 1 required item(s) not met"),
        (node(processors=None), CHOSEN, 0, "PASS - every required item that can be checked is met"),
        (
            node(processors=None),
            (*CHOSEN, "--strict"),
            3,
            "UNKNOWN - 1 required item(s) could not be verified",
        ),
        (small(), (*CHOSEN, "--skip", "node"), 0, "PASS - every"),
        (small(), (*CHOSEN, "--only", "node.kernel"), 0, "PASS - every"),
        (node(), (*CHOSEN, "--role", "etcd", "--only", "node.member"), 0, "PASS - every"),
        (node(), ("--set", "port=80"), 0, "PASS - every"),
    ],
)
def test_one_node_has_a_verdict(  # noqa: PLR0913, PLR0917  # a case and its place
    facts: dict[str, Any],
    arguments: tuple[str, ...],
    status: int,
    verdict: str,
    page: Path,
    tmp_path: Path,
) -> None:
    found, text = one(page, tmp_path, facts, *arguments)

    assert found == status
    assert text.splitlines()[-1].startswith(f"verdict: {verdict}")


def test_the_list_is_that_of_the_page(page: Path, tmp_path: Path) -> None:
    _, text = one(page, tmp_path, small())
    _, everything = one(page, tmp_path, small(), "-v")

    assert "N/A" not in text
    assert "0 waived (-v shows what is n/a)\n" in text
    assert re.findall(r"^(\S+) +(\w+\.\w+)  ", everything, re.MULTILINE) == [
        ("FAIL", "node.memory"),
        ("PASS", "node.kernel"),
        ("PASS", "node.cpu"),
        ("PASS", "node.distro"),
        ("N/A", "node.v6"),
        ("N/A", "node.member"),
        ("UNKNOWN", "node.open"),
        ("MANUAL", "people.look"),
    ]
    assert "        fix: Add memory.\n" in text
    assert "        found: not asked for: when ipv6\n" in everything
    assert "        found: binds etcd hosts\n" in everything
    assert "        found: choose a value with --set port=VALUE\n" in text
    assert "        source: page.req:8\n" in text


def test_limits_of_the_look_are_told(page: Path, tmp_path: Path) -> None:
    facts = node(root=False, container="docker", kernel__running=False)

    _, text = one(page, tmp_path, facts)

    assert re.findall(r"^note: (.*?)[;:,]| stays", text, re.MULTILINE)[:2] == [
        "this is a container (docker)",
        "not collected as root",
    ]
    assert "note: judged for kernel 6.1.0-50-amd64, which is not the one that runs" in text


def test_only_what_is_chosen_is_told(page: Path, tmp_path: Path) -> None:
    _, text = one(page, tmp_path, small(), "--only", "node", "--skip", "node.memory")

    assert "SKIPPED node.memory" in text
    assert "1 skipped" in text
    assert "people.look" not in text


@pytest.mark.parametrize("argument", ["--only", "--skip"])
def test_what_is_to_be_chosen_must_be_there(argument: str, page: Path, mixed: Path) -> None:
    done = reqc("evaluate", page, "--facts", mixed, argument, "node.memroy")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{argument}: there is no requirement or section `node.memroy`" in done.stderr
    assert "did you mean `node.memory`?" in done.stderr


# --- many nodes ---------------------------------------------------------------------------------


def test_outliers_come_first(page: Path, mixed: Path) -> None:
    done = reqc("evaluate", page, "--facts", mixed, *CHOSEN)

    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, "")
    assert lines[1] == "5 nodes: 1 fail, 1 unknown, 3 pass"
    rows = [line.split() for line in lines[3:9]]
    assert rows == [
        ["NODE", "VERDICT", "FAIL", "UNKNOWN", "WARN", "INFO", "PASS", "MANUAL", "N/A"],
        ["bad", "FAIL", "1", "-", "-", "1", "3", "1", "2"],
        ["unseen", "UNKNOWN", "-", "1", "-", "-", "4", "1", "2"],
        ["good-1", "PASS", "-", "-", "-", "-", "5", "1", "2"],
        ["good-2", "PASS", "-", "-", "-", "-", "5", "1", "2"],
        ["weak", "PASS", "-", "-", "1", "-", "4", "1", "2"],
    ]


def test_the_few_that_differ_are_named_with_what_was_found(page: Path, mixed: Path) -> None:
    text = reqc("evaluate", page, "--facts", mixed, *CHOSEN).stdout

    about = text[text.index("FAIL    node.memory") :].split("\n\n")[0]
    assert about.splitlines() == [
        "FAIL    node.memory  at least 2GiB of memory",
        "        fail on 1 of 5 nodes (bad): 1048576 KiB",
        "        unknown on 1 of 5 nodes (unseen): MemTotal cannot be read",
        "        pass on 3 of 5 nodes",
        "        expected: at least 2GiB of memory",
        "        because: Less | is *not* <enough>.",
        "        fix: Add memory.",
        "        source: page.req:8",
    ]
    assert "PASS    node.kernel" not in text  # everybody agrees


def test_what_all_miss_is_told_once(page: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", {f"n{number}": small() for number in range(3)})

    text = reqc("evaluate", page, "--facts", folder, *CHOSEN).stdout

    assert "        fail on all 3 nodes: 1048576 KiB\n" in text


def test_a_large_fleet_is_cut_to_what_matters(page: Path, tmp_path: Path) -> None:
    facts = {f"good{number:03}": node() for number in range(90)}
    facts |= {f"small{number:02}": small() for number in range(12)}
    folder = written(tmp_path / "facts", facts)

    brief = reqc("evaluate", page, "--facts", folder, *CHOSEN)
    whole = reqc("evaluate", page, "--facts", folder, *CHOSEN, "-v")

    assert (brief.returncode, whole.returncode) == (1, 1)
    assert "102 nodes: 12 fail, 90 pass" in brief.stdout
    assert "and 62 more (62 pass); --format json has them all\n" in brief.stdout
    assert "small06, small07 and 4 more): 1048576 KiB" in brief.stdout
    assert all(f"\n{name} " in whole.stdout for name in facts)
    assert " more" not in whole.stdout


def test_many_different_findings_are_summed_up(page: Path, tmp_path: Path) -> None:
    facts = {f"n{number}": node(memory=1000 + number) for number in range(9)}
    folder = written(tmp_path / "facts", facts)

    text = reqc("evaluate", page, "--facts", folder, *CHOSEN).stdout

    assert "        fail on 6 more nodes with 6 other findings; --format json" in text


# --- where facts are ----------------------------------------------------------------------------


def names(*arguments: str | Path, stdin: str = "") -> list[str]:
    """Return the names of the nodes that were judged."""
    done = reqc("evaluate", *arguments, "--format", "jsonl", *CHOSEN, stdin=stdin)
    assert done.stderr == ""
    return [json.loads(line)["node"] for line in done.stdout.splitlines()]


def test_files_folders_and_standard_input_are_read_in_order(page: Path, tmp_path: Path) -> None:
    first = written(tmp_path / "first", {"b": node(), "a": node()})
    second = written(tmp_path / "second", {"c": node(), "a": node()})
    (first / "notes.txt").write_text("no facts")
    pretty = json.dumps(node(), indent=2)

    found = names(page, "--facts", second / "c.json", "-", first, stdin=pretty + pretty)

    assert found == ["c", "stdin:1", "stdin:2", "a", "b"]


def test_a_file_given_twice_is_one_node(page: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", {"a": node()})

    assert names(page, "--facts", folder, folder / "a.json") == ["a"]


def test_nodes_of_one_name_are_told_apart(page: Path, tmp_path: Path) -> None:
    first = written(tmp_path / "first", {"a": node(), "b": node()})
    second = written(tmp_path / "second", {"a": node()})

    found = names(page, "--facts", first, second)

    assert found == [f"{first}/a.json", "b", f"{second}/a.json"]


def test_a_file_may_hold_several_documents(page: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("".join(json.dumps(facts) + "\n" for facts in MIXED.values()))

    assert names(page, "--facts", path) == [f"all:{number}" for number in range(1, 6)]


def test_the_specification_may_stand_behind_the_facts(page: Path, mixed: Path) -> None:
    assert names("--facts", mixed, page) == sorted(MIXED)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{page}", "--facts", "{facts}/none.json"], "none.json: No such file or directory"),
        (["{page}", "--facts", "{facts}/empty"], "empty has no facts"),
        (["--facts", "{facts}"], "no specification is given"),
        (["{page}", "--facts", "{facts}", "{page}"], "2 specifications are given"),
        (["{page}", "--facts", "{facts}", "--set", "ipv7=true"], "no option `ipv7`"),
        (["{page}", "--facts", "{facts}", "--role", "moon"], "no role `moon`"),
        (["none.req", "--facts", "{facts}"], "cannot read none.req"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_judged(
    arguments: list[str], said: str, page: Path, mixed: Path
) -> None:
    (mixed / "empty").mkdir()

    done = reqc("evaluate", *(item.format(page=page, facts=mixed) for item in arguments))

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


BROKEN = {
    "cut": json.dumps(node())[:-9],
    "empty": "",
    "other": '{"schema": "reqc.check/1"}',
    "newer": json.dumps({**node(), "schema": "reqc.facts/9"}),
    "wrong": json.dumps({**node(), "memory": "much"}),
    "list": "[]",
}


def test_broken_facts_are_all_named_and_the_others_judged(page: Path, mixed: Path) -> None:
    for name, text in BROKEN.items():
        (mixed / f"{name}.json").write_text(text)
    (mixed / "bytes.json").write_bytes(b"\xff\xfe")

    done = reqc("evaluate", page, "--facts", mixed, *CHOSEN)

    assert done.returncode == 2
    assert "5 nodes: 1 fail, 1 unknown, 3 pass" in done.stdout
    assert "note: the facts of 7 nodes could not be read" in done.stdout
    told = re.findall(r"error\[REQ603\]: cannot use the facts in \S*/(\w+)\.json: ", done.stderr)
    assert sorted(told) == sorted([*BROKEN, "bytes"])


def test_a_break_in_a_stream_loses_nothing_before_it(page: Path) -> None:
    good = json.dumps(node())

    done = reqc("evaluate", page, "--facts", "-", "--format", "jsonl", stdin=f"{good}\n{good}\n{{")

    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    assert "cannot use the facts in standard input (stdin:3): not JSON" in done.stderr


def test_without_any_facts_there_is_no_report(page: Path) -> None:
    done = reqc("evaluate", page, "--facts", "-", "--format", "json", stdin="")

    assert (done.returncode, done.stdout) == (2, "")
    assert "no facts" in done.stderr


# --- for programs -------------------------------------------------------------------------------


def test_json_is_what_the_schema_says(page: Path, mixed: Path) -> None:
    (mixed / "cut.json").write_text("{")
    waivers = mixed / "waivers"
    waivers.write_text("node.memory 2027-01-01 why\nnode.kernel 2027-01-01 why\n")
    arguments = (*CHOSEN, "--waive", waivers, "--date", "2027-01-02", "--format", "json")

    done = reqc("evaluate", page, "--facts", mixed, *arguments)
    schema = json.loads(reqc("schema", "evaluation").stdout)
    whole = json.loads(done.stdout)

    Draft202012Validator.check_schema(schema)
    assert [*Draft202012Validator(schema).iter_errors(whole)] == []
    assert done.stdout.isascii()
    assert whole["schema"] == "reqc.evaluation/1"
    assert [item["node"] for item in whole["nodes"]] == sorted(MIXED)
    assert [item["exit"] for item in whole["nodes"]] == [1, 0, 0, 1, 0]
    assert [item["node"] for item in whole["unreadable"]] == ["cut"]
    assert [(item["expired"], item["stale"]) for item in whole["waivers"]] == [
        (True, False),
        (True, True),
    ]
    assert whole["options"] == {"ipv6": False, "port": 5473}


def test_json_holds_everything_that_was_found(page: Path, mixed: Path) -> None:
    done = reqc("evaluate", page, "--facts", mixed, *CHOSEN, "--format", "json")
    whole = json.loads(done.stdout)

    bad = next(item for item in whole["nodes"] if item["node"] == "bad")
    distro = next(item for item in bad["results"] if item["id"] == "node.distro")
    assert (distro["state"], distro["level"]) == ("info", "may")
    assert "\x1b]0;owned\x07" in distro["found"]
    memory = next(item for item in whole["requirements"] if item["id"] == "node.memory")
    assert memory["most_common"] == "pass"
    assert [(item["state"], item["nodes"]) for item in memory["outliers"]] == [
        ("fail", ["bad"]),
        ("unknown", ["unseen"]),
    ]
    for item in whole["nodes"]:
        assert sum(item["summary"].values()) == len(item["results"]) == 8


def test_json_has_the_words_of_the_check_script(page: Path, tmp_path: Path) -> None:
    script = tmp_path / "check.sh"
    assert reqc("compile", page, *CHOSEN, "--target", "shell", "-o", script).returncode == 0
    root = tmp_path / "root"
    root.mkdir()

    done = subprocess.run(
        ["sh", script, "--root", root, "--format", "json"], capture_output=True, check=False
    )
    of_script = json.loads(done.stdout)["results"]
    of_python = json.loads(one(page, tmp_path, node(), *CHOSEN, "--format", "json")[1])

    found = {"state", "found", "looked"}
    assert [_without(item, found) for item in of_script] == [
        _without(item, found) for item in of_python["nodes"][0]["results"]
    ]
    assert [item.keys() for item in of_script] == [
        item.keys() for item in of_python["nodes"][0]["results"]
    ]


def _without(record: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in keys}


def test_lines_of_json_are_the_nodes(page: Path, mixed: Path) -> None:
    whole = reqc("evaluate", page, "--facts", mixed, "--format", "json")
    lines = reqc("evaluate", page, "--facts", mixed, "--format", "jsonl")

    assert [json.loads(line) for line in lines.stdout.splitlines()] == json.loads(whole.stdout)[
        "nodes"
    ]


def test_junit_counts_are_right(page: Path, mixed: Path) -> None:
    (mixed / "cut.json").write_text("{")

    done = reqc("evaluate", page, "--facts", mixed, *CHOSEN, "--format", "junit")
    root = ET.fromstring(done.stdout)  # noqa: S314  # our own document

    assert done.returncode == 2
    assert [suite.get("name") for suite in root] == [*sorted(MIXED), "cut"]
    for suite in root:
        for attribute, tag in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            assert int(suite.get(attribute, "")) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
    for attribute in ("tests", "failures", "errors"):
        assert int(root.get(attribute, "")) == sum(int(suite.get(attribute, "")) for suite in root)
    assert root.get("skipped") is None
    cases = root.findall("testsuite[@name='bad']/testcase")
    assert (cases[0].get("classname"), cases[0].get("name")) == ("demo.node", "node.memory")
    told = root.findtext("testsuite[@name='bad']/testcase[@name='node.distro']/system-out") or ""
    assert "<b>*x*</b>" in told
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]", told)


@pytest.mark.parametrize(("argument", "tag"), [("-v", "system-out"), ("--strict", "error")])
def test_junit_is_red_only_where_the_exit_status_is(
    argument: str, tag: str, page: Path, tmp_path: Path
) -> None:
    facts = node(processors=None)

    status, text = one(page, tmp_path, facts, *CHOSEN, "--format", "junit", argument)
    root = ET.fromstring(text)  # noqa: S314  # our own document

    assert status == (3 if tag == "error" else 0)
    assert int(root.get("errors", "")) == (1 if tag == "error" else 0)
    assert [item.tag for item in root.findall(".//testcase[@name='node.cpu']/*")] == [tag]


def test_markdown_tables_survive_what_nodes_say(page: Path, mixed: Path) -> None:
    text = reqc("evaluate", page, "--facts", mixed, *CHOSEN, "--format", "markdown").stdout
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)

    assert not OBEYED.search(text)
    assert not any(token.type == "html_block" for token in tokens)
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "text_special"}
    widths = {len(row) for row in _tables(text)}
    assert widths == {9, 10, 4}  # nodes, requirements, and a table for each that is notable
    nodes = [row for row in _tables(text) if len(row) == 9]
    assert nodes[1][:3] == ["bad", "fail", "1"]


def test_markdown_counts_what_it_does_not_name(page: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", {f"n{number:03}": node() for number in range(180)})
    written(folder, {f"s{number:03}": small() for number in range(25)})
    (folder / "cut.json").write_text("{", encoding="utf-8")
    waivers = tmp_path / "waivers"
    waivers.write_text("node.kernel 2027-06-30 later\n", encoding="utf-8")
    arguments = ("--format", "markdown", "--waive", waivers, "--date", "2027-01-01")

    done = reqc("evaluate", page, "--facts", folder, *CHOSEN, *arguments)

    lines = done.stdout.splitlines()
    assert "The waiver of node.kernel is stale: it is met everywhere." in lines
    (unread,) = (line for line in lines if line.startswith("Not judged: "))
    assert unread.startswith("Not judged: cut, ")
    assert "And 5 more nodes." in lines
    nodes = lines[: lines.index("## Requirements")]
    assert sum(line.startswith(("| n0", "| n1", "| s0")) for line in nodes) == 200
    names = ", ".join(f"s{number:03}" for number in range(20))
    assert any(line.startswith(f"| fail | 25 | {names} and 5 more | ") for line in lines)
    assert any(line.startswith("| pass | 180 |  | ") for line in lines)
    assert "- Fix: Add memory." in lines


def test_markdown_of_nodes_that_meet_everything_has_nothing_to_look_at(
    page: Path, tmp_path: Path
) -> None:
    page.write_text(PAGE.partition("section people")[0], encoding="utf-8")

    status, text = one(page, tmp_path, node(), *CHOSEN, "--format", "markdown")

    assert status == 0
    assert "## Requirements" in text
    assert "To be looked at" not in text
    assert "Not judged" not in text
    assert "more nodes" not in text


def _tables(text: str) -> list[list[str]]:
    """Return the cells of every row of every table, as a reader of Markdown sees them."""
    rows: list[list[str]] = []
    inside = False
    for token in MarkdownIt().enable("table").parse(text):
        if token.type == "tr_open":
            rows.append([])
        inside = (inside or token.type in {"th_open", "td_open"}) and token.type not in {
            "th_close",
            "td_close",
        }
        if inside and token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "markdown", "junit"])
def test_the_same_facts_give_the_same_bytes(form: str, page: Path, mixed: Path) -> None:
    arguments = ("evaluate", page, "--facts", mixed, "--format", form, "--date", "2027-01-01")
    printed = reqc(*arguments)
    written_to = mixed / "report"

    done = reqc(*arguments, "-o", written_to, "-v" if form != "text" else "--strict")

    assert done.stdout == ""
    if form != "text":
        assert done.stderr == f"wrote {written_to}\n"
        assert written_to.read_text(encoding="utf-8") == printed.stdout
    assert list(mixed.glob(".report*")) == []


# --- for people ---------------------------------------------------------------------------------


def test_a_pipe_gets_no_colour_and_a_terminal_the_same_words(page: Path, mixed: Path) -> None:
    piped = reqc("evaluate", page, "--facts", mixed, *CHOSEN)
    shown = at_terminal("evaluate", page, "--facts", mixed, *CHOSEN, columns=200)

    assert "\x1b" not in piped.stdout
    assert "\x1b[31mFAIL\x1b[0m" in shown.raw
    assert plain(shown.raw) == piped.stdout


@pytest.mark.parametrize("columns", [40, 60])
def test_a_narrow_terminal_is_kept_to(columns: int, page: Path, tmp_path: Path) -> None:
    name = "a-node-of-some-rather-long-name.example.org"
    folder = written(tmp_path / "facts", {name: small(), f"{name}.2": node()})

    shown = at_terminal("evaluate", page, "--facts", folder, *CHOSEN, columns=columns)

    text = plain(shown.raw)
    wide = [line for line in text.splitlines() if len(line) > columns]
    assert all(" " not in line.strip() for line in wide)  # one word, which the terminal breaks
    assert not re.search(rf"^{re.escape(name)} +FAIL", text, re.MULTILINE)
    assert re.search(r"^a-n.*\.\.\..*org +FAIL", text, re.MULTILINE)


@pytest.mark.parametrize("many", [False, True])
def test_no_terminal_obeys_what_a_node_says(many: bool, page: Path, tmp_path: Path) -> None:  # noqa: FBT001  # a case
    facts = {"bad\x1b[2J": small(os_release={"ID": "debian", "VERSION_ID": NASTY})}
    folder = written(tmp_path / "facts", facts | ({"good": node()} if many else {}))

    text = reqc("evaluate", page, "--facts", folder, "-v").stdout

    assert "owned" in text
    assert not OBEYED.search(text)
