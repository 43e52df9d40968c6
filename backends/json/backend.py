"""Write a lowered document as one JSON document, describe that form, and read it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal

import msgspec

from reqc.backends.base import Artifact, Language, Output, Target
from reqc.backends.heading import provenance
from reqc.compiler import json_form
from reqc.compiler.lowered import LoweredDocument, LoweredSection

FORM: Final = "reqc/lowered/1"
"""The name of what is written; a change that breaks a reader gets a new number."""


class Envelope(msgspec.Struct, frozen=True):
    """A lowered document under the name of the form, with the lines that tell of its making."""

    schema: Literal["reqc/lowered/1"]
    provenance: tuple[str, ...]
    document: LoweredDocument


_DIVIDED: Final = (Envelope, LoweredDocument, LoweredSection)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what this target writes."""
    return json_form.schema(Envelope)


def read(text: str) -> LoweredDocument:
    """Return the document that was written as `text`.

    Raise ValueError when the text is not JSON or not of this form. A text that lacks a key is
    refused even where the key has a default, and so is one that has a key too many.
    """
    envelope = msgspec.json.decode(text, type=Envelope)
    if json.loads(json_form.written(envelope)) != json.loads(text):
        message = f"the document is not complete: {FORM} writes every key, and no other"
        raise ValueError(message)
    return envelope.document


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Write the document with every requirement, whether or not it applies."""
    del settings  # the target has none
    identity = document.identity
    name = f"{identity.product}-{identity.version}-{identity.platform}.json".replace("/", "-")
    envelope = Envelope(FORM, tuple(provenance(document)), document)
    return Output((Artifact(name, partial(json_form.pieces, envelope, _DIVIDED)),))


TARGET: Final = Target(
    name="json",
    summary="The whole compiled document with all its conditions, for other programs.",
    reads=Language.ALL,
    render=render,
)
