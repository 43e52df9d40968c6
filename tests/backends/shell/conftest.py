"""A fake node for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.shell.nodes import Node


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Return a node of which nothing is known yet."""
    root = tmp_path / "a root = with 'odd' $name"
    (root / "etc").mkdir(parents=True)
    return Node(root)


@pytest.fixture
def good(node: Node) -> Node:
    """Return a node on which GOOD holds, BAD does not, and DARK cannot be seen."""
    node.write("etc/good")
    return node


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that every user may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
