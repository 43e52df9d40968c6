"""Facts of fake nodes, collected by every shell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import jsonschema

from reqc.compiler.checks import Check
from reqc.compiler.evaluation.facts import Facts, read_facts, schema
from tests.backends.shell.nodes import SHELLS, Node, run
from tests.backends.shell.samples import checking, script


def collected(
    node: Node, *checks: Check, arguments: Sequence[str] = (), user: int | None = None
) -> Facts:
    """Return the facts of a node, of which every shell writes the same bytes."""
    text = script(checking(*checks))
    told = ("--facts", "--root", str(node.root), *arguments)
    printed = []
    for shell in SHELLS:
        done = run(shell, text, node.root.parent, *told, user=user)
        assert done.stderr == b"", shell
        assert done.returncode == 0, shell
        printed.append(done.stdout)
    assert printed[1:] == printed[:1] * (len(SHELLS) - 1)
    return checked(printed[0])


def checked(printed: bytes) -> Facts:
    """Return facts, which must be ASCII, name no member twice and keep to the published schema."""
    document = json.loads(printed.decode("ascii"), object_pairs_hook=_distinct)
    jsonschema.Draft202012Validator(schema()).validate(document)
    return read_facts(printed)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    assert len(members) == len(pairs), [name for name, _ in pairs]
    return members
