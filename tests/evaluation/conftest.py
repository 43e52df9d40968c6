"""Fixtures of the tests that judge facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluation.collected import PAGE


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return the file of a small specification."""
    path = tmp_path / "page.req"
    path.write_text(PAGE, encoding="utf-8")
    return path
