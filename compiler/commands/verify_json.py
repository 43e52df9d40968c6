"""Whether artefacts are what their specification compiles to, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, Literal

from msgspec import Struct, to_builtins

from reqc.compiler import json_form
from reqc.compiler.commands.artefact_findings import Finding, State
from reqc.compiler.commands.artefact_header import Header

SCHEMA: Final = "reqc.verify/1"
"""The name of the form; the number changes with a field's meaning or removal."""


class FileRecord(Struct, frozen=True):
    """An artefact, and how it says it was made; null where it does not say so."""

    path: str
    state: State
    reason: str
    made: Header | None


class Whole(Struct, frozen=True):
    """What `reqc verify --format json` writes."""

    schema: Literal["reqc.verify/1"]
    files: list[FileRecord]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `document` writes."""
    return json_form.schema(Whole)


def document(findings: Iterable[Finding]) -> str:
    """Return it all as one JSON document in ASCII, because names of files may be no text."""
    files = [
        FileRecord(str(item.file.path), item.state, item.reason, item.header) for item in findings
    ]
    return json.dumps(to_builtins(Whole(SCHEMA, files)), indent=2) + "\n"
