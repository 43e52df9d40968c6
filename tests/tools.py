"""What tests ask of the machine: real tools as oracles, root, and patience."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

import pytest

SEARCH_PATH = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]
)

PATIENCE: Final = 30.0
"""Seconds after which nothing is waited for any more; what is tested ends far sooner."""


def require(tool: str) -> str:
    """Return the path of a tool; skip the test without it, or fail where CI promises all tools."""
    return shutil.which(tool, path=SEARCH_PATH) or missing(tool)


def bare(**more: str) -> dict[str, str]:
    """Return an environment with little but the search path; what is measured still is."""
    measured = {"COVERAGE_PROCESS_CONFIG"} & os.environ.keys()
    kept = {name: os.environ[name] for name in measured}
    return {"PATH": SEARCH_PATH, "LC_ALL": "C", **kept, **more}


def needs_root() -> None:
    """Skip the test of anybody but root, or fail it in CI, which is root."""
    if os.geteuid() != 0:
        missing("root")


def missing(what: str) -> NoReturn:
    """Skip the test for want of something, or fail it where CI promises everything."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"no {what}, and CI must have everything")
    pytest.skip(f"no {what}")


def not_promised(what: str) -> NoReturn:
    """Skip the test for want of something that CI need not have either: a kernel of some kind."""
    pytest.skip(f"no {what}")


def wait_until(happens: Callable[[], bool]) -> None:
    """Try until something that takes its time has happened, or fail after long enough."""
    until = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < until, "did not happen"
