"""Options and fixtures that all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(  # `make mutants` asks whether a test fails, not for the smallest example
    "mutation", deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")

# What scripts/guests brought stays where it is, also for the processes that this one starts.
_OWN = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
os.environ.setdefault("REQC_GUESTS", str(Path(_OWN).expanduser() / "reqc-guests"))
# What is tested is made, and not found where an earlier test has kept it; tests/cli/test_cache.py
# has a cache of its own.
os.environ["XDG_CACHE_HOME"] = os.devnull


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites golden files."""
    parser.addoption("--update", action="store_true", help="rewrite the golden files that differ")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares a text with a golden file, or rewrites it by --update."""
    update: bool = request.config.getoption("--update")

    def compare(path: Path, text: str) -> None:
        if update:
            path.write_text(text, encoding="utf-8", newline="")
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        assert text == expected, f"{path.name} differs; rewrite it with pytest --update"

    return compare
