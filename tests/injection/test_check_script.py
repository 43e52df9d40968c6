"""The check script runs no text, in no shell, and each of its reports gives every text back."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reqc.backends.shell.quoting import printable
from reqc.compiler.conditions import written
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement
from reqc.compiler.prose import plain
from tests.backends.shell.nodes import SHELLS, Node
from tests.injection.canary import Cage, obeyed
from tests.injection.documents import PAGE, files_with, path_below
from tests.injection.mixing import (
    EXAMPLES,
    SETTINGS,
    deployed,
    meant,
    mixtures,
    of_family,
    read,
    rendered,
)
from tests.injection.texts import CANARY, FAMILIES, HERE_DOCUMENT, SHELL

FORMATS: Final = ("json", "jsonl", "tap", "junit", "sarif", "nagios", "prometheus")
LONGEST: Final = 300
"""Characters of a text here: for what it shows, a script looks at each of them in turn."""

RUN_BY_ALL: Final = ("shell", "here-document", "printf", "terminal")
PAIRS: Final = [
    (family, shell)
    for number, family in enumerate(FAMILIES)
    for at, shell in enumerate(SHELLS)
    if EXAMPLES or family in RUN_BY_ALL or number % len(SHELLS) == at
]


class Run:
    """A script in a cage, with a node that it looks at."""

    def __init__(self, folder: Path, document: LoweredDocument, **settings: str) -> None:
        self.cage = Cage.at(folder)
        self.document = document
        self.node = Node(folder / "root")
        self.node.kernel()
        self.node.write("etc/hosts", "127.0.0.1 localhost\n")
        (artifact,) = rendered("shell", document, **settings).artifacts
        self.script = folder / "check.sh"
        self.script.write_text(artifact.text, encoding="utf-8", newline="")

    def said(self, shell: str, *arguments: str, statuses: tuple[int, ...] = (0,)) -> str:
        """Return what the script prints; it must not complain, nor run anything."""
        done = self.cage.run(shell, self.script, "--root", str(self.node.root), *arguments)
        assert done.stderr.decode() == ""
        assert done.returncode in statuses
        assert self.cage.sung() == []
        return done.stdout.decode()

    def reports(self, shell: str, *arguments: str) -> dict[str, str]:
        """Return the report in every format, by its name."""
        files = {name: self.cage.folder / f"report.{name}" for name in FORMATS}
        outputs = [word for name, file in files.items() for word in ("--output", f"{name}={file}")]
        text = self.said(shell, "-v", *outputs, *arguments, statuses=(0, 1, 3))
        return {"text": text} | {name: file.read_bytes().decode() for name, file in files.items()}


@pytest.mark.parametrize(("family", "shell"), PAIRS)
def test_nothing_is_run_and_every_text_is_given_back(
    family: str, shell: str, tmp_path: Path
) -> None:
    run = Run(tmp_path, deployed(meant(of_family(family, len(shell), LONGEST))))

    expect(run.reports(shell), run.document.requirements)


@SETTINGS
@given(texts=mixtures(LONGEST), shell=st.sampled_from(tuple(SHELLS)))
def test_nor_are_random_texts(
    texts: Mapping[str, str], shell: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = Run(tmp_path_factory.mktemp("run"), deployed(meant(texts)), form="compact")

    expect(run.reports(shell), run.document.requirements)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("family", ["shell", "terminal"])
def test_so_do_lists_explanations_facts_and_help(family: str, shell: str, tmp_path: Path) -> None:
    run = Run(tmp_path, deployed(meant(of_family(family, 1, LONGEST))), form="compact")
    requirements = run.document.requirements

    listed = run.said(shell, "--list")
    assert [line.split()[0] for line in listed.splitlines()] == [
        item.origin.id for item in requirements
    ]
    assert obeyed(listed) == set()
    facts = run.said(shell, "--facts")
    assert isinstance(json.loads(facts), dict)
    assert obeyed(facts) == set()
    usage = run.said(shell, "--help")
    assert printable(run.document.options[3].help) in usage
    assert obeyed(usage) == set()
    for item in requirements[:: 1 if EXAMPLES else 9]:
        aloud = run.said(shell, "--explain", item.origin.id)
        assert printable(item.origin.title) in aloud
        assert obeyed(aloud) == set()


@pytest.mark.parametrize("shell", SHELLS)
def test_nor_are_reasons_of_waivers_and_values_of_options(shell: str, tmp_path: Path) -> None:
    run = Run(tmp_path, deployed(meant({})))
    reasons = [text.strip(" \t\r") for text in (*SHELL, *HERE_DOCUMENT) if "\n" not in text]
    waived = [item.origin.id for item in run.document.requirements]
    lines = {
        id_: f"{id_} 2999-01-01 {reason}" for id_, reason in zip(waived, reasons * 2, strict=False)
    }
    waivers = tmp_path / "waivers"
    waivers.write_text("\n".join(lines.values()), encoding="utf-8")

    for text in SHELL[:: 1 if EXAMPLES else 15]:
        chosen = ("--waive", str(waivers), "--set", f"told={text}", "--format", "json")
        report = json.loads(run.said(shell, *chosen, statuses=(0, 1, 3)))
        assert report["options"]["told"] == text
        excused = [item for item in report["results"] if item["state"] == "waived"]
        assert excused
        for item in excused:
            assert lines[item["id"]].split(" ", 2)[2] in item["found"]


@pytest.mark.parametrize("shell", SHELLS)
def test_nor_is_the_name_of_a_specification(shell: str, tmp_path: Path) -> None:
    names = [path_below("")(text)[1:61] for text in (*SHELL, *FAMILIES["terminal"])]
    turn = tuple(SHELLS).index(shell)
    for number, name in enumerate(names[turn :: len(SHELLS) if EXAMPLES else 9 * len(SHELLS)]):
        document, said = read({name: files_with({})[PAGE]}, name)
        assert document is not None, said
        folder = tmp_path / str(number)
        folder.mkdir()
        run = Run(folder, deployed(document))

        expect(run.reports(shell), run.document.requirements)


def test_a_requirement_without_words_has_not_those_of_another(tmp_path: Path) -> None:
    run = Run(tmp_path, deployed(meant({"manual.instruction": ""})))
    report = json.loads(run.said("dash", "--format", "json", statuses=(0, 1, 3)))

    titles = {item["id"]: item["title"] for item in report["results"]}

    assert titles["kinds.manual"] == ""
    assert titles["kinds.mount"] != ""


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "script", ["echo {}\n", 'echo "{}"\n', "echo '{}'\n", "x='{}'; eval \"echo $x\"\n", ": # {}\n"]
)
def test_a_script_that_does_not_quote_is_caught(shell: str, script: str, tmp_path: Path) -> None:
    """Whatever quotes a script puts around a text, some of these texts get out of them."""
    caught = []
    for number, text in enumerate(SHELL[:12]):
        folder = tmp_path / str(number)
        folder.mkdir()
        cage = Cage.at(folder)
        file = folder / "naive.sh"
        file.write_text(script.format(text), encoding="utf-8")
        cage.run(shell, file)
        caught += [text] if cage.sung() else []

    assert caught
    assert CANARY in "".join(caught)


def expect(reports: Mapping[str, str], requirements: tuple[LoweredRequirement, ...]) -> None:
    """Assert that each report is whole and says of every requirement what is meant."""
    for name, text in reports.items():
        assert obeyed(text) == set(), name
    ids = [item.origin.id for item in requirements]
    results = json.loads(reports["json"])["results"]
    lines = [json.loads(line) for line in reports["jsonl"].splitlines()]
    assert [line["type"] for line in lines] == ["run", *["result"] * len(ids), "end"]
    for item, one, line in zip(requirements, results, lines[1:-1], strict=True):
        assert kept(one) == said_of(item)
        assert kept(line) == said_of(item)
    expect_tap(reports["tap"], requirements)
    cases = ET.fromstring(reports["junit"]).iter("testcase")  # noqa: S314  # our own
    assert [case.get("name") for case in cases] == ids
    expect_sarif(json.loads(reports["sarif"]), requirements)
    states = [
        (labels["id"], labels["level"])
        for labels in samples(reports["prometheus"], "reqc_check_requirement_state")
    ]
    assert states == [(item.origin.id, item.origin.level.value) for item in requirements]
    head, *rest = reports["nagios"].splitlines()
    assert re.fullmatch(
        r"REQC (OK|WARNING|CRITICAL|UNKNOWN) - [^|]* \|( '[a-z/]+'=\d+;;;0;\d+)+", head
    )
    assert all(re.match(r"(FAIL|WARN|UNKNOWN) [\w.-]+: [^|]*$", line) for line in rest)
    for item in requirements:
        assert f"{item.origin.id}  {printable(item.origin.title)}\n" in reports["text"]


def said_of(item: LoweredRequirement) -> dict[str, object]:
    """Return what a requirement says, as a report in JSON has it."""
    erratum = item.erratum.text if item.erratum else ""
    if item.erratum and item.erratum.intended is not None:
        erratum += f" (intended: {plain(item.erratum.intended)})"
    return {
        "id": item.origin.id,
        "level": item.origin.level.value,
        "title": item.origin.title,
        "expected": plain(item.statement) or item.origin.title,
        "condition": written(item.condition) if item.condition is not None else "",
        "roles": list(item.roles),
        "because": item.because or "",
        "notes": list(item.notes),
        "fix": item.fix or "",
        "see": list(item.see),
        "erratum": erratum,
        "place": str(item.origin.place),
        "citations": list(map(str, item.origin.citations)),
    }


def kept(result: dict[str, Any]) -> dict[str, Any]:
    """Return what a result says of its requirement alone."""
    own = {"type", "state", "found", "looked"}
    return {name: value for name, value in result.items() if name not in own}


def expect_tap(text: str, requirements: tuple[LoweredRequirement, ...]) -> None:
    """Assert that a reader of TAP finds as many tests as there are, and their words."""
    version, plan, *rest = text.splitlines()
    assert (version, plan) == ("TAP version 14", f"1..{len(requirements)}")
    tests = [line for line in rest if re.match(r"(not )?ok\b|1\.\.|Bail out", line)]
    assert len(tests) == len(requirements)
    for number, (line, item) in enumerate(zip(tests, requirements, strict=True), 1):
        found = re.fullmatch(
            r"(?:not )?ok (\d+) - ((?:\\[\\#]|[^\\#])*)(?:# (?:SKIP|TODO) .*)?", line
        )
        assert found, line
        assert int(found[1]) == number
        description = re.sub(r"\\([\\#])", r"\1", found[2])
        assert description.strip() == f"{item.origin.id}: {printable(item.origin.title)}".strip()
    blocks = re.findall(r"(?ms)^  ---\n(.*?)^  \.\.\.\n", text)
    by_id = {item.origin.id: item for item in requirements}
    assert blocks
    for block in blocks:
        loaded = yaml.safe_load(block)
        assert set(loaded) == {"state", "found", "looked", "requirement"}
        assert loaded["requirement"] == said_of(by_id[loaded["requirement"]["id"]])


def expect_sarif(log: dict[str, Any], requirements: tuple[LoweredRequirement, ...]) -> None:
    """Assert that each rule of a SARIF log has the title of its requirement, and no link."""
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [item.origin.id for item in requirements]
    for rule, item in zip(rules, requirements, strict=True):
        text = rule["shortDescription"]["text"]
        assert not re.search(r"(?<!\\)\[(?:\\.|[^\]\\])*(?<!\\)\]\(", text)
        assert plain_sarif(text) == plain_sarif(printable(item.origin.title))


def plain_sarif(text: str) -> str:
    """Return a message of SARIF without its escapes."""
    return re.sub(r"\{\{(\d+)\}\}", r"{\1}", text).replace("\\", "")


def samples(text: str, name: str) -> list[Mapping[str, str]]:
    """Return the labels of the samples of a metric, as Prometheus' own reader has them."""
    (family,) = [one for one in reader().text_string_to_metric_families(text) if one.name == name]
    return [sample.labels for sample in family.samples]


def reader() -> ModuleType:
    """Return the reader of Prometheus' client."""
    return importlib.import_module("prometheus_client.parser")
