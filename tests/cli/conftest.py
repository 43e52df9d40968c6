"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import SMALL


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """Return the file of a small specification."""
    path = tmp_path / "small.req"
    path.write_text(SMALL, encoding="utf-8")
    return path
