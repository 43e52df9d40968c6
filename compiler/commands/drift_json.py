"""In what a machine is not what a specification says, for programs."""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import Struct, to_builtins

from reqc.backends.base import Deviation, Drift
from reqc.compiler import json_form
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.reports.wording import encoded

SCHEMA: Final = "reqc.drift/1"
"""The name of the form; the number changes with a field's meaning or removal."""


class Specification(Struct, frozen=True):
    """What the machine was compared with; `sha256` is that of all it says."""

    product: str
    version: str
    platform: str
    sha256: str


class Whole(Struct, frozen=True):
    """What `reqc drift --format json` writes; `notes` are sentences about what is no deviation."""

    schema: Literal["reqc.drift/1"]
    specification: Specification
    target: str
    deviations: list[Deviation]
    notes: list[str]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `document` writes."""
    return json_form.schema(Whole)


def document(drift: Drift, lowered: LoweredDocument, target: str) -> str:
    """Return it all as one JSON document."""
    identity = lowered.identity
    specification = Specification(
        identity.product, identity.version, identity.platform, lowered.digest
    )
    whole = Whole(SCHEMA, specification, target, list(drift.deviations), list(drift.notes))
    return encoded(to_builtins(whole))
