"""The table as JSON is what its schema says."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from reqc.backends.ports.json_text import FORM, schema
from reqc.backends.ports.table import table
from reqc.compiler.lowered import LoweredDocument
from tests.backends.ports.reading import rendered, written
from tests.backends.ports.samples import HOSTILE_DOCUMENTS, page

VALIDATOR = Draft202012Validator(schema())


def read(document: LoweredDocument, **choices: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(document, format="json", **choices))
    return found


def test_the_schema_is_sound_and_forbids_what_it_does_not_know() -> None:
    Draft202012Validator.check_schema(schema())

    assert schema()["properties"]["schema"]["enum"] == [FORM]
    found = read(page())
    VALIDATOR.validate(found)
    for place in (found, found["traffic"][0], found["traffic"][0]["requirements"][0]):
        place["more"] = 1
        assert not VALIDATOR.is_valid(found)
        del place["more"]


@settings(max_examples=60, deadline=None)
@given(HOSTILE_DOCUMENTS)
def test_every_table_is_valid_and_complete(lowered: LoweredDocument) -> None:
    found = read(lowered, rows="all")

    VALIDATOR.validate(found)
    rows = table(lowered, complete=True)
    assert [[item["id"] for item in row["requirements"]] for row in found["traffic"]] == [
        [reason.requirement.origin.id for reason in row.reasons] for row in rows
    ]


def test_a_row_has_stable_keys() -> None:
    row = read(page())["traffic"][1]

    assert list(row) == [
        *("source", "destination", "protocol", "ports", "icmp_type", "direction", "applies"),
        "requirements",
    ]
    assert row["source"] == {"role": "host", "addresses": ["10.98.0.0/24", "10.98.7.7"]}
    assert row["protocol"] == {"number": 4, "name": None}
    assert (row["ports"], row["direction"]) == ([], "both-ways")
    assert list(row["requirements"][0]) == [
        *("id", "level", "purpose", "statement", "condition", "when", "specification"),
        *("stated_in", "notes"),
    ]


def test_unknown_addresses_are_not_an_empty_list() -> None:
    rows = {row["requirements"][0]["id"]: row for row in read(page())["traffic"]}

    assert rows["network.store"]["destination"]["addresses"] is None
    assert rows["network.relay"]["ports"] == [{"first": 0, "last": 65535}]


def test_the_name_of_the_file_stays_in_its_folder() -> None:
    escaping = replace(page(), identity=replace(page().identity, product="../..", version="/"))
    (artifact,) = rendered(escaping, format="json").artifacts

    assert artifact.name == "..-..---openstack-ports.json"
    assert json.loads(artifact.text)["specification"]["product"] == "../.."
