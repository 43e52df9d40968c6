"""Streams of objects, as text and read back."""

from __future__ import annotations

from typing import Any

import yaml

from reqc.backends.base import Output
from reqc.backends.calico_policy.backend import TARGET
from reqc.backends.calico_policy.names import Names
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import rendered


def stream(asked: LoweredDocument, **settings: str) -> Output:
    return rendered(TARGET, asked, **settings)


def text_of(output: Output) -> str:
    (artifact,) = output.artifacts
    return artifact.text


def objects(asked: LoweredDocument, **settings: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(text_of(stream(asked, **settings))))


def labels(asked: LoweredDocument) -> dict[str, str]:
    """Return the labels of an endpoint whose host has all the roles asked for."""
    names = Names(asked.identity.slug)
    return {names.label(role): "true" for role in asked.host_roles}


def kinds(items: list[dict[str, Any]]) -> list[str]:
    return [item["kind"] for item in items]
