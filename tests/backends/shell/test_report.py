"""Reports: text, JSON and TAP, with words that would rather be run."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from reqc.compiler.checks import (
    FileContains,
    Relation,
    Sysctl,
)
from reqc.compiler.lowered import Erratum
from reqc.compiler.prose import sentence
from tests.backends.shell.nodes import SHELLS, Node, agreed, output, report, run
from tests.backends.shell.samples import EVERY_STATE, checking, script
from tests.documents import document, requirement

STATES = ("pass", "fail", "warn", "unknown", "n/a", "manual", "info", "skipped", "waived")


@pytest.mark.parametrize("shell", SHELLS)
def test_text(shell: str, good: Node) -> None:
    status, text = output(shell, good, EVERY_STATE)

    assert status == 1
    assert text.splitlines()[0] == "Calico 3.24 (calico 3.24 on openshift)"
    assert re.findall(r"^([A-Z/]+) +\w+\.\w+  ", text, re.MULTILINE) == [
        *("PASS", "FAIL", "WARN", "INFO", "UNKNOWN", "UNKNOWN", "MANUAL", "PASS")
    ]
    block = text.partition("FAIL    ")[2].partition("WARN")[0].splitlines()
    assert block == [
        "node.bad  A #1 \\ title",
        "        expected: a file",
        "        found: no such file",
        f"        looked at: {good.root}/etc/bad",
        "        because: it is needed",
        "        fix: touch it",
        "        see: https://example.invalid/",
        "        erratum: a slip (intended: something else)",
        "        source: example.req:7 (page:7)",
    ]
    counts = "2 pass, 1 fail, 1 warn, 2 unknown, 1 n/a, 1 manual"
    assert text.splitlines()[-2:] == [
        f"summary: {counts}, 1 info, 0 skipped, 0 waived (-v shows what is n/a)",
        "verdict: FAIL - 1 required item(s) not met",
    ]
    assert "\x1b" not in text


@pytest.mark.parametrize("shell", SHELLS)
def test_quiet_verbose_and_colour(shell: str, good: Node) -> None:
    quiet = output(shell, good, EVERY_STATE, "-q")[1]
    verbose = output(shell, good, EVERY_STATE, "-v")[1]
    plain = output(shell, good, EVERY_STATE)[1]
    coloured = output(shell, good, EVERY_STATE, "--color", "always")[1]

    assert "node.good" not in quiet
    assert "node.bad" in quiet
    assert quiet.splitlines()[-1] == plain.splitlines()[-1]
    assert "found: present" in verbose
    assert "asked when: mesh" in verbose
    assert "N/A     node.guarded" in verbose
    assert "-v shows" not in verbose
    assert "\x1b[31mFAIL\x1b[0m" in coloured
    assert re.sub("\x1b\\[[0-9]+m", "", coloured) == plain
    assert output(shell, good, EVERY_STATE, "--color=always", "--no-color")[1] == plain


@pytest.mark.parametrize("shell", SHELLS)
def test_json(shell: str, good: Node) -> None:
    status, text = output(shell, good, EVERY_STATE, "--format", "json")

    whole = json.loads(text)
    assert whole["schema"] == "reqc.check/1"
    assert whole["specification"]["product"] == "calico"
    assert whole["container"] is False
    assert whole["exit"] == status == 1
    assert whole["verdict"] == "fail"
    assert [item["state"] for item in whole["results"]] == [
        *("pass", "fail", "warn", "info", "unknown", "n/a", "unknown", "manual", "pass")
    ]
    assert set(whole["summary"]) == set(STATES)
    assert sum(whole["summary"].values()) == len(whole["results"])
    bad = whole["results"][1]
    assert bad["title"] == "A #1 \\ title"
    assert bad["citations"] == ["page:7"]
    assert bad["place"] == "example.req:7"
    assert bad["found"] == "no such file"


@pytest.mark.parametrize("shell", SHELLS)
def test_tap(shell: str, good: Node) -> None:
    text = output(shell, good, EVERY_STATE, "--format=tap", "--skip", "net.guard")[1]

    lines = text.splitlines()
    assert lines[:2] == ["TAP version 14", "1..9"]
    assert [line for line in lines if re.match(r"(not )?ok ", line)] == [
        "ok 1 - node.good: node.good",
        "not ok 2 - node.bad: A \\#1 \\\\ title",
        "not ok 3 - node.wish: node.wish # TODO recommended",
        "not ok 4 - node.may: node.may # TODO optional",
        "not ok 5 - node.dark: node.dark",
        "ok 6 - node.guarded: node.guarded # SKIP not applicable: no such file",
        "not ok 7 - net.maybe: net.maybe",
        "ok 8 - net.person: net.person # SKIP manual",
        "ok 9 - net.guard: net.guard # SKIP by --skip",
    ]
    blocks = [
        yaml.safe_load(part) for part in re.findall(r"  ---\n(.*?)  \.\.\.\n", text, re.DOTALL)
    ]
    assert [block["state"] for block in blocks] == [
        *("fail", "warn", "info", "unknown", "n/a", "unknown", "manual")
    ]
    assert blocks[0]["requirement"]["fix"] == "touch it"


HOSTILE = (
    "$(touch canary)",
    "`touch canary`",
    "'; touch canary; '",
    '"; touch canary; "',
    "\\",
    "a\\nb\\033[31m",
    "%s%d%n",
    "new\nline\n",
    "\x1b]0;title\x07\x1b[31mred",
    "tab\tand\rreturn",
    "naïve 日本語 🌐",
    "\u202ereversed\u2028\x85\x9b",
    "-n",
    "--only",
    "#",
    " ",
    "* ? [a-z]",
    "~root ${HOME} $PATH !! !x",
    "{{ title }} {% raw %}",
    "EOF\n)\n}\n",
)


@pytest.mark.parametrize("shell", SHELLS)
def test_hostile_words_never_run_and_are_printed_as_they_are(shell: str, good: Node) -> None:
    rows = [
        requirement(
            f"node.n{number}",
            check=FileContains("/etc/good", (text,)),
            title=text or "x",
            statement=sentence(text),
            fix=text,
            because=text,
            notes=(text,),
            see=(text,),
            erratum=Erratum(text),
        )
        for number, text in enumerate(HOSTILE)
    ]
    made = document(*rows, platform=HOSTILE[0], version=HOSTILE[7])
    folder = good.root.parent

    results = report(shell, script(made), folder, "--root", str(good.root))
    text = run(shell, script(made), folder, "--root", str(good.root), "-v").stdout
    run(shell, script(made), folder, "--root", str(good.root), "--format", "tap")
    run(shell, script(made), folder, "--list")

    assert [item["title"] for item in results.values()] == list(HOSTILE)
    assert [item["fix"] for item in results.values()] == list(HOSTILE)
    for item, wanted in zip(results.values(), HOSTILE, strict=True):
        assert item["state"] == "fail"
        assert "\n" in wanted or item["found"] == f"no line '{wanted}'"
    assert not list(folder.rglob("canary"))
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", text)
    shown = text.decode()
    for visible in ("$(touch canary)", "a\\nb\\033[31m", "naïve 日本語 🌐", "\\x1b]0;title\\x07"):
        assert f"fix: {visible}" in shown
    assert "fix: \\u202ereversed\\u2028\\x85\\x9b\n" in shown
    assert "fix: tab\\x09and\\x0dreturn\n" in shown


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip() and "\n" not in text])
def test_hostile_words_that_a_node_tells_are_made_visible(node: Node, text: str) -> None:
    node.write("proc/sys/kernel/said", f"x{text}\n")
    check = Sysctl("kernel.said", Relation.EQUAL, "1")

    (item,) = agreed(node, check)
    shown = output("dash", node, checking(check))[1]

    assert item["found"] == re.sub("[ \t]+", " ", f"x{text}").rstrip(" ")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert not list(node.root.parent.rglob("canary"))


def test_bytes_that_are_no_text_stay_valid_json(node: Node) -> None:
    node.write("proc/sys/kernel/said", b"a\xff\xc3(\xed\xa0\x80\xf0\x9f\x8c\x90\xc2\x9b\n")
    check = Sysctl("kernel.said", Relation.EQUAL, "1")

    (item,) = agreed(node, check)
    shown = output("dash", node, checking(check))[1]

    assert item["found"] == "a\ufffd\ufffd(\ufffd\ufffd\ufffd\U0001f310\x9b"
    assert "found: a\\xff\\xc3(\\xed\\xa0\\x80\U0001f310\\x9b\n" in shown
