"""The TextMate engine of VS Code, installed by npm beside these tests when one of them needs it."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.tools import require

FOLDER = Path(__file__).parent
GRAMMAR = FOLDER.parents[1] / "grammar" / "reqc.tmLanguage.json"
LOCK = FOLDER / "package-lock.json"
MODULES = FOLDER / "node_modules"
STAMP = MODULES / "installed-for.json"

Scoped = tuple[int, int, tuple[str, ...]]
"""The first and the last offset of a token, and its scopes from the outside in."""


def scopes(texts: Sequence[str]) -> list[list[Scoped]]:
    """Return the tokens of every text; skip the test, or fail it in CI, where there is no npm."""
    npm, node = require("npm"), require("node")
    _install(npm)
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


def _install(npm: str) -> None:
    """Install what the lock file names, once for all test processes and until it changes."""
    wanted = LOCK.read_text(encoding="utf-8")
    with LOCK.open(encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
            return
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            STAMP.write_text(wanted, encoding="utf-8")
            return
    message = "npm cannot install the TextMate engine"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{message}: {done.stderr}")
    pytest.skip(message)
