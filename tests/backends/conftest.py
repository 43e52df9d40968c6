"""A folder for trees of files that are written and thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.remedy.trees import fast_folder


@pytest.fixture
def fast(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder in memory, where there is such a place."""
    with fast_folder(tmp_path) as folder:
        yield folder
