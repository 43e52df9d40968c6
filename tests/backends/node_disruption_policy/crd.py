"""What the API server asks of a node disruption policy.

From the markers in operator/v1/types_machineconfiguration.go of openshift/api, written down again
here so that the target is not its own judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

ACTIONS = {"Reboot", "Drain", "Reload", "Restart", "DaemonReload", "None"}
ALONE = {"Reboot", "None"}
WITH_SERVICE = {"Reload": "reload", "Restart": "restart"}
SUFFIX = re.compile(
    r"\.(service|socket|device|mount|automount|swap|target|path|timer|snapshot|slice|scope)$"
)
STEM = re.compile(r"^[a-zA-Z0-9:._\\-]+\..")


def complaints(patch: dict[str, Any]) -> list[str]:
    """Return what an API server would refuse."""
    return [*_object(patch)]


def _object(patch: dict[str, Any]) -> Iterator[str]:
    if patch.keys() != {"apiVersion", "kind", "metadata", "spec"}:
        yield f"keys: {sorted(patch)}"
    if (patch["apiVersion"], patch["kind"]) != ("operator.openshift.io/v1", "MachineConfiguration"):
        yield "not a MachineConfiguration"
    if patch["metadata"] != {"name": "cluster"}:
        yield "the only object is called cluster"
    policy = patch["spec"]["nodeDisruptionPolicy"]
    if patch["spec"].keys() != {"nodeDisruptionPolicy"} or policy.keys() - {"files", "units"}:
        yield "unknown keys"
    yield from _entries(policy.get("files", []), "path")
    yield from _entries(policy.get("units", []), "name")


def _entries(entries: list[dict[str, Any]], key: str) -> Iterator[str]:
    if len(entries) > 50:
        yield f"{len(entries)} entries"
    if len({entry[key] for entry in entries}) != len(entries):
        yield f"one {key} twice"
    for entry in entries:
        if entry.keys() != {key, "actions"}:
            yield f"keys: {sorted(entry)}"
        if key == "name":
            yield from _service(entry["name"])
        yield from _actions(entry["actions"])


def _actions(actions: list[dict[str, Any]]) -> Iterator[str]:
    kinds = {action["type"] for action in actions}
    if not actions or len(actions) > 10:
        yield f"{len(actions)} actions"
    if kinds & ALONE and len(actions) > 1:
        yield f"{kinds & ALONE} is not alone"
    for action in actions:
        needed = WITH_SERVICE.get(action["type"])
        if action["type"] not in ACTIONS:
            yield f"unknown action {action['type']}"
        if action.keys() != {"type", *([needed] if needed else [])}:
            yield f"keys: {sorted(action)}"
        elif needed:
            yield from _service(action[needed]["serviceName"])


def _service(name: str) -> Iterator[str]:
    if not SUFFIX.search(name) or not STEM.search(name) or len(name) > 255:
        yield f"{name!r} is no name of a service"
