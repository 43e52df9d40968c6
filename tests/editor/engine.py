"""The TextMate engine of VS Code, installed by npm beside these tests when one of them needs it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.node_packages import node_packages
from tests.tools import require

FOLDER = Path(__file__).parent
GRAMMAR = FOLDER.parents[1] / "grammar" / "reqc.tmLanguage.json"

Scoped = tuple[int, int, tuple[str, ...]]
"""The first and the last offset of a token, and its scopes from the outside in."""


def scopes(texts: Sequence[str]) -> list[list[Scoped]]:
    """Return the tokens of every text; skip the test, or fail it in CI, where there is no npm."""
    node = require("node")
    node_packages(FOLDER)
    said = subprocess.run(
        [node, str(FOLDER / "tokens.mjs"), str(FOLDER), str(GRAMMAR)],
        input=json.dumps(texts),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert said.stderr == ""
    return [
        [(start, end, tuple(names)) for start, end, *names in tokens]
        for tokens in json.loads(said.stdout)
    ]
