"""Reads the files of facts that stand beside this module.

People write them in YAML. What is read is the same in JSON, which takes a hundredth of the time.
"""

from __future__ import annotations

import json
from typing import Any, Final

from reqc.compiler.package_data import package_data

NAMES: Final = ("ignition", "ignition_shapes", "kernel", "kernel_implications", "machineconfig")
"""The files by their names without suffix."""

_FOLDER: Final = "compiler/knowledge"


def table(name: str) -> dict[str, Any]:
    """Return what a file holds, whose shape the tests prove."""
    found: dict[str, Any] = json.loads(package_data(f"{_FOLDER}/{name}.json"))
    return found


def written(name: str) -> str:
    """Return what a file holds as the text of its file in JSON."""
    import yaml  # noqa: PLC0415  # for those who write the tables only

    found = yaml.safe_load(package_data(f"{_FOLDER}/{name}.yaml"))
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
