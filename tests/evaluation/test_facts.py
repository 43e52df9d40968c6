"""Facts are read by their schema, and what is none says why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reqc.compiler.evaluation.facts import Facts, FactsError, read_facts, schema
from tests.cli.command import reqc
from tests.evaluation.nodes import BLIND, told

RICH: dict[str, Any] = told(
    machine="x86_64",
    os_release={"ID": "debian"},
    kernel__modules={
        "supported": True,
        "tree": "/lib/modules/6.1",
        "loaded": ["xt_set"],
        "aliases": [["ipt_set", "xt_set"]],
    },
    kernel__configuration={"file": "/boot/config-6.1", "symbols": {"MODULES": "y"}},
    kernel__blocks=[{"rule": "install", "module": "sctp", "place": "/etc/modprobe.d/a.conf:1"}],
    kernel__lists={"net/ip_tables_matches": None},
    settings={"visible": True, "values": {"net/ipv4/ip_forward": "1"}},
    units={"files": {"a.service": {"file": "/a"}}, "running": ["a.service"]},
    files={"/etc/x y": {"kind": "file", "mode": "0644", "owner": 0, "lines": ["\u00e9"]}},
    directories={"/etc/x": None, "/etc/y": ["a.conf"]},
    connections=[{"host": "a", "port": 1, "connected": None}],
)


@pytest.mark.parametrize("good", [BLIND, RICH])
def test_good_facts_are_what_the_schema_says(good: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema())

    assert [*Draft202012Validator(schema()).iter_errors(good)] == []
    assert (
        json.loads(read_facts(json.dumps(good)).model_dump_json(by_alias=True)).items()
        >= {
            "schema": "reqc.facts/1",
            "machine": good["machine"],
        }.items()
    )


def test_what_is_read_is_what_was_said() -> None:
    found = read_facts(json.dumps(RICH).encode())

    assert found.kernel.modules.aliases == [("ipt_set", "xt_set")]
    assert found.files["/etc/x y"].lines == ["\u00e9"]
    assert found == Facts.model_validate_json(found.model_dump_json(by_alias=True))


def spoilt(name: str, value: object) -> dict[str, Any]:
    return told(**{name: value})


KINDS = "'file', 'directory', 'device', 'other', 'absent' or 'unknown'"
MISTAKES = [
    (spoilt("root", 1), "root: input should be a valid boolean"),
    (spoilt("processors", "2"), "processors: input should be a valid integer"),
    (spoilt("processors", -1), "processors: input should be greater than or equal to 0"),
    (spoilt("kernel__release", None), "kernel.release: input should be a valid string"),
    (
        spoilt("kernel__modules", {"supported": True, "tree": None, "loaded": ["a", 2]}),
        "kernel.modules.loaded[1]: input should be a valid string",
    ),
    (
        spoilt("files", {"/etc/x\u001b": {"kind": "file", "lines": [1]}}),
        'files["/etc/x\\u001b"].lines[0]: input should be a valid string',
    ),
    (
        spoilt("files", {"/x": {"kind": "socket"}}),
        f'files["/x"].kind: input should be {KINDS}',
    ),
    (spoilt("weather", "fine"), "weather: extra inputs are not permitted"),
    ({name: BLIND[name] for name in BLIND if name != "units"}, "units: field required"),
]


@pytest.mark.parametrize(("wrong", "reason"), MISTAKES)
def test_a_wrong_field_is_named_by_its_path(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(FactsError) as raised:
        read_facts(json.dumps(wrong))

    assert str(raised.value) == f"not in the form reqc.facts/1: {reason}"
    assert [*Draft202012Validator(schema()).iter_errors(wrong)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("{", "not JSON: EOF while parsing an object at line 1 column 1"),
        (json.dumps(BLIND) * 2, "not JSON: trailing characters"),
        (b"\xff\xfe", "not JSON: "),
        ("[" * 5000, "not JSON: recursion limit exceeded"),
        ("[]", "not facts: input should be an object"),
        ("null", "not facts: input should be an object"),
        ("{}", "not facts: the member schema should be reqc.facts/1"),
        ('{"schema": 3}', "not facts: the member schema should be reqc.facts/1"),
        ('{"schema": "reqc/lowered/1"}', "not facts: the member schema should be reqc.facts/1"),
        (
            json.dumps({**BLIND, "schema": "reqc.facts/2"}),
            "their form is reqc.facts/2, and this reqc knows only reqc.facts/1",
        ),
    ],
)
def test_what_is_no_facts_says_why(text: str | bytes, reason: str) -> None:
    with pytest.raises(FactsError) as raised:
        read_facts(text)

    assert str(raised.value).startswith(reason)


def test_the_command_prints_the_schema_of_facts() -> None:
    done = reqc("schema", "facts")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == schema()
