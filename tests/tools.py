"""Real tools that tests use as oracles."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

SEARCH_PATH = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]
)


def require(tool: str) -> str:
    """Return the path of a tool; skip the test without it, or fail where CI promises all tools."""
    path = shutil.which(tool, path=SEARCH_PATH)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no {tool}, and CI must have every tool")
        pytest.skip(f"no {tool}")
    return path
