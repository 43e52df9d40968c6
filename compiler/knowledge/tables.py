"""Reads the files of facts that stand beside this module."""

from __future__ import annotations

from importlib.resources import files
from typing import Any


def table(name: str) -> dict[str, Any]:
    """Return what a file holds, whose shape the tests prove."""
    import yaml  # noqa: PLC0415  # loaded by those who need facts only

    content = files(__package__).joinpath(name).read_bytes()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # that in C is some ten times as fast
    found: dict[str, Any] = yaml.load(content, Loader=loader)  # noqa: S506  # both are safe
    return found
