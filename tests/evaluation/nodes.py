"""Facts written by hand: a node of which nothing is known, and what is told of it beside."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any, Final

from reqc.compiler.checks import Check
from reqc.compiler.evaluation.facts import Facts, read_facts
from reqc.compiler.evaluation.node import Node
from reqc.compiler.evaluation.outcome import Outcome
from reqc.compiler.evaluation.probes import evaluate

BLIND: Final[Mapping[str, Any]] = {
    "schema": "reqc.facts/1",
    "collector": "reqc 0.1.0",
    "root": False,
    "container": None,
    "machine": None,
    "os_release": None,
    "kernel": {
        "release": "",
        "running": True,
        "modules": {"supported": None, "tree": None},
        "configuration": None,
    },
    "settings": {"visible": False},
    "interfaces": None,
    "units": {"files": None, "running": None},
    "mounts": None,
    "bounding_set": None,
    "processors": None,
    "memory": None,
    "listeners": {"tcp": None, "udp": None},
}
"""The facts of a node that showed nothing of itself."""


def told(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # any part of a JSON document
    """Return the facts of the blind node with changes; members of objects are changed one by one.

    Two underscores stand for the point between the names of a member and of its member.
    """
    facts = copy.deepcopy(dict(BLIND))
    for name, value in changes.items():
        *outer, last = name.split("__")
        part = facts
        for step in outer:
            part = part[step]
        part[last] = value
    return facts


def facts(**changes: Any) -> Facts:  # noqa: ANN401  # any part of a JSON document
    """Return the facts of the blind node with changes, as they are read."""
    return read_facts(json.dumps(told(**changes)))


def answer(check: Check, **changes: Any) -> Outcome:  # noqa: ANN401  # any part of a JSON document
    """Return what the blind node with changes answers to a check."""
    return evaluate(check, Node(facts(**changes)))


def verdicts(*checks: Check, **changes: Any) -> list[str]:  # noqa: ANN401  # any part of a JSON document
    """Return the verdicts of the blind node with changes on several checks."""
    node = Node(facts(**changes))
    return [evaluate(check, node).verdict.value for check in checks]
