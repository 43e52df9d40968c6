"""A library and its site, which many tests look at and none changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site.libraries import made, write_library


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the files of the library."""
    return write_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def pages(library: list[Path]) -> dict[str, str]:
    """Return its pages by name."""
    return made(library)
