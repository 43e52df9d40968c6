"""Write a lowered document as one JSON document, describe that form, and read it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from typing import Any, Final, Literal

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from reqc.backends.base import Artifact, Language, Output, Target
from reqc.backends.heading import provenance
from reqc.compiler.lowered import LoweredDocument

FORM: Final = "reqc/lowered/1"
"""The name of what is written; a change that breaks a reader gets a new number."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

# The rules reach everything in an envelope, since the compiler's dataclasses bring none. Strict:
# `true` is not 1 and "1" is not 1, which values of options must keep apart.
_RULES: Final = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True, kw_only=True, config=_RULES)
class Envelope:
    """A lowered document under the name of the form, with the lines that tell of its making."""

    schema: Literal["reqc/lowered/1"] = FORM
    provenance: tuple[str, ...] = ()
    document: LoweredDocument = field()


class _EveryKeyRequired(GenerateJsonSchema):
    """Keys with a default are written as well, above all the `type` that tells a union apart."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  # the signature is pydantic's
    ) -> bool:
        """Tell that every key is required."""
        del field, total
        return True


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what this target writes."""
    generated = _adapter().json_schema(mode="serialization", schema_generator=_EveryKeyRequired)
    return {"$schema": _DIALECT, **generated}


def read(text: str) -> LoweredDocument:
    """Return the document that was written as `text`.

    Raise ValueError when the text is not JSON or not of this form. A text that lacks a key is
    refused even where the key has a default, because unions are told apart by such a key.
    """
    envelope = _adapter().validate_json(text)
    if _tree(envelope) != json.loads(text):
        message = f"the document is not complete: {FORM} writes every key"
        raise ValueError(message)
    return envelope.document


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Write the document with every requirement, whether or not it applies."""
    del settings  # the target has none
    identity = document.identity
    name = f"{identity.product}-{identity.version}-{identity.platform}.json".replace("/", "-")
    envelope = Envelope(provenance=tuple(provenance(document)), document=document)
    text = json.dumps(_tree(envelope), ensure_ascii=False, indent=2)
    return Output((Artifact(name, f"{text}\n"),))


@cache
def _adapter() -> TypeAdapter[Envelope]:
    return TypeAdapter(Envelope)


def _tree(envelope: Envelope) -> object:
    return _adapter().dump_python(envelope, mode="json")


TARGET: Final = Target(
    name="json",
    summary="The whole compiled document with all its conditions, for other programs.",
    reads=Language.ALL,
    render=render,
)
