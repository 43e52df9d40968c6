"""Reads the files of facts that stand beside this module.

People write them in YAML. What is read is the same in JSON, which takes a hundredth of the time.
"""

from __future__ import annotations

import json
from pkgutil import get_data
from typing import Any, Final

NAMES: Final = ("ignition", "ignition_shapes", "kernel", "kernel_implications", "machineconfig")
"""The files by their names without suffix."""


def table(name: str) -> dict[str, Any]:
    """Return what a file holds, whose shape the tests prove."""
    found: dict[str, Any] = json.loads(_content(f"{name}.json"))
    return found


def written(name: str) -> str:
    """Return what a file holds as the text of its file in JSON."""
    import yaml  # noqa: PLC0415  # for those who write the tables only

    found = yaml.safe_load(_content(f"{name}.yaml"))
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def _content(file: str) -> bytes:
    content = get_data(__package__, file)
    if content is None:
        raise FileNotFoundError(file)
    return content
