"""`reqc schema` describes what `reqc compile` prints as JSON, and what facts are."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from tests.cli.command import reqc
from tests.deployments import SHIPPED, SPECS


@pytest.mark.parametrize("name", SHIPPED)
def test_a_document_is_what_the_schema_says(name: str) -> None:
    schema = json.loads(reqc("schema").stdout)
    document = json.loads(reqc("compile", SPECS / f"{name}.req", "--target", "json").stdout)

    Draft202012Validator.check_schema(schema)
    assert [*Draft202012Validator(schema).iter_errors(document)] == []
    del document["document"]["identity"]
    assert [*Draft202012Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("rows", ["applicable", "all"])
def test_a_table_of_ports_is_what_the_schema_says(name: str, rows: str) -> None:
    validator = Draft202012Validator(json.loads(reqc("schema", "ports").stdout))
    asked = ("-t", "ports", "-O", "format=json", "-O", f"rows={rows}")
    table = json.loads(reqc("compile", SPECS / f"{name}.req", *asked).stdout)

    assert [*validator.iter_errors(table)] == []
    del table["traffic"][0]["applies"]
    assert [*validator.iter_errors(table)]


def test_without_a_form_it_is_that_of_the_target_json() -> None:
    assert reqc("schema").stdout == reqc("schema", "json").stdout != reqc("schema", "facts").stdout


def test_a_form_that_nobody_knows_is_wrong_usage() -> None:
    said = reqc("schema", "yaml")

    assert (said.returncode, said.stdout) == (2, "")
    assert "'json', 'ports', 'diagnostics'" in said.stderr


def test_the_module_is_the_command() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "reqc", "--version"], capture_output=True, text=True, check=True
    )

    assert said.stdout == reqc("--version").stdout
