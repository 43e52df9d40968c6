"""JSON that reqc writes, held against the schema that it prints of the form."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.cli.command import reqc


def read_as(form: str, text: str) -> dict[str, Any]:
    """Return what a document says, which is one of the form."""
    document: dict[str, Any] = json.loads(text)
    assert [*_validator(form).iter_errors(document)] == []
    return document


@cache
def _validator(form: str) -> Draft202012Validator:
    schema = json.loads(reqc("schema", form).stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    return Draft202012Validator(schema)
